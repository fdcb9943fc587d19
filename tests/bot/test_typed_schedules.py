"""Schedules as people type them, in either language: every way to say one part goes with every way to say another."""

from datetime import time
from itertools import cycle, islice, permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digests.misread import misread
from bot.digests.quiet_days import calendar_of
from bot.digests.typed_parts import ScheduleError
from bot.digests.wishes import Wish, as_typed, read_time, read_topics, read_wish, read_zone
from bot.domain.digests import Rhythm, Schedule
from bot.domain.text import Locale

MONDAY, FRIDAY = 0, 4
RHYTHMS: dict[tuple[Rhythm, int | None], tuple[str, ...]] = {
    (Rhythm.DAILY, None): ("", "daily", "every day", "everyday", "each day", "每日", "每天"),
    (Rhythm.WEEKDAYS, None): (
        *("weekdays", "weekday", "every weekday", "on weekdays", "working days", "monday to friday", "Mon-Fri"),
        *("平日", "每個平日", "工作天", "每個工作天", "逢星期一至五"),
    ),
    (Rhythm.WEEKLY, MONDAY): (
        *("weekly monday", "weekly on Mon", "every monday", "mondays", "monday", "mon", "on mondays"),
        *("逢星期一", "每星期一", "星期一", "週一", "每週一", "禮拜一"),
    ),
    (Rhythm.WEEKLY, FRIDAY): ("weekly friday", "fridays", "fri", "逢星期五", "週五"),
}
TIMES: dict[time, tuple[str, ...]] = {
    time(9): (
        *("", "at 9", "at 9am", "9am", "9 AM", "9 a.m.", "09:00", "9:00", "9.00", "at 0900", "0900", "9 o'clock"),
        *("上午九時", "上午9時", "早上9點", "朝早九點", "九時正", "上午9:00"),
    ),
    time(15, 30): (
        "at 3:30pm",
        "15:30",
        "15.30",
        "at 1530",
        "1530 hrs",
        "下午三點半",
        "下午3時30分",
        "15時半",
        "下午三時三十分",
    ),
    time(21): ("at 9 pm", "21:00", "晚上九時", "夜晚9點", "晚上9時", "二十一時"),
    time(12): ("at noon", "noon", "12 noon", "midday", "中午", "中午12時", "正午", "下午十二時", "12pm"),
    time(0): (
        *("midnight", "at midnight", "12am", "00:00", "午夜", "半夜", "晚上12時", "晚上十二點", "夜晚12時", "半夜12時"),
        *("凌晨12時", "上午12時"),
    ),
}
ZONES = {
    "Asia/Hong_Kong": ("", "Asia/Hong_Kong", "asia/hong_kong", "HKT", "Hong Kong", "in Hong Kong", "香港", "香港時間"),
    "Europe/London": ("Europe/London", "London", "in London", "London time", "倫敦", "倫敦時間"),
    "Asia/Taipei": ("Taipei", "in Taipei", "台北", "臺北時間"),
    "Asia/Tokyo": ("Tokyo time", "JST", "東京", "東京時間"),
    "Asia/Shanghai": ("Beijing", "Shanghai", "北京時間", "上海"),
    "Asia/Seoul": ("Seoul", "首爾"),
    "Asia/Singapore": ("Singapore", "SGT", "新加坡時間"),
    "Asia/Bangkok": ("Bangkok", "曼谷"),
    "Europe/Paris": ("Paris", "巴黎"),
    "Europe/Zurich": ("Geneva", "日內瓦"),
    "America/New_York": ("New York", "Washington", "in New York", "紐約時間", "華盛頓"),
    "America/Los_Angeles": ("Los Angeles", "洛杉磯", "三藩市"),
    "Australia/Sydney": ("Sydney", "悉尼", "雪梨"),
    "UTC": ("UTC", "GMT", "UTC+0", "Z"),
    "Etc/GMT-8": ("UTC+8", "GMT+8", "gmt+8", "+8", "+08:00", "+0800", "(UTC+8)", "Etc/GMT-8", "GMT+8時間"),
    "Etc/GMT+5": ("UTC-5", "GMT-5", "-5", "-05:00", "Etc/GMT+5"),
}
RHYTHM_FORMS = [(form, *meant) for meant, forms in RHYTHMS.items() for form in forms]
TIME_FORMS = [(form, at) for at, forms in TIMES.items() for form in forms]
ZONE_FORMS = [(form, zone) for zone, forms in ZONES.items() for form in forms]


def schedule_of(rhythm: Rhythm, weekday: int | None, at: time, zone: str) -> Schedule:
    """What a wish means that says nothing of holidays."""
    return Schedule(rhythm, at, zone, weekday, calendar_of(zone) if rhythm is Rhythm.WEEKDAYS else None)


# Of all combinations one in so many: no table’s length is a multiple of it, so that every two forms meet.
ONE_IN = 13


def test_every_way_to_say_a_rhythm_a_time_and_a_zone_goes_with_every_other() -> None:
    assert all(len(forms) % ONE_IN for forms in (RHYTHM_FORMS, TIME_FORMS, ZONE_FORMS))
    orders = cycle(permutations(range(3)))
    some = islice(product(RHYTHM_FORMS, TIME_FORMS, ZONE_FORMS), None, None, ONE_IN)
    for (rhythm_form, rhythm, weekday), (time_form, at), (zone_form, zone) in some:
        forms = (rhythm_form, time_form, zone_form)
        typed = " ".join(forms[each] for each in next(orders) if forms[each])
        assert read_wish(typed) == Wish((), schedule_of(rhythm, weekday, at, zone)), typed


@given(
    st.sampled_from(RHYTHM_FORMS),
    st.sampled_from(TIME_FORMS),
    st.sampled_from(ZONE_FORMS),
    st.sampled_from(["screenings", "初步識別審核", "tier placement, victims", "all but training", "-training"]),
)
def test_what_is_about_a_schedule_leaves_the_topics_as_they_are(
    rhythm: tuple[str, Rhythm, int | None], at: tuple[str, time], zone: tuple[str, str], topics: str
) -> None:
    typed = " ".join(filter(None, (topics, rhythm[0], at[0], zone[0])))
    wanted, excluded = read_topics(topics)
    assert read_wish(typed) == Wish(wanted, schedule_of(*rhythm[1:], at[1], zone[1]), excluded), typed


@pytest.mark.parametrize(
    ("typed", "rhythm", "weekday", "at", "zone"),
    [
        ("每日上午九時倫敦時間", Rhythm.DAILY, None, time(9), "Europe/London"),
        ("倫敦時間每日上午九時", Rhythm.DAILY, None, time(9), "Europe/London"),
        ("逢星期一上午九時", Rhythm.WEEKLY, MONDAY, time(9), "Asia/Hong_Kong"),
        ("星期二十時", Rhythm.WEEKLY, 1, time(10), "Asia/Hong_Kong"),
        ("星期一九時", Rhythm.WEEKLY, MONDAY, time(9), "Asia/Hong_Kong"),
        ("每晚9時", Rhythm.DAILY, None, time(21), "Asia/Hong_Kong"),
        ("每朝八點半", Rhythm.DAILY, None, time(8, 30), "Asia/Hong_Kong"),
        ("每天凌晨1時", Rhythm.DAILY, None, time(1), "Asia/Hong_Kong"),
        ("mondays 9", Rhythm.WEEKLY, MONDAY, time(9), "Asia/Hong_Kong"),
        ("weekly at 9 on Monday", Rhythm.WEEKLY, MONDAY, time(9), "Asia/Hong_Kong"),
        ("09:00+08:00", Rhythm.DAILY, None, time(9), "Etc/GMT-8"),
        ("09:00Z", Rhythm.DAILY, None, time(9), "UTC"),
        ("daily, 9am, London", Rhythm.DAILY, None, time(9), "Europe/London"),
    ],
)
def test_parts_stand_together_as_people_write_them(
    typed: str, rhythm: Rhythm, weekday: int | None, at: time, zone: str
) -> None:
    assert read_wish(typed) == Wish((), schedule_of(rhythm, weekday, at, zone))


@pytest.mark.parametrize(
    "typed", ["now", "asap", "as soon as something is new", "as soon as possible", "立即", "馬上", "盡快"]
)
def test_what_is_to_come_at_once_is_read_in_other_words(typed: str) -> None:
    assert read_wish(typed).schedule.rhythm is Rhythm.IMMEDIATELY


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("9am UTC-3:30", "offset"),
        ("UTC+5:30", "offset"),
        ("UTC+15", "offset"),
        ("daily 9am EST", "abbreviation"),
        ("9am cst", "abbreviation"),
        ("IST", "abbreviation"),
        ("weekly monday and friday", "days"),
        ("tuesdays and thursdays at 9", "days"),
        ("逢星期一、三、五 上午九時", "days"),
        ("逢星期一和星期五", "days"),
        ("daily except mondays", "day off"),
        ("每日 逢星期日除外", "day off"),
        ("daily except Good Friday", "day off"),
        ("daily except weekends", "rhythm"),
        ("twice a day", "rhythm"),
        ("every 2 hours", "rhythm"),
        ("every other day", "rhythm"),
        ("每兩日", "rhythm"),
        ("每星期兩次", "rhythm"),
        ("隔日", "rhythm"),
        ("每月", "rhythm"),
        ("早上12時", "time"),
        ("中午9時", "time"),
        ("weekly", "day"),
        ("in French", "language"),
        ("用日文", "language"),
        ("except Atlantean holidays", "code"),
    ],
)
def test_what_is_not_served_is_refused_as_what_it_is(typed: str, kind: str) -> None:
    with pytest.raises(ScheduleError) as refusal:
        read_wish(typed)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("left", "kind"),
    [
        ("dialy", "near"),
        ("weekdys", "near"),
        ("screenings mondya", "near"),
        ("immediatley", "near"),
        ("at nine", "time"),
        ("half past nine", "time"),
        ("every morning", "time"),
        ("晚上", "time"),
        ("1830", "time"),
        ("in Atlantis", "zone"),
        ("Atlantis time", "zone"),
        ("亞特蘭提斯時間", "zone"),
        ("London", "twice"),
        ("10:30", "twice"),
        ("every someday", "part"),
        ("逢初一", "part"),
        ("between 9 and 10", "time"),
        ("9-10am", "time"),
        ("tomorrow", "part"),
        ("bananas", None),
        ("Indonesia", None),
        ("screenings 2023", None),
        ("2023", None),
        ("初步識別", None),
    ],
)
def test_what_is_left_over_is_told_from_a_topic(left: str, kind: str | None) -> None:
    error = misread(left)
    assert (error.kind if error else None) == kind


@pytest.mark.parametrize("left", ["Christmas", "Boxing Day", "25 December", "聖誕節", "農曆新年"])
def test_a_single_day_cannot_be_left_out(left: str) -> None:
    error = misread(left, left_out=True)
    assert error
    assert error.kind == "day off"


@pytest.mark.parametrize(
    ("typed", "calendar"),
    [
        ("daily except public holidays in Hong Kong", "HK"),
        ("daily except public holidays in the United Kingdom at 9", "GB"),
        ("daily except UK bank holidays", "GB"),
        ("daily at 9 except US holidays", "US"),
        ("每日 英國公眾假期除外", "GB"),
        ("每日 除日本公眾假期外", "JP"),
        ("每日 香港公眾假期除外 上午九時", "HK"),
    ],
)
def test_whose_holidays_is_said_by_a_place(typed: str, calendar: str) -> None:
    wish = read_wish(typed)
    assert (wish.topics, wish.excluded, wish.schedule.holidays) == ((), (), calendar)
    assert wish.schedule.zone == "Asia/Hong_Kong"


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("in Chinese", Locale.ZH_HANT),
        ("daily at 9 in chinese", Locale.ZH_HANT),
        ("in English", Locale.EN),
        ("每日 用英文", Locale.EN),
        ("中文 每日", Locale.ZH_HANT),
        ("daily", None),
    ],
)
def test_the_language_may_be_named(typed: str, locale: Locale | None) -> None:
    assert read_wish(typed) == Wish((), Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong"), locale=locale)


@pytest.mark.parametrize(
    ("typed", "wanted", "excluded"),
    [
        ("- training", (), ("training",)),
        ("screenings - training", ("screenings",), ("training",)),
        ("screenings -training - tier", ("screenings",), ("training", "tier")),
        ("not training", (), ("training",)),
        ("全部 除培訓", (), ("培訓",)),
        ("除了培訓以外", (), ("培訓",)),
        ("me to screenings please", ("screenings",), ()),
        ("screenings daily and victims", ("screenings", "victims"), ()),
        ("all but Hong Kong", (), ("Hong Kong",)),
        ("-Hong Kong", (), ("Hong Kong",)),
        ("-2023 figures", (), ("2023 figures",)),
        ("- Hong Kong", (), ("Hong Kong",)),
    ],
)
def test_topics_are_left_out_as_people_type_it(typed: str, wanted: tuple[str, ...], excluded: tuple[str, ...]) -> None:
    assert read_wish(typed) == Wish(wanted, Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong"), excluded)


TOPICS = (
    "Monday meetings",
    "Training in Hong Kong",
    "Daily",
    "平日報告",
    "Macau - Zhuhai",
    "now-casts",
    "9am club",
    "5 years on",
)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_that_is_called_so_goes_before_what_its_name_could_mean(topic: str) -> None:
    def is_topic(name: str) -> bool:
        return name.casefold() in [each.casefold() for each in (*TOPICS, "screenings")]

    daily = Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong")
    fridays = Schedule(Rhythm.WEEKLY, time(15), "Europe/London", FRIDAY)
    assert read_wish(topic, is_topic=is_topic) == Wish((topic,), daily)
    assert read_wish(f"-{topic}", is_topic=is_topic) == Wish((), daily, (topic,))
    for typed in (f"{topic}, screenings fridays at 3pm London", f"screenings, {topic}, fridays 3pm London"):
        wish = read_wish(typed, is_topic=is_topic)
        assert (sorted(wish.topics), wish.schedule) == (sorted((topic, "screenings")), fridays)
    if topic != "Daily":  # which before anything else is a rhythm
        wish = read_wish(f"{topic} fridays at 3pm London", is_topic=is_topic)
        assert wish == Wish((topic,), fridays)
    assert read_wish("daily at 9", is_topic=is_topic) == Wish((), daily)


def test_without_a_zone_it_is_the_one_that_was_given() -> None:
    assert read_wish("weekdays", "Asia/Taipei").schedule == Schedule(
        Rhythm.WEEKDAYS, time(9), "Asia/Taipei", holidays="TW"
    )
    assert read_wish("weekdays London", "Asia/Taipei").schedule.zone == "Europe/London"


@pytest.mark.parametrize(
    ("typed", "zone", "topics"),
    [
        ("in Japan", "Asia/Tokyo", ()),
        ("Japan time", "Asia/Tokyo", ()),
        ("日本時間", "Asia/Tokyo", ()),
        ("中國時間", "Asia/Shanghai", ()),
        ("in the UK", "Europe/London", ()),
        ("Philippines", "Asia/Hong_Kong", ("Philippines",)),
        ("Indonesia daily", "Asia/Hong_Kong", ("Indonesia",)),
        ("自由", "Asia/Hong_Kong", ("自由",)),
        ("center", "Asia/Hong_Kong", ("center",)),
        ("Middle East", "Asia/Hong_Kong", ("Middle East",)),
    ],
)
def test_a_country_or_a_word_is_a_zone_only_where_it_is_said_to_be_one(
    typed: str, zone: str, topics: tuple[str, ...]
) -> None:
    assert read_wish(typed) == Wish(topics, Schedule(Rhythm.DAILY, time(9), zone))


def test_a_topic_that_is_called_like_a_city_goes_before_the_city() -> None:
    wish = read_wish("daily at 9 Hong Kong", is_topic=lambda name: name == "Hong Kong")
    assert wish == Wish(("Hong Kong",), Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong"))
    wish = read_wish("daily at 9 in Hong Kong", "UTC", lambda name: name == "Hong Kong")
    assert wish == Wish((), Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong"))


@pytest.mark.parametrize("zone", ["US/Eastern", "us/pacific"])
def test_a_zone_of_the_united_states_is_no_word_to_us(zone: str) -> None:
    assert read_wish(f"{zone} daily").schedule.zone.casefold() == zone.casefold()


@pytest.mark.parametrize("forms", ZONES.values())
def test_a_zone_alone_is_read_in_every_way(forms: tuple[str, ...]) -> None:
    assert len({read_zone(form) for form in forms if form}) == 1


@pytest.mark.parametrize("at", TIMES)
def test_a_time_alone_is_read_in_every_way(at: time) -> None:
    assert {read_time(form) for form in TIMES[at] if form} == {at}


@pytest.mark.parametrize("typed", ["EST", "UTC+5:30", "Eastern time", "East", "UTC+8 please"])
def test_a_zone_that_is_none_is_refused_alone(typed: str) -> None:
    with pytest.raises(ScheduleError):
        read_zone(typed)


def test_a_fixed_offset_is_written_out_as_people_write_it() -> None:
    wish = read_wish("daily GMT+8")
    assert "UTC+8" in as_typed(wish)
    assert read_wish(as_typed(wish)) == wish
