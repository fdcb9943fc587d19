"""The form that a bare `subscribe` puts: which topics, on which days, when and in which zone; and reading it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.commands.call import Call
from bot.commands.grammar import normalise
from bot.commands.reading import nearest_topics
from bot.desk.draft import Checker
from bot.desk.fields import filled, sent_back
from bot.digests.schedule import (
    DEFAULT_TIME,
    DEFAULT_ZONE,
    ScheduleError,
    read_rhythm,
    read_time,
    read_topic_names,
    read_zone,
    rhythm_as_typed,
)
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.facts import Topic
from bot.messages.exchange import Field, Form, FormErrors, Option, Submit
from bot.wording.wording import Wording

STEP = "wish"
_T = TypeVar("_T")
_DAYS = 7
_AND = re.compile(r"\s+and\s+|\s*&\s*|[及和同]", re.IGNORECASE)  # tried where the whole is no topic's name


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a channel is to get: digests on topics (none: on all), and when."""

    topics: tuple[Topic, ...]
    schedule: Schedule


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
        fields=filled(_fields(call.wording), _values(call, held)),
        submits=(Submit("subscribe", say("Change") if held else say("Subscribe")),),
        locale=call.wording.locale,
    )


def read_wish_form(call: Call, held: Subscription | None) -> Wanted | FormErrors:
    """Return what the form that was sent asks for, or the form with what is wrong with each field."""
    sent = sent_back(call.request)
    values = sent.values if sent else {}
    check = Checker(_fields(call.wording), values, call.wording)
    topics = _topics(call, check)
    schedule = _schedule(check)
    if check.errors or schedule is None:
        form = wish_form(call, held)
        return FormErrors(replace(form, fields=filled(form.fields, values)), check.errors)
    return Wanted(topics, schedule)


def schedule_refusal(error: ScheduleError, wording: Wording) -> str:
    """Return what is wrong with a schedule, and how to write it."""
    match error.kind:
        case "zone":
            return wording.say("I know no time zone “{zone}”: write it like Asia/Hong_Kong.", zone=error.part)
        case "time":
            return wording.say("“{time}” is not a time of day: write it like 09:00.", time=error.part)
        case "rhythm":
            return wording.say("“{rhythm}” is not served: choose daily, weekdays or weekly DAY.", rhythm=error.part)
        case _:
            return wording.say("Which day of the week? Write it like “weekly Monday at 09:00”.")


def _fields(wording: Wording) -> tuple[Field, ...]:
    say = wording.say
    days = [Option(rhythm_as_typed(Rhythm.WEEKLY, day), wording.weekday(day)) for day in range(_DAYS)]
    return (
        Field("topics", say("Topics"), say("Topics parted by commas; leave it empty for all")),
        Field(
            "rhythm",
            say("On which days"),
            required=True,
            options=(
                Option(rhythm_as_typed(Rhythm.DAILY), say("Every day")),
                Option(rhythm_as_typed(Rhythm.WEEKDAYS), say("Monday to Friday")),
                *(Option(day.value, say("Weekly on {day}", day=day.label)) for day in days),
            ),
        ),
        Field("at", say("At what time"), say("Write it like 09:00"), required=True, max_length=40),
        Field("zone", say("Time zone"), say("Write it like Asia/Hong_Kong"), required=True, max_length=60),
    )


def _values(call: Call, held: Subscription | None) -> dict[str, str]:
    schedule = held.schedule if held else Schedule(Rhythm.DAILY, DEFAULT_TIME, DEFAULT_ZONE)
    topics = (call.vocabulary.topics.get(key) for key in held.topics) if held else ()
    return {
        "topics": ", ".join(_as_typed(call, topic) for topic in topics if topic),
        "rhythm": rhythm_as_typed(schedule.rhythm, schedule.weekday),
        "at": f"{schedule.at:%H:%M}",
        "zone": schedule.zone,
    }


def _as_typed(call: Call, topic: Topic) -> str:
    """Return a topic's label, or its key where the label would be read as something else."""
    label = topic.label.show(call.wording.locale)
    reads = read_topic_names(normalise(label)) == (label,) and call.vocabulary.topic_named(label) == topic
    return label if reads else topic.key


def _topics(call: Call, check: Checker) -> tuple[Topic, ...]:
    topics, unknown = topics_named(call, read_topic_names(normalise(check.text("topics"))))
    if unknown:
        near = [topic.label.show(call.wording.locale) for name in unknown for topic in nearest_topics(call, name)]
        check.errors["topics"] = _no_topic(call, unknown, tuple(dict.fromkeys(near)))
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
    rhythm = _read(check, "rhythm", read_rhythm)
    at, zone = _read(check, "at", read_time), _read(check, "zone", read_zone)
    if rhythm is None or at is None or zone is None:
        return None
    return Schedule(rhythm[0], at, zone, rhythm[1])


def _read(check: Checker, name: str, read: Callable[[str], _T]) -> _T | None:
    if name in check.errors:
        return None
    try:
        return read(normalise(check.text(name)))
    except ScheduleError as error:
        check.errors[name] = schedule_refusal(error, check.wording)
        return None
