"""How long a post is tried, and what its attempt was where the messenger itself fails."""

import asyncio
import logging
import random
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import timedelta

from bot.discreet import error_story
from bot.domain.digests import Attempt, Unsure

MAX_TRIES = 25
CLOCKS_APART = timedelta(hours=1)  # so far a platform's clock may be behind ours, by which what we posted is dated
_LONGEST = 10  # leases that lie between two tries at most: 20 minutes
_JITTER = 0.2  # of a wait, more or less: what failed together is not tried again together

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long one sender has something for itself. The other times follow from that: when its lease runs out a post
    has long been over, and what it posted is to be found in the channel.
    """

    lease: timedelta = timedelta(minutes=2)

    @property
    def timeout(self) -> timedelta:
        """How long a post may take, waits for the platform's limits included."""
        return self.lease / 2

    @property
    def settling(self) -> timedelta:
        """How long a message that was posted may take to show in the channel."""
        return self.lease / 2

    @property
    def pause(self) -> timedelta:
        """How long to wait before the store is asked again for what it could not do."""
        return self.lease / 60

    def backoff(self, tries: int) -> timedelta:
        """Return how long to wait after so many tries: ever longer, up to a bound, and never quite the same."""
        return _about(min(self.settling * (1 << min(tries, 10)), self.lease * _LONGEST))

    def patience(self, unsure_for: timedelta) -> timedelta:
        """Return how long to wait with the next look for what nobody can tell for so long now: as long again, up to the
        same bound.
        """
        return _about(min(max(unsure_for, self.settling), self.lease * _LONGEST))


def _about(wait: timedelta) -> timedelta:
    return wait * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 (no secret hangs on it)


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


def never() -> bool:
    """Whether a sender is to stop that nobody stops."""
    return False
