"""Whose public holidays go with a time zone, and what they are called."""

import subprocess
import sys
from datetime import date
from zoneinfo import available_timezones

import pytest

from bot.digests.quiet_days import calendar_named, calendar_of, holiday_name
from bot.domain.text import Locale
from bot.domain.zones import country_of, schedule_data

CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("zone", "calendar"),
    [
        ("Asia/Hong_Kong", "HK"),
        ("Europe/London", "GB"),
        ("US/Eastern", "US"),
        ("Asia/Calcutta", "IN"),
        ("UTC", None),
        ("Etc/GMT+3", None),
        ("Mars/Olympus", None),
    ],
)
def test_a_zone_has_the_calendar_of_its_country(zone: str, calendar: str | None) -> None:
    assert calendar_of(zone) == calendar


def test_nearly_every_place_is_in_a_country() -> None:
    places = [zone for zone in available_timezones() if zone.startswith(("Africa/", "America/", "Asia/", "Europe/"))]
    assert len([zone for zone in places if country_of(zone)]) > 0.98 * len(places)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("HK", "HK"), ("gb", "GB"), ("UK", "GB"), ("uk-sct", "GB-SCT"), ("us-ca", "US-CA"), ("AU-NSW", "AU-NSW")],
)
def test_a_calendar_is_named_by_its_code(typed: str, code: str) -> None:
    assert calendar_named(typed) == code


@pytest.mark.parametrize("typed", ["", "XX", "GBR", "US-ZZ", "HK-", "HK-HCW", "H", "../..", "US-CA-LA", "香港", "__"])
def test_what_is_no_calendars_code_names_none(typed: str) -> None:
    assert calendar_named(typed) in (None, "HK")


def test_a_holiday_is_named_in_the_readers_language_where_the_calendar_has_it() -> None:
    assert holiday_name("HK", date(2026, 4, 5)) == "Ching Ming Festival"
    assert holiday_name("HK", date(2026, 4, 5), Locale.ZH_HANT) == "清明節"
    assert holiday_name("TW", date(2026, 1, 1), Locale.ZH_HANT) == "中華民國開國紀念日"
    assert holiday_name("GB", CHRISTMAS, Locale.ZH_HANT) == "Christmas Day"


def test_a_day_given_for_a_holiday_on_a_sunday_is_one_too() -> None:
    assert holiday_name("HK", date(2026, 10, 19), Locale.ZH_HANT) == "重陽節（補假）"


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    easter_monday = date(2026, 4, 6)
    assert [holiday_name(code, easter_monday) for code in ("GB", "GB-ENG", "GB-SCT")] == [None, "Easter Monday", None]


def test_other_days_and_calendars_that_are_not_known_any_more_have_no_holiday(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert holiday_name("HK", date(2026, 11, 23)) is None
    assert holiday_name("XX", CHRISTMAS) is None
    assert "'XX'" in caplog.text


def test_the_calendars_are_not_imported_before_one_is_asked() -> None:
    code = "import sys, bot.core, bot.digests.sender; print([name for name in sys.modules if name == 'holidays'])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_data_that_schedules_are_computed_with_is_named_by_its_versions() -> None:
    assert "none" not in schedule_data().removeprefix("system none")
    assert schedule_data().count(",") == 2
