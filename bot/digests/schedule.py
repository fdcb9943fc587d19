"""When digests are due: wall time and zone are kept, and the next instant is computed anew each time."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.digests import Rhythm, Schedule

DEFAULT_ZONE = "Asia/Hong_Kong"
DEFAULT_TIME = time(9)
_SATURDAY = 5
_DAYS_AHEAD = 9  # a week, and a day on either side for the zones' edges
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CHINESE_DAYS = "一二三四五六日"
_TIME = re.compile(r"(?:\bat\s+)?(?<![\d:])(\d{1,2}):(\d{2})(?![\d:])\s*(am|pm)?", re.IGNORECASE)
_HOUR = re.compile(r"(?:\bat\s+(?=\d+(?:\s|$))|(?:\bat\s+)?(?=\d+\s*[ap]m))(\d{1,2})\s*(am|pm)?(?=\s|$)", re.IGNORECASE)
_ZONE = re.compile(r"(?<!\S)(?:UTC|GMT|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+)(?!\S)", re.IGNORECASE)
_WEEKLY = re.compile(
    r"\bweekly(?:\s+(?:on\s+)?([a-z]+))?|每週([一二三四五六日天])?|逢星期([一二三四五六日天])", re.IGNORECASE
)
_DAILY = re.compile(r"\bdaily\b|\bevery\s?day\b|每日|每天", re.IGNORECASE)
_WEEKDAYS = re.compile(r"\bweekdays\b|平日|工作天", re.IGNORECASE)


class ScheduleError(ValueError):
    """A wish for a schedule cannot be read; `part` is what was not understood, `kind` one of time, zone, day."""

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
    zone, text = _take_zone(text)
    at, text = _take_time(text)
    rhythm, weekday, text = _take_rhythm(text)
    names = tuple(name.strip() for name in re.split(r"[,;，、]", text) if name.strip(" -"))
    return Wish(names, Schedule(rhythm, at, zone, weekday))


def as_typed(wish: Wish) -> str:
    """Return the words that `read_wish` reads as this wish."""
    schedule = wish.schedule
    day = f" {_ENGLISH_DAYS[schedule.weekday]}" if schedule.weekday is not None else ""
    rhythm = f"{schedule.rhythm}{day} at {schedule.at:%H:%M} {schedule.zone}"
    return f"{', '.join(wish.topics)} {rhythm}".strip()


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Return the first instant after `after` at which a digest is due, in UTC.

    There is one slot for each local date that the rhythm names. A wall time that a clock change skips is taken as it
    would have read without the change; of one that happens twice the first is taken.
    """
    today = after.astimezone(ZoneInfo(schedule.zone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(-1, _DAYS_AHEAD))
    slots = (_instant(schedule, day) for day in days if _falls_on(schedule, day))
    return next(slot for slot in slots if slot > after)


def _instant(schedule: Schedule, day: date) -> datetime:
    return datetime.combine(day, schedule.at, ZoneInfo(schedule.zone)).astimezone(UTC)


def _falls_on(schedule: Schedule, day: date) -> bool:
    if schedule.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() < _SATURDAY
    return schedule.rhythm is Rhythm.DAILY or day.weekday() == schedule.weekday


def _take_zone(text: str) -> tuple[str, str]:
    match = _ZONE.search(text)
    if not match:
        return DEFAULT_ZONE, text
    typed = match.group()
    zone = next((zone for zone in available_timezones() if zone.casefold() == typed.casefold()), None)
    if zone is None:
        raise ScheduleError("zone", typed)
    return zone, _without(text, match)


def _take_time(text: str) -> tuple[time, str]:
    match = _TIME.search(text)
    if match:
        return _clock(match.group().strip(), match[1], match[2], match[3]), _without(text, match)
    match = _HOUR.search(text)
    if match:
        return _clock(match.group().strip(), match[1], "00", match[2]), _without(text, match)
    return DEFAULT_TIME, text


def _clock(typed: str, hour: str, minute: str, half: str | None) -> time:
    hours = int(hour)
    if half and not 1 <= hours <= 12:  # noqa: PLR2004 (a clock with am and pm)
        raise ScheduleError("time", typed)
    if half:
        hours = hours % 12 + (12 if half.casefold() == "pm" else 0)
    try:
        return time(hours, int(minute))
    except ValueError as error:
        raise ScheduleError("time", typed) from error


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
    chinese = match[2] or match[3]
    if chinese:
        return _CHINESE_DAYS.index(chinese.replace("天", "日"))
    name = (match[1] or "").casefold()
    found = [i for i, day in enumerate(_ENGLISH_DAYS) if len(name) > 1 and day.startswith(name)]
    if len(found) != 1:
        raise ScheduleError("day", name)
    return found[0]


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
