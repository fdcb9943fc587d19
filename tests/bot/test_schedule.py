"""When digests are due."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.slots import changing_zones, days_around, faults
from bot.digests.schedule import MOST_SLOTS, NEVER, holiday_on, next_due, renewed_due, slot_on, slots_between
from bot.domain.digests import Rhythm, Schedule
from bot.domain.text import Locale

HONG_KONG = Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong")
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_nine_in_hong_kong_is_one_in_utc() -> None:
    assert next_due(HONG_KONG, MONDAY) == MONDAY.replace(hour=1)


def test_the_next_run_is_after_the_present_one() -> None:
    due = MONDAY.replace(hour=1)
    assert next_due(HONG_KONG, due) == due + timedelta(days=1)


def test_wall_time_stays_through_a_clock_change() -> None:
    london = Schedule(Rhythm.DAILY, time(9), "Europe/London")
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    sunday = next_due(london, saturday)
    assert sunday.astimezone(ZoneInfo("Europe/London")).hour == 9
    assert sunday - next_due(london, saturday - timedelta(days=1)) == timedelta(hours=23)


def test_weekdays_skip_the_weekend() -> None:
    weekdays = Schedule(Rhythm.WEEKDAYS, time(9), "Asia/Hong_Kong")
    friday_evening = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert next_due(weekdays, friday_evening) == datetime(2026, 11, 30, 1, tzinfo=UTC)


def test_weekly_waits_for_its_day() -> None:
    friday = Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", weekday=4)
    assert next_due(friday, MONDAY) == datetime(2026, 11, 27, 1, tzinfo=UTC)


@given(
    st.sampled_from(
        ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Hong_Kong", "Africa/Casablanca"]
    ),
    st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (the zone is put on below)
)
def test_daily_runs_are_at_most_a_day_and_the_clock_change_apart(zone: str, at: time, start: datetime) -> None:
    schedule = Schedule(Rhythm.DAILY, at, zone)
    first = next_due(schedule, start.replace(tzinfo=UTC))
    second = next_due(schedule, first)
    assert timedelta(hours=21) <= second - first <= timedelta(hours=27)


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"])
@pytest.mark.parametrize("at", [time(0), time(1, 30), time(2, 30), time(3), time(23, 59)])
def test_every_local_date_of_a_year_has_exactly_one_slot(zone: str, at: time) -> None:
    schedule = Schedule(Rhythm.DAILY, at, zone)
    due = datetime(2026, 1, 1, 12, tzinfo=UTC)
    dates = []
    while due < datetime(2027, 1, 2, 12, tzinfo=UTC):
        due = next_due(schedule, due)
        dates.append(due.astimezone(ZoneInfo(zone)).date())
    assert [after - before for before, after in pairwise(dates)] == [timedelta(days=1)] * (len(dates) - 1)


def test_each_local_date_around_every_clock_change_of_ten_years_has_exactly_one_slot() -> None:
    zones = changing_zones()
    assert sum(map(len, zones.values())) > 150
    assert not [
        fault
        for changes, (zone, *_) in zones.items()
        for change in changes
        for fault in faults(zone, days_around(zone, change))
    ]


def test_a_time_that_is_skipped_at_the_end_of_a_day_stays_on_that_day() -> None:
    nuuk = ZoneInfo("America/Nuuk")
    slots = [slot_on(Schedule(Rhythm.DAILY, time(23, 30), nuuk.key), date(2026, 3, day)) for day in (27, 28, 29)]
    assert [f"{each.astimezone(nuuk):%d %H:%M}" for each in slots] == ["27 23:30", "28 22:30", "29 23:30"]


def test_a_date_that_a_zone_skipped_holds_up_nothing() -> None:
    apia = Schedule(Rhythm.DAILY, time(9), "Pacific/Apia")
    due, dates = datetime(2011, 12, 28, tzinfo=UTC), []
    for _ in range(3):
        due = next_due(apia, due)
        dates.append(due.astimezone(ZoneInfo("Pacific/Apia")).day)
    assert dates == [28, 29, 31]


def test_what_comes_immediately_is_due_by_no_clock() -> None:
    assert next_due(replace(HONG_KONG, rhythm=Rhythm.IMMEDIATELY), MONDAY) == NEVER


NEW_YEAR = datetime(2026, 2, 16, 1, tzinfo=UTC)  # the Monday before: three days off, then Friday


def test_a_holiday_has_no_slot() -> None:
    daily = replace(HONG_KONG, holidays="HK")
    assert next_due(HONG_KONG, NEW_YEAR) == NEW_YEAR + timedelta(days=1)
    assert next_due(daily, NEW_YEAR) == NEW_YEAR + timedelta(days=4)
    assert next_due(replace(daily, rhythm=Rhythm.WEEKDAYS), NEW_YEAR) == NEW_YEAR + timedelta(days=4)


def test_a_weekly_digest_whose_day_is_a_holiday_comes_a_week_later() -> None:
    tuesdays = Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 1, "HK")
    assert next_due(tuesdays, NEW_YEAR) == NEW_YEAR + timedelta(days=8)


def test_where_the_calendar_leaves_no_day_for_a_year_its_holidays_are_days_like_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.digests.schedule.holiday_name", lambda *_: "Holiday")
    assert next_due(replace(HONG_KONG, holidays="HK"), MONDAY) == MONDAY.replace(hour=1)


def test_a_holiday_is_named_where_it_is_why_no_digest_comes() -> None:
    daily = replace(HONG_KONG, holidays="HK")
    tuesday = NEW_YEAR + timedelta(days=1)
    assert holiday_on(daily, tuesday, Locale.EN) == "Lunar New Year's Day"
    assert holiday_on(daily, tuesday, Locale.ZH_HANT) == "農曆年初一"
    assert holiday_on(daily, NEW_YEAR, Locale.EN) is None
    assert holiday_on(HONG_KONG, tuesday, Locale.EN) is None
    assert holiday_on(Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 0, "HK"), tuesday, Locale.EN) is None


@pytest.mark.parametrize("hours", [-11, -2, 0, 1, 11])
@pytest.mark.parametrize("rhythm", [Rhythm.DAILY, Rhythm.WEEKDAYS])
def test_what_was_due_by_other_zone_data_is_due_on_the_same_local_date(hours: int, rhythm: Rhythm) -> None:
    schedule = replace(HONG_KONG, rhythm=rhythm)
    due = next_due(schedule, MONDAY)
    assert renewed_due(schedule, due + timedelta(hours=hours), due - timedelta(hours=20)) == due


def test_what_was_due_on_what_is_a_holiday_now_is_due_on_the_next_day_that_is_none() -> None:
    daily = replace(HONG_KONG, holidays="HK")
    assert renewed_due(daily, NEW_YEAR + timedelta(days=1), NEW_YEAR) == NEW_YEAR + timedelta(days=4)


DAY = timedelta(days=1)


def test_slots_are_counted_after_the_first_instant_and_up_to_the_last() -> None:
    nine = MONDAY.replace(hour=1)
    assert slots_between(HONG_KONG, nine, nine) == 0
    assert slots_between(HONG_KONG, nine, nine + 3 * DAY) == 3
    assert slots_between(HONG_KONG, nine, nine + 3 * DAY - timedelta(seconds=1)) == 2
    assert slots_between(HONG_KONG, nine - timedelta(seconds=1), nine) == 1
    assert slots_between(HONG_KONG, nine, nine - DAY) == 0


@pytest.mark.parametrize("month", [3, 10])
def test_a_clock_change_takes_no_slot_and_adds_none(month: int) -> None:
    for zone in ("Europe/London", "America/New_York", "America/Nuuk"):
        for at in (time(1, 30), time(2, 30), time(9), time(23, 30)):
            schedule = Schedule(Rhythm.DAILY, at, zone)
            first = slot_on(schedule, date(2026, month, 1))
            assert slots_between(schedule, first, slot_on(schedule, date(2026, month, 31))) == 30


def test_days_without_a_digest_are_not_counted() -> None:
    weekdays = replace(HONG_KONG, rhythm=Rhythm.WEEKDAYS, holidays="HK")
    eve = datetime(2026, 12, 24, 1, tzinfo=UTC)  # a Thursday; Friday and Saturday are public holidays
    assert slots_between(weekdays, eve, eve + 3 * DAY) == 0
    assert slots_between(weekdays, eve, eve + 5 * DAY) == 2
    assert slots_between(replace(weekdays, holidays=None), eve, eve + 5 * DAY) == 3
    weekly = replace(HONG_KONG, rhythm=Rhythm.WEEKLY, weekday=0)
    assert slots_between(weekly, MONDAY, MONDAY + 14 * DAY + timedelta(hours=1)) == 3


def test_what_comes_at_once_has_no_slots_and_a_long_outage_not_more_than_anybody_counts() -> None:
    assert slots_between(replace(HONG_KONG, rhythm=Rhythm.IMMEDIATELY), MONDAY, MONDAY + 99 * DAY) == 0
    assert slots_between(HONG_KONG, MONDAY, MONDAY + 9_999 * DAY) == MOST_SLOTS
