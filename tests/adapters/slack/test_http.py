"""The door for Slack's deliveries over HTTP, with a bolt app behind it that counts what comes through."""

import asyncio
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from servers.slack import COMMAND, FakeSlack
from slack_bolt.async_app import AsyncAck

from adapters.slack import connections, http
from adapters.slack.front import bolt_app
from adapters.slack.http import MAX_BODY, HttpServer
from adapters.slack.tokens import Clients
from bot.settings import SlackSettings

FORM = "application/x-www-form-urlencoded"
SLASH = {"command": "/tipfacts", "text": "screenings", "team_id": "T1", "user_id": "U1", "channel_id": "C1"}


@dataclass
class Door:
    """The server under test, and the commands that came through it."""

    slack: FakeSlack
    url: str
    came: list[Mapping[str, Any]] = field(default_factory=list)

    async def send(self, raw: bytes, headers: Mapping[str, str], path: str = "/slack/events") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url + path, data=io.BytesIO(raw), headers=headers) as reply,
        ):
            return reply.status, await reply.text()

    def signed(self, raw: bytes = b"command=%2Ftipfacts", **how: Any) -> dict[str, str]:  # noqa: ANN401 (as signed takes)
        return dict(self.slack.signed(raw, FORM, **how))


@asynccontextmanager
async def door(slack: FakeSlack) -> AsyncIterator[Door]:
    settings = SlackSettings(bot_token=slack.bot_token, signing_secret=slack.signing_secret, api_url=slack.url)
    async with Clients(settings) as clients:
        app = bolt_app(clients)
        server = HttpServer(app, slack.signing_secret, port=0)
        port = await server.start()
        opened = Door(slack, f"http://127.0.0.1:{port}")

        @app.command("/tipfacts")
        async def answer(ack: AsyncAck, body: dict[str, Any]) -> None:
            opened.came.append(body)
            await ack("hello")

        @app.action("a")
        async def press(ack: AsyncAck, body: dict[str, Any]) -> None:
            opened.came.append(body)
            await ack()

        @app.event("app_mention")
        async def mention(body: dict[str, Any]) -> None:
            opened.came.append(body)

        try:
            yield opened
        finally:
            await server.stop()


async def test_what_slack_signed_comes_through_and_is_answered() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        answer = await slack.deliver(f"{opened.url}/slack/events", SLASH, COMMAND)
        assert (answer.status, answer.text) == (200, "hello")
        assert opened.came[0]["text"] == "screenings"


@pytest.mark.parametrize(
    "fields",
    [{"text": "what is a payload?"}, {"text": "payload={}"}, {"channel_name": "payload"}, {"text": "ssl_check"}],
)
async def test_a_command_is_read_as_one_whatever_it_says(fields: dict[str, str]) -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        answer = await slack.deliver(f"{opened.url}/slack/events", SLASH | fields, COMMAND)
        assert (answer.status, answer.text) == (200, "hello")
        assert opened.came == [{**opened.came[0], **SLASH, **fields}]


async def test_events_presses_and_commands_are_read_each_in_its_own_form() -> None:
    press = {"type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [{"action_id": "a"}]}
    event = {"type": "event_callback", "team_id": "T1", "event": {"type": "app_mention", "text": "payload=%7B%7D & +"}}
    async with FakeSlack() as slack, door(slack) as opened:
        raw = urlencode(SLASH | {"text": "甲 & b=c + d"}).encode()
        assert (await opened.send(raw, opened.signed(raw)))[0] == 200
        raw = urlencode({"payload": json.dumps(press)}).encode()
        assert (await opened.send(raw, opened.signed(raw)))[0] == 200
        raw = json.dumps(event).encode()
        assert (await opened.send(raw, slack.signed(raw, "application/json; charset=utf-8")))[0] == 200
        assert opened.came[0]["text"] == "甲 & b=c + d"
        assert opened.came[1:] == [press, event]


async def test_what_is_not_signed_is_refused_before_anything_is_read_of_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    raw = b'payload={"type": "block_actions"&command=%2Ftipfacts&text=a-secret-in-the-body'
    now = int(time.time())
    async with FakeSlack() as slack, door(slack) as opened:
        good = opened.signed(raw)
        forged = [
            {"Content-Type": FORM},
            good | {"X-Slack-Signature": ""},
            good | {"X-Slack-Signature": "v0=" + "0" * 64},
            good | {"X-Slack-Signature": "v0=é" + "0" * 63},
            good | {"X-Slack-Signature": "nothing of the kind"},
            good | {"X-Slack-Request-Timestamp": "soon"},
            good | {"X-Slack-Request-Timestamp": str(now) + ".5"},
            good | {"X-Slack-Request-Timestamp": "9" * 30},
            opened.signed(raw, at=now - 301),
            opened.signed(raw, at=now + 90),
            opened.signed(raw, secret="another secret"),  # noqa: S106 (of nobody)
            opened.signed(raw + b"x"),
        ]
        for headers in forged:
            assert await opened.send(raw, headers) == (401, ""), headers
        assert opened.came == []
    assert "a-secret-in-the-body" not in caplog.text


async def test_a_json_body_is_not_parsed_before_it_is_verified(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with FakeSlack() as slack, door(slack) as opened:
        for raw in (b"{not json", b"[1, 2]", b"\xff\xfe", b""):
            assert await opened.send(raw, {"Content-Type": "application/json"}) == (401, "")
    assert "JSON" not in caplog.text


async def test_a_body_of_more_than_64_kilobytes_is_refused_however_it_is_signed() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        raw = b"command=%2Ftipfacts&text=" + b"x" * MAX_BODY
        status, _ = await opened.send(raw, opened.signed(raw))
        assert status == 413
        status, _ = await opened.send(raw, {"Content-Type": FORM})
        assert status == 401
        assert opened.came == []
        just = raw[:MAX_BODY]
        assert (await opened.send(just, opened.signed(just)))[0] == 200


async def test_a_press_under_a_full_digest_in_chinese_comes_through() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        raw = urlencode(
            {"payload": json.dumps({"type": "none", "message": "字" * 11_000}, ensure_ascii=False)}
        ).encode()
        assert len(raw) > MAX_BODY
        assert (await opened.send(raw, opened.signed(raw)))[0] == 404  # nobody listens for it here
        assert (await opened.send(raw, opened.signed(raw + b"x")))[0] == 401
        raw = b"payload=" + b"x" * http.MAX_INTERACTION
        assert (await opened.send(raw, opened.signed(raw)))[0] == 413


async def test_a_body_that_does_not_say_how_long_it_is_is_not_read_without_end() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 4_096

    async with FakeSlack() as slack, door(slack) as opened, aiohttp.ClientSession() as session:
        async with session.post(f"{opened.url}/slack/events", data=endless(), headers=opened.signed()) as reply:
            assert reply.status == 413
        assert opened.came == []


async def test_a_compressed_body_is_verified_as_it_came_and_not_blown_up() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        raw = b"\x1f\x8b not really compressed"
        status, _ = await opened.send(raw, opened.signed(raw + b"!") | {"Content-Encoding": "gzip"})
        assert status == 401


NOTHING_OF_SLACKS = [b"{not json", b"[1, 2]", b"\xff\xfe\x80", b'{"a":' + b"[" * 30_000, b"", b'{"team": 5}']


@pytest.mark.parametrize("raw", [*NOTHING_OF_SLACKS, b"payload=%7Bnot+json", b"payload=[1]", b"payload="])
async def test_what_is_signed_and_cannot_be_read_is_a_bad_request(raw: bytes) -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        headers = dict(slack.signed(raw, FORM if raw.startswith(b"payload") else "application/json"))
        assert (await opened.send(raw, headers))[0] == 400
        assert opened.came == []


def head(opened: Door, length: str, headers: Mapping[str, str]) -> bytes:
    """Return the head of a request to the door that says how long its body is."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    port = opened.url.rpartition(":")[2]
    named = ["POST /slack/events HTTP/1.1", f"Host: 127.0.0.1:{port}", *lines, f"Content-Length: {length}", "", ""]
    return "\r\n".join(named).encode()


async def said(opened: Door, sent: bytes) -> bytes:
    """Send bytes as they are, and return the first line of what comes back within a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(opened.url.rpartition(":")[2]))
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.readline(), 1)
    finally:
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_PATIENCE", 0.05)
    async with FakeSlack() as slack, door(slack) as opened:
        assert b" 408 " in await said(opened, head(opened, "100", opened.signed()) + b"only this")


async def test_what_says_it_is_too_long_or_cannot_be_signed_is_not_waited_for() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        assert b" 413 " in await said(opened, head(opened, "10000000000", opened.signed()) + b"payload=")
        for forged in ({}, opened.signed() | {"X-Slack-Signature": "v0=short"}, opened.signed(at=0)):
            assert b" 401 " in await said(opened, head(opened, "100", forged) + b"only this")


async def test_a_sender_that_hangs_up_or_speaks_no_http_is_told_of_in_a_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "adapters")
    caplog.set_level(logging.DEBUG, "aiohttp")
    async with FakeSlack() as slack, door(slack) as opened:
        signed = head(opened, "100", opened.signed())
        chunked = signed.replace(b"Content-Length: 100", b"Transfer-Encoding: chunked")
        for sent in (
            chunked + b"ZZZZ-secret\r\n",
            head(opened, "secret", {}),
            head(opened, "0", {"X-Slack-Signature": "secret\0"}),
            bytes.fromhex("160301020001000001fc0303") + b"secret",
        ):
            assert b" 400 " in await said(opened, sent)
        _, writer = await asyncio.open_connection("127.0.0.1", int(opened.url.rpartition(":")[2]))
        writer.write(signed + b"secret")
        await asyncio.sleep(0.05)
        writer.close()
        await asyncio.sleep(0.05)
        assert await opened.send(b"command=%2Ftipfacts", opened.signed()) == (200, "hello")
    assert "secret" not in caplog.text
    assert "Traceback" not in caplog.text
    assert "a request was refused that is no HTTP: BadHttpMessage" in caplog.text
    assert {record.levelname for record in caplog.records} <= {"INFO", "DEBUG"}


@asynccontextmanager
async def connected(
    opened: Door, sent: bytes = b""
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a connection on which some bytes are sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(opened.url.rpartition(":")[2]))
    writer.write(sent)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends a connection within a second without a word."""
    try:
        async with asyncio.timeout(1):
            return await reader.read() == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


COMMAND_LINE = b"command=%2Ftipfacts"
HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", b"POST /slack/events HTTP/1.1\r\nHost: x\r\nX-A: ", b"\r\n", b"P"])
async def test_a_connection_on_which_no_whole_head_comes_is_ended(
    sent: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(connections, "HEAD_PATIENCE", 0.2)
    async with FakeSlack() as slack, door(slack) as opened, connected(opened, sent) as (reader, _):
        assert await ended(reader)
    assert caplog.text == ""


async def test_a_connection_is_kept_for_a_while_between_two_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_PATIENCE", 0.1)
    monkeypatch.setattr(connections, "KEPT", 0.5)
    async with FakeSlack() as slack, door(slack) as opened, connected(opened) as (reader, writer):
        for pause in (0.0, 0.3, 0.3):
            await asyncio.sleep(pause)
            writer.write(HEALTH)
            assert (await reader.readuntil(b"\r\n\r\nok")).startswith(b"HTTP/1.1 200")
        writer.write(HEALTH[:20])
        assert await ended(reader)


async def test_a_body_may_come_later_than_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_PATIENCE", 0.1)
    async with FakeSlack() as slack, door(slack) as opened:
        begun = head(opened, str(len(COMMAND_LINE)), opened.signed(COMMAND_LINE))
        async with connected(opened, begun) as (reader, writer):
            await asyncio.sleep(0.3)
            writer.write(COMMAND_LINE)
            assert b" 200 " in await reader.readline()


async def test_where_too_many_connect_the_longest_silent_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 3)
    async with FakeSlack() as slack, door(slack) as opened, AsyncExitStack() as all_of:
        begun = head(opened, str(len(COMMAND_LINE)), opened.signed(COMMAND_LINE))
        busy, writer = await all_of.enter_async_context(connected(opened, begun))
        await asyncio.sleep(0.05)
        silent = [(await all_of.enter_async_context(connected(opened)))[0] for _ in range(3)]
        assert await ended(silent[0])
        assert await opened.send(COMMAND_LINE, opened.signed(COMMAND_LINE)) == (200, "hello")
        writer.write(COMMAND_LINE)
        assert b" 200 " in await busy.readline()


async def test_where_too_many_are_busy_the_newest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 2)
    async with FakeSlack() as slack, door(slack) as opened, AsyncExitStack() as all_of:
        begun = head(opened, str(len(COMMAND_LINE)), opened.signed(COMMAND_LINE))
        busy = [await all_of.enter_async_context(connected(opened, begun)) for _ in range(2)]
        await asyncio.sleep(0.05)
        async with connected(opened) as (reader, _):
            assert await ended(reader)
        for reader, writer in busy:
            writer.write(COMMAND_LINE)
            assert b" 200 " in await reader.readline()
        assert await opened.send(COMMAND_LINE, opened.signed(COMMAND_LINE)) == (200, "hello")


async def test_slacks_own_checks_of_the_address_are_answered() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        raw = json.dumps({"type": "url_verification", "challenge": "c-123"}).encode()
        status, text = await opened.send(raw, slack.signed(raw, "application/json"))
        assert (status, json.loads(text)) == (200, {"challenge": "c-123"})
        raw = b"ssl_check=1&token=x"
        assert (await opened.send(raw, opened.signed(raw)))[0] == 200


async def test_whoever_looks_after_the_process_can_ask_for_its_health() -> None:
    async with FakeSlack() as slack, door(slack) as opened, aiohttp.ClientSession() as session:
        async with session.get(f"{opened.url}/health") as reply:
            assert (reply.status, await reply.text()) == (200, "ok")
        async with session.get(f"{opened.url}/slack/events") as reply:
            assert reply.status == 405


async def test_without_a_signing_secret_there_is_no_server() -> None:
    async with FakeSlack() as slack, Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url)) as clients:
        with pytest.raises(ValueError, match="SLACK_SIGNING_SECRET"):
            HttpServer(bolt_app(clients), "", port=0)


async def test_a_port_that_is_taken_is_an_error_and_leaves_nothing_behind() -> None:
    async with FakeSlack() as slack, door(slack) as opened:
        settings = SlackSettings(bot_token=slack.bot_token, api_url=slack.url)
        async with Clients(settings) as clients:
            server = HttpServer(bolt_app(clients), "secret", int(opened.url.rpartition(":")[2]))
            with pytest.raises(OSError, match="in use"):
                await server.start()


async def test_the_clock_is_the_one_it_was_given() -> None:
    async with FakeSlack() as slack:
        settings = SlackSettings(bot_token=slack.bot_token, api_url=slack.url)
        async with Clients(settings) as clients:
            then = datetime(2020, 1, 1, tzinfo=UTC)
            server = HttpServer(bolt_app(clients), slack.signing_secret, 0, clock=lambda: then)
            opened = Door(slack, f"http://127.0.0.1:{await server.start()}")
            raw = b"ssl_check=1"
            try:
                assert (await opened.send(raw, opened.signed(raw)))[0] == 401
                assert (await opened.send(raw, opened.signed(raw, at=int(then.timestamp()))))[0] == 200
            finally:
                await server.stop()
