"""Rate limits: the buckets that Discord counts calls in, what it says of them, and when it refuses."""

from collections import deque
from dataclasses import dataclass
from zlib import crc32

from servers.discord_failing import fits
from servers.discord_world import World

GENEROUS = (1_000, 1.0)  # calls, seconds: more than a test makes, so that nobody waits unasked
BAN_AFTER = 10_000  # invalid calls in ten minutes (docs: topics/rate-limits)
_BAN_WINDOW = 600.0
_EXEMPT = ("/interactions/", "/webhooks/")  # from the limit over all routes
_MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
_INVALID = (401, 403, 429)


@dataclass
class Window:
    """The calls counted since `since`, of so many that are allowed in so many seconds."""

    limit: int
    seconds: float
    since: float
    used: int = 0

    def take(self, now: float) -> bool:
        """Count a call. Returns whether there was room for it."""
        if now - self.since >= self.seconds:
            self.since, self.used = now, 0
        self.used += 1
        return self.used <= self.limit

    def left(self, now: float) -> float:
        return max(0.001, self.since + self.seconds - now)


class Rates:
    """`limit(route, calls, seconds)` sets a route's, `per_second` that over all routes (None for no such limit)."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._limits: list[tuple[str, int, float]] = []
        self._windows: dict[str, Window] = {}
        self._invalid: deque[float] = deque()
        self.per_second: int | None = None
        self.ban_after = BAN_AFTER

    def limit(self, route: str, calls: int, seconds: float) -> None:
        """Allow so many calls of a route in so many seconds, counted for each channel, guild or webhook."""
        self._limits.insert(0, (route, calls, seconds))
        self._windows.clear()

    def enter(
        self, method: str, path: str, route: str, params: dict[str, str]
    ) -> tuple[dict[str, str], dict[str, object] | None]:
        """Count a call. Returns the headers to answer with, and the body of the 429 where it is one too many."""
        now = self._world.age_clock()
        if self.per_second and not path.startswith(_EXEMPT):
            every = self._windows.setdefault("*", Window(self.per_second, 1.0, now))
            if not every.take(now):
                wait = every.left(now)
                headers = {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global", "Retry-After": "1"}
                return headers, {"message": "You are being rate limited.", "retry_after": wait, "global": True}
        calls, seconds = self._limit_of(method, path)
        major = ":".join(params[name] for name in _MAJOR if name in params)
        window = self._windows.setdefault(f"{route} {major}", Window(calls, seconds, now))
        room, wait = window.take(now), window.left(now)
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(0, window.limit - window.used)),
            "X-RateLimit-Reset": f"{self._world.now().timestamp() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": f"{crc32(f'{method} {route}'.encode()):08x}",
        }
        if room:
            return headers, None
        headers |= {"X-RateLimit-Scope": "user", "Retry-After": str(int(wait) + 1)}
        return headers, {"message": "You are being rate limited.", "retry_after": round(wait, 3), "global": False}

    def _limit_of(self, method: str, path: str) -> tuple[int, float]:
        for pattern, calls, seconds in self._limits:
            if fits(pattern, method, path):
                return calls, seconds
        return GENEROUS

    def note(self, status: int) -> None:
        """Count an answer towards the ban."""
        if status in _INVALID:
            self._invalid.append(self._world.age_clock())

    @property
    def invalid(self) -> int:
        """How many calls of the last ten minutes were answered 401, 403 or 429."""
        since = self._world.age_clock() - _BAN_WINDOW
        while self._invalid and self._invalid[0] < since:
            self._invalid.popleft()
        return len(self._invalid)

    @property
    def banned(self) -> bool:
        return self.invalid >= self.ban_after
