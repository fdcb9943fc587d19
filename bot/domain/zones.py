"""Time zones by name."""

import logging
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

log = logging.getLogger(__name__)


def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; UTC for one that the zone data has dropped, so that it stops nobody else."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        log.warning("the time zone %r is not known any more; UTC serves", name)
        return ZoneInfo("UTC")
