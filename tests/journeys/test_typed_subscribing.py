"""Subscribing in one's own words: what is read, what is refused with how to write it, and whose zone is meant."""

from dataclasses import replace

import pytest
from library import Desk

from bot.domain.digests import Schedule, Subscription
from bot.domain.text import Locale
from bot.messages.document import Choices
from bot.messages.exchange import Form, Kind, Message, Request
from bot.messages.plain import plain_text


def held(desk: Desk) -> Subscription:
    with desk.store.read() as library:
        subscription = library.subscription_at(desk.address)
    assert subscription
    return subscription


def schedule(desk: Desk) -> Schedule:
    return held(desk).schedule


@pytest.mark.parametrize("typed", ["GMT+8", "UTC+8", "+8", "+08:00", "Etc/GMT-8"])
def test_an_offset_is_meant_as_people_mean_it_and_shown_so(desk: Desk, typed: str) -> None:
    reply = desk.text(f"subscribe daily at 09:00 {typed}")
    assert "daily at 09:00 UTC+8 (next: Mon 23 November 2026 09:00 UTC+8)." in reply
    assert schedule(desk).zone == "Etc/GMT-8"
    shown = [desk.text(line) for line in ("subscriptions", "digest why", "subscribe 10:00 UTC+8")]
    assert all("UTC+8" in text and "Etc/" not in text for text in (reply, *shown))


def test_a_confirmation_says_how_far_its_zone_is_ahead(desk: Desk) -> None:
    assert "(next: Mon 23 November 2026 09:00 Asia/Hong_Kong, UTC+8)" in desk.text("subscribe daily")
    assert "09:00 America/St_Johns, UTC-3:30)" in desk.text("subscribe daily America/St_Johns")


REFUSED = (
    *("9am UTC-3:30", "9am EST", "weekly monday and friday", "tuesdays and thursdays at 9", "daily except Christmas"),
    *("daily except mondays", "twice a day", "every 2 hours", "at nine", "every morning at 9", "daily in Atlantis"),
    *(
        "dialy at 9",
        "weekdys",
        "daily at 9 at 10",
        "Tokyo daily London",
        "every someday",
        "in French",
        "早上12時",
        "每兩日",
    ),
    *("逢星期一、三、五", "每晚", "每月", "亞特蘭提斯時間"),
)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_wrong_with_a_schedule_is_said_of_the_schedule(desk: Desk, typed: str) -> None:
    for line in (f"subscribe {typed}", f"訂閱 {typed}", f"subscribe screenings {typed}"):
        reply = desk.say(line)
        text = plain_text(reply.document)
        assert reply.kind is Kind.ERROR
        assert "I know no topic" not in text
        assert "找不到主題" not in text


def test_a_misspelt_word_of_a_schedule_is_offered_put_right(desk: Desk) -> None:
    reply = desk.say("subscribe screenings dialy at 9")
    choices = next(block for block in reply.document.blocks if isinstance(block, Choices))
    assert choices.options[0].query == "subscribe screenings daily at 9"
    assert "Did you mean “daily”?" in plain_text(reply.document)
    assert desk.say(choices.options[0].query).kind is Kind.DONE


def test_a_misspelt_topic_is_offered_as_before(desk: Desk) -> None:
    reply = desk.text("subscribe sreenings daily")
    assert "I know no topic “sreenings”." in reply
    assert "Initial screenings" in reply


def test_the_language_of_the_digests_may_be_named(desk: Desk) -> None:
    reply = desk.say("subscribe daily at 9 in Chinese")
    assert (reply.document.locale, held(desk).locale) == (Locale.ZH_HANT, Locale.ZH_HANT)
    assert desk.say("訂閱 每日 用英文").document.locale is Locale.EN
    assert held(desk).locale is Locale.EN


def test_a_blank_behind_the_dash_leaves_a_topic_out_too(desk: Desk) -> None:
    assert "on all topics but Training of officers" in desk.text("subscribe - training")
    assert "Initial screenings, but not on Training of officers," in desk.text("subscribe screenings — training")


def in_taipei(desk: Desk, line: str, *, can_pop_up: bool = False) -> Message | Form:
    """What is said to somebody whose platform tells that they are in Taipei."""
    asked = Request(line, desk.actor, desk.address, desk.now, zone="Asia/Taipei", can_pop_up=can_pop_up)
    reply = desk.bot.handle(asked)
    assert isinstance(reply, Message | Form)
    return reply


def test_who_names_no_zone_means_their_own(desk: Desk) -> None:
    reply = in_taipei(desk, "subscribe weekdays at 9")
    assert isinstance(reply, Message)
    assert "on weekdays at 09:00 Asia/Taipei, except TW public holidays" in plain_text(reply.document)
    assert (schedule(desk).zone, schedule(desk).holidays) == ("Asia/Taipei", "TW")
    in_taipei(desk, "subscribe weekdays at 9 HKT")
    assert schedule(desk).zone == "Asia/Hong_Kong"


def test_where_nobody_tells_the_zone_it_is_hong_kongs(desk: Desk) -> None:
    desk.say("subscribe weekdays at 9")
    assert schedule(desk).zone == "Asia/Hong_Kong"


def test_the_form_is_filled_in_with_the_askers_zone_and_keeps_the_one_that_is_held(desk: Desk) -> None:
    def zone_in_form() -> str:
        form = in_taipei(desk, "subscribe", can_pop_up=True)
        assert isinstance(form, Form)
        return next(field.value for field in form.fields if field.name == "zone")

    assert zone_in_form() == "Asia/Taipei"
    desk.say("subscribe daily GMT+9")
    assert zone_in_form() == "UTC+9"


@pytest.mark.parametrize("zone", ["GMT+8", "+8", "UTC+8", "Etc/GMT-8"])
def test_the_form_takes_an_offset(desk: Desk, zone: str) -> None:
    form = in_taipei(replace(desk), "subscribe", can_pop_up=True)
    assert isinstance(form, Form)
    assert desk.finish(form, "subscribe", zone=zone).kind is Kind.DONE
    assert schedule(desk).zone == "Etc/GMT-8"
    again = in_taipei(desk, "subscribe", can_pop_up=True)
    assert isinstance(again, Form)
    assert desk.finish(again, "subscribe").kind is Kind.DONE
    assert schedule(desk).zone == "Etc/GMT-8"


def test_a_topic_goes_before_what_its_name_could_mean(desk: Desk) -> None:
    for name in ("9am club", "all but forgotten"):
        reply = desk.text(f"topic alias add screenings: {name}")
        assert name in reply
        assert "on Initial screenings come" in desk.text(f"subscribe {name} fridays")
        form = in_taipei(desk, "subscribe", can_pop_up=True)
        assert isinstance(form, Form)
        assert desk.finish(form, "subscribe", topics=name).kind is Kind.DONE
        assert len(held(desk).topics) == 1


@pytest.mark.parametrize(
    ("zone", "said"), [("UTC+5:30", "Asia/Kolkata"), ("EST", "more than one time zone"), ("Mars/Olympus", "I know no")]
)
def test_the_form_says_what_is_wrong_with_a_zone(desk: Desk, zone: str, said: str) -> None:
    form = in_taipei(desk, "subscribe", can_pop_up=True)
    assert isinstance(form, Form)
    refused = desk.refused(form, "subscribe", zone=zone)
    assert list(refused.errors) == ["zone"]
    assert said in refused.errors["zone"]


@pytest.mark.parametrize("line", ["訂閱 每月", "訂閱 逢星期一、三", "訂閱 每星期", "訂閱 逢初一"])
def test_a_refusal_in_chinese_says_in_chinese_what_to_type(desk: Desk, line: str) -> None:
    text = desk.text(line)
    assert "星期一" in text
    assert not [word for word in ("daily", "weekly", "weekdays", "immediately") if word in text]


def test_a_zone_without_holidays_is_named_as_people_write_it(desk: Desk) -> None:
    assert "public holidays count in UTC+8" in desk.text("subscribe daily UTC+8 except holidays")
    assert "except GB public holidays" in desk.text("subscribe daily UTC+8 except UK holidays")
