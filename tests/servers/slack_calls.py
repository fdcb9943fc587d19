"""The HTTP side of the Web API: who calls, with which arguments, and how the answer (or its loss) goes out."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import web
from servers.slack_failing import Failure, Failures
from servers.slack_limits import faults
from servers.slack_world import ACTIVE, Json, Team, World

_JSON_FIELDS = ("blocks", "attachments", "view", "metadata")
_NO_TEXT = "text: missing"  # with blocks, Slack takes it; so it does a mention
_NAMED = re.compile(r": a live mention, '<[@#]([A-Z0-9]+)>'")
APP_SCOPES = frozenset({"connections:write"})


class RefusedError(Exception):
    """Slack says no: `error` is its word for it, `more` what else the answer holds."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass
class Call:
    """A call that arrived: when by the world's clock, what it asked, and what it was answered.

    `answer` is {} where the reply was lost, `failed` whether a test had asked for it to fail.
    """

    method: str
    team: str | None
    args: Json
    at: datetime
    answer: Json = field(default_factory=dict)
    status: int = 0
    failed: bool = False

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True


@dataclass(frozen=True)
class Caller:
    """Whose token it is: a workspace's bot, or (without one) the app itself."""

    team: Team | None
    scopes: frozenset[str]

    @property
    def bot(self) -> Team:
        """The workspace of a bot token. Raises RefusedError for the app's own token."""
        if self.team is None:
            raise RefusedError("not_allowed_token_type")
        return self.team

    def needs(self, scope: str) -> None:
        """Raise RefusedError where that scope was not granted."""
        if scope not in self.scopes:
            raise RefusedError("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))


Method = Callable[[Caller, Json], Json]


class Switchboard:
    """Takes every call of the Web API, answers it by the methods it was given, and records it."""

    def __init__(self, world: World, failures: Failures, app_token: str, methods: Mapping[str, Method]) -> None:
        self._world, self._failures, self._methods = world, failures, methods
        self._app_token = app_token
        self.app_scopes = set(APP_SCOPES)
        self.calls: list[Call] = []
        self.closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        token, args = await _read(request)
        call = Call(method, self._team_of(token), args, self._world.now())
        self.calls.append(call)
        self._world.change()
        failure = self._failures.take(method, args)
        if failure and failure.late:
            await asyncio.sleep(failure.late)
        caller_scopes: frozenset[str] = frozenset()
        if failure is None or failure.acts_first:
            call.answer, caller_scopes = self._answer(method, token, args)
        headers = {"Date": format_datetime(self._world.now().astimezone(UTC), usegmt=True)}
        headers |= {"x-oauth-scopes": ",".join(sorted(caller_scopes))} if caller_scopes else {}
        call.status = 200
        if failure:
            call.failed = True
            return await fail(request, failure, call, self.closing)
        return web.json_response(call.answer, headers=headers)

    def _team_of(self, token: str | None) -> str | None:
        return next((team.id for team in self._world.teams.values() if team.bot_token == token), None)

    def _answer(self, method: str, token: str | None, args: Json) -> tuple[Json, frozenset[str]]:
        scopes: frozenset[str] = frozenset()
        if method not in self._methods:
            self._world.violation(f"{method}: unknown_method")
            return {"ok": False, "error": "unknown_method", "req_method": method}, scopes
        try:
            caller = self._caller(token)
            scopes = caller.scopes
            return {"ok": True, **self._methods[method](caller, args)}, scopes
        except RefusedError as refusal:
            return {"ok": False, "error": refusal.error, **refusal.more}, scopes

    def _caller(self, token: str | None) -> Caller:
        if not token:
            raise RefusedError("not_authed")
        if token == self._app_token:
            return Caller(None, frozenset(self.app_scopes))
        team = self._world.teams.get(self._team_of(token) or "")
        if team is None:
            raise RefusedError("invalid_auth")
        if team.state != ACTIVE:
            raise RefusedError(team.state)
        return Caller(team, frozenset(team.scopes))


async def fail(request: web.Request, failure: Failure, call: Call, closing: asyncio.Event) -> web.StreamResponse:
    """Answer a call the way its failure says; a wait ends early when the server closes."""
    if failure.delay:
        with suppress(TimeoutError):
            await asyncio.wait_for(closing.wait(), failure.delay)
    if failure.lose_reply or failure.drop:
        call.answer, call.status = {}, 0
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    call.status = failure.http_status
    if failure.error:
        call.answer = {"ok": False, "error": failure.error}
    elif failure.status:
        call.answer = {}
        page = "<html>upstream failed</html>"
        return web.Response(status=failure.status, text=page, content_type="text/html", headers=failure.headers)
    return web.json_response(call.answer, status=call.status, headers=failure.headers)


async def _read(request: web.Request) -> tuple[str | None, Json]:
    """Return the token and the arguments of a call, from the query, a form or JSON."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await request.text()
        args |= json.loads(body) if body else {}
        token = None
    else:
        args |= dict(await request.post())
        token = args.pop("token", None)
    for name in _JSON_FIELDS:
        if isinstance(args.get(name), str):
            args[name] = json.loads(args[name])
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return (bearer.strip() if kind == "Bearer" else token), args


def is_true(args: Mapping[str, object], name: str) -> bool:
    """Whether an argument says yes the way the SDK sends it: true, "true", "1" or 1."""
    return str(args.get(name, "")).lower() in ("true", "1")


def real_faults(world: World, payload: Json, what: str, *, private: bool = False) -> list[str]:
    """Return what Slack would refuse in a payload. Breaches of our own rules are recorded and not returned.

    What one person alone is shown (`private`) may name people and channels that there are: that notifies nobody.
    """
    found = faults(payload)
    for fault in found:
        if not (private and _names_somebody(world, fault)):
            world.violation(f"{what}: {fault}")
    return [fault for fault in found if fault != _NO_TEXT and ": a live mention" not in fault]


def is_private(answer: Json) -> bool:
    """Whether a reply to what a person did is shown to them alone."""
    return answer.get("response_type") != "in_channel"


def refuse_message(world: World, payload: Json, what: str, *, private: bool = False) -> None:
    """Raise RefusedError where Slack would not take a message."""
    found = real_faults(world, payload, what, private=private)
    if not found:
        return
    if any("neither text nor blocks" in fault for fault in found):
        raise RefusedError("no_text")
    if any(fault.startswith("message:") for fault in found):
        raise RefusedError("msg_blocks_too_long" if payload.get("blocks") else "msg_too_long")
    error = "invalid_blocks" if payload.get("blocks") else "invalid_arguments"
    raise RefusedError(error, errors=found, response_metadata={"messages": [f"[ERROR] {fault}" for fault in found]})


def _names_somebody(world: World, fault: str) -> bool:
    named = _NAMED.search(fault)
    return named is not None and (named[1] in world.users or named[1] in world.channels)
