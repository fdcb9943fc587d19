"""The form that a bare `subscribe` puts: which topics and which not, on which days, when and in which zone."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.commands.call import Call
from bot.commands.grammar import normalise
from bot.commands.reading import nearest_topics
from bot.commands.schedule_refusals import schedule_refusal
from bot.desk.draft import Checker
from bot.desk.fields import filled, sent_back
from bot.digests.quiet_days import calendar_of
from bot.digests.typed_parts import DEFAULT_ZONE, ScheduleError
from bot.digests.wishes import (
    DEFAULT_TIME,
    holidays_as_typed,
    read_days,
    read_names,
    read_time,
    read_topics,
    read_zone,
    rhythm_as_typed,
)
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.facts import Topic
from bot.domain.text import Locale
from bot.domain.zones import shown_zone
from bot.messages.exchange import Field, Form, FormErrors, Option, Submit
from bot.wording.wording import Wording

STEP = "wish"
_T = TypeVar("_T")
_WEEK = 7  # days
_AND = re.compile(r"\s+and\s+|\s*&\s*|[及和同]", re.IGNORECASE)  # tried where the whole is no topic's name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a channel is to get: digests on topics (none: on all), when, on which topics not, and in which language,
    None where that was not said.
    """

    topics: tuple[Topic, ...]
    schedule: Schedule
    excluded: tuple[Topic, ...] = ()
    locale: Locale | None = None


def topics_named(call: Call, names: Iterable[str]) -> tuple[tuple[Topic, ...], tuple[str, ...]]:
    """Return the topics of these names, each once, and the names that are no topic's. A name may join several topics:
    "screenings and victims".
    """
    found: dict[str, Topic] = {}
    unknown: list[str] = []
    for name in names:
        topic = call.vocabulary.topic_named(name)
        joined = [topic] if topic else [call.vocabulary.topic_named(part) for part in _AND.split(name)]
        several = [each for each in joined if each]
        if len(several) < len(joined):
            unknown.append(name)
        else:
            found |= {each.key: each for each in several}
    return tuple(found.values()), tuple(unknown)


def wish_form(call: Call, held: Subscription | None) -> Form:
    """Return the form, filled in with the subscription that is held here, or else with what goes without saying."""
    say = call.wording.say
    return Form(
        command="subscribe",
        step=STEP,
        title=say("Change the digests") if held else say("Get digests"),
        fields=filled(_fields(call.wording, held), _values(call, held)),
        submits=(Submit("subscribe", say("Change") if held else say("Subscribe")),),
        locale=call.wording.locale,
    )


def read_wish_form(call: Call, held: Subscription | None) -> Wanted | FormErrors:
    """Return what the form that was sent asks for, or the form with what is wrong with each field."""
    sent = sent_back(call.request)
    values = sent.values if sent else {}
    check = Checker(_fields(call.wording, held), values, call.wording)
    wanted = _wanted(call, check)
    if check.errors or wanted is None:
        form = wish_form(call, held)
        return FormErrors(replace(form, fields=filled(form.fields, values)), check.errors)
    return wanted


def in_and_out(call: Call, wanted: Wanted) -> str | None:
    """Return what is wrong where a topic is both wanted and left out, None where none is."""
    torn = [topic.label.show(call.wording.locale) for topic in wanted.topics if topic in wanted.excluded]
    if not torn:
        return None
    return call.wording.say("Both wanted and left out: {topics}. Name each once.", topics=call.wording.join(torn))


def _fields(wording: Wording, held: Subscription | None) -> tuple[Field, ...]:
    say = wording.say
    return (
        Field("topics", say("Topics"), say("Topics parted by commas; leave it empty for all")),
        Field("excluded", say("Topics to leave out"), say("Topics parted by commas, if any")),
        Field(
            "rhythm",
            say("On which days"),
            required=True,
            options=_days(wording, held),
        ),
        Field("at", say("At what time"), say("Write it like 09:00"), required=True, max_length=40),
        Field("zone", say("Time zone"), say("Write it like Asia/Hong_Kong"), required=True, max_length=60),
    )


def _days(wording: Wording, held: Subscription | None) -> tuple[Option, ...]:
    """Return what may be chosen, and what is held where that is something else."""
    say = wording.say
    weekly = [Option(rhythm_as_typed(Rhythm.WEEKLY, day), wording.weekday(day)) for day in range(_WEEK)]
    options = (
        Option("daily", say("Every day")),
        Option("daily except holidays", say("Every day except public holidays")),
        Option("weekdays except holidays", say("Monday to Friday except public holidays")),
        Option("weekdays including holidays", say("Monday to Friday, public holidays too")),
        *(Option(day.value, say("Weekly on {day}", day=day.label)) for day in weekly),
        Option("immediately", say("As soon as something is new")),
    )
    if held and _days_as_typed(held.schedule) not in [option.value for option in options]:
        return (
            *options,
            Option(_days_as_typed(held.schedule), say("As now: {schedule}", schedule=wording.schedule(held.schedule))),
        )
    return options


def _days_as_typed(schedule: Schedule) -> str:
    """Return the days of a schedule as the form names them: whose holidays are left out is said where it is not the
    zone's own calendar.
    """
    off = holidays_as_typed(schedule)
    if schedule.holidays and schedule.holidays == calendar_of(schedule.zone):
        off = "except holidays"
    return f"{rhythm_as_typed(schedule.rhythm, schedule.weekday)} {off}".strip()


def _values(call: Call, held: Subscription | None) -> dict[str, str]:
    zone = call.request.zone or DEFAULT_ZONE
    schedule = held.schedule if held else Schedule(Rhythm.DAILY, DEFAULT_TIME, zone)
    return {
        "topics": _names(call, held.topics if held else ()),
        "excluded": _names(call, held.excluded if held else ()),
        "rhythm": _days_as_typed(schedule),
        "at": f"{schedule.at:%H:%M}",
        "zone": shown_zone(schedule.zone),
    }


def _names(call: Call, keys: Iterable[str]) -> str:
    topics = (call.vocabulary.topics.get(key) for key in keys)
    return ", ".join(_as_typed(call, topic) for topic in topics if topic)


def _as_typed(call: Call, topic: Topic) -> str:
    """Return a topic's label, or its key where the label would be read as something else."""
    label = topic.label.show(call.wording.locale)
    reads = read_topics(normalise(label)) == ((label,), ()) and call.vocabulary.topic_named(label) == topic
    return label if reads else topic.key


def _wanted(call: Call, check: Checker) -> Wanted | None:
    """Return what is asked for, None where a field of the schedule is wrong."""
    is_topic = call.vocabulary.topic_named
    names, not_those = read_names(normalise(check.text("topics")), is_topic)
    others, nor_those = read_names(normalise(check.text("excluded")), is_topic)
    topics = _topics(call, check, "topics", names)
    excluded = _topics(call, check, "excluded", (*not_those, *others, *nor_those))
    schedule = _schedule(check)
    if schedule is None:
        return None
    wanted = Wanted(topics, schedule, excluded)
    torn = in_and_out(call, wanted)
    if torn:
        check.errors["excluded"] = torn
    return wanted


def _topics(call: Call, check: Checker, field: str, names: Iterable[str]) -> tuple[Topic, ...]:
    topics, unknown = topics_named(call, names)
    if unknown:
        near = [topic.label.show(call.wording.locale) for name in unknown for topic in nearest_topics(call, name)]
        check.errors[field] = _no_topic(call, unknown, tuple(dict.fromkeys(near)))
    return topics


def _no_topic(call: Call, names: Iterable[str], near: tuple[str, ...]) -> str:
    say, join = call.wording.say, call.wording.join
    if near:
        return say("I know no topic “{name}”. Did you mean {near}?", name=join(names), near=join(near))
    return say(
        "I know no topic “{name}”. The command “{line}” lists them.", name=join(names), line=call.typed("topics")
    )


def _schedule(check: Checker) -> Schedule | None:
    """Return the schedule typed, None where a field of it is wrong."""
    days = _read(check, "rhythm", read_days)
    at, zone = _read(check, "at", read_time), _read(check, "zone", read_zone)
    if days is None or at is None or zone is None:
        return None
    timed = None if days.rhythm is Rhythm.IMMEDIATELY else at  # the field is there, and filled in, for the others
    return _read(check, "rhythm", lambda _: days.schedule(timed, zone))


def _read(check: Checker, name: str, read: Callable[[str], _T]) -> _T | None:
    if name in check.errors:
        return None
    try:
        return read(normalise(check.text(name)))
    except ScheduleError as error:
        check.errors[name] = schedule_refusal(error, check.wording)
        return None
