"""What answers in Slack's place: a proxy's page, a network that wants a login, nothing that is JSON."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from servers.slack import FakeSlack
from slack_app import slack_app

from adapters.slack.blocks import Page
from adapters.slack.calls import WebClient
from adapters.slack.errors import NotSlackError
from adapters.slack.front import SlackFront, bolt_app
from adapters.slack.locales import Locales, Told
from adapters.slack.messenger import SlackMessenger
from adapters.slack.posting import Posting
from adapters.slack.socket_mode import SocketMode
from adapters.slack.tokens import Clients
from bot.domain.digests import Unsure
from bot.domain.people import Address, Platform
from bot.settings import SlackSettings

PAGE = Page([{"type": "section", "text": {"type": "plain_text", "text": "11,000", "emoji": False}}], "11,000")
_SINCE = datetime(2024, 6, 25, tzinfo=UTC)
NEWS = Address(Platform.SLACK, "T1", "C1")


@dataclass(frozen=True)
class Answer:
    """What is answered to whatever is asked, with status 200."""

    body: bytes
    content_type: str


LOGIN = Answer(b"Welcome to the hotel. Sign in to go on.", "text/plain")
NOT_SLACK = [
    LOGIN,
    Answer(b"<html>Sign in</html>", "text/html"),
    Answer(b"\xff\xfe\xff", "text/plain"),
    Answer(b"hello", "text/plain; charset=no-such-thing"),
    Answer(b"[1, 2]", "application/json"),
    Answer(b'"ok"', "application/json"),
    Answer(b"null", "application/json"),
    Answer(b"\xff\xfe\xff", "application/json"),
    Answer(b"{", "application/json"),
    Answer(b"\x1f\x8b", "application/gzip"),
]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Answer everything so; yields the address that stands for Slack's."""

    async def reply(_: web.Request) -> web.Response:
        return web.Response(body=answer.body, headers={"Content-Type": answer.content_type})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", reply)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def instead(answer: Answer) -> AsyncIterator[tuple[Clients, str]]:
    """Yield clients that speak with what is not Slack, which knows the workspace all the same, and its address."""
    async with answering(answer) as url:
        settings = SlackSettings(bot_token="xoxb-1", app_token="xapp-1", api_url=url)  # noqa: S106 (of nobody)
        async with Clients(settings, _Tokens()) as clients:
            yield clients, url


class _Tokens:
    async def token(self, team: str) -> str:  # noqa: ARG002 (as the protocol has it)
        return "xoxb-1"

    def lacks(self, team: str) -> bool:  # noqa: ARG002 (the same)
        return False


@pytest.mark.parametrize("answer", NOT_SLACK)
async def test_a_post_that_something_else_answers_may_or_may_not_stand(answer: Answer) -> None:
    async with instead(answer) as (clients, _):
        posting = Posting(clients)
        assert isinstance(await posting.post(NEWS, PAGE), Unsure)
        assert isinstance(await posting.whisper(NEWS, "U1", PAGE), Unsure)
        with pytest.raises(LookupError):
            await SlackMessenger(clients).find(NEWS, "nonce", _SINCE)


async def test_so_may_a_reply() -> None:
    async with instead(Answer(b"\xff\xfe\xff", "text/plain")) as (clients, url):
        assert isinstance(await Posting(clients).reply(url + "reply", PAGE), Unsure)


@pytest.mark.parametrize("answer", NOT_SLACK)
async def test_whose_language_something_else_tells_is_not_known(answer: Answer) -> None:
    async with instead(answer) as (clients, _):
        assert await Locales(clients).of("T1", "U1") == Told()


@pytest.mark.parametrize("answer", [LOGIN, Answer(b'{"ok": true, "user": "mei"}', "application/json")])
async def test_a_language_that_cannot_be_read_costs_no_answer(answer: Answer) -> None:
    async with instead(answer) as (clients, _):
        assert await Locales(clients).of("T1", "U1") == Told()


@pytest.mark.parametrize("answer", NOT_SLACK)
async def test_socket_mode_ends_with_the_reason(answer: Answer) -> None:
    async with instead(answer) as (clients, _):
        with pytest.raises(ConnectionError, match="Socket Mode: "):
            await asyncio.wait_for(SocketMode(bolt_app(clients), "xapp-1", clients).serve(), 3)


async def test_a_token_that_cannot_be_checked_does_not_keep_commands_from_being_answered(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with FakeSlack() as slack, slack_app(slack, tmp_path) as app, instead(LOGIN) as (clients, url):
        settings = SlackSettings("xoxb-1", None, slack.signing_secret, api_url=url, port=0)
        async with Clients(settings) as own:
            front = SlackFront(settings, own, app.service)
            serving = asyncio.create_task(front.serve())
            slack.over_http(f"http://127.0.0.1:{await front.listening()}/slack/events")
            mei = slack.add_user("mei")
            seen = await slack.slash(mei, slack.add_channel("news", mei), "screenings")
            assert "11,000" in seen.text
            assert not serving.done()
            serving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await serving
        assert not clients.lacks("T1")
    assert "NotSlackError" in caplog.text


async def test_what_slack_itself_answers_is_what_a_call_returns() -> None:
    async with FakeSlack() as slack:
        answer = await WebClient(token=slack.bot_token, base_url=slack.url, retry_handlers=[]).auth_test()
        assert answer["team_id"] == slack.team.id


async def test_an_address_that_is_none_is_no_answer_of_somebody_else() -> None:
    client = WebClient(token="xoxb-1", base_url="http://127.0.0.1:9/", retry_handlers=[])  # noqa: S106 (of nobody)
    with pytest.raises(OSError, match="Cannot connect"):
        await client.auth_test()
    assert not issubclass(NotSlackError, OSError)
