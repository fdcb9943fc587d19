"""How long and how often a post is tried, and what its attempt was where the messenger itself fails."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import timedelta

from bot.discreet import error_story
from bot.domain.digests import Attempt, Unsure

LEASE = timedelta(minutes=2)
POST_TIMEOUT = timedelta(seconds=60)  # shorter than the lease: a slow post is over before it is claimed anew
MAX_TRIES = 10
_FIRST_BACKOFF = timedelta(minutes=1)
_LONGEST_BACKOFF = timedelta(hours=1)

log = logging.getLogger(__name__)


async def attempted(post: Awaitable[Attempt], what: str, timeout: timedelta) -> Attempt:  # noqa: ASYNC109 (every caller has one)
    """Return what came of a post; where it raises or takes longer than `timeout`, it may stand in the channel or not.
    `what` is how the log calls it.
    """
    try:
        async with asyncio.timeout(timeout.total_seconds()):
            return await post
    except TimeoutError:
        return Unsure("no reply in time")
    except Exception as error:  # noqa: BLE001 (whatever it is, it says nothing of what the platform did)
        log.error("%s could not be posted\n%s", what, error_story(error))  # noqa: TRY400 (without secrets)
        return Unsure("internal error while posting")


def backoff(tries: int) -> timedelta:
    """Return how long to wait after so many tries."""
    return min(_FIRST_BACKOFF * (1 << min(tries, 10)), _LONGEST_BACKOFF)


def never() -> bool:
    """Whether a sender is to stop that nobody stops."""
    return False
