"""The gateway, version 10: the websockets that the app holds open, and what each side says on them."""

import asyncio
import json
import zlib
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

from aiohttp import WSCloseCode, WSMsgType, web
from servers.discord_about import AboutRoutes
from servers.discord_payloads import Payloads
from servers.discord_sessions import GUILDS, Bye, Session, Sessions
from servers.discord_world import Json, World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = 1, 2, 3, 4, 6, 7, 8, 9, 10, 11
_MOST_BYTES, _MOST_SENT, _WINDOW = 4_096, 120, 60.0  # docs: events/gateway
_CLOSE_SECONDS = 0.5  # how long an app may take to close its end
_GONE: Final = (WSCloseCode.OK, WSCloseCode.GOING_AWAY)  # an app that closes so wants no resuming
_END = ""  # put into an outbox: nothing more will be sent


@dataclass(eq=False)
class Link:
    """One open websocket. `dismissed` says that Discord closed it: what the app answers to that ends no session."""

    socket: web.WebSocketResponse
    request: web.Request
    deflate: Any = None
    outbox: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)
    session: Session | None = None
    heartbeats: int = 0
    dismissed: bool = False
    written: asyncio.Event = field(default_factory=asyncio.Event)
    received: deque[float] = field(default_factory=deque)

    def say(self, op: int, data: object = None) -> None:
        self.outbox.put_nowait(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def write(self) -> None:
        """Send what is put into the outbox, until its end."""
        while raw := await self.outbox.get():
            with suppress(ConnectionError, RuntimeError):
                if self.deflate is None:
                    await self.socket.send_str(raw)
                else:
                    packed = self.deflate.compress(raw.encode()) + self.deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
        self.written.set()


def _refuse_version(request: web.Request) -> None:
    """Raise Bye for another version of the gateway, or another encoding than JSON."""
    if request.query.get("v") != "10" or request.query.get("encoding", "json") != "json":
        raise Bye(4012, "Invalid API version.")


class Gateway:
    """`links` are the connections that are open. `compress` grants zlib-stream to who asks for it, `acks` False leaves
    heartbeats unanswered, `interval` is their distance in milliseconds, `refuse` how many handshakes are broken off.
    """

    def __init__(self, world: World, payloads: Payloads, sessions: Sessions) -> None:
        self._world, self._payloads, self.sessions = world, payloads, sessions
        self.about: AboutRoutes | None = None
        self.links: list[Link] = []
        self.origin = ""
        self.compress, self.acks, self.interval, self.refuse = False, True, 41_250, 0

    @property
    def url(self) -> str:
        return f"{self.origin.replace('http', 'ws', 1)}/gateway/"

    def told(self) -> Json:
        """Write what GET /gateway/bot answers."""
        sessions = self.sessions
        limit = {"total": sessions.starts_in_all, "remaining": max(0, sessions.starts), "reset_after": 86_400_000}
        limit["max_concurrency"] = sessions.max_concurrency
        return {"url": self.url, "shards": sessions.shards, "session_start_limit": limit}

    @property
    def ready(self) -> list[Link]:
        """The connections that have identified or resumed."""
        return [link for link in self.links if link.session is not None and not link.socket.closed]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.refuse > 0:
            self.refuse -= 1
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS)
        await socket.prepare(request)
        packed = self.compress and request.query.get("compress") == "zlib-stream"
        link = Link(socket, request, zlib.compressobj() if packed else None)
        self.links.append(link)
        writer = asyncio.ensure_future(link.write())
        try:
            await self._serve(link)
        finally:
            self.links.remove(link)
            if link.session and link.session.outbox is link.outbox:
                link.session.outbox = None
            link.outbox.put_nowait(_END)
            await writer
            self._world.change()
        return socket

    async def _serve(self, link: Link) -> None:
        """Listen until either side closes."""
        try:
            _refuse_version(link.request)
            link.say(HELLO, {"heartbeat_interval": self.interval, "_trace": ["fake"]})
            async for message in link.socket:
                if message.type == WSMsgType.TEXT:
                    self._take(link, message.data)
        except Bye as bye:
            link.outbox.put_nowait(_END)
            await link.written.wait()
            link.dismissed = True
            await link.socket.close(code=bye.code, message=bye.reason.encode())
        left = link.socket.close_code in _GONE and not link.dismissed
        if left and link.session and link.session.outbox is link.outbox:
            self.sessions.end(link.session)

    def _take(self, link: Link, text: str) -> None:
        """Take what the app says. Raises Bye."""
        self._keep_pace(link)
        try:
            said = json.loads(text)
            op, data = said["op"], said.get("d")
        except (ValueError, KeyError, TypeError):
            raise Bye(4002, "Error while decoding payload.") from None
        if len(text.encode()) > _MOST_BYTES:
            raise Bye(4002, "Payload too large.")
        if op == HEARTBEAT:
            link.heartbeats += 1
            self._world.change()
            if self.acks:
                link.say(ACK)
        elif op in (IDENTIFY, RESUME):
            self._begin(link, op, data or {})
        elif link.session is None:
            raise Bye(4003, "Not authenticated.")
        elif op == MEMBERS:
            self._chunk(link.session, data or {})
        elif op not in (PRESENCE, VOICE):
            raise Bye(4001, "Unknown opcode.")

    def _keep_pace(self, link: Link) -> None:
        now = monotonic()
        link.received.append(now)
        while link.received[0] < now - _WINDOW:
            link.received.popleft()
        if len(link.received) > _MOST_SENT:
            self._world.violation(f"gateway: more than {_MOST_SENT} events sent in {_WINDOW:g} s")
            raise Bye(4008, "Rate limited.")

    def _begin(self, link: Link, op: int, data: Json) -> None:
        if link.session is not None:
            raise Bye(4005, "Already authenticated.")
        try:
            if op == IDENTIFY:
                self._identify(link, data)
            else:
                self._resume(link, data)
        except Bye as bye:
            if bye.code != INVALID:
                raise
            link.say(INVALID, data=False)
        self._world.change()

    def _identify(self, link: Link, data: Json) -> None:
        session = link.session = self.sessions.identify(data)
        session.outbox = link.outbox
        assert self.about is not None, "the gateway has no routes beside it"
        bot = self._world.bot.id
        guilds = [guild for guild in self._world.guilds.values() if bot in guild.members]
        mine = [guild for guild in guilds if self.sessions.serves(session, guild)]
        ready = {
            "v": 10,
            "user": self.about.me(),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": list(session.shard),
            "application": {"id": bot, "flags": self.about.application()["flags"]},
        }
        session.tell("READY", ready)
        if session.intents & GUILDS:
            for guild in mine:
                session.tell("GUILD_CREATE", self._payloads.guild_create(guild))

    def _resume(self, link: Link, data: Json) -> None:
        session, missed = self.sessions.resume(data)
        link.session = session
        for raw in missed:
            link.outbox.put_nowait(raw)
        session.outbox = link.outbox
        session.tell("RESUMED", {"_trace": ["fake"]})

    def _chunk(self, session: Session, data: Json) -> None:
        guild = self._world.guilds.get(str(data.get("guild_id")))
        wanted = data.get("user_ids") or []
        wanted = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
        found = [user for user in wanted if guild and user in guild.members]
        members = [self._payloads.member(guild, self._world.users[user]) for user in found] if guild else []
        chunk = {"guild_id": str(data.get("guild_id")), "members": members, "chunk_index": 0, "chunk_count": 1}
        chunk |= {"not_found": [user for user in wanted if user not in found]}
        session.tell("GUILD_MEMBERS_CHUNK", chunk | ({"nonce": data["nonce"]} if "nonce" in data else {}))

    def cut(self) -> None:
        """Break every connection off without a word, as a network does."""
        for link in self.links:
            if link.request.transport is not None:
                link.request.transport.abort()

    async def close(self, code: int = WSCloseCode.GOING_AWAY, reason: str = "") -> None:
        """Close every connection with that code. Sessions can be resumed after any but 4004, 4007 and 4009."""
        for link in list(self.links):
            if link.session and code in (4004, 4007, 4009):
                self.sessions.end(link.session)
            link.dismissed = True
            await link.socket.close(code=code, message=reason.encode())

    def reconnect(self) -> None:
        """Ask every connection to come again and resume (op 7)."""
        for link in self.links:
            link.say(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every connection that its session is invalid (op 9); forgotten unless `resumable`."""
        for link in self.links:
            if link.session and not resumable:
                self.sessions.end(link.session)
                link.session.outbox = None
            link.say(INVALID, data=resumable)

    def malformed(self, event: str = "MESSAGE_CREATE", data: object = None, *, raw: str | None = None) -> None:
        """Send every connection an event that lacks what it must have, or any text that is no JSON."""
        for link in self.ready:
            if raw is not None:
                link.outbox.put_nowait(raw)
            elif link.session is not None:
                link.session.tell(event, {} if data is None else data)
