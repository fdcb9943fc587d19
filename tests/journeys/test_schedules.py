"""What a channel is told of when its digests come: at once, not on holidays, not on some topics; and that they do."""

from datetime import UTC, datetime, timedelta

import pytest
from library import MONDAY, Desk, Recorder, add_statement_of_2022

from bot.domain.digests import Subscription
from bot.domain.text import Locale
from bot.messages.exchange import Kind, Request
from bot.messages.plain import plain_text

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHRISTMAS_EVE = datetime(2026, 12, 24, 2, tzinfo=UTC)  # a Thursday; Friday and Saturday are public holidays
AT_ONCE = "as soon as something is new"


def held(desk: Desk) -> Subscription:
    with desk.store.read() as library:
        (found,) = library.subscriptions(desk.address.platform, desk.address.space)
    return found


async def test_what_is_new_comes_at_once_where_that_is_wished_and_nothing_old(desk: Desk) -> None:
    assert f"come to this channel {AT_ONCE}." in desk.text("subscribe immediately")
    channel = Recorder()
    assert (await desk.tick(channel)).due == 0
    add_statement_of_2022(desk)
    desk.now += MINUTE
    assert (await desk.tick(channel)).due == 1
    assert "7,700" in channel.texts[0]
    assert f"This channel gets a digest {AT_ONCE}." in channel.texts[0]
    desk.now += MINUTE
    assert (await desk.tick(channel)).due == 0
    assert len(channel.posted) == 1


async def test_every_text_says_when_what_comes_at_once_comes_next(desk: Desk) -> None:
    desk.say("subscribe victims at once")
    assert f"Next run: {AT_ONCE}." in desk.text("digest why")
    listed = desk.text("subscriptions")
    assert "immediately (Asia/Hong_Kong)" in listed
    assert AT_ONCE in listed
    assert "9999" not in listed
    asked = Request("", desk.actor, desk.address, desk.now)
    assert AT_ONCE in plain_text(desk.bot.home(asked).document)


def test_what_goes_with_nothing_is_refused_in_words(desk: Desk) -> None:
    for line, told in (
        ("subscribe immediately at 09:00", "no time of day"),
        ("subscribe daily UTC except holidays", "“except holidays HK”"),
        ("subscribe except holidays XX", "I know no public holidays of “XX”"),
        ("subscribe victims, tier -victims", "Both wanted and left out: Victims identified."),
        ("subscribe -trainng", "I know no topic “trainng”"),
    ):
        reply = desk.say(line)
        assert (reply.kind, told in plain_text(reply.document)) == (Kind.ERROR, True), line
    with desk.store.read() as library:
        assert library.subscription_at(desk.address) is None


async def test_a_channel_hears_nothing_on_topics_that_it_leaves_out(desk: Desk) -> None:
    assert "Digests on all topics but Victims identified come" in desk.text("subscribe -victims immediately")
    assert "all but Victims identified" in desk.text("subscriptions")
    add_statement_of_2022(desk)
    channel = Recorder()
    await desk.tick(channel, MONDAY + MINUTE)
    assert "7,700" in channel.texts[0]
    assert "one victim" not in channel.texts[0]
    tested = desk.text("digest test")
    assert "Victims identified" not in tested


def test_topics_wanted_and_left_out_are_listed_and_taken_up_again(desk: Desk) -> None:
    reply = desk.text("subscribe screenings, tier -victims weekly friday")
    assert "Digests on Initial screenings, Tier placement, but not on Victims identified, come" in reply
    assert "Initial screenings, Tier placement, but not Victims identified" in desk.text("subscriptions")
    before = held(desk)
    again = desk.say("unsubscribe").document.choices[0].query
    assert desk.say(again).kind is Kind.DONE
    after = held(desk)
    assert (after.topics, after.excluded, after.schedule) == (before.topics, before.excluded, before.schedule)


async def test_working_days_leave_public_holidays_out_and_what_is_new_comes_after_them(desk: Desk) -> None:
    desk.now = CHRISTMAS_EVE
    reply = desk.text("subscribe weekdays at 09:00")
    assert "on weekdays at 09:00 Asia/Hong_Kong, except HK public holidays (next: Mon 28 December 2026" in reply
    add_statement_of_2022(desk)
    channel = Recorder()
    for days in (1, 2, 3):
        desk.now = CHRISTMAS_EVE + days * DAY
        assert (await desk.tick(channel)).due == 0
    desk.now = CHRISTMAS_EVE + 4 * DAY
    assert (await desk.tick(channel)).due == 1
    assert "7,700" in channel.texts[0]


@pytest.mark.parametrize(
    ("locale", "told"), [(Locale.EN, "Christmas Day"), (Locale.ZH_HANT, "聖誕節")], ids=["en", "zh"]
)
def test_why_names_todays_holiday_in_the_readers_language_and_the_next_run(
    desk: Desk, locale: Locale, told: str
) -> None:
    desk.now = CHRISTMAS_EVE
    desk.say("subscribe weekdays")
    assert told not in desk.text("digest why")
    desk.now, desk.locale = CHRISTMAS_EVE + DAY, locale
    why = desk.text("digest why")
    assert told in why
    assert "28" in why


def test_holidays_are_days_like_others_for_who_says_so(desk: Desk) -> None:
    desk.now = CHRISTMAS_EVE
    reply = desk.text("subscribe weekdays including holidays")
    assert "on weekdays at 09:00 Asia/Hong_Kong, public holidays too (next: Fri 25 December 2026" in reply
    assert "daily at 09:00 Asia/Hong_Kong (next" in desk.text("subscribe daily")
    desk.now = CHRISTMAS_EVE + DAY
    assert "holiday" not in desk.text("digest why")


def test_a_weekly_digest_waits_a_week_where_its_day_is_a_holiday(desk: Desk) -> None:
    desk.now = CHRISTMAS_EVE
    reply = desk.text("subscribe weekly friday Europe/London skip holidays")
    # not on New Year's Day
    assert "except GB public holidays (next: Fri 8 January 2027 09:00 Europe/London, UTC)" in reply


async def test_what_was_computed_with_other_zone_data_is_put_right_at_the_first_tick(desk: Desk) -> None:
    desk.say("subscribe daily at 09:00")
    right = held(desk).next_due
    desk.store.renew_due("older data", MONDAY, lambda each: each.next_due + timedelta(hours=1), 0, 100)
    assert held(desk).next_due == right + timedelta(hours=1)
    channel = Recorder()
    await desk.tick(channel, MONDAY + MINUTE)
    assert held(desk).next_due == right
    assert [(await desk.tick(channel, right + each * MINUTE)).due for each in range(3)] == [1, 0, 0]
