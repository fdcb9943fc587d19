"""What stands for Discord in bench/digests.py: channels that take messages, at no more than Discord's pace.

It runs in a process of its own, prints its address, and tells at `/counted` what it has counted. It takes 50 calls a
second over all routes, and of each channel 5 in five seconds (Discord, "Rate Limits"); what is beyond gets a 429. As
with Discord's own buckets, a while begins with its first call.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web

GLOBALLY, SECOND = 50, 1.0  # calls in so many seconds
OF_A_CHANNEL, WINDOW = 5, 5.0
DELAY = 0.1  # seconds that an answer takes
_MESSAGES = "/api/v10/channels/{channel}/messages"
_TOO_MANY = web.HTTPTooManyRequests.status_code
_PATIENCE = 30.0  # seconds for it to start and to end


@dataclass
class Limited:
    """The channels, and how often each was asked: so often since the beginning of its five seconds."""

    since: float = 0.0
    used: int = 0
    windows: dict[str, tuple[float, int]] = field(default_factory=dict)
    lately: deque[float] = field(default_factory=deque)  # when calls came, of the last second
    counted: Counter[str] = field(default_factory=Counter)
    nonces: set[str] = field(default_factory=set)

    def app(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.router.add_post(_MESSAGES, self._post)
        app.router.add_get("/counted", self._tell)
        return app

    async def _post(self, request: web.Request) -> web.Response:
        now, channel = time.monotonic(), request.match_info["channel"]
        self.counted["calls"] += 1
        wait = self._wait_for_all(now)
        if wait is not None:
            return self._refused(wait, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
        since, used = self.windows.get(channel, (now, 0))
        if now - since >= WINDOW:
            since, used = now, 0
        self.windows[channel] = since, used + 1
        reset = since + WINDOW - now
        headers = {
            "X-RateLimit-Limit": str(OF_A_CHANNEL),
            "X-RateLimit-Remaining": str(max(0, OF_A_CHANNEL - used - 1)),
            "X-RateLimit-Reset-After": f"{reset:.3f}",
            "X-RateLimit-Bucket": "messages",
            "Via": "1.1 bench",
        }
        if used >= OF_A_CHANNEL:
            return self._refused(reset, headers | {"X-RateLimit-Scope": "user"})
        nonce = str((await request.json()).get("nonce"))
        self.counted["doubled" if nonce in self.nonces else "posted"] += 1
        self.nonces.add(nonce)
        await asyncio.sleep(DELAY)
        message = {"id": str(10**17 + len(self.nonces)), "channel_id": channel, "nonce": nonce}
        return _json(message, 200, headers)

    def _wait_for_all(self, now: float) -> float | None:
        """Return how long to wait where this call is one too many, else count it."""
        while self.lately and now - self.lately[0] >= SECOND:
            self.lately.popleft()
        self.lately.append(now)
        self.counted["most in a second"] = max(self.counted["most in a second"], len(self.lately))
        if now - self.since >= SECOND:
            self.since, self.used = now, 0
        self.used += 1
        return None if self.used <= GLOBALLY else self.since + SECOND - now

    def _refused(self, wait: float, headers: Mapping[str, str]) -> web.Response:
        self.counted["429"] += 1
        body = {"message": "You are being rate limited.", "retry_after": round(wait, 3)}
        is_global = headers.get("X-RateLimit-Scope") == "global"
        told = {**headers, "Retry-After": str(int(wait) + 1), "Via": "1.1 bench"}
        return _json(body | {"global": is_global}, _TOO_MANY, told)

    async def _tell(self, _: web.Request) -> web.Response:
        return _json(dict(self.counted), 200, {})


@asynccontextmanager
async def limited_discord() -> AsyncIterator[str]:
    """Run one beside this process; yields its address, which goes on with /api/v10 and /counted."""
    process = subprocess.Popen([sys.executable, "-m", "bench.limited_discord"], stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220 (nothing else runs yet)
    try:
        assert process.stdout
        yield (await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), _PATIENCE)).strip()
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, _PATIENCE)


async def counted(address: str) -> Counter[str]:
    """Return what it has counted: calls, 429, posted, doubled, most in a second."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/counted") as reply:
        return Counter(await reply.json())


def _json(data: object, status: int, headers: Mapping[str, str]) -> web.Response:
    body = json.dumps(data).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


async def _serve() -> None:
    runner = web.AppRunner(Limited().app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
