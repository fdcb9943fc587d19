"""Socket Mode against a Slack that hands out one ticket for each connection, ends connections, and breaks them off."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from servers.slack import COMMAND, Delivery, FakeSlack
from slack_app import slack_app
from slack_bolt.async_app import AsyncAck, AsyncApp

from adapters.slack import socket_mode
from adapters.slack.front import SlackFront, bolt_app, fronts
from adapters.slack.socket_mode import SocketMode
from adapters.slack.tokens import Clients
from bot.settings import SlackSettings


@asynccontextmanager
async def connected(slack: FakeSlack, *, token: str = "", seconds: float = 0.0) -> AsyncIterator["asyncio.Task[None]"]:
    """Serve an app that acknowledges every command, after so many seconds."""
    settings = SlackSettings(bot_token=slack.bot_token, app_token=slack.app_token, api_url=slack.url)
    async with Clients(settings) as clients:
        app = answering(bolt_app(clients), seconds)
        serving = asyncio.create_task(SocketMode(app, token or slack.app_token, clients).serve())
        try:
            yield serving
        finally:
            if not serving.cancelling():
                serving.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError):
                await serving


def answering(app: AsyncApp, seconds: float) -> AsyncApp:
    @app.command("/tipfacts")
    async def answer(ack: AsyncAck) -> None:
        await asyncio.sleep(seconds)
        await ack("hello")

    return app


async def ask(slack: FakeSlack) -> Delivery:
    user = slack.add_user("mei")
    payload: dict[str, Any] = dict(slack.payloads.slash(user, slack.add_channel("news", user), "/tipfacts", "x"))
    return await slack.courier.send(COMMAND, payload)


async def test_the_handshake_goes_to_the_address_of_the_settings() -> None:
    async with FakeSlack() as slack, connected(slack):
        await slack.connected()
        assert (await ask(slack)).ack == {"text": "hello"}
        assert len(slack.called("apps.connections.open")) == 1


async def test_a_connection_that_slack_ends_is_made_anew() -> None:
    async with FakeSlack() as slack, connected(slack):
        await slack.connected()
        await slack.disconnect()
        await slack.connected()
        assert (await ask(slack)).ack == {"text": "hello"}


async def test_a_connection_that_breaks_off_is_made_anew() -> None:
    async with FakeSlack() as slack, connected(slack):
        await slack.connected()
        slack.cut()
        assert await slack.until(lambda: not slack.sockets.links, 5)
        await slack.connected()
        assert (await ask(slack)).ack == {"text": "hello"}


async def test_a_token_that_slack_refuses_ends_it_at_once_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeSlack() as slack, connected(slack, token="xapp-1-wrong") as serving:  # noqa: S106 (of nobody)
        with pytest.raises(ConnectionError, match="Socket Mode: invalid_auth"):
            await asyncio.wait_for(serving, 3)
    assert [record.levelname for record in caplog.records if record.levelno > logging.INFO] == ["ERROR"]
    assert "\n" not in caplog.messages[0]
    assert "xapp-1-wrong" not in caplog.text


async def test_without_a_network_it_ends_at_once_with_the_reason(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeSlack() as slack:
        gone = slack.url
    async with Clients(SlackSettings(bot_token="xoxb-1", app_token="xapp-1", api_url=gone)) as clients:  # noqa: S106
        with pytest.raises(ConnectionError, match=r"cannot be reached for Socket Mode: .*Cannot connect to host 127"):
            await asyncio.wait_for(SocketMode(bolt_app(clients), "xapp-1", clients).serve(), 3)
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


async def test_an_address_where_nobody_lets_us_in_is_told_of_in_a_line_for_each_try(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket_mode, "CONNECT_PATIENCE", 0.3)
    monkeypatch.setattr(socket_mode, "PING_INTERVAL", 0.1)
    async with FakeSlack() as slack:
        slack.web._link = lambda: "ws://127.0.0.1:9/link?ticket=secret"  # noqa: SLF001 (nothing listens there)
        async with connected(slack) as serving:
            with pytest.raises(ConnectionError, match="does not let us in"):
                await serving
    assert "Failed to connect (error: Cannot connect to host 127.0.0.1:9" in caplog.text
    assert "Traceback" not in caplog.text
    assert all("\n" not in message for message in caplog.messages)


async def test_a_ticket_that_is_spent_does_not_hold_it_up_for_ever(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(socket_mode, "CONNECT_PATIENCE", 0.3)
    async with FakeSlack() as slack:
        monkeypatch.setattr(slack.sockets, "_tickets", set[str]())
        links = slack.sockets.new_link()
        slack.sockets._tickets.clear()  # noqa: SLF001 (there is no other way to spend one unused)
        slack.web._link = lambda: links  # noqa: SLF001 (the same)
        async with connected(slack) as serving:
            with pytest.raises(ConnectionError):
                await serving
    assert "ticket=" not in caplog.text


async def test_what_is_under_way_is_answered_before_it_ends() -> None:
    async with FakeSlack() as slack, connected(slack, seconds=0.3) as serving:
        await slack.connected()
        asking = asyncio.create_task(ask(slack))
        await asyncio.sleep(0.1)
        serving.cancel()
        assert (await asking).ack == {"text": "hello"}


async def test_nothing_is_left_running_when_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeSlack() as slack:
        before = asyncio.all_tasks()
        async with connected(slack):
            await slack.connected()
            await ask(slack)
        assert await slack.until(lambda: not slack.sockets.links, 2)
        assert {task for task in asyncio.all_tasks() - before if "slack_sdk" in repr(task)} == set()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


async def test_both_ways_in_are_served_at_once(tmp_path: Path) -> None:
    async with FakeSlack() as slack, slack_app(slack, tmp_path) as app:
        settings = SlackSettings(slack.bot_token, slack.app_token, slack.signing_secret, api_url=slack.url, port=0)
        front = SlackFront(settings, app.clients, app.service)
        serving = asyncio.create_task(front.serve())
        port = await front.listening()
        await slack.connected(2)
        user = slack.add_user("mei")
        news = slack.add_channel("news", user)
        assert "11,000" in (await slack.slash(user, news, "screenings")).text
        slack.over_http(f"http://127.0.0.1:{port}/slack/events")
        assert "11,000" in (await slack.slash(user, news, "screenings")).text
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving


async def test_each_way_in_can_have_a_front_of_its_own(tmp_path: Path) -> None:
    async with FakeSlack() as slack, slack_app(slack, tmp_path) as app:
        both = SlackSettings(slack.bot_token, slack.app_token, slack.signing_secret, api_url=slack.url, port=0)
        assert [front.name for front in fronts(both, app.clients, app.service)] == ["Slack Socket Mode", "Slack HTTP"]
        assert fronts(SlackSettings(slack.bot_token), app.clients, app.service) == ()


async def test_a_front_that_cannot_listen_says_why(tmp_path: Path) -> None:
    async with FakeSlack() as slack, slack_app(slack, tmp_path, http=True) as app:
        port = await app.front.listening()
        taken = SlackSettings(slack.bot_token, None, slack.signing_secret, api_url=slack.url, port=port)
        with pytest.raises(OSError, match="in use"):
            await SlackFront(taken, app.clients, app.service).serve()


async def test_a_bot_token_that_slack_refuses_is_named_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeSlack() as slack:
        slack.fail("auth.test", error="invalid_auth")
        async with slack_app(slack, tmp_path, http=True):
            assert await slack.until(lambda: "invalid_auth" in caplog.text, 0.1) or "invalid_auth" in caplog.text
    assert "SLACK_BOT_TOKEN (invalid_auth)" in caplog.text
    assert slack.bot_token not in caplog.text


@pytest.mark.parametrize(
    "how", [{"status": 503}, {"drop": True}, {"error": "ratelimited"}, {"error": "internal_error"}]
)
async def test_a_slack_that_does_not_answer_is_not_blamed_on_the_bot_token(
    how: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeSlack() as slack:
        slack.fail("auth.test", **how)
        async with slack_app(slack, tmp_path, http=True):
            assert await slack.until(lambda: bool(slack.called("auth.test")), 2)
            await asyncio.sleep(0.1)
    assert "Slack could not be asked who we are" in caplog.text
    assert "SLACK_BOT_TOKEN" not in caplog.text


async def test_without_a_network_the_bot_token_is_not_blamed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with FakeSlack() as slack, slack_app(slack, tmp_path) as app:
        nowhere = SlackSettings(slack.bot_token, None, slack.signing_secret, api_url="http://127.0.0.1:9/api/", port=0)
        async with Clients(nowhere) as clients:
            serving = asyncio.create_task(SlackFront(nowhere, clients, app.service).serve())
            await asyncio.sleep(0.2)
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
    assert "Slack could not be asked who we are: ClientConnectorError" in caplog.text
    assert "SLACK_BOT_TOKEN" not in caplog.text
