"""When digests are due: wall time and zone are kept, and the next instant is computed anew each time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from bot.digests.quiet_days import holiday_name
from bot.domain.digests import Rhythm, Schedule
from bot.domain.text import Locale
from bot.domain.zones import zone_named

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when by the clock alone is due what comes immediately
_SATURDAY = 5
_DAYS_AHEAD = 9  # a week, and a day that a zone may skip
_HOLIDAYS_AHEAD = 400  # days; a weekly digest may meet a holiday in some weeks running
_HALF_DAY = timedelta(hours=12)
MOST_SLOTS = 1_000  # are counted; after so long an outage nobody cares how many more there were


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """Return the first instant after `after` at which a digest is due, in UTC.

    There is one slot for each local date that the rhythm names and that is no holiday of the schedule's. A wall time
    that a clock change skips is taken as it would have read without the change, or where that is the next day, as it
    would have read with the change before; of one that happens twice the first is taken. Where the calendar leaves no
    day for more than a year, its holidays are days like others.

    What comes immediately is due by no clock: NEVER.
    """
    if schedule.rhythm is Rhythm.IMMEDIATELY:
        return NEVER
    slots = (slot_on(schedule, day) for day in _days(schedule, _local_date(schedule, after)))
    return next(slot for slot in slots if slot > after)


def slot_on(schedule: Schedule, day: date) -> datetime:
    """Return the slot of a local date, in UTC: on that date by the zone's clock, however it changes."""
    zone = zone_named(schedule.zone)
    wall = datetime.combine(day, schedule.at, zone)
    slot = wall.astimezone(UTC)
    if slot.astimezone(zone).date() != day:  # a change skips the last hour of the day (Nuuk, in March)
        return wall.replace(fold=1).astimezone(UTC)
    return slot


def slots_between(schedule: Schedule, first: datetime, last: datetime) -> int:
    """Return how many slots lie after `first` and not after `last`: at most MOST_SLOTS. What comes immediately has
    none.
    """
    count, slot = 0, next_due(schedule, first)
    while slot <= last and slot < NEVER and count < MOST_SLOTS:
        count, slot = count + 1, next_due(schedule, slot)
    return count


def renewed_due(schedule: Schedule, due: datetime, now: datetime) -> datetime:
    """Return when that is due now which was due at `due` by other zone data: the slot nearest to it, so that no local
    date has two of them, or none. Where slots lie before it, a clock stood ahead, and it is the first of these.
    """
    first, near = next_due(schedule, now), next_due(schedule, due - _HALF_DAY)
    return near if near <= next_due(schedule, first) else first


def holiday_on(schedule: Schedule, at: datetime, locale: Locale) -> str | None:
    """Return the name of the holiday for which no digest comes on the local date of an instant; None where there is
    none, or where none would come anyway.
    """
    day = _local_date(schedule, at)
    return holiday_name(schedule.holidays, day, locale) if schedule.holidays and _falls_on(schedule, day) else None


def _local_date(schedule: Schedule, at: datetime) -> date:
    return at.astimezone(zone_named(schedule.zone)).date()


def _days(schedule: Schedule, today: date) -> Iterator[date]:
    """Yield the days that may have the first slot after some instant of today: each date's slot is on that date."""
    if schedule.holidays:
        for day in _named_days(schedule, today, _HOLIDAYS_AHEAD):
            if not holiday_name(schedule.holidays, day):
                yield day
    yield from _named_days(schedule, today, _DAYS_AHEAD)


def _named_days(schedule: Schedule, first: date, count: int) -> Iterator[date]:
    days = (first + timedelta(days=ahead) for ahead in range(count))
    return (day for day in days if _falls_on(schedule, day))


def _falls_on(schedule: Schedule, day: date) -> bool:
    if schedule.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() < _SATURDAY
    return schedule.rhythm is Rhythm.DAILY or day.weekday() == schedule.weekday
