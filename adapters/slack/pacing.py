"""Keeping Slack's pace: about one message a second in each channel (docs.slack.dev/apis/web-api/rate-limits)."""

import asyncio
import time
from collections.abc import Callable

SECONDS_BETWEEN_POSTS = 1.0
_MOST_HELD = 10_000  # channels; those whose turn has passed are dropped


class Pace:
    """Gives turns to post: at most one in a while for each channel, in the order in which they were asked for.

    `monotonic` gives seconds on a clock that is never set back.
    """

    def __init__(self, seconds: float = SECONDS_BETWEEN_POSTS, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._free_at: dict[tuple[str, str], float] = {}

    async def turn(self, team: str, channel: str) -> None:
        """Wait until a message may be posted there."""
        now = self._monotonic()
        if len(self._free_at) >= _MOST_HELD:
            self._free_at = {held: at for held, at in self._free_at.items() if at > now}
        starts = max(now, self._free_at.get((team, channel), now))
        self._free_at[team, channel] = starts + self._seconds
        if starts > now:
            await asyncio.sleep(starts - now)
