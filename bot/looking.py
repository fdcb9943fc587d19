"""Looking for what we posted where a platform dates it by its clock, and we remember by ours when that was."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

APART = timedelta(minutes=1)  # so far clocks may be apart that are right: the platform's is told in whole seconds
BACK = timedelta(days=3)  # so long what may have been posted is looked for


def platform_time(headers: Mapping[str, str]) -> datetime | None:
    """Return the time by a platform's clock when it answered, None where its answer does not say (RFC 9110, Date)."""
    try:
        told = parsedate_to_datetime(headers["Date"])
    except (KeyError, ValueError):
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def earlier(since: datetime, told: datetime | None, now: datetime) -> datetime | None:
    """Return from when to look once more for what was not found since an instant of ours; None where that was enough.

    `told` is the platform's time where ours is `now`. What we posted is dated before `since` where our clock is ahead
    of the platform's; and where the instant has not come yet by that, nobody can say how far.
    """
    if told is None:
        return None
    ahead = now - told
    from_then = since - ahead if ahead > APART else since
    if from_then >= told:
        from_then = told - BACK
    return from_then if from_then < since else None
