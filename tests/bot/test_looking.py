"""From when to look once more for what a platform dates by a clock that is behind ours."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.looking import BACK, earlier, platform_time

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
A_WHILE = timedelta(minutes=10)


@pytest.mark.parametrize(
    ("behind", "again"),
    [
        (timedelta(0), None),
        (timedelta(seconds=60), None),
        (timedelta(seconds=-90), None),  # ahead of ours: what we posted is dated later, and found
        (timedelta(days=-400), None),
        (timedelta(seconds=61), timedelta(seconds=61)),
        (timedelta(hours=7), timedelta(hours=7)),
    ],
)
def test_it_looks_as_much_further_back_as_the_platforms_clock_is_behind(
    behind: timedelta, again: timedelta | None
) -> None:
    since = NOW - A_WHILE
    assert earlier(since, NOW - behind, NOW) == (again and since - again)


def test_where_the_instant_has_not_come_yet_by_both_clocks_it_looks_days_back() -> None:
    assert earlier(NOW + A_WHILE, NOW, NOW) == NOW - BACK
    assert earlier(NOW, NOW, NOW) == NOW - BACK


def test_where_the_platform_does_not_say_what_time_it_is_one_look_is_enough() -> None:
    assert earlier(NOW, None, NOW) is None
    assert platform_time({}) is None
    assert platform_time({"Date": "soon"}) is None
    assert platform_time({"Date": "Mon, 23 Nov 2026 09:00:00 GMT"}) == NOW
    assert platform_time({"Date": "Mon, 23 Nov 2026 09:00:00 -0000"}) == NOW
