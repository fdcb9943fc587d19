"""Socket Mode: the websockets that the app holds open, the envelopes sent over them and their acknowledgements."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from time import monotonic
from uuid import uuid4

from aiohttp import WSMsgType, web
from servers.slack_courier import COMMAND, EVENT, Delivery
from servers.slack_world import Json, World

CONNECTIONS = 10  # what Slack allows one app
_CLOSE_SECONDS = 0.5  # how long an app may take to close its end


@dataclass(eq=False)
class Link:
    """One open websocket."""

    socket: web.WebSocketResponse
    request: web.Request
    sent: int = 0
    closing: bool = False


@dataclass(eq=False)
class Waiting:
    """An envelope that is out, until its acknowledgement comes, however late."""

    delivery: Delivery
    takes_answer: bool
    since: float
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Sockets:
    """The websocket endpoint. `links` are the connections that are open."""

    def __init__(self, world: World, app_id: str) -> None:
        self._world, self._app_id = world, app_id
        self._tickets: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self.links: list[Link] = []
        self.origin = ""

    def new_link(self) -> str:
        """Return the address of a new websocket, good for one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return f"{self.origin.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._app_id}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        if len(self.links) >= CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        link = Link(socket, request)
        self.links.append(link)
        try:
            await socket.send_json(self._hello())
            self._world.change()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self.links.remove(link)
            self._world.change()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.links),
            "debug_info": {"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18_060},
            "connection_info": {"app_id": self._app_id},
        }

    def _take(self, text: str) -> None:
        """Take an acknowledgement."""
        try:
            said = json.loads(text)
            waiting = self._waiting.pop(said["envelope_id"])
        except (ValueError, KeyError, TypeError):
            self._world.violation(f"websocket: no acknowledgement of an envelope that is out: {text[:200]!r}")
            return
        seconds = monotonic() - waiting.since
        if waiting.delivery.trouble:
            waiting.delivery.late = seconds
            return
        payload = said.get("payload") or {}
        if payload and not waiting.takes_answer:
            self._world.violation(f"{waiting.delivery.what}: its acknowledgement takes no payload")
            payload = {}
        waiting.delivery.ack = payload
        waiting.delivery.seconds = seconds
        waiting.done.set()

    async def send(self, delivery: Delivery, patience: float) -> None:
        """Send a payload over the connection that is longest unused, and wait for its acknowledgement."""
        open_links = [link for link in self.links if not link.closing and not link.socket.closed]
        if not open_links:
            delivery.trouble = "not_connected"
            return
        link = min(open_links, key=lambda one: one.sent)
        link.sent += 1
        envelope_id = str(uuid4())
        takes_answer = delivery.kind == COMMAND or delivery.payload.get("type") == "view_submission"
        envelope: Json = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": takes_answer,
        }
        if delivery.kind == EVENT:
            number, reason = delivery.retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        waiting = self._waiting[envelope_id] = Waiting(delivery, takes_answer, monotonic())
        try:
            await link.socket.send_json(envelope)
            await asyncio.wait_for(waiting.done.wait(), patience)
        except (TimeoutError, ConnectionError):
            delivery.trouble = "timeout" if link in self.links else "connection_failed"

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it will end, and end it once the app has closed it or opened another."""
        ending = list(self.links)
        for link in ending:
            link.closing = True
            debug = {"host": "applink-fake"}
            await link.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": debug})
        await self._world.until(lambda: not set(ending) & set(self.links), 1.0)
        for link in ending:
            await link.socket.close()

    def cut(self) -> None:
        """Break every connection off without a word, as a network does."""
        for link in self.links:
            if link.request.transport is not None:
                link.request.transport.abort()

    async def close(self) -> None:
        for link in list(self.links):
            await link.socket.close()
