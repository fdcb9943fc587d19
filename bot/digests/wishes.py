"""How a wish for digests is typed, and read: on which topics, on which days, when, in which zone, and when not."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import time

from bot.digests.quiet_days import calendar_named, calendar_of
from bot.digests.shielding import shielded
from bot.digests.typed_days import ENGLISH_DAYS, refuse_unserved, take_rhythm
from bot.digests.typed_holidays import take_holidays
from bot.digests.typed_languages import take_language
from bot.digests.typed_parts import DEFAULT_ZONE, ScheduleError
from bot.digests.typed_times import take_lone_hour, take_time
from bot.digests.typed_zones import take_city, take_named_zone
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.text import Locale
from bot.domain.zones import shown_zone

DEFAULT_TIME = time(9)
_ALL = r"^(?:to\s+)?(?:all|everything|all topics|全部|所有|所有主題)$"
_BUT = r"(?:(?<!\S)(?:but(?:\s+not)?|except(?:\s+for)?|excluding)|^not)\s+|不包括|不含|(?<!\S)除了?"
_LEFT_OUT = r"(?<!\S)-(?=\S)"
_PARTED = r"[,;，、；\n]"
_DASH_APART = r"(?<!\S)-+\s+(?=\S)"  # as telephones and dictation write it: “- training”
_FILLERS = r"^(?:please\s+)?(?:me\s|us\s+(?=to\b))|\bplease\b|^請"
_EVERY_EVENING = r"每(?=[晚早朝夜])"
_AND_AT_AN_END = r"^(?:and|&|及|和)\s+|\s+(?:and|&)$"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: topic names as typed (empty: all), a schedule, the topics to leave out, and in which
    language, None where they said none.
    """

    topics: tuple[str, ...]
    schedule: Schedule
    excluded: tuple[str, ...] = ()
    locale: Locale | None = None


_NO_MORE = Wish((), Schedule(Rhythm.DAILY, DEFAULT_TIME, DEFAULT_ZONE))  # what goes without saying


@dataclass(frozen=True, slots=True)
class Days:
    """The days that a person asked for. `holidays` is a calendar’s code, True for that of the zone, False where they
    are days like others, None where nothing was said of them.
    """

    rhythm: Rhythm
    weekday: int | None = None
    holidays: str | bool | None = None

    def schedule(self, at: time | None, zone: str) -> Schedule:
        """Return the schedule of these days at a time of day, None where none was said. Raises ScheduleError.

        Who says nothing of holidays gets none of them where they asked for working days, in a zone that has a calendar.
        """
        if self.rhythm is not Rhythm.IMMEDIATELY:
            return Schedule(self.rhythm, at or DEFAULT_TIME, zone, self.weekday, self._calendar(zone))
        if at or self.holidays:
            raise ScheduleError("immediately", f"{at:%H:%M}" if at else "")
        return Schedule(self.rhythm, DEFAULT_TIME, zone)

    def _calendar(self, zone: str) -> str | None:
        if isinstance(self.holidays, str):
            if found := calendar_named(self.holidays):
                return found
            raise ScheduleError("code", self.holidays)
        wanted = self.rhythm is Rhythm.WEEKDAYS if self.holidays is None else self.holidays
        found = calendar_of(zone) if wanted else None
        if self.holidays and not found:
            raise ScheduleError("calendar", shown_zone(zone))
        return found


def read_wish(text: str, zone: str = DEFAULT_ZONE, is_topic: Callable[[str], object] = lambda _: False) -> Wish:
    """Return what `[topics] [-topic] [daily|weekdays|weekly DAY|immediately] [at 09:00] [ZONE] [except holidays CODE]
    [in Chinese]` asks for; what is not said is daily, 09:00, in `zone`. Raises ScheduleError.

    What `is_topic` knows by the very name is that topic, whatever its name holds of days and times.
    """
    text, unshielded = shielded(" ".join(text.split()), is_topic, _is_plain)
    wish = _read(text, zone, is_topic)
    return Wish(_all_of(wish.topics, unshielded), wish.schedule, _all_of(wish.excluded, unshielded), wish.locale)


def _read(text: str, zone: str, is_topic: Callable[[str], object] = lambda _: False) -> Wish:
    text = re.sub(_FILLERS, " ", re.sub(_DASH_APART, "-", text), flags=re.IGNORECASE).strip()
    locale, text = take_language(text)
    holidays, text = take_holidays(text)
    refuse_unserved(text)
    found, text = take_named_zone(text)
    at, text = take_time(re.sub(_EVERY_EVENING, "每日", text))
    rhythm, weekday, text = take_rhythm(text)
    if found is None:
        found, text = take_city(text, is_topic)
    if at is None:
        at, text = take_lone_hour(text)
    topics, excluded = read_topics(text)
    return Wish(topics, Days(rhythm, weekday, holidays).schedule(at, found or zone), excluded, locale)


def _is_plain(name: str) -> bool | None:
    """Whether a name is read as that name and nothing else; None where nothing of it is read as a name."""
    try:
        wish, without = _read(name, DEFAULT_ZONE), _read(f"-{name}", DEFAULT_ZONE)
    except ScheduleError:
        return False
    if not (wish.topics or wish.excluded):
        return None
    return (wish, without) == (replace(_NO_MORE, topics=(name,)), replace(_NO_MORE, excluded=(name,)))


def _all_of(names: Iterable[str], unshielded: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(map(unshielded, names))


def read_topics(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names in a list of topics, parted as either language parts a list (none where all are meant), and
    those to leave out: each with a - before it, and all behind “but” or 不包括.
    """
    text = re.sub(_DASH_APART, "-", text.strip())
    wanted, *behind = re.split(_BUT, text.removeprefix("to "), maxsplit=1, flags=re.IGNORECASE)
    parted = [re.split(_LEFT_OUT, part) for part in re.split(_PARTED, wanted)]
    excluded = [name for part in parted for name in part[1:]]
    excluded += [re.sub(r"[之以]?外$", "", name.strip()) for part in behind for name in re.split(_PARTED, part)]
    names = _names(part[0] for part in parted)
    return () if re.match(_ALL, " ".join(names), re.IGNORECASE) else names, _names(excluded)


def read_names(
    text: str, is_topic: Callable[[str], object] = lambda _: False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what `read_topics` does; what `is_topic` knows by the very name is that topic, whatever its name holds."""
    text, unshielded = shielded(text, is_topic, lambda name: read_topics(name) == ((name,), ()))
    wanted, excluded = read_topics(text)
    return _all_of(wanted, unshielded), _all_of(excluded, unshielded)


def read_days(text: str) -> Days:
    """Return the days that a text names with what is said of holidays, and nothing else. Raises ScheduleError."""
    typed = " ".join(text.split())
    holidays, rest = take_holidays(typed)
    rhythm, weekday, rest = take_rhythm(rest)
    if rest.strip() or not typed:
        raise ScheduleError("rhythm", typed)
    return Days(rhythm, weekday, holidays)


def read_time(text: str) -> time:
    """Return the time of day that a text is and nothing else: 09:00, 9, 9am, 下午3時. Raises ScheduleError."""
    typed = " ".join(text.split())
    for form in (typed, f"at {typed}"):  # an hour alone is a time only after "at"
        at, rest = take_time(form)
        if at is not None and not rest.strip():
            return at
    raise ScheduleError("time", typed)


def read_zone(text: str) -> str:
    """Return the zone that a text names and nothing else, by its name, its offset or its city. Raises ScheduleError."""
    typed = " ".join(text.split())
    zone, rest = take_named_zone(typed)
    if zone is None:
        zone, rest = take_city(typed if typed.casefold().startswith("in ") else f"in {typed}")
    if zone is None or rest.strip():
        raise ScheduleError("zone", typed)
    return zone


def as_typed(wish: Wish) -> str:
    """Return the words that `read_wish` reads as this wish."""
    schedule = wish.schedule
    is_immediate = schedule.rhythm is Rhythm.IMMEDIATELY
    parts = [
        ", ".join(wish.topics),
        *(f"-{topic}" for topic in wish.excluded),
        rhythm_as_typed(schedule.rhythm, schedule.weekday),
        "" if is_immediate else f"at {schedule.at:%H:%M}",
        shown_zone(schedule.zone),
        holidays_as_typed(schedule),
    ]
    return " ".join(filter(None, parts))


def wish_of(subscription: Subscription) -> Wish:
    """Return the wish that a subscription holds, its topics by their keys."""
    return Wish(subscription.topics, subscription.schedule, subscription.excluded)


def rhythm_as_typed(rhythm: Rhythm, weekday: int | None = None) -> str:
    """Return the words that are read as this rhythm."""
    return str(rhythm) if weekday is None else f"{rhythm} {ENGLISH_DAYS[weekday]}"


def holidays_as_typed(schedule: Schedule) -> str:
    """Return the words that are read as this schedule’s holidays; none where that goes without saying."""
    if schedule.holidays:
        return f"except holidays {schedule.holidays}"
    return "including holidays" if schedule.rhythm is Rhythm.WEEKDAYS else ""


def _names(parts: Iterable[str]) -> tuple[str, ...]:
    names = (re.sub(_AND_AT_AN_END, "", " ".join(part.strip(" -").split()), flags=re.IGNORECASE) for part in parts)
    return tuple(name for name in names if name and name.casefold() != "and")
