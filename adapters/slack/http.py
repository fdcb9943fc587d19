"""Signed HTTP: takes what Slack delivers, verifies it before anything else, and hands it to the bolt app.

Bolt has a server and a verification of its own. They parse some bodies before they verify, log what they refuse, and
answer 500 to some malformed signatures; so ours stand in front of it.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.connections import Connections
from adapters.slack.logs import NO_HTTP, server_logger
from adapters.slack.signature import is_signed, may_be_signed
from bot.discreet import error_line

PATH = "/slack/events"
MAX_BODY = 64 * 1024  # bytes
# A press or a modal brings along the whole message or view it was done in, and a Chinese character takes nine bytes of
# it: a full digest has some 100 KB, a modal at Slack's limit three times 250 KB.
MAX_INTERACTION = 1024 * 1024
_INTERACTION = b"payload="
BODY_PATIENCE = 5.0  # seconds for a whole body to arrive
SHUTDOWN_PATIENCE = 3.0  # seconds for requests under way; each is answered within 1.5
LINGERING = 1.0  # seconds in which the rest of a refused body is thrown away, so that its sender reads the refusal
_TEXT = "text/plain"
_IPV4 = 2  # parts of such an address; the other family may have another port where the system chose it

log = logging.getLogger(__name__)


class HttpServer:
    """Serves one bolt app on a port of all interfaces. Raises ValueError for an empty signing secret.

    `clock` gives the present instant, in UTC.
    """

    def __init__(self, app: AsyncApp, secret: str, port: int, clock: Callable[[], datetime] | None = None) -> None:
        if not secret:
            raise ValueError("SLACK_SIGNING_SECRET: without it anybody could speak for Slack")
        self._app = app
        self._secret = secret
        self._port = port
        self._clock = clock or (lambda: datetime.now(UTC))
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Begin to listen and return the port, which the system chooses where it was to be 0. Raises OSError."""
        connections = Connections()
        application = web.Application(middlewares=[connections.heard])
        application.router.add_post(PATH, self._delivered)
        application.router.add_get("/health", self._health)
        self._runner = web.AppRunner(
            application,
            handle_signals=False,
            access_log=None,
            logger=server_logger(),
            shutdown_timeout=SHUTDOWN_PATIENCE,
            lingering_time=LINGERING,
            auto_decompress=False,  # the signature is over what came
        )
        await self._runner.setup()
        speak = cast("Callable[[], asyncio.Protocol]", self._runner.server)  # which there is, since it is set up
        loop, accept = asyncio.get_running_loop(), partial(connections.accept, speak)
        try:
            self._server = await loop.create_server(accept, port=self._port, reuse_address=True)
        except OSError:
            await self.stop()
            raise
        addresses = (listening.getsockname() for listening in self._server.sockets)
        return next(int(address[1]) for address in addresses if len(address) == _IPV4)

    async def stop(self) -> None:
        """Take no more requests, and let those under way end."""
        if self._server:
            self._server.close()
            self._server = None
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def _delivered(self, request: web.Request) -> web.Response:
        headers = request.headers
        timestamp, signature = headers.get("X-Slack-Request-Timestamp"), headers.get("X-Slack-Signature")
        if (request.content_length or 0) > MAX_INTERACTION:
            return web.Response(status=413)
        if not may_be_signed(timestamp, signature, self._clock()):
            return web.Response(status=401)
        try:
            async with asyncio.timeout(BODY_PATIENCE):
                body = await _read(request)
        except TimeoutError:
            return web.Response(status=408)
        except NO_HTTP:
            return web.Response(status=400)  # its sender has hung up, or wrote no HTTP
        if body is None:
            return web.Response(status=413)
        if not is_signed(self._secret, timestamp, signature, body, self._clock()):
            return web.Response(status=401)
        try:
            # Bolt's parser of HTTP takes a command that says "payload" anywhere for a press, so it is given what a
            # websocket gives it: the body already parsed.
            delivered = AsyncBoltRequest(body=_parsed(body, request.content_type), mode="socket_mode")
        except Exception as error:  # noqa: BLE001 (of whatever shape it is)
            log.warning("a signed request could not be read: %s", error_line(error))
            return web.Response(status=400)
        return _as_response(await self._app.async_dispatch(delivered))

    @staticmethod
    async def _health(_: web.Request) -> web.Response:
        return web.Response(text="ok")


async def _read(request: web.Request) -> bytes | None:
    """Return the body; None, with the rest unread, where it is too long."""
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > (MAX_INTERACTION if body.startswith(_INTERACTION) else MAX_BODY):
            return None
    return bytes(body)


def _parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """Return what a verified body says: an event is JSON, a press or a modal JSON in a field, a command fields.

    Raises ValueError, or RecursionError, where it is nothing of the kind.
    """
    text = body.decode()
    if content_type == "application/json" or text.startswith("{"):
        said = json.loads(text)
    else:
        fields = dict(parse_qsl(text, keep_blank_values=True))
        said = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(said, dict):
        raise ValueError("the body is no object")  # noqa: TRY004 (it is what was sent)
    return said


def _as_response(response: BoltResponse) -> web.Response:
    content_type = str(next(iter(response.headers.get("content-type", ())), _TEXT)).partition(";")[0]
    return web.Response(status=response.status, body=response.body.encode(), content_type=content_type, charset="utf-8")
