"""Keeping Slack's pace: for each channel, for all of a workspace, and for as long as Slack asks to wait.

About one message a second in a channel; in a workspace "several hundred messages per minute", with "generous burst
behavior" (docs.slack.dev/reference/methods/chat.postMessage, "Rate limiting"). More than that Slack does not say.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from math import inf

from bot.domain.digests import TryLater

SECONDS_BETWEEN_POSTS = 1.0
PER_SECOND = 5.0  # in a workspace, as long as much is posted: 300 a minute
BURST = 120  # posts in a workspace that are not spaced, where few were made for a while
PATIENCE = 10.0  # seconds that a post is kept; what takes longer is for its sender to try later
_MOST_HELD = 10_000  # channels; those whose turn has passed are dropped


@dataclass
class _Workspace:
    """All posts that were given a turn, spaced evenly, end at `spaced_until`; until `held_until` nothing is posted."""

    spaced_until: float = -inf
    held_until: float = -inf
    held_by: str = ""


class Pace:
    """Gives turns to post, in each channel in the order in which they were asked for.

    `seconds` lie between two posts in a channel; a workspace takes so many `per_second`. `monotonic` gives seconds on a
    clock that is never set back.
    """

    def __init__(
        self,
        seconds: float = SECONDS_BETWEEN_POSTS,
        monotonic: Callable[[], float] = time.monotonic,
        per_second: float = PER_SECOND,
    ) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._slot = 1.0 / per_second
        self._free_at: dict[tuple[str, str], float] = {}
        self._workspaces: dict[str, _Workspace] = {}

    async def turn(self, team: str, channel: str) -> TryLater | None:
        """Wait until a message may be posted there. Return how long to wait instead where that is not soon, or where
        Slack has asked to.
        """
        workspace, now = self._workspaces.setdefault(team, _Workspace()), self._monotonic()
        held = self._held(workspace)
        if held:
            return held
        starts = max(now, self._free_at.get((team, channel), now), workspace.spaced_until - BURST * self._slot)
        if starts - now > PATIENCE:
            return TryLater(timedelta(seconds=starts - now), "rate limit")
        self._take(team, channel, starts)
        workspace.spaced_until = max(workspace.spaced_until, now) + self._slot
        if starts > now:
            await asyncio.sleep(starts - now)
        return self._held(workspace)  # Slack may have asked to wait meanwhile

    def hold(self, team: str, why: TryLater) -> None:
        """Let nothing be posted in a workspace for as long as Slack asked to wait; nor all at once thereafter."""
        workspace = self._workspaces.setdefault(team, _Workspace())
        until = self._monotonic() + why.after.total_seconds()
        if until > workspace.held_until:
            workspace.held_until, workspace.held_by = until, why.reason
            workspace.spaced_until = max(workspace.spaced_until, until + BURST * self._slot)

    def _held(self, workspace: _Workspace) -> TryLater | None:
        left = workspace.held_until - self._monotonic()
        return TryLater(timedelta(seconds=left), workspace.held_by) if left > 0 else None

    def _take(self, team: str, channel: str, starts: float) -> None:
        if len(self._free_at) >= _MOST_HELD:
            now = self._monotonic()
            self._free_at = {held: at for held, at in self._free_at.items() if at > now}
        self._free_at[team, channel] = starts + self._seconds
