"""Small apps on the other end of the Slack of our tests, speaking through Slack's own client and verifier."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from servers.slack import COMMAND, EVENT, INTERACTIVE, FakeSlack
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

Payload = dict[str, Any]
Listener = Callable[[str, Payload], Awaitable[Payload | None]]
Serve = Callable[[FakeSlack, Listener], AbstractAsyncContextManager[None]]


def client_of(slack: FakeSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])


@asynccontextmanager
async def over_socket(slack: FakeSlack, listener: Listener) -> AsyncIterator[None]:
    """Serve a listener over Socket Mode: what it returns is the payload of the acknowledgement."""
    client = SocketModeClient(slack.app_token, web_client=client_of(slack), ping_interval=0.2)

    async def take(_client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = await listener(request.type, request.payload)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    client.socket_mode_request_listeners.append(take)
    await client.connect()  # type: ignore[no-untyped-call]
    await slack.connected()
    try:
        yield
    finally:
        await client.close()  # type: ignore[no-untyped-call]


@asynccontextmanager
async def over_http(slack: FakeSlack, listener: Listener) -> AsyncIterator[None]:
    """Serve a listener over HTTP, signatures checked by Slack's own verifier."""
    verifier = SignatureVerifier(slack.signing_secret)

    async def take(request: web.Request) -> web.Response:
        raw = await request.read()
        if not verifier.is_valid_request(raw, dict(request.headers)):
            return web.Response(status=401)
        kind, payload = read(raw.decode(), request.content_type)
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": payload["challenge"]})
        said = await listener(kind, payload)
        return web.Response() if said is None else web.json_response(said)

    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


def read(body: str, content_type: str) -> tuple[str, Payload]:
    if content_type == "application/json":
        return EVENT, json.loads(body)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return (INTERACTIVE, json.loads(form["payload"])) if "payload" in form else (COMMAND, form)
