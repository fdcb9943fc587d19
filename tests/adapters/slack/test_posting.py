"""Replies to what people did: where Slack takes five of them, and what becomes of one it does not take."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.slack import Channel, FakeSlack, User

from adapters.slack import posting as module
from adapters.slack.blocks import Page
from adapters.slack.front import bolt_app
from adapters.slack.pacing import Pace
from adapters.slack.posting import Posting
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.settings import SlackSettings

PAGE = Page([{"type": "section", "text": {"type": "mrkdwn", "text": "R&amp;D", "verbatim": True}}], "R&amp;D in text")


@dataclass
class Place:
    slack: FakeSlack
    posting: Posting
    mei: User
    news: Channel
    url: str

    @property
    def address(self) -> Address:
        return Address(Platform.SLACK, self.slack.team.id, self.news.id)


@asynccontextmanager
async def place() -> AsyncIterator[Place]:
    async with FakeSlack() as slack:
        mei = slack.add_user("mei")
        news = slack.add_channel("news", mei)
        async with Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url)) as clients:
            clients.pace = Pace(0.0)
            yield Place(slack, Posting(clients), mei, news, slack.response_url(mei, news))


async def test_a_reply_is_for_one_or_for_all() -> None:
    async with place() as here:
        assert await here.posting.reply(here.url, PAGE) == Posted("")
        assert [said.text for said in here.slack.shown_to(here.mei)] == ["R&amp;D in text"]
        assert await here.posting.reply(here.url, PAGE, in_channel=True) == Posted("")
        (message,) = here.slack.messages(here.news)
        assert (message.sent["unfurl_links"], message.sent["unfurl_media"]) == (False, False)
        assert here.slack.violations == []


@pytest.mark.parametrize(
    ("failure", "attempt"),
    [
        ({"status": 404, "error": "used_url"}, Refused("used_url", gone=False)),
        ({"status": 404, "error": "expired_url"}, Refused("expired_url", gone=False)),
        ({"status": 429, "retry_after": 3}, TryLater(timedelta(seconds=3), "ratelimited")),
        ({"status": 500}, Unsure("Slack answered 500")),
        ({"drop": True}, Unsure("Slack did not reply")),
        ({"lose_reply": True}, Unsure("Slack did not reply")),
        ({"status": 200, "error": "channel_not_found"}, Refused("channel_not_found", gone=True)),
    ],
)
async def test_a_reply_that_is_not_taken_is_not_made_again(failure: dict[str, Any], attempt: Attempt) -> None:
    async with place() as here:
        here.slack.fail("response_url", **failure)
        assert await here.posting.reply(here.url, PAGE) == attempt
        assert len(here.slack.called("response_url")) == 1


async def test_where_blocks_are_refused_the_text_is_the_reply() -> None:
    async with place() as here:
        here.slack.fail("response_url", status=400, error="invalid_blocks")
        assert await here.posting.reply(here.url, PAGE) == Posted("")
        here.slack.fail("chat.postEphemeral", error="invalid_blocks")
        assert await here.posting.whisper(here.address, here.mei.id, PAGE) == Posted("")
        assert [said.blocks for said in here.slack.shown_to(here.mei)] == [[], []]


async def test_a_whisper_is_shown_to_one_member_and_refused_for_others() -> None:
    async with place() as here:
        assert await here.posting.whisper(here.address, here.mei.id, PAGE) == Posted("")
        assert isinstance(await here.posting.whisper(here.address, "U0STRANGER", PAGE), TryLater)
        elsewhere = Address(Platform.SLACK, "T0OTHER", here.news.id)
        assert isinstance(await here.posting.whisper(elsewhere, here.mei.id, PAGE), TryLater)


def script(*attempts: Attempt) -> tuple[list[Attempt], Callable[[], Awaitable[Attempt]]]:
    """Return what is left of some attempts, and what makes them one by one."""
    left = list(attempts)

    async def post() -> Attempt:
        return left.pop(0)

    return left, post


WAIT = TryLater(timedelta(seconds=0.01), "ratelimited")
UNREACHABLE = TryLater(timedelta(minutes=1), "Slack cannot be reached")
LOST = Unsure("Slack did not reply")
DONE = Posted("1.2")


@pytest.mark.parametrize(
    "attempts", [(WAIT, WAIT, DONE), (UNREACHABLE, UNREACHABLE, DONE), (LOST, LOST, DONE), (WAIT, LOST, DONE)]
)
async def test_what_passes_is_tried_again_until_it_is_taken(
    attempts: tuple[Attempt, ...], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    left, post = script(*attempts)
    async with place() as here, asyncio.timeout(2):
        await here.posting.insist(post)
    assert left == []
    assert caplog.text == ""


@pytest.mark.parametrize(
    "attempt",
    [
        TryLater(timedelta(minutes=6), "ratelimited"),
        TryLater(timedelta(hours=1), "missing_scope"),
        Refused("channel_not_found", gone=True),
    ],
)
async def test_what_does_not_pass_soon_is_not(attempt: Attempt, caplog: pytest.LogCaptureFixture) -> None:
    left, post = script(attempt, DONE)
    async with place() as here:
        await here.posting.insist(post)
    assert len(left) == 1
    assert "did not reach" in caplog.text


async def test_nobody_tries_for_ever_and_each_pause_is_longer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, seconds in (("INSISTENCE", 1.0), ("FIRST_PAUSE", 0.1), ("LONGEST_PAUSE", 0.2)):
        monkeypatch.setattr(module, name, seconds)
    left, post = script(*[LOST] * 20)
    async with place() as here:
        await here.posting.insist(post)
    assert 13 <= len(left) <= 16
    assert "did not reach" in caplog.text


@pytest.mark.parametrize(
    "failure", [{"lose_reply": True}, {"drop": True}, {"status": 503}, {"error": "internal_error"}]
)
@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_post_nobody_knows_of_is_looked_for_and_made_once(failure: dict[str, Any], *, in_thread: bool) -> None:
    async with place() as here:
        root = await here.posting.post(here.address, PAGE)
        assert isinstance(root, Posted)
        address = replace(here.address, thread=root.message_id if in_thread else None)
        here.slack.fail("chat.postMessage", **failure)
        post = here.posting.surely(address, PAGE, nonce="n1", since=datetime.now(UTC), lost=fail_test)
        assert isinstance(await post(), Unsure)
        assert isinstance(await post(), Posted)
        assert [message.thread_ts for message in here.slack.messages(here.news)] == [None, address.thread]
        assert here.slack.violations == []


async def test_where_nobody_may_look_for_a_post_something_else_is_done() -> None:
    left, lost = script(Posted("lost"))
    async with place() as here:
        here.slack.team.scopes.discard("channels:history")
        here.slack.fail("chat.postMessage", status=503)
        post = here.posting.surely(here.address, PAGE, nonce="n1", since=datetime.now(UTC), lost=lost)
        assert isinstance(await post(), Unsure)
        assert await post() == Posted("lost")
        assert here.slack.messages(here.news) == []
    assert left == []


@pytest.mark.parametrize("times", [1, 2])
async def test_who_waits_for_a_post_hears_of_it_once_it_is_found_or_made_again(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    async with place() as here:
        for how in ({"status": 503}, {"lose_reply": True})[:times]:
            here.slack.fail("chat.postMessage", **how)
        attempt = await here.posting.confirmed(here.address, PAGE, nonce="n1", since=datetime.now(UTC))
        (message,) = here.slack.messages(here.news)
        assert attempt == Posted(message.ts)


async def test_who_waits_for_a_post_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)
    async with place() as here:
        here.slack.fail("chat.postMessage", status=503, times=9)
        attempt = await here.posting.confirmed(here.address, PAGE, nonce="n1", since=datetime.now(UTC))
        assert isinstance(attempt, Unsure)
        assert len(here.slack.called("chat.postMessage")) == module.MOST_TRIES
        here.slack.team.scopes.discard("channels:history")
        attempt = await here.posting.confirmed(here.address, PAGE, nonce="n2", since=datetime.now(UTC))
        assert isinstance(attempt, Unsure)
        assert len(here.slack.called("chat.postMessage")) == module.MOST_TRIES + 1


async def fail_test() -> Attempt:
    raise AssertionError("it can be looked for")


async def test_what_goes_out_without_blocks_is_no_markup() -> None:
    async with place() as here:
        here.slack.fail("chat.postMessage", error="invalid_blocks")
        await here.posting.post(here.address, PAGE)
        here.slack.fail("response_url", status=400, error="invalid_blocks")
        await here.posting.reply(here.url, PAGE)
        calls = [*here.slack.called("chat.postMessage"), *here.slack.called("response_url")]
        assert [("blocks" in call.args, is_true(call.args["mrkdwn"])) for call in calls] == [
            (True, True),
            (False, False),
            (True, True),
            (False, False),
        ]


def is_true(value: object) -> bool:
    return value in (True, "true", "1")


async def test_bolt_says_nothing_of_a_token_that_is_none_of_its_business(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    async with FakeSlack() as slack, Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url)) as clients:
        assert bolt_app(clients).client.token is None
    assert caplog.text == ""
