"""Replies to what people did: where Slack takes five of them, and what becomes of one it does not take."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from servers.slack import Channel, FakeSlack, User

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


async def test_what_is_asked_to_wait_is_waited_for_only_a_little(caplog: pytest.LogCaptureFixture) -> None:
    attempts: list[Attempt] = [TryLater(timedelta(seconds=0.01), "ratelimited"), Posted("1.2")]

    async def post() -> Attempt:
        return attempts.pop(0)

    async with place() as here:
        await here.posting.insist(post)
        assert attempts == []
        assert caplog.text == ""
        attempts = [TryLater(timedelta(minutes=5), "ratelimited"), Posted("1.2")]
        await here.posting.insist(post)
        assert len(attempts) == 1
    assert "did not reach" in caplog.text


async def test_bolt_says_nothing_of_a_token_that_is_none_of_its_business(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-the-environment")
    async with FakeSlack() as slack, Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url)) as clients:
        assert bolt_app(clients).client.token is None
    assert caplog.text == ""
