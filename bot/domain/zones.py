"""Time zones by name and by offset, the country that each is in, and which data says so."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError, available_timezones

_FIXED = re.compile(r"Etc/GMT([+-]\d{1,2})")
_NO_OFFSET = frozenset(
    f"{area}{name}" for area in ("", "Etc/") for name in ("UTC", "UCT", "Zulu", "GMT", "GMT0", "GMT+0", "GMT-0")
)
_VERSION = re.compile(r"# version (\S+)")  # the first line of tzdata.zi

log = logging.getLogger(__name__)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; UTC for one that the zone data has dropped, so that it stops nobody else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("the time zone %r is not known any more; UTC serves", name)
        return ZoneInfo("UTC")


@cache
def all_zones() -> frozenset[str]:
    """Return the names of all zones."""
    return frozenset(available_timezones())


def known_zone(name: str | None) -> str | None:
    """Return the name of a zone that somebody told us, None where it is none."""
    return name if name in all_zones() else None


def fixed_zone(hours: int) -> str | None:
    """Return the zone that is so many hours ahead of UTC, None where there is none.

    IANA’s names have the sign that POSIX has, and nobody else: Etc/GMT-8 is eight hours ahead.
    """
    name = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    return known_zone(name)


def shown_zone(zone: str) -> str:
    """Return how a zone is written for people, who can type it so: by its name, or UTC+8 where its name would read as
    the opposite.
    """
    fixed = _FIXED.fullmatch(zone)
    if zone in _NO_OFFSET:
        return "UTC"
    return f"UTC{-int(fixed[1]):+d}" if fixed else zone


def offset_at(instant: datetime, zone: str) -> str:
    """Return how far a zone is ahead of UTC at an instant: UTC+8, UTC-3:30, UTC."""
    offset = instant.astimezone(zone_named(zone)).utcoffset() or timedelta()
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}{f':{minutes:02}' if minutes else ''}" if offset else "UTC"


def is_own_name(zone: str) -> bool:
    """Whether this is the name by which a country’s zones are listed, and no older or other one."""
    return zone in _countries()


def country_of(zone: str) -> str | None:
    """Return the ISO 3166 code of the country that a zone is in; None for UTC and others that are in none."""
    countries = _countries()
    return countries.get(zone) or countries.get(_links().get(zone, ""))


@cache
def schedule_data() -> str:
    """Return which data schedules are computed with: the versions of the system's zones, which go first, of those of
    the package `tzdata`, and of the holidays. As this process found them: what it has read of them it keeps.
    """
    return f"system {_system_version()}, tzdata {_package_version('tzdata')}, holidays {_package_version('holidays')}"


def _system_version() -> str:
    for folder in TZPATH:
        try:
            with (Path(folder) / "tzdata.zi").open(encoding="utf-8") as file:
                found = _VERSION.match(file.readline())
        except (OSError, ValueError):
            continue
        if found:
            return found[1]
    return "none"


def _package_version(name: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 (not for a question)

    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


@cache
def _countries() -> Mapping[str, str]:
    """The country of each zone that zone.tab has: one each, also where several share a zone's data."""
    rows = (line.split("\t") for line in _read("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


@cache
def _links() -> Mapping[str, str]:
    """The zones that are other names of zones (US/Eastern)."""
    rows = (line.split() for line in _read("tzdata.zi") if line.startswith("L "))
    return {row[2]: row[1] for row in rows}


def _read(name: str) -> list[str]:
    from importlib.resources import files  # noqa: PLC0415 (not for a question)

    return files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8").splitlines()
