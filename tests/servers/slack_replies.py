"""Response URLs: where the app answers what a person did, five times within half an hour."""

import asyncio
import json
import secrets
from dataclasses import dataclass

from aiohttp import web
from servers.slack_calls import Call, RefusedError, fail, is_private, refuse_message
from servers.slack_failing import Failures
from servers.slack_web import WebMethods, with_block_ids
from servers.slack_world import Ephemeral, Json, Message, World

USES = 5
SECONDS = 30 * 60
RESPONSE_URL = "response_url"  # the name of these calls in `calls` and `fail`


@dataclass
class ReplyAddress:
    """Whom a response URL belongs to, and the message whose button was pressed, if one was."""

    user: str
    channel: str
    born: float
    origin: Message | Ephemeral | None = None
    uses: int = 0


class ReplyAddresses:
    """Gives response URLs out and takes what is posted to them."""

    def __init__(self, world: World, web_methods: WebMethods, failures: Failures, calls: list[Call]) -> None:
        self._world, self._web, self._failures, self._calls = world, web_methods, failures, calls
        self._addresses: dict[str, ReplyAddress] = {}
        self.origin = ""
        self.closing = asyncio.Event()

    def new(self, kind: str, user: str, channel: str, origin: Message | Ephemeral | None = None) -> str:
        """Return the response URL of something a person just did: `kind` is commands or actions."""
        team = self._world.users[user].team
        path = f"{kind}/{team}/{len(self._addresses) + 1}/{secrets.token_urlsafe(18)}"
        self._addresses[path] = ReplyAddress(user, channel, self._world.age_clock(), origin)
        return f"{self.origin}/{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        body: Json = json.loads(await request.text())
        address = self._addresses.get(request.path.lstrip("/"))
        team = self._world.users[address.user].team if address else None
        call = Call(RESPONSE_URL, team, body, self._world.now())
        self._calls.append(call)
        self._world.change()
        failure = self._failures.take(RESPONSE_URL, body)
        if failure is None or failure.acts_first:
            call.answer, call.status = self._answer(address, body)
        if failure:
            call.failed = True
            return await fail(request, failure, call, self.closing)
        if call.ok:
            return web.Response(text="ok")
        return web.json_response(call.answer, status=call.status)

    def _answer(self, address: ReplyAddress | None, body: Json) -> tuple[Json, int]:
        if address is None:
            return {"ok": False, "error": "invalid_url"}, 404
        if self._world.age_clock() - address.born > SECONDS:
            return self._late("expired_url"), 404
        if address.uses >= USES:
            return self._late("used_url"), 404
        try:
            self._act(address, body)
        except RefusedError as refusal:
            return {"ok": False, "error": refusal.error, **refusal.more}, 500 if refusal.error == "no_text" else 400
        address.uses += 1
        return {"ok": True}, 200

    def _late(self, error: str) -> Json:
        self._world.violation(f"response_url: {error}")
        return {"ok": False, "error": error}

    def _act(self, address: ReplyAddress, body: Json) -> None:
        if body.get("delete_original"):
            self._delete(address)
            return
        is_direct = self._world.channels[address.channel].kind == "im"
        replaces = bool(body.get("replace_original")) and isinstance(address.origin, Message)
        private = is_direct or (is_private(body) and not replaces)
        refuse_message(self._world, body, "response_url", private=private)
        if body.get("replace_original") and address.origin is not None:
            self._replace(address.origin, body)
        else:
            self.show(address.user, address.channel, body)

    def _delete(self, address: ReplyAddress) -> None:
        origin = address.origin
        if isinstance(origin, Ephemeral):
            origin.gone = True
            self._world.whisper(origin)
        elif origin is not None:
            held = self._world.channels[origin.channel].messages
            if origin in held:
                held.remove(origin)
            self._world.change()

    def _replace(self, origin: Message | Ephemeral, body: Json) -> None:
        if isinstance(origin, Message):
            origin.was.append(origin.text)
        origin.text, origin.blocks = body.get("text") or "", with_block_ids(body.get("blocks") or [])
        if isinstance(origin, Ephemeral):
            self._world.whisper(origin)
        else:
            self._web.posted(self._world.show(origin))

    def show(self, user: str, channel: str, body: Json) -> Message | Ephemeral:
        """Show a reply: to that person alone, or posted in the channel where the body says so."""
        text, blocks = body.get("text") or "", with_block_ids(body.get("blocks") or [])
        thread, ts = body.get("thread_ts"), self._world.new_ts()
        if body.get("response_type") != "in_channel":
            return self._world.whisper(Ephemeral(ts, channel, user, text, blocks, thread))
        team = self._world.teams[self._world.users[user].team]
        message = Message(ts, channel, team.bot.id, text, blocks, thread, None, team.bot_id, body)
        self._web.posted(self._world.show(message))
        return message
