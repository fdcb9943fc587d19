"""Subscribing through a form, where a platform can put one before the person."""

from dataclasses import replace
from datetime import time

import pytest
from library import Desk

from bot.core import Bot
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.people import Actor, Address, Platform
from bot.domain.text import Locale
from bot.messages.exchange import Audience, Form, FormErrors, Kind, Message, Reply, Request
from bot.messages.plain import plain_text
from bot.settings import Settings

ANN = Actor(Platform.SLACK, "T1", "UANN", "Ann")
BEN = Actor(Platform.SLACK, "T1", "UBEN", "Ben")
CHANNEL = Address(Platform.SLACK, "T1", "C1")
HONG_KONG_AT_NINE = Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong")


@pytest.fixture
def ann(desk: Desk) -> Desk:
    """Somebody without a role, in a channel of Slack."""
    return replace(desk, bot=Bot(desk.store, Settings()), actor=ANN, address=CHANNEL)


def asked(desk: Desk, text: str, locale: Locale | None = None) -> Reply:
    """What is said where a form can be put."""
    return desk.bot.handle(Request(text, desk.actor, desk.address, desk.now, locale, can_pop_up=True))


def opened(desk: Desk, locale: Locale | None = None) -> Form:
    reply = asked(desk, "subscribe", locale)
    assert isinstance(reply, Form), reply
    return reply


def values(form: Form) -> dict[str, str]:
    return {field.name: field.value for field in form.fields}


def held(desk: Desk) -> Subscription | None:
    with desk.store.read() as library:
        return library.subscription_at(desk.address)


def test_a_bare_subscribe_opens_a_form_filled_in_with_what_goes_without_saying(ann: Desk) -> None:
    form = opened(ann)
    assert (form.command, form.step) == ("subscribe", "wish")
    assert values(form) == {
        "topics": "",
        "excluded": "",
        "rhythm": "daily",
        "at": "09:00",
        "zone": "Asia/Hong_Kong",
    }
    rhythm = form.fields[2]
    assert [option.value for option in rhythm.options][:5] == [
        "daily",
        "daily except holidays",
        "weekdays except holidays",
        "weekdays including holidays",
        "weekly monday",
    ]
    assert rhythm.options[-1].label == "As soon as something is new"
    assert held(ann) is None


def test_where_no_form_can_be_put_a_bare_subscribe_subscribes(ann: Desk) -> None:
    assert ann.say("subscribe").kind is Kind.DONE
    assert held(ann)


def test_a_wish_that_is_typed_needs_no_form(ann: Desk) -> None:
    reply = asked(ann, "subscribe victims weekly monday")
    assert isinstance(reply, Message)
    assert reply.kind is Kind.DONE


def test_a_form_sent_as_it_is_subscribes_to_all_topics(ann: Desk) -> None:
    reply = ann.finish(opened(ann), "subscribe")
    assert (reply.kind, reply.audience) == (Kind.DONE, Audience.CHANNEL)
    subscription = held(ann)
    assert subscription
    assert (subscription.schedule, subscription.topics) == (HONG_KONG_AT_NINE, ())
    assert subscription.owner == ANN.name


def test_a_form_takes_what_people_type(ann: Desk) -> None:
    wish = {"topics": "screenings、 victims and tier", "rhythm": "weekly friday", "at": "６pm", "zone": "london"}
    assert ann.finish(opened(ann), "subscribe", **wish).kind is Kind.DONE
    subscription = held(ann)
    assert subscription
    assert subscription.schedule == Schedule(Rhythm.WEEKLY, time(18), "Europe/London", 4)
    assert len(subscription.topics) == 3


def test_what_is_wrong_stands_at_its_field_with_what_was_typed(ann: Desk) -> None:
    wish = {
        "topics": "screenngs, victims",
        "excluded": "trainig",
        "rhythm": "monthly",
        "at": "25:00",
        "zone": "Mars/Olympus",
    }
    refused = ann.refused(opened(ann), "subscribe", **wish)
    assert sorted(refused.errors) == ["at", "excluded", "rhythm", "topics", "zone"]
    assert "I know no topic “screenngs”. Did you mean" in refused.errors["topics"]
    assert values(refused.form) == wish
    assert held(ann) is None
    right = {"topics": "victims", "excluded": "", "rhythm": "daily", "at": "08:30", "zone": "UTC"}
    corrected = ann.finish(refused.form, "subscribe", **right)
    assert corrected.kind is Kind.DONE


def test_a_topic_like_none_is_told_where_the_names_are(ann: Desk) -> None:
    refused = ann.refused(opened(ann), "subscribe", topics="zebras")
    assert refused.errors == {"topics": "I know no topic “zebras”. The command “/tipfacts topics” lists them."}


@pytest.mark.parametrize("name", ["rhythm", "at", "zone"])
def test_what_is_needed_may_not_be_left_empty(ann: Desk, name: str) -> None:
    assert ann.refused(opened(ann), "subscribe", **{name: " "}).errors == {name: "This is needed."}


def test_a_form_with_fields_missing_is_refused_at_them(ann: Desk) -> None:
    form = opened(ann)
    errors = ann.refused(replace(form, fields=()), "subscribe").errors
    assert sorted(errors) == ["at", "rhythm", "zone"]


@pytest.mark.parametrize("hostile", ["x" * 3001, "\x00", "<!channel>", "<@U1>", ",".join("a" * 999), "9" * 40])
@pytest.mark.parametrize("name", ["topics", "excluded", "rhythm", "at", "zone"])
def test_hostile_text_in_any_field_is_an_error_there_or_nothing(ann: Desk, name: str, hostile: str) -> None:
    reply = ann.send(opened(ann), "subscribe", **{name: hostile})
    if isinstance(reply, FormErrors):
        assert list(reply.errors) == [name]
    else:
        assert isinstance(reply, Message)
        assert reply.kind is Kind.DONE


def test_a_held_subscription_is_there_to_be_changed(ann: Desk) -> None:
    ann.say("subscribe victims, tier weekdays at 18:30 Europe/London")
    before = held(ann)
    form = opened(ann)
    assert values(form) == {
        "topics": "Victims identified, Tier placement",
        "excluded": "",
        "rhythm": "weekdays except holidays",
        "at": "18:30",
        "zone": "Europe/London",
    }
    assert ann.finish(form, "subscribe").kind is Kind.DONE
    after = held(ann)
    assert before
    assert after
    assert (before.topics, before.schedule, before.id) == (after.topics, after.schedule, after.id)


def test_every_topic_is_filled_in_by_a_name_that_is_read_as_that_topic(ann: Desk) -> None:
    with ann.store.read() as library:
        keys = [topic.key for topic in library.topics()]
    for locale in Locale:
        for key in keys:
            for line, wanted in ((key, ((key,), ())), (f"-{key}", ((), (key,)))):
                assert ann.say(f"subscribe {line}").kind is Kind.DONE
                assert ann.finish(opened(ann, locale), "subscribe").kind is Kind.DONE
                subscription = held(ann)
                assert subscription
                assert (subscription.topics, subscription.excluded) == wanted


def test_only_who_may_change_a_subscription_gets_its_form_or_sends_it(ann: Desk) -> None:
    form = opened(ann)
    ann.finish(form, "subscribe")
    ben = replace(ann, actor=BEN)
    reply = asked(ben, "subscribe")
    assert isinstance(reply, Message)
    assert reply.kind is Kind.ERROR
    assert ben.finish(form, "subscribe", topics="victims").kind is Kind.ERROR
    subscription = held(ann)
    assert subscription
    assert subscription.topics == ()


def test_a_form_sent_twice_changes_once(ann: Desk) -> None:
    form = opened(ann)
    first = ann.finish(form, "subscribe", once_key="V1")
    second = ann.finish(form, "subscribe", once_key="V1")
    assert plain_text(first.document).splitlines()[0] in plain_text(second.document)
    assert second.unless_posted is None
    with ann.store.read() as library:
        assert [entry.action for entry in library.log(10)].count("subscribe") == 1
        assert "change" not in [entry.action for entry in library.log(2)]


def test_the_form_and_its_errors_speak_the_askers_language(ann: Desk) -> None:
    form = opened(ann, Locale.ZH_HANT)
    assert form.locale is Locale.ZH_HANT
    assert ann.refused(form, "subscribe", topics="斑馬").form.locale is Locale.ZH_HANT
    assert ann.finish(form, "subscribe").document.locale is Locale.ZH_HANT


def test_only_a_new_subscription_depends_on_the_channel_hearing_of_it(ann: Desk) -> None:
    new = ann.say("subscribe victims").unless_posted
    assert new
    assert (new.address, new.owner) == (CHANNEL, ANN.name)
    assert ann.say("subscribe tier").unless_posted is None
    assert ann.say("unsubscribe").unless_posted is None


def test_a_channel_is_told_in_its_own_language_that_its_digests_end(ann: Desk) -> None:
    ann.say("訂閱")
    assert replace(ann, locale=Locale.EN).say("unsubscribe").document.locale is Locale.ZH_HANT


SCHEDULES = (
    "daily",
    "daily at 18:30 except holidays",
    "weekdays",
    "weekdays including holidays",
    "weekdays UTC",
    "weekly friday",
    "weekly friday except holidays",
    "daily except holidays US-CA",
    "weekdays Europe/London except holidays HK",
    "immediately",
    "immediately Europe/London",
)


@pytest.mark.parametrize("wish", SCHEDULES)
def test_any_schedule_is_there_to_be_sent_back_as_it_is(ann: Desk, wish: str) -> None:
    assert ann.say(f"subscribe {wish}").kind is Kind.DONE
    before, form = held(ann), opened(ann)
    rhythm = next(field for field in form.fields if field.name == "rhythm")
    assert rhythm.value in [option.value for option in rhythm.options]
    ann.finish(form, "subscribe")
    after = held(ann)
    assert before
    assert after
    assert after.schedule == before.schedule


def test_the_form_takes_topics_to_leave_out_and_days_without_holidays(ann: Desk) -> None:
    wish = {"excluded": "training, tier", "rhythm": "weekdays except holidays", "zone": "london"}
    assert ann.finish(opened(ann), "subscribe", **wish).kind is Kind.DONE
    subscription = held(ann)
    assert subscription
    assert (subscription.topics, len(subscription.excluded)) == ((), 2)
    assert subscription.schedule == Schedule(Rhythm.WEEKDAYS, time(9), "Europe/London", holidays="GB")


def test_a_topic_that_is_both_wanted_and_left_out_is_told_at_the_field(ann: Desk) -> None:
    refused = ann.refused(opened(ann), "subscribe", topics="victims, tier", excluded="victims")
    assert refused.errors == {"excluded": "Both wanted and left out: Victims identified. Name each once."}


def test_a_zone_without_holidays_is_told_where_the_days_are_chosen(ann: Desk) -> None:
    refused = ann.refused(opened(ann), "subscribe", rhythm="daily except holidays", zone="UTC")
    assert list(refused.errors) == ["rhythm"]
    assert "“except holidays HK”" in refused.errors["rhythm"]


def test_what_is_to_come_immediately_needs_no_time(ann: Desk) -> None:
    ann.finish(opened(ann), "subscribe", rhythm="immediately", at="18:30")
    subscription = held(ann)
    assert subscription
    assert subscription.schedule == Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")
