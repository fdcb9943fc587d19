"""What stands for Discord in bench/discord.py: so much of its API and gateway as a bot needs to serve one command."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

APP, GUILD, CHANNEL, ASKER = "1001", "2001", "3001", "4001"
COMMAND = "5001"
PERMISSIONS = str((1 << 53) - 1)
DISPATCH, IDENTIFY, HELLO, HEARTBEAT, ACK = 0, 2, 10, 1, 11
READING = 1 << 10 | 1 << 11 | 1 << 31


@dataclass
class Stub:
    """One bot's Discord; it is reached at `url`. `ready` once the bot has identified and told of its commands."""

    url: str = ""
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _commands: list[dict[str, Any]] = field(default_factory=list)
    _socket: web.WebSocketResponse | None = None
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _sequence: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _waiting: dict[str, "asyncio.Future[tuple[float, dict[str, Any]]]"] = field(default_factory=dict)

    async def ask(self, query: str) -> tuple[float, dict[str, Any]]:
        """Send a command over the gateway; return the seconds until its callback was there, and what that held."""
        interaction = str(10_000_000_000 + next(self._numbers))
        answer = self._waiting[interaction] = asyncio.get_running_loop().create_future()
        payload = _interaction(interaction, query)
        began = time.perf_counter()
        await self._dispatch("INTERACTION_CREATE", payload)
        ended, body = await asyncio.wait_for(answer, 5)
        return ended - began, body

    def app(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.router.add_get("/gateway/", self._gateway)
        app.router.add_post("/api/v10/interactions/{id}/{token}/callback", self._callback)
        app.router.add_route("*", "/api/v10/{path:.*}", self._api)
        return app

    async def _callback(self, request: web.Request) -> web.Response:
        ended = time.perf_counter()
        answer = self._waiting.pop(request.match_info["id"])
        answer.set_result((ended, await request.json()))
        if request.query.get("with_response") != "true":
            return web.Response(status=204)
        made = {"id": request.match_info["id"], "type": 2, "response_message_id": "1"}
        message = {"id": "1", "channel_id": CHANNEL, "content": "", "type": 20, "author": _user(APP, bot=True)}
        return _json({"interaction": made, "resource": {"type": 4, "message": message | _EMPTY}})

    async def _api(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if path.endswith("gateway/bot"):
            limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
            url = self.url.replace("http", "ws").replace("/api/v10", "/gateway/")
            return _json({"url": url, "shards": 1, "session_start_limit": limit})
        if path == f"applications/{APP}/commands":
            if request.method == "PUT":
                self._commands = [_command(each) for each in await request.json()]
                self._note()
            return _json(self._commands)
        if path == "users/@me":
            return _json(_user(APP, bot=True))
        if path.endswith("applications/@me"):
            return _json(_APPLICATION)
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": 41_250}, "s": None, "t": None})
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            match message.json()["op"]:
                case op if op == HEARTBEAT:
                    await socket.send_json({"op": ACK, "d": None, "s": None, "t": None})
                case op if op == IDENTIFY:
                    self._socket = socket
                    await self._greet()
        return socket

    async def _greet(self) -> None:
        session = {"session_id": "bench", "resume_gateway_url": self.url.replace("http", "ws"), "shard": [0, 1]}
        guilds = [{"id": GUILD, "unavailable": True}]
        application = {"id": APP, "flags": 0}
        user = _user(APP, bot=True)
        await self._dispatch("READY", {"v": 10, "user": user, "guilds": guilds, "application": application, **session})
        await self._dispatch("GUILD_CREATE", _GUILD)
        self._note()

    async def _dispatch(self, event: str, data: object) -> None:
        assert self._socket, "no bot is connected"
        await self._socket.send_json({"op": DISPATCH, "t": event, "s": next(self._sequence), "d": data})

    def _note(self) -> None:
        if self._socket and self._commands:
            self.ready.set()


@asynccontextmanager
async def discord_stub() -> AsyncIterator[Stub]:
    """Serve one bot's Discord until the block ends."""
    stub = Stub()
    runner = web.AppRunner(stub.app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    stub.url = f"http://{host}:{port}/api/v10"
    try:
        yield stub
    finally:
        await runner.cleanup()


def _json(data: object, status: int = 200) -> web.Response:
    """Return an answer whose type is the one that discord.py looks for, to the letter."""
    return web.Response(body=json.dumps(data).encode(), status=status, content_type="application/json")


# fmt: off
_EMPTY: dict[str, Any] = {
    "embeds": [], "components": [], "attachments": [], "mentions": [], "mention_roles": [],
    "flags": 64, "pinned": False, "tts": False, "mention_everyone": False, "edited_timestamp": None,
    "timestamp": "2026-01-01T00:00:00+00:00",
}


def _user(user: str, *, bot: bool = False) -> dict[str, Any]:
    names = {"username": f"u{user}", "global_name": None, "discriminator": "0", "avatar": None}
    return {"id": user, "public_flags": 0, **names, **({"bot": True} if bot else {})}


def _member(user: str) -> dict[str, Any]:
    held: dict[str, Any] = {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "nick": None, "avatar": None}
    return {"user": _user(user), "deaf": False, "mute": False, "flags": 0, "permissions": PERMISSIONS, **held}


def _command(sent: dict[str, Any]) -> dict[str, Any]:
    return {"id": COMMAND, "application_id": APP, "version": "1", "nsfw": False, "dm_permission": True, **sent}


def _interaction(interaction: str, query: str) -> dict[str, Any]:
    option = {"name": "query", "type": 3, "value": query}
    return {
        "id": interaction,
        "application_id": APP,
        "type": 2,
        "token": f"token-{interaction}",
        "version": 1,
        "guild_id": GUILD,
        "guild": {"id": GUILD, "locale": "en-US", "features": []},
        "guild_locale": "en-US",
        "channel_id": CHANNEL,
        "channel": {"id": CHANNEL, "type": 0, "name": "desk", "guild_id": GUILD, "permissions": PERMISSIONS},
        "member": _member(ASKER),
        "locale": "en-US",
        "app_permissions": PERMISSIONS,
        "entitlements": [],
        "authorizing_integration_owners": {"0": GUILD},
        "context": 0,
        "attachment_size_limit": 10_485_760,
        "data": {"id": COMMAND, "name": "tipfacts", "type": 1, "options": [option]},
    }


_APPLICATION: dict[str, Any] = {
    "id": APP, "name": "bench", "icon": None, "description": "", "bot_public": True,
    "bot_require_code_grant": False, "verify_key": "00", "flags": 0, "hook": True, "summary": "",
    "owner": _user(ASKER), "team": None, "install_params": None,
}
_GUILD: dict[str, Any] = {
    "id": GUILD, "name": "bench", "owner_id": ASKER, "icon": None, "features": [], "emojis": [], "stickers": [],
    "preferred_locale": "en-US", "member_count": 2, "unavailable": False, "large": False, "premium_tier": 0,
    "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
    "afk_timeout": 300, "system_channel_flags": 0, "nsfw_level": 0, "joined_at": "2024-01-01T00:00:00+00:00",
    "premium_progress_bar_enabled": False, "threads": [], "presences": [], "voice_states": [],
    "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
    "roles": [
        {
            "id": GUILD, "name": "@everyone", "permissions": str(READING), "position": 0, "color": 0,
            "hoist": False, "managed": False, "mentionable": False, "flags": 0,
        }
    ],
    "channels": [{"id": CHANNEL, "type": 0, "name": "desk", "position": 0, "permission_overwrites": []}],
    "members": [_member(APP)],
}
# fmt: on
