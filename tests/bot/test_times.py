"""The times a question names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.times import AskedTime, TimeRole, read_times
from bot.domain.period import Period

TODAY = date(2026, 11, 23)  # a Monday


def times(text: str) -> tuple[AskedTime, ...]:
    return read_times(text, TODAY)[1]


def periods(text: str) -> list[str | None]:
    return [time.period.iso if time.period else None for time in times(text)]


def rest(text: str) -> str:
    return " ".join(read_times(text, TODAY)[0].split())


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("screenings in 2023?", "2023"),
        ("2023's screenings", "2023"),
        ("２０２３ screenings", "2023"),
        ("2023年有多少甄別", "2023"),
        ("二零二三年有幾多甄別", "2023"),
        ("二〇二三年", "2023"),
        ("一九九七年", "1997"),
    ],
)
def test_a_year_is_read_in_figures_and_in_chinese(typed: str, period: str) -> None:
    assert periods(typed) == [period]


@pytest.mark.parametrize(
    "typed",
    [
        "1,999 officers",
        "1 900 officers",
        "2,023 visits",
        "2\u00a0023 visits",
        "12023",
        "20233",
        "2023.5",
        "99999",
        "1899",
        "2100",
        "13 months",
        "5 pages",
    ],
)
def test_a_number_that_only_looks_like_a_year_is_none(typed: str) -> None:
    assert times(typed) == ()


def test_a_grouped_number_stays_in_the_question_as_one_number() -> None:
    assert rest("were 1,900 officers trained in 2023?") == "were 1900 officers trained in ?"


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("May 2024", "2024-05"),
        ("may, 2024", "2024-05"),
        ("in Jan. 2024", "2024-01"),
        ("September of 2023", "2023-09"),
        ("2024-05", "2024-05"),
        ("2024/05", "2024-05"),
        ("2024年5月", "2024-05"),
        ("2024年12月", "2024-12"),
        ("二零二四年五月", "2024-05"),
        ("2024年十一月", "2024-11"),
    ],
)
def test_a_month_with_its_year_is_a_month(typed: str, period: str) -> None:
    assert periods(typed) == [period]


@pytest.mark.parametrize(
    ("typed", "month"), [("in May", 5), ("during march", 3), ("since Jun", 6), ("5月", 5), ("十二月", 12), ("十月", 10)]
)
def test_a_month_without_its_year_is_a_month_of_any(typed: str, month: int) -> None:
    (time,) = times(typed)
    assert (time.month, time.period) == (month, None)


@pytest.mark.parametrize("typed", ["may agencies keep passports?", "a march on Washington", "did it change in marches"])
def test_a_word_that_is_also_a_month_is_none_without_in_or_a_year(typed: str) -> None:
    assert times(typed) == ()
    assert rest(typed) == typed.lower()


@pytest.mark.parametrize(
    "typed",
    [
        "2024-06-25",
        "25 June 2024",
        "25th of June 2024",
        "June 25, 2024",
        "jun 25 2024",
        "2024年6月25日",
        "2024年6月25號",
    ],
)
def test_a_day_is_a_day_however_it_is_written(typed: str) -> None:
    assert periods(typed) == ["2024-06-25"]


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("2023/24", "2023-04-01/2024-03-31"),
        ("2023-24", "2023-04-01/2024-03-31"),
        ("2023/2024", "2023-04-01/2024-03-31"),
        ("1999-00", "1999-04-01/2000-03-31"),
        ("FY2023", "2023-04-01/2024-03-31"),
        ("the financial year 2023/24", "2023-04-01/2024-03-31"),
        ("fiscal year 2023", "2023-04-01/2024-03-31"),
        ("2023財政年度", "2023-04-01/2024-03-31"),
        ("2023/24財政年度", "2023-04-01/2024-03-31"),
    ],
)
def test_a_financial_year_runs_from_april_to_march(typed: str, period: str) -> None:
    assert periods(typed) == [period]


def test_years_that_do_not_follow_each_other_are_no_financial_year() -> None:
    assert periods("2023/26") == ["2023"]


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("between 2019 and 2021", "2019/2021"),
        ("from 2019 to 2021", "2019/2021"),
        ("from 2019 through 2021", "2019/2021"),
        ("2019 to 2021", "2019/2021"),
        ("2019–2021", "2019/2021"),
        ("2019年至2021年", "2019/2021"),
        ("2019到2021年", "2019/2021"),
        ("since 2019", "2019/.."),
        ("from 2019 onwards", "2019/.."),
        ("2019年以來", "2019/.."),
        ("自2019年起", "2019/.."),
        ("2019年至今", "2019/.."),
        ("before 2019", "../2018"),
        ("prior to 2019", "../2018"),
        ("pre-2019", "../2018"),
        ("until 2019", "../2018"),
        ("2019年以前", "../2018"),
        ("2019年之前", "../2018"),
        ("after 2019", "2020/.."),
        ("2019年之後", "2020/.."),
        ("2019年後", "2020/.."),
        ("the year before 2019", "2018"),
        ("in the 1990s", "1990/1999"),
        ("the 2020s", "2020/2029"),
    ],
)
def test_a_span_of_years_is_one_time(typed: str, period: str) -> None:
    assert periods(typed) == [period]


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("a year ago", "2025"),
        ("one year ago", "2025"),
        ("seven years ago", "2019"),
        ("一年前", "2025"),
        ("六年前", "2020"),
        ("two years before 2023", "2021"),
        ("2020 onwards", "2020/.."),
        ("Sept. 2024", "2024-09"),
        ("2023至24財政年度", "2023-04-01/2024-03-31"),
    ],
)
def test_a_time_may_be_written_in_more_ways(typed: str, period: str) -> None:
    assert periods(typed) == [period]


def test_a_decimal_stays_in_the_question_as_it_is() -> None:
    assert rest("by 4.05 percent") == "by 4.05 percent"


def test_a_month_that_is_none_names_no_day() -> None:
    assert periods("2023-00-00") == ["2023"]


def test_a_span_that_ends_before_it_begins_is_two_years() -> None:
    assert periods("2023 to 2019") == ["2023", "2019"]


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ("this year", "2026"),
        ("last year", "2025"),
        ("next year", "2027"),
        ("the year before last", "2024"),
        ("今年", "2026"),
        ("去年", "2025"),
        ("上年", "2025"),
        ("上一年", "2025"),
        ("舊年", "2025"),
        ("前年", "2024"),
        ("明年", "2027"),
        ("下年", "2027"),
        ("出年", "2027"),
        ("two years ago", "2024"),
        ("3 years ago", "2023"),
        ("三年前", "2023"),
        ("兩年前", "2024"),
        ("5年前", "2021"),
        ("the past two years", "2024/2026"),
        ("the last 5 years", "2021/2026"),
        ("過去三年", "2023/2026"),
        ("最近兩年", "2024/2026"),
        ("this month", "2026-11"),
        ("last month", "2026-10"),
        ("next month", "2026-12"),
        ("上個月", "2026-10"),
        ("本月", "2026-11"),
        ("today", "2026-11-23/2026-11-23"),
        ("yesterday", "2026-11-22/2026-11-22"),
        ("tomorrow", "2026-11-24/2026-11-24"),
        ("尋日", "2026-11-22/2026-11-22"),
        ("聽日", "2026-11-24/2026-11-24"),
        ("this week", "2026-11-23/2026-11-29"),
        ("last week", "2026-11-16/2026-11-22"),
        ("上星期", "2026-11-16/2026-11-22"),
    ],
)
def test_a_word_such_as_last_year_is_reckoned_from_the_day_of_the_request(typed: str, period: str) -> None:
    assert periods(typed) == [period]
    assert times(typed)[0].is_relative


def test_a_month_is_reckoned_over_the_turn_of_the_year() -> None:
    (time,) = read_times("last month", date(2026, 1, 31))[1]
    assert time.period == Period("2025-12")


def test_a_time_that_is_written_out_is_not_relative() -> None:
    assert [time.is_relative for time in times("May 2024, 2023/24 and since 2019")] == [False, False, False]


@pytest.mark.parametrize(
    "typed",
    [
        "the 2024 report",
        "the 2024 US report",
        "2024 TIP report",
        "2024 Trafficking in Persons Report",
        "2024 edition",
        "the report of 2024",
        "the report for 2024",
        "the edition from 2024",
        "2024年報告",
        "2024年美國販運人口報告",
    ],
)
def test_a_year_that_names_a_document_is_its_edition(typed: str) -> None:
    assert [(time.period, time.role) for time in times(typed)] == [(Period("2024"), TimeRole.EDITION)]


@pytest.mark.parametrize(
    "typed",
    [
        "rose versus 2022",
        "up from 2022",
        "up on 2022",
        "more than 2022",
        "more than in 2022",
        "compared with 2022",
        "compared to 2022",
        "relative to 2022",
        "an increase over 2022",
        "against 2022",
        "比2022年",
        "較2022年",
        "相比2022年",
    ],
)
def test_a_year_that_is_compared_with_is_what_a_change_is_against(typed: str) -> None:
    assert [(time.period, time.role) for time in times(typed)] == [(Period("2022"), TimeRole.AGAINST)]


@pytest.mark.parametrize(
    "typed",
    [
        "2022 vs 2023",
        "2022 versus 2023",
        "2022 and 2023",
        "2022 compared with 2023",
        "2022年與2023年",
        "2022年比2023年",
    ],
)
def test_two_years_beside_each_other_are_asked_about_alike(typed: str) -> None:
    assert [(time.period, time.role) for time in times(typed)] == [
        (Period("2022"), TimeRole.ABOUT),
        (Period("2023"), TimeRole.ABOUT),
    ]


def test_times_come_in_the_order_in_which_they_stand_with_their_words() -> None:
    assert [time.words for time in times("last year, May 2024 and 2019")] == ["last year", "may 2024", "2019"]


def test_what_names_a_time_is_no_part_of_the_rest() -> None:
    assert rest("How many screenings in May 2024?") == "how many screenings in ?"
    assert rest("2023年有多少甄別") == "有多少甄别"
    assert rest("2023 年") == ""
    assert rest("2023年期間") == ""


@pytest.mark.parametrize(
    ("typed", "period"), [("2023-13-45", "2023"), ("31 February 2023", "2023-02"), ("2023年13月", "2023")]
)
def test_a_date_that_does_not_exist_is_read_as_far_as_it_does(typed: str, period: str) -> None:
    assert periods(typed) == [period]


@pytest.mark.parametrize("typed", ["99 years ago", "last 99 years", "過去99年"])
def test_a_count_that_leads_before_the_first_year_names_no_time(typed: str) -> None:
    assert read_times(typed, date(50, 1, 1))[1] == ()


PIECES = (
    "2023",
    "1999",
    "0000",
    "00",
    "13",
    "31",
    "年",
    "月",
    "日",
    "-",
    "/",
    " to ",
    "至",
    "前",
    "以前",
    "since ",
    "fy",
    "may",
    " ",
    "before ",
    "between ",
    " and ",
    "last ",
    " years ago",
    "過去",
    "十",
    "二零",
    "report",
    "vs ",
    "\x00",
    ".0",
    "٢",
    ",",
    "st",
)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)), st.dates())
def test_no_text_on_no_day_breaks_the_reading_and_every_time_exists(text: str, today: date) -> None:
    left, found = read_times(text, today)
    assert "\x00" not in left
    for time in found:
        assert time.period is None or time.period.start <= time.period.end
        assert (time.period is None) is (time.month is not None)
