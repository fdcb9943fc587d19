"""Counts the slots of every local date of ten years, in every time zone that changes its clock in them, at 96 times of
day: each date has exactly one, and each is later than the one before. Ends with status 1 where that does not hold.

Zones that change their clocks at the same instants in the same way count once.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from multiprocessing import get_context
from zoneinfo import ZoneInfo, available_timezones

from bot.digests.schedule import next_due
from bot.domain.digests import Rhythm, Schedule

FIRST, LAST = date(2026, 1, 1), date(2035, 12, 31)
TIMES = [time_of_day(minute // 60, minute % 60) for minute in range(0, 24 * 60, 15)]
_WEEK = 7 * 24 * 3_600  # seconds; no zone changes its clock and back within one
_SHOWN = 10  # faults


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The second from which a zone is on another offset from UTC."""

    at: int
    before: timedelta | None
    after: timedelta | None


Changes = tuple[ClockChange, ...]


def changing_zones() -> Mapping[Changes, Sequence[str]]:
    """Return the zones that change their clock in these years, by how they do."""
    found: dict[Changes, list[str]] = {}
    for name in sorted(available_timezones()):
        changes = tuple(_changes(ZoneInfo(name)))
        if changes:
            found.setdefault(changes, []).append(name)
    return found


def days_around(zone: str, change: ClockChange) -> list[date]:
    """Return the five local dates around a change."""
    middle = datetime.fromtimestamp(change.at - 1, ZoneInfo(zone)).date()
    return [middle + timedelta(days=each) for each in range(-2, 3)]


def faults(zone: str, days: Sequence[date], times: Iterable[time_of_day] = TIMES) -> list[str]:
    """Return where dates that follow each other have no slot, or more than one, or are out of order."""
    clock, found = ZoneInfo(zone), []
    start = datetime.combine(days[0] - timedelta(days=1), time_of_day(23), clock).astimezone(UTC)
    for at in times:
        schedule = Schedule(Rhythm.DAILY, at, zone)
        due = next_due(schedule, start)
        while due.astimezone(clock).date() < days[0]:
            due = next_due(schedule, due)
        for day in days:
            if due.astimezone(clock).date() != day:
                found.append(f"{zone} {at:%H:%M}: {due.astimezone(clock)} instead of {day}")
            due, before = next_due(schedule, due), due
            if due <= before:
                found.append(f"{zone} {at:%H:%M}: {due} after {before}")
    return found


def main() -> int:
    """Count, print, and return the status to end with."""
    started, zones = time.perf_counter(), changing_zones()
    days = [FIRST + timedelta(days=each) for each in range((LAST - FIRST).days + 1)]
    names = [name for name, *_ in zones.values()]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        found = [fault for each in processes.map(faults, names, [days] * len(names)) for fault in each]
    count = len(names) * len(days) * len(TIMES)
    print(f"{sum(map(len, zones.values()))} zones change their clocks, in {len(names)} ways")
    print(f"{count:,} slots in {time.perf_counter() - started:,.0f} s, {len(found)} faults")
    for fault in found[:_SHOWN]:
        print(fault)
    return 1 if found else 0


def _changes(zone: ZoneInfo) -> Iterator[ClockChange]:
    first, last = (int(datetime.combine(day, time_of_day(), UTC).timestamp()) for day in (FIRST, LAST))
    offset = _offset(zone, first)
    for start in range(first, last, _WEEK):
        now = _offset(zone, start + _WEEK)
        if now != offset:
            yield ClockChange(_first_second(zone, start, now), offset, now)
            offset = now


def _first_second(zone: ZoneInfo, start: int, offset: timedelta | None) -> int:
    """Return the first second of a week on this offset."""
    low, high = start, start + _WEEK
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(zone, middle) == offset else (middle, high)
    return high


def _offset(zone: ZoneInfo, second: int) -> timedelta | None:
    return datetime.fromtimestamp(second, zone).utcoffset()


if __name__ == "__main__":
    sys.exit(main())
