"""Zones by name and by offset, with the sign that people mean."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.zones import fixed_zone, known_zone, offset_at, shown_zone, zone_named

SUMMER, WINTER = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("hours", range(-12, 15))
def test_a_fixed_zone_is_as_far_ahead_as_it_says_and_is_shown_so(hours: int) -> None:
    zone = fixed_zone(hours)
    assert zone
    assert zone_named(zone).utcoffset(WINTER) == timedelta(hours=hours)
    assert shown_zone(zone) == offset_at(WINTER, zone) == (f"UTC{hours:+d}" if hours else "UTC")


@pytest.mark.parametrize("hours", [-13, 15, 99])
def test_there_are_no_zones_beyond(hours: int) -> None:
    assert fixed_zone(hours) is None


@pytest.mark.parametrize("zone", ["Etc/UTC", "GMT", "Etc/GMT+0", "GMT-0", "UTC"])
def test_no_offset_is_utc(zone: str) -> None:
    assert shown_zone(zone) == "UTC"


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("Asia/Hong_Kong", "UTC+8", "UTC+8"),
        ("Europe/London", "UTC+1", "UTC"),
        ("America/St_Johns", "UTC-2:30", "UTC-3:30"),
        ("Asia/Kolkata", "UTC+5:30", "UTC+5:30"),
    ],
)
def test_an_offset_is_that_of_the_day(zone: str, summer: str, winter: str) -> None:
    assert (offset_at(SUMMER, zone), offset_at(WINTER, zone)) == (summer, winter)
    assert shown_zone(zone) == zone


def test_only_zones_are_known() -> None:
    names = ("Asia/Taipei", "Mars/Olympus", "", None, "../etc/passwd")
    assert [known_zone(name) for name in names] == ["Asia/Taipei", None, None, None, None]
