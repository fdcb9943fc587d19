"""How a wish for digests is typed, and read."""

from datetime import time

import pytest

from bot.digests.typed_parts import ScheduleError
from bot.digests.wishes import (
    Days,
    Wish,
    as_typed,
    read_days,
    read_time,
    read_topics,
    read_wish,
    read_zone,
    rhythm_as_typed,
)
from bot.domain.digests import Rhythm, Schedule

HONG_KONG = Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong")
WORKING_DAYS = Schedule(Rhythm.WEEKDAYS, time(9), "Asia/Hong_Kong", holidays="HK")
AT_ONCE = Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")


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
    "typed",
    [
        "screenings daily at 09:00 UTC",
        "a, b weekly friday at 23:59 Asia/Tokyo",
        "weekdays at 00:00",
        "weekdays including holidays",
        "a, b -c -d daily UTC except holidays US-CA",
        "-c immediately Europe/London",
    ],
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
    rhythms = [
        *((each, None) for each in Rhythm if each is not Rhythm.WEEKLY),
        *((Rhythm.WEEKLY, day) for day in range(7)),
    ]
    assert [read_days(rhythm_as_typed(*each)) for each in rhythms] == [Days(*each) for each in rhythms]


@pytest.mark.parametrize("typed", ["", "monthly", "daily at 9", "weekly", "except holidays please"])
def test_what_is_no_rhythm_is_refused(typed: str) -> None:
    with pytest.raises(ScheduleError):
        read_days(typed)


@pytest.mark.parametrize(
    ("typed", "topics", "excluded"),
    [
        ("screenings, victims；tier", ("screenings", "victims", "tier"), ()),
        (" all topics ", (), ()),
        ("", (), ()),
        (" , ", (), ()),
        ("screenings, victims -training", ("screenings", "victims"), ("training",)),
        ("-training", (), ("training",)),
        ("all, -training, -tier placement", (), ("training", "tier placement")),
        ("-training, tier", ("tier",), ("training",)),
        ("all but training, tier", (), ("training", "tier")),
        ("everything except training", (), ("training",)),
        ("篩查、受害人 不包括培訓、評級", ("篩查", "受害人"), ("培訓", "評級")),
        ("不包括培訓", (), ("培訓",)),
        ("work-permits - ", ("work-permits",), ()),
    ],
)
def test_topics_are_parted_and_left_out_as_either_language_does(
    typed: str, topics: tuple[str, ...], excluded: tuple[str, ...]
) -> None:
    assert read_topics(typed) == (topics, excluded)


@pytest.mark.parametrize("typed", ["immediately", "at once", "as it comes", "all immediately", "即時", "即刻"])
def test_what_is_to_come_immediately_is_read_as_people_type_it(typed: str) -> None:
    assert read_wish(typed) == Wish((), AT_ONCE)


@pytest.mark.parametrize(
    ("typed", "holidays"),
    [
        ("weekdays", "HK"),
        ("平日", "HK"),
        ("weekdays Europe/London", "GB"),
        ("weekdays US/Eastern", "US"),
        ("weekdays UTC", None),
        ("daily", None),
        ("weekly monday", None),
        ("daily except holidays", "HK"),
        ("daily skip public holidays at 8:30", "HK"),
        ("except holidays at 09:00", "HK"),
        ("except holidays in Europe/London", "GB"),
        ("weekly monday not on bank holidays London", "GB"),
        ("except holidays GB", "GB"),
        ("except holidays uk daily at 9", "GB"),
        ("daily UTC except holidays (us-ca)", "US-CA"),
        ("except holidays IN at 9", "IN"),
        ("公眾假期除外", "HK"),
        ("每日 公眾假期除外 GB", "GB"),
        ("平日（不包括公眾假期）", "HK"),
        ("weekdays including holidays", None),
        ("平日 包括公眾假期", None),
        ("working days including public holidays UTC", None),
    ],
)
def test_holidays_are_left_out_where_it_is_said_and_of_working_days_by_themselves(
    typed: str, holidays: str | None
) -> None:
    wish = read_wish(typed.replace("（", "(").replace("）", ")"))
    assert (wish.topics, wish.excluded, wish.schedule.holidays) == ((), (), holidays)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("except holidays XX", "code"),
        ("except holidays US-ZZ", "code"),
        ("daily UTC except holidays", "calendar"),
        ("immediately at 09:00", "immediately"),
        ("immediately except holidays", "immediately"),
    ],
)
def test_what_no_calendar_can_tell_or_goes_with_nothing_is_named(typed: str, kind: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        read_wish(typed)
    assert refused.value.kind == kind


def test_holidays_and_topics_to_leave_out_go_together() -> None:
    assert read_wish("all but training except holidays GB weekly friday") == Wish(
        (), Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", 4, "GB"), ("training",)
    )
    assert read_wish("不包括培訓 公眾假期除外") == Wish(
        (), Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong", holidays="HK"), ("培訓",)
    )
