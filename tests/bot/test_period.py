"""The period a fact is about."""

from datetime import date

import pytest

from bot.domain.period import Period


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-06-25", date(2024, 6, 25), date(2024, 6, 25)),
        ("2018/2019", date(2018, 1, 1), date(2019, 12, 31)),
        ("2019-04-01/2020-03-31", date(2019, 4, 1), date(2020, 3, 31)),
        ("2019/..", date(2019, 1, 1), date.max),
        ("../2019", date.min, date(2019, 12, 31)),
    ],
)
def test_a_period_spans_the_days_it_names(written: str, start: date, end: date) -> None:
    period = Period(written)
    assert (period.start, period.end) == (start, end)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "23",
        "2023-13",
        "2023-02-30",
        "last year",
        "2020/2019",
        "../..",
        "2019/2020/2021",
        "0000",
        "..",
        "２０２３",
        "2018/",
        "/2018",
    ],
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        Period(written)


def test_periods_overlap_when_they_share_a_day() -> None:
    assert Period("2023").overlaps(Period("2023-12-31"))
    assert Period("2019/..").overlaps(Period("2026"))
    assert not Period("2023").overlaps(Period("2024"))
