"""Time zones by name, the country that each is in, and which data says so."""

import logging
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

_VERSION = re.compile(r"# version (\S+)")  # the first line of tzdata.zi

log = logging.getLogger(__name__)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; UTC for one that the zone data has dropped, so that it stops nobody else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("the time zone %r is not known any more; UTC serves", name)
        return ZoneInfo("UTC")


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
