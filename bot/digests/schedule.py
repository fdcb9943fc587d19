"""When digests are due: wall time and zone are kept, and the next instant is computed anew each time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

from bot.domain.digests import Rhythm, Schedule
from bot.domain.zones import zone_named

DEFAULT_ZONE = "Asia/Hong_Kong"
DEFAULT_TIME = time(9)
_SATURDAY = 5
_HALF_DAY = 12
_DAYS_AHEAD = 9  # a week, and a day on either side for the zones' edges
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_DAYS = "一二三四五六日"
_TIME = re.compile(r"(?:\bat\s+)?(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])\s*(am|pm)?", re.IGNORECASE)
_HOUR = re.compile(r"(?:\bat\s+(?=\d+(?:\s|$))|(?:\bat\s+)?(?=\d+\s*[ap]m))(\d{1,2})\s*(am|pm)?(?=\s|$)", re.IGNORECASE)
_ZONE = re.compile(r"(?<!\S)(?:UTC|GMT|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)(?!\S)", re.IGNORECASE)
_WEEKLY = re.compile(
    r"\bweekly(?:\s+(?:on\s+)?([a-z]+))?|\b(?:every|each)\s+([a-z]+day)\b"
    r"|(?:逢|每個?)(?:星期|週|周|禮拜)([一二三四五六日天])?",
    re.IGNORECASE,
)
_DAILY = re.compile(r"\bdaily\b|\bevery\s?day\b|每日|每天|日日", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\bweekdays\b|平日|工作天", re.IGNORECASE)
_UNSERVED = re.compile(
    r"\b(?:hourly|weekends?|fortnightly|biweekly|monthly|yearly)\b|每小時|週末|每月|每個月", re.IGNORECASE
)
_HAN_TIME = re.compile(r"(上午|早上|朝早|下午|晚上|中午)?\s*(\d{1,2})(?:時|點|点)(?:(\d{1,2})分|(半))?")
_NOON = re.compile(r"\b(?:at\s+)?(noon|midnight)\b|中午(?!\s*\d)|午夜", re.IGNORECASE)
_ALL = re.compile(r"^(?:to\s+)?(?:all|everything|all topics|全部|所有|所有主題)$", re.IGNORECASE)
_PARTED = re.compile(r"[,;，、；]")
_ZONE_NAMES = {
    "hkt": DEFAULT_ZONE,
    "hk": DEFAULT_ZONE,
    "hong kong": DEFAULT_ZONE,
    "香港": DEFAULT_ZONE,
    "香港時間": DEFAULT_ZONE,
}


class ScheduleError(ValueError):
    """A wish for a schedule cannot be read: `part` was not understood, as time, zone, day or rhythm (`kind`)."""

    def __init__(self, kind: str, part: str) -> None:
        super().__init__(f"{kind}: {part}")
        self.kind, self.part = kind, part


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: topic names as typed (empty: all) and a schedule."""

    topics: tuple[str, ...]
    schedule: Schedule


def read_wish(text: str) -> Wish:
    """Return what `[topics] [daily|weekdays|weekly DAY] [at 09:00] [ZONE]` asks for; what is not said is daily, 09:00,
    Asia/Hong_Kong. Raises ScheduleError.
    """
    unserved = _UNSERVED.search(text)
    if unserved:
        raise ScheduleError("rhythm", unserved.group())
    zone, text = _take_zone(" ".join(text.split()))
    at, text = _take_time(text)
    rhythm, weekday, text = _take_rhythm(text)
    return Wish(read_topic_names(text), Schedule(rhythm, at, zone, weekday))


def read_topic_names(text: str) -> tuple[str, ...]:
    """Return the names in a list of topics, parted as either language parts a list; none where all are meant."""
    names = [name.strip(" -") for name in _PARTED.split(text.strip().removeprefix("to "))]
    if _ALL.match(" ".join(names).strip()):
        return ()
    return tuple(" ".join(name.split()) for name in names if name)


def read_rhythm(text: str) -> tuple[Rhythm, int | None]:
    """Return the rhythm that a text is and nothing else, with the weekday of a weekly one. Raises ScheduleError."""
    typed = " ".join(text.split())
    rhythm, weekday, rest = _take_rhythm(typed)
    if rest.strip() or not typed:
        raise ScheduleError("rhythm", typed)
    return rhythm, weekday


def read_time(text: str) -> time:
    """Return the time of day that a text is and nothing else: 09:00, 9, 9am, 下午3時. Raises ScheduleError."""
    typed = " ".join(text.split())
    for form in (typed, f"at {typed}"):  # an hour alone is a time only after "at"
        at, rest = _take_time(form)
        if typed and not rest.strip():
            return at
    raise ScheduleError("time", typed)


def read_zone(text: str) -> str:
    """Return the zone that a text names and nothing else, by its name or its city. Raises ScheduleError."""
    typed = " ".join(text.split())
    zone, rest = _take_zone(typed)
    if rest.strip() or not typed:
        raise ScheduleError("zone", typed)
    return zone


def as_typed(wish: Wish) -> str:
    """Return the words that `read_wish` reads as this wish."""
    schedule = wish.schedule
    rhythm = f"{rhythm_as_typed(schedule.rhythm, schedule.weekday)} at {schedule.at:%H:%M} {schedule.zone}"
    return f"{', '.join(wish.topics)} {rhythm}".strip()


def rhythm_as_typed(rhythm: Rhythm, weekday: int | None = None) -> str:
    """Return the words that `read_rhythm` reads as this rhythm."""
    return str(rhythm) if weekday is None else f"{rhythm} {_ENGLISH_DAYS[weekday]}"


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Return the first instant after `after` at which a digest is due, in UTC.

    There is one slot for each local date that the rhythm names. A wall time that a clock change skips is taken as it
    would have read without the change; of one that happens twice the first is taken.
    """
    today = after.astimezone(zone_named(schedule.zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, _DAYS_AHEAD))
    slots = (_instant(schedule, day) for day in days if _falls_on(schedule, day))
    return next(slot for slot in slots if slot > after)


def _instant(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, schedule.at, zone_named(schedule.zone)).astimezone(UTC)


def _falls_on(schedule: Schedule, day: date) -> bool:
    if schedule.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() < _SATURDAY
    return schedule.rhythm is Rhythm.DAILY or day.weekday() == schedule.weekday


def _take_zone(text: str) -> tuple[str, str]:
    match = _ZONE.search(text)
    if match:
        typed = match.group()
        zone = next((zone for zone in available_timezones() if zone.casefold() == typed.casefold()), None)
        if zone is None:
            raise ScheduleError("zone", typed)
        return zone, _without(text, match)
    words = text.split()
    for size in range(1, min(3, len(words)) + 1):  # a city may stand last: "weekly on Monday at 18:30 New York"
        zone = _zone_of_city(" ".join(words[-size:]))
        if zone:
            return zone, " ".join(words[:-size])
    return DEFAULT_ZONE, text


def _zone_of_city(name: str) -> str | None:
    """Return the one zone whose city is called this, None where there is none or several."""
    typed = name.casefold()
    if typed in _ZONE_NAMES:
        return _ZONE_NAMES[typed]
    found = [zone for zone in available_timezones() if zone.rpartition("/")[2].replace("_", " ").casefold() == typed]
    cities = [zone for zone in found if "/" in zone]
    return cities[0] if len(cities) == 1 else None


def _take_time(text: str) -> tuple[time, str]:
    for pattern, read in _TIMES:
        match = pattern.search(text)
        if match:
            return read(match), _without(text, match)
    return DEFAULT_TIME, text


def _han_clock(match: re.Match[str]) -> time:
    half = {"下午": "pm", "晚上": "pm", "中午": "pm"}.get(match[1] or "")
    minute = "30" if match[4] else match[3] or "00"
    return _clock(match.group().strip(), match[2], minute, half if 1 <= int(match[2]) <= _HALF_DAY else None)


def _clock(typed: str, hour: str, minute: str, half: str | None) -> time:
    hours = int(hour)
    if half and not 1 <= hours <= _HALF_DAY:
        raise ScheduleError("time", typed)
    if half:
        hours = hours % _HALF_DAY + (_HALF_DAY if half.casefold() == "pm" else 0)
    try:
        return time(hours, int(minute))
    except ValueError as error:
        raise ScheduleError("time", typed) from error


_TIMES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], time]], ...] = (
    (_HAN_TIME, _han_clock),
    (_TIME, lambda match: _clock(match.group().strip(), match[1], match[2], match[3])),
    (_HOUR, lambda match: _clock(match.group().strip(), match[1], "00", match[2])),
    (_NOON, lambda match: time(0) if match.group() == "午夜" or match[1] == "midnight" else time(12)),
)


def _take_rhythm(text: str) -> tuple[Rhythm, int | None, str]:
    weekly = _WEEKLY.search(text)
    if weekly:
        return Rhythm.WEEKLY, _weekday(weekly), _without(text, weekly)
    for pattern, rhythm in ((_DAILY, Rhythm.DAILY), (_WEEKDAYS, Rhythm.WEEKDAYS)):
        match = pattern.search(text)
        if match:
            return rhythm, None, _without(text, match)
    return Rhythm.DAILY, None, text


def _weekday(match: re.Match[str]) -> int:
    if match[3]:
        return _CHINESE_DAYS.index(match[3].replace("天", "日"))
    name = (match[1] or match[2] or "").casefold()
    found = [i for i, day in enumerate(_ENGLISH_DAYS) if len(name) > 1 and day.startswith(name.removesuffix("s"))]
    if len(found) != 1:
        raise ScheduleError("day", name)
    return found[0]


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
