"""Keeping Discord's pace: what its headers say of each route, and the limit over all of them.

Limits are counted in buckets by route and channel (Discord, "Rate Limits"); what they allow is only known from answers.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from math import inf

from adapters.discord.errors import Answer, seconds_in
from bot.domain.digests import TryLater

# Calls, spaced evenly. Discord takes 50 of a bot over all routes, answers to interactions aside. One less leaves 20 ms
# over 50 turns: with half of that a turn makes up for one before it that came late, which every one does by a little;
# the other half is for what lies between a turn and Discord. So no second has more than 50.
PER_SECOND = 49
PATIENCE = 10.0  # seconds that a caller is kept; what takes longer is for the caller to try later
REFUSED_FOR = 600.0  # seconds without a call once the token is refused: 10,000 refusals in ten minutes are a ban
_WINDOW = 5.0  # seconds of a bucket that has not told its own
_MOST_HELD = 10_000  # buckets; those that are full again are dropped
_SLOT = 1.0 / PER_SECOND
_MADE_UP = _SLOT / 2


@dataclass
class _Bucket:
    """So many calls are left until `until`, of `limit` in so many `seconds`."""

    limit: int
    left: int
    until: float
    seconds: float


class Pace:
    """Gives turns to call. `monotonic` gives seconds on a clock that is never set back."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._buckets: dict[str, _Bucket] = {}
        self._free_at = -inf
        self._held_until = -inf
        self._held_by = TryLater(timedelta(), "")

    async def turn(self, route: str) -> TryLater | None:
        """Wait until a route may be called. Returns at once how long to wait where that is more than a little."""
        while True:
            now = self._monotonic()
            if self._held_until - now > PATIENCE:
                after = max(self._held_by.after, timedelta(seconds=self._held_until - now))
                return TryLater(after, self._held_by.reason)
            wait = max(self._free_at, self._held_until, self._bucket_free_at(route, now)) - now
            if wait <= 0:
                self._take(route, now)
                return None
            if wait > PATIENCE:
                return TryLater(timedelta(seconds=wait), "rate limit")
            await asyncio.sleep(wait)

    def note(self, route: str, answer: Answer) -> None:
        """Learn from what was answered to a call of a route."""
        now = self._monotonic()
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            until = now + answer.wait.total_seconds()
            if answer.is_for_all:
                self._hold(until, TryLater(timedelta(), answer.reason))
            else:
                self._buckets[route] = _Bucket(1, 0, until, _WINDOW)
            return
        if answer.status == HTTPStatus.UNAUTHORIZED:
            attempt = answer.attempt
            self._hold(now + REFUSED_FOR, attempt if isinstance(attempt, TryLater) else self._held_by)
        limit, left = (_number(answer.headers.get(f"X-RateLimit-{name}")) for name in ("Limit", "Remaining"))
        reset = seconds_in(answer.headers.get("X-RateLimit-Reset-After"))
        if limit and left is not None and reset is not None:
            self._learn(route, _Bucket(limit, left, now + reset, reset), now)

    def _learn(self, route: str, told: _Bucket, now: float) -> None:
        """Take over what Discord told; calls of the same while that are still under way are not in its count."""
        known = self._buckets.get(route)
        if known:
            told.seconds = max(told.seconds, known.seconds)
            if known.until > now:
                told.left = min(told.left, known.left)
        if len(self._buckets) >= _MOST_HELD:
            self._buckets = {name: held for name, held in self._buckets.items() if held.until > now}
        self._buckets[route] = told

    def _bucket_free_at(self, route: str, now: float) -> float:
        bucket = self._buckets.get(route)
        if bucket is None:
            return now
        if bucket.until <= now:
            bucket.left, bucket.until = bucket.limit, now + bucket.seconds
        return now if bucket.left > 0 else bucket.until

    def _take(self, route: str, now: float) -> None:
        bucket = self._buckets.get(route)
        if bucket:
            bucket.left -= 1
        self._free_at = max(self._free_at, now - _MADE_UP) + _SLOT

    def _hold(self, until: float, why: TryLater) -> None:
        """Let nobody call before that."""
        if until > self._held_until:
            self._held_until, self._held_by = until, why


def _number(header: str | None) -> int | None:
    return int(header) if header and header.isascii() and header.isdecimal() and len(header) < len("1000000") else None
