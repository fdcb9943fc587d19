"""When digests are due, and how a wish for them is typed."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.schedule import (
    ScheduleError,
    Wish,
    as_typed,
    next_due,
    read_rhythm,
    read_time,
    read_topic_names,
    read_wish,
    read_zone,
    rhythm_as_typed,
)
from bot.domain.digests import Rhythm, Schedule

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


@pytest.mark.parametrize(
    ("typed", "wish"),
    [
        ("", Wish((), HONG_KONG)),
        ("screenings, victims daily at 09:00", Wish(("screenings", "victims"), HONG_KONG)),
        ("weekly mon at 8:30 europe/london", Wish((), Schedule(Rhythm.WEEKLY, time(8, 30), "Europe/London", 0))),
        ("weekdays 9pm utc", Wish((), Schedule(Rhythm.WEEKDAYS, time(21), "UTC"))),
        ("at 9", Wish((), HONG_KONG)),
        ("all", Wish((), HONG_KONG)),
        ("tier; victims HKT", Wish(("tier", "victims"), HONG_KONG)),
        ("to screenings 香港", Wish(("screenings",), HONG_KONG)),
        ("weekly on Monday at 18:30 London", Wish((), Schedule(Rhythm.WEEKLY, time(18, 30), "Europe/London", 0))),
        ("daily at noon New York", Wish((), Schedule(Rhythm.DAILY, time(12), "America/New_York"))),
        (
            "篩查、受害人 逢星期一 上午9時",
            Wish(("篩查", "受害人"), Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 0)),
        ),
        ("每星期五 下午6時半", Wish((), Schedule(Rhythm.WEEKLY, time(18, 30), "Asia/Hong_Kong", 4))),
        ("every friday", Wish((), Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 4))),
        ("weekdays at 9pm utc", Wish((), Schedule(Rhythm.WEEKDAYS, time(21), "UTC"))),
        ("初步識別審核、受害人 每日 09:00", Wish(("初步識別審核", "受害人"), HONG_KONG)),
        ("逢星期五 09:00", Wish((), Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 4))),
    ],
)
def test_a_wish_is_read_as_people_type_it(typed: str, wish: Wish) -> None:
    assert read_wish(typed) == wish


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("at 25:00", "time"),
        ("at 13pm", "time"),
        ("Mars/Olympus", "zone"),
        ("weekly someday", "day"),
        ("monthly", "rhythm"),
        ("每小時", "rhythm"),
    ],
)
def test_what_cannot_be_read_is_named(typed: str, kind: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read_wish(typed)
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    "typed", ["screenings daily at 09:00 UTC", "a, b weekly friday at 23:59 Asia/Tokyo", "weekdays at 00:00"]
)
def test_a_wish_written_out_is_read_as_the_same_wish(typed: str) -> None:
    assert read_wish(as_typed(read_wish(typed))) == read_wish(typed)


@pytest.mark.parametrize(
    ("typed", "at"),
    [("09:00", time(9)), ("9", time(9)), ("9am", time(9)), ("at 18:30", time(18, 30)), ("下午3時", time(15))],
)
def test_a_time_alone_is_read_as_people_type_it(typed: str, at: time) -> None:
    assert read_time(typed) == at


@pytest.mark.parametrize("typed", ["", " ", "soon", "09:00 UTC", "25:00", "99", "09:00 09:00", "x" * 40])
def test_what_is_more_or_less_than_a_time_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read_time(typed)
    assert refused.value.kind == "time"


def test_a_zone_alone_is_read_by_its_name_or_city() -> None:
    typed = ("asia/hong_kong", "London", "UTC", "香港")
    assert [read_zone(each) for each in typed] == ["Asia/Hong_Kong", "Europe/London", "UTC", "Asia/Hong_Kong"]


@pytest.mark.parametrize("typed", ["", "Mars/Olympus", "the moon", "UTC UTC", "Europe/London please"])
def test_what_is_more_or_less_than_a_zone_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read_zone(typed)
    assert refused.value.kind == "zone"


def test_every_rhythm_is_read_as_it_is_written() -> None:
    rhythms = [(Rhythm.DAILY, None), (Rhythm.WEEKDAYS, None), *((Rhythm.WEEKLY, day) for day in range(7))]
    assert [read_rhythm(rhythm_as_typed(*each)) for each in rhythms] == rhythms


@pytest.mark.parametrize("typed", ["", "monthly", "daily at 9", "weekly"])
def test_what_is_no_rhythm_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError):
        read_rhythm(typed)


def test_topics_are_parted_as_either_language_does() -> None:
    assert read_topic_names("screenings, victims；tier") == ("screenings", "victims", "tier")
    assert read_topic_names(" all topics ") == read_topic_names("") == read_topic_names(" , ") == ()
