"""How what happens in Slack reaches the app: by signed HTTP or over a websocket, within three seconds, and again."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import aiohttp
from servers.slack_world import Json, World

COMMAND, INTERACTIVE, EVENT = "slash_commands", "interactive", "events_api"
OK = 200
RETRY_DELAYS: tuple[float, ...] = (0.0, 60.0, 300.0)  # Events API: at once, after a minute, after five
_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


@dataclass(frozen=True)
class Answer:
    """What a delivery over HTTP was answered; status 0 where no answer came in time."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    trouble: str | None = None

    @property
    def ok(self) -> bool:
        return self.status == OK

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Json:
        """The body, {} where it is empty; a plain one is the text of a message."""
        if not self.body:
            return {}
        if self.headers.get("Content-Type", "").startswith("application/json"):
            read: Json = json.loads(self.body)
            return read
        return {"text": self.text}


@dataclass
class Delivery:
    """One payload on its way: how it was sent, after how many seconds it was acknowledged, and with what.

    `seconds` is None and `trouble` says why (timeout, http_error, connection_failed, not_connected) where it was not in
    time; over a websocket `late` is when it came all the same.
    """

    kind: str
    payload: Json
    at: datetime
    retry: tuple[int, str] | None = None
    seconds: float | None = None
    late: float | None = None
    ack: Json = field(default_factory=dict)
    trouble: str | None = None
    answer: Answer | None = None
    raw: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def acked(self) -> bool:
        return self.seconds is not None

    @property
    def what(self) -> str:
        """What was sent, for a violation."""
        event = self.payload.get("event", {})
        return str(self.payload.get("command") or event.get("type") or self.payload.get("type"))


class HttpCourier:
    """Signs and posts. `patience` is how long Slack waits for an answer, in seconds."""

    def __init__(self, world: World, secret: str) -> None:
        self._world, self.secret = world, secret
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    def signed(self, raw: bytes, content_type: str, *, secret: str | None = None, at: int | None = None) -> Json:
        """Return the headers of a body signed at that second (now by default)."""
        stamp = str(int(self._world.unshifted().timestamp()) if at is None else at)
        key = (self.secret if secret is None else secret).encode()
        digest = hmac.new(key, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "User-Agent": _AGENT,
            "Accept": "application/json,*/*",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }

    async def post(self, url: str, raw: bytes, headers: Mapping[str, str], patience: float) -> Answer:
        """Post a body and return the answer, or why there is none."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        start = monotonic()
        try:
            limit = aiohttp.ClientTimeout(total=patience)
            async with self._session.post(url, data=raw, headers=headers, timeout=limit) as reply:
                body = await reply.read()
                return Answer(reply.status, dict(reply.headers), body, monotonic() - start)
        except TimeoutError:
            return Answer(0, {}, b"", monotonic() - start, "timeout")
        except aiohttp.ClientError:
            return Answer(0, {}, b"", monotonic() - start, "connection_failed")


def encoded(kind: str, payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return a payload as Slack posts it, with its content type."""
    if kind == EVENT:
        return json.dumps(payload, ensure_ascii=False).encode(), "application/json"
    form = payload if kind == COMMAND else {"payload": json.dumps(payload, ensure_ascii=False)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


class Courier:
    """Takes payloads to the app: to `request_url` where it is set, else over a websocket.

    `by_socket` sends one there and fills in its acknowledgement. `patience` is how long Slack waits for one.
    """

    def __init__(
        self, world: World, http: HttpCourier, by_socket: Callable[[Delivery, float], Coroutine[Any, Any, None]]
    ) -> None:
        self._world, self.http, self._by_socket = world, http, by_socket
        self.request_url: str | None = None
        self.patience = 3.0
        self.retry_delays = RETRY_DELAYS
        self.deliveries: list[Delivery] = []
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Delivery:
        """Deliver a payload and wait for its acknowledgement. An event that has none is delivered again, later."""
        delivery = await self._carry(Delivery(kind, payload, self._world.now(), retry))
        if kind == EVENT and delivery.trouble and not retry:
            self.later(self._again(delivery))
        return delivery

    async def replay(self, first: Delivery) -> Delivery:
        """Send once more what was sent before: over HTTP the very same bytes and signature."""
        again = Delivery(first.kind, first.payload, self._world.now(), raw=first.raw, headers=dict(first.headers))
        return await self._carry(again)

    async def _carry(self, delivery: Delivery) -> Delivery:
        self.deliveries.append(delivery)
        if self.request_url:
            await self._by_http(delivery, self.request_url)
        else:
            await self._by_socket(delivery, self.patience)
        if delivery.trouble in ("timeout", "http_error"):
            why = f"answered {delivery.answer.status}" if delivery.trouble == "http_error" and delivery.answer else ""
            self._world.violation(f"{delivery.what}: {why or f'not acknowledged within {self.patience:g} s'}")
        self._world.change()
        return delivery

    async def _by_http(self, delivery: Delivery, url: str) -> None:
        if not delivery.raw:
            delivery.raw, content_type = encoded(delivery.kind, delivery.payload)
            delivery.headers = self.http.signed(delivery.raw, content_type)
        if delivery.retry:
            number, reason = delivery.retry
            reason = "http_timeout" if reason == "timeout" else reason
            delivery.headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        answer = await self.http.post(url, delivery.raw, delivery.headers, self.patience)
        delivery.answer = answer
        delivery.trouble = answer.trouble or (None if answer.ok else "http_error")
        if not delivery.trouble:
            delivery.seconds, delivery.ack = answer.seconds, answer.json

    async def _again(self, first: Delivery) -> None:
        """Deliver an event again until it is acknowledged, as often as Slack does."""
        last = first
        for number, delay in enumerate(self.retry_delays, start=1):
            if last.answer and last.answer.headers.get("X-Slack-No-Retry") == "1":
                return
            await asyncio.sleep(delay)
            last = await self.send(EVENT, first.payload, (number, first.trouble or "timeout"))
            if last.acked:
                return

    def later(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something beside; it ends with the server at the latest."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.http.close()
