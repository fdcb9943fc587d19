"""The HTTP side of the REST API: which route is called, by whom, and how the answer (or its loss) goes out."""

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

from aiohttp import BodyPartReader, web
from servers.discord_description import Description
from servers.discord_failing import Failure, Failures
from servers.discord_rates import Rates
from servers.discord_world import Json, World

VERSION = "10"
_VIA: Final = {"Via": "1.1 google"}  # what comes from Discord itself carries it; the proxy's own pages do not
_PAGE = "<html><title>429</title>Access denied</html>"


class RefusedError(Exception):
    """Discord says no: with this HTTP status, its own code and message, and where in the body it was."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def body(self) -> Json:
        return {"message": self.message, "code": self.code} | ({"errors": self.errors} if self.errors else {})


@dataclass
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


@dataclass
class Call:
    """A call that arrived: when by the world's clock, what it asked, and what it was answered.

    `route` is the path with its parameters named, "" for one that is none. `answer` is None where the reply was lost or
    had no body, `failed` whether a test had asked for it to fail.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: list[Upload]
    at: datetime
    route: str = ""
    params: dict[str, str] = field(default_factory=dict)
    answer: Any = None
    status: int = 0
    failed: bool = False

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


Reply = tuple[int, Any]
Handler = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """A path like /channels/{channel_id}. `open` ones need no token: theirs is in the path."""

    method: str
    path: str
    handler: Handler
    open: bool = False

    @property
    def expression(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))


class Switchboard:
    """Takes every call of the REST API, answers it by the routes it was given, and records it."""

    def __init__(self, world: World, failures: Failures, rates: Rates, token: str) -> None:
        self._world, self._failures, self._rates = world, failures, rates
        self._routes: list[tuple[Route, re.Pattern[str]]] = []
        self.token: str | None = token
        self.description: Description | None = Description.found()
        self.calls: list[Call] = []
        self.closing = asyncio.Event()

    def add(self, *routes: Route) -> None:
        self._routes += [(route, route.expression) for route in routes]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        call = Call(request.method, f"/{request.match_info['path']}", dict(request.query), None, [], self._world.now())
        self.calls.append(call)
        readable = await _read(request, call)
        self._world.change()
        failure = self._failures.take(call)
        if failure and failure.late:
            await asyncio.sleep(failure.late)
        if self._rates.banned:
            return _page(call, 429, {"Retry-After": "600"})
        headers = _VIA | {"Date": format_datetime(self._world.now().astimezone(UTC), usegmt=True)}
        if failure is None or failure.acts_first:
            authorization = request.headers.get("Authorization", "")
            headers |= self._act(call, request.match_info["version"], authorization, readable=readable)
        reply = await self._fail(request, failure, call, headers) if failure else _answered(call, headers)
        self._rates.note(call.status)
        return reply

    def _act(self, call: Call, version: str, authorization: str, *, readable: bool) -> dict[str, str]:
        """Let a call act and put into it what it is answered. Returns the headers of its rate limit."""
        headers: dict[str, str] = {}
        try:
            route = self._find(call, version)
            headers, refused = self._rates.enter(call.method, call.path, call.route, call.params)
            if refused:
                call.status, call.answer = 429, refused
                return headers
            self._admit(route, authorization, readable=readable)
            call.status, call.answer = route.handler(call)
            self._describe(call)
        except RefusedError as refusal:
            call.status, call.answer = refusal.status, refusal.body()
        return headers

    def _admit(self, route: Route, authorization: str, *, readable: bool) -> None:
        """Raise RefusedError for a caller without the token, or a body that is no JSON."""
        if not route.open and authorization != f"Bot {self.token}":
            raise RefusedError(401, 0, "401: Unauthorized")
        if not readable:
            raise RefusedError(400, 50109, "The request body contains invalid JSON.")

    def _find(self, call: Call, version: str) -> Route:
        """Return the route of a call and name its parameters. Raises RefusedError, which is recorded."""
        if version != VERSION:
            self._world.violation(f"{call.method} {call.path}: version {version} of the API")
            raise RefusedError(400, 50041, "Invalid API version provided.")
        methods = []
        for route, expression in self._routes:
            found = expression.fullmatch(call.path)
            if found:
                methods.append(route.method)
                if route.method == call.method:
                    call.route, call.params = route.path, found.groupdict()
                    return route
        self._world.violation(f"{call.method} {call.path}: no route of Discord's that this server knows")
        if methods:
            raise RefusedError(405, 0, "405: Method Not Allowed")
        raise RefusedError(404, 0, "404: Not Found")

    def _describe(self, call: Call) -> None:
        """Hold a body that was taken against the official description, where there is one; what differs is recorded.

        What was refused is recorded already, so that a test finds the same violations with and without a copy.
        """
        if self.description is not None and call.body is not None:
            for fault in self.description.request_faults(call.method, call.route, call.body):
                self._world.violation(f"{call.method} {call.route}: against Discord's description: {fault}")

    async def _fail(
        self, request: web.Request, failure: Failure, call: Call, headers: dict[str, str]
    ) -> web.StreamResponse:
        """Answer a call the way its failure says; a wait ends early when the server closes."""
        call.failed = True
        if failure.delay:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.closing.wait(), failure.delay)
        if failure.lose_reply or failure.drop:
            call.answer, call.status = None, 0
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if failure.status is None:
            return _answered(call, headers)
        page = failure.page()
        if page is not None:
            return _page(call, failure.status, failure.headers() | ({} if not failure.via else _VIA), page)
        call.status, call.answer = failure.status, failure.body()
        return _answered(call, headers | failure.headers())


def _answered(call: Call, headers: dict[str, str]) -> web.StreamResponse:
    if call.answer is None:
        return web.Response(status=call.status, headers=headers)
    raw = json.dumps(call.answer).encode()  # Discord names no charset, and discord.py looks for none
    return web.Response(body=raw, status=call.status, content_type="application/json", headers=headers)


def _page(call: Call, status: int, headers: dict[str, str], page: str = _PAGE) -> web.StreamResponse:
    call.status, call.answer = status, None
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)


async def _read(request: web.Request, call: Call) -> bool:
    """Put the body of a call into it: JSON, or a form with payload_json and files. Returns whether it could be read."""
    try:
        if request.content_type == "multipart/form-data":
            await _read_form(request, call)
        elif request.can_read_body:
            text = await request.text()
            call.body = json.loads(text) if text else None
    except ValueError:
        return False
    return True


async def _read_form(request: web.Request, call: Call) -> None:
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader), "Discord takes no form within a form"
        if part.name == "payload_json":
            call.body = json.loads(await part.text())
        else:
            call.files.append(Upload(part.filename or "file", bytes(await part.read())))
