"""Posting, and what becomes of it where Slack refuses, is slow, loses the reply or cannot be reached."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from servers.slack import INACTIVE, REVOKED, Channel, FakeSlack, User

from adapters.slack import history as module
from adapters.slack.errors import Answer, retry_after
from adapters.slack.messenger import SlackMessenger
from adapters.slack.pacing import Pace
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, Heading, Paragraph
from bot.settings import SlackSettings

DIGEST = Document(
    Locale.EN,
    (
        Heading("New since yesterday"),
        Paragraph("R&D <!channel> https://example.org"),
        Choices((Choice("Stop", "unsubscribe"),)),
    ),
)
NONCE = "n0123456789"


@dataclass
class Post:
    slack: FakeSlack
    messenger: SlackMessenger
    mei: User
    news: Channel
    address: Address

    async def send(self, address: Address | None = None, nonce: str = NONCE) -> Attempt:
        return await self.messenger.post(address or self.address, DIGEST, nonce=nonce, fence=lambda: True)


@asynccontextmanager
async def post_office(pace: float = 0.0, clock: Callable[[], datetime] | None = None) -> AsyncIterator[Post]:
    async with FakeSlack(clock=clock) as slack:
        mei = slack.add_user("mei")
        news = slack.add_channel("news", mei)
        async with Clients(SlackSettings(bot_token=slack.bot_token, api_url=slack.url)) as clients:
            clients.pace = Pace(pace)
            address = Address(Platform.SLACK, slack.team.id, news.id)
            yield Post(slack, SlackMessenger(clients), mei, news, address)


async def test_a_digest_stands_in_the_channel_with_its_blocks_its_text_and_its_nonce() -> None:
    async with post_office() as post:
        attempt = await post.send()
        (message,) = post.slack.messages(post.news)
        assert attempt == Posted(message.ts)
        assert message.blocks
        assert "New since yesterday" in message.text
        assert message.metadata == {"event_type": "tipfacts_digest", "event_payload": {"nonce": NONCE}}
        assert (message.sent["unfurl_links"], message.sent["unfurl_media"]) == (False, False)
        assert post.slack.violations == []


async def test_a_thread_and_a_person_can_be_posted_to() -> None:
    async with post_office() as post:
        first = await post.send()
        assert isinstance(first, Posted)
        threaded = await post.send(replace(post.address, thread=first.message_id))
        assert isinstance(threaded, Posted)
        assert post.slack.messages(post.news)[-1].thread_ts == first.message_id
        assert isinstance(await post.send(replace(post.address, channel=post.mei.id, user=post.mei.id)), Posted)
        assert len(post.slack.messages(post.mei)) == 1


async def test_a_channel_that_is_lost_is_refused_and_gone() -> None:
    async with post_office() as post:
        slack = post.slack
        other = slack.add_channel("other", post.mei, bot=False)
        hidden = slack.add_channel("hidden", post.mei, bot=False, private=True)
        assert await post.send(replace(post.address, channel=other.id)) == Refused("not_in_channel", gone=True)
        assert await post.send(replace(post.address, channel=hidden.id)) == Refused("channel_not_found", gone=True)
        assert await post.send(replace(post.address, channel="C0NOWHERE")) == Refused("channel_not_found", gone=True)
        assert await post.send(replace(post.address, thread="1.2")) == Refused("thread_not_found", gone=True)
        slack.archive(post.news)
        assert await post.send() == Refused("is_archived", gone=True)


@pytest.mark.parametrize(
    "code",
    ["user_not_found", "cannot_dm_bot", "restricted_action_thread_only_channel"],
)
async def test_other_ways_of_being_gone(code: str) -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", error=code)
        assert await post.send() == Refused(code, gone=True)


@pytest.mark.parametrize("state", [REVOKED, INACTIVE])
async def test_a_token_that_was_taken_back_says_nothing_of_the_channel_and_is_told_of_once(
    state: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with post_office() as post:
        await post.send()
        post.slack.revoke(state)
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        for address in (post.address, replace(post.address, channel=post.slack.add_channel("other").id), person):
            assert await post.send(address) == TryLater(timedelta(hours=1), state)
        team = post.slack.team.id
        said = f"nothing can be posted in workspace {team}: {state}; python -m bot doctor says what to do"
        assert caplog.messages == [said]


async def test_trouble_that_is_over_and_comes_back_is_told_of_again(caplog: pytest.LogCaptureFixture) -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", error="invalid_auth", times=2)
        post.slack.fail("chat.postMessage", error="team_access_not_granted")
        for _ in range(4):
            attempt = await post.send()
        assert isinstance(attempt, Posted)
        assert [line.split(": ")[1].split(";")[0] for line in caplog.messages] == [
            "invalid_auth",
            "team_access_not_granted",
        ]
        post.slack.fail("chat.postMessage", error="invalid_auth")
        await post.send()
        assert len(caplog.messages) == 3


@pytest.mark.parametrize(
    ("failure", "attempt"),
    [
        ({"drop": True}, TryLater(timedelta(minutes=1), "Slack did not reply")),
        ({"status": 503}, TryLater(timedelta(minutes=1), "Slack answered 503")),
        ({"error": "access_denied"}, TryLater(timedelta(hours=1), "access_denied")),
        ({"error": "token_revoked"}, TryLater(timedelta(hours=1), "token_revoked")),
        ({"error": "ratelimited", "retry_after": 9}, TryLater(timedelta(seconds=9), "ratelimited")),
    ],
)
async def test_what_fails_before_the_post_says_that_nothing_was_posted(
    failure: dict[str, Any], attempt: Attempt
) -> None:
    async with post_office() as post:
        post.slack.fail("auth.test", **failure)
        assert await post.send() == attempt
        assert post.slack.called("chat.postMessage") == []


async def test_a_429_of_one_post_holds_back_all_of_its_workspace() -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", error="ratelimited", retry_after=60)
        others = [replace(post.address, channel=post.slack.add_channel(f"n{number}").id) for number in range(5)]
        attempts = [await post.send(address) for address in (post.address, *others)]
        assert [isinstance(each, TryLater) and each.reason for each in attempts] == ["ratelimited"] * 6
        assert all(isinstance(each, TryLater) and each.after > timedelta(seconds=59) for each in attempts)
        assert len(post.slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    ("failure", "attempt"),
    [
        ({"error": "ratelimited", "retry_after": 7}, TryLater(timedelta(seconds=7), "ratelimited")),
        ({"status": 429, "retry_after": 9}, TryLater(timedelta(seconds=9), "ratelimited")),
        ({"error": "invalid_auth"}, TryLater(timedelta(hours=1), "invalid_auth")),
        ({"error": "not_authed"}, TryLater(timedelta(hours=1), "not_authed")),
        ({"error": "missing_scope"}, TryLater(timedelta(hours=1), "missing_scope")),
        ({"error": "some_new_error"}, TryLater(timedelta(hours=1), "some_new_error")),
        ({"status": 404}, TryLater(timedelta(hours=1), "Slack answered 404")),
        ({"error": "internal_error"}, Unsure("internal_error")),
        ({"error": "fatal_error"}, Unsure("fatal_error")),
        ({"error": "request_timeout"}, Unsure("request_timeout")),
        ({"status": 500}, Unsure("Slack answered 500")),
        ({"status": 503}, Unsure("Slack answered 503")),
        ({"status": 503, "error": "service_unavailable"}, Unsure("service_unavailable")),
        ({"drop": True}, Unsure("Slack did not reply")),
        ({"lose_reply": True}, Unsure("Slack did not reply")),
        ({"status": 502, "acts": True}, Unsure("Slack answered 502")),
    ],
)
async def test_each_failure_ends_in_the_right_attempt(failure: dict[str, Any], attempt: Attempt) -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", **failure)
        assert await post.send() == attempt
        assert len(post.slack.called("chat.postMessage")) == 1  # nothing was tried again by itself


async def test_where_nobody_listens_nothing_was_posted() -> None:
    async with FakeSlack() as slack:
        url = slack.url
    async with Clients(SlackSettings(bot_token="xoxb-1", api_url=url)) as clients:  # noqa: S106 (of nobody)
        attempt = await SlackMessenger(clients).post(
            Address(Platform.SLACK, "T1", "C1"), DIGEST, nonce=NONCE, fence=lambda: True
        )
        assert attempt == TryLater(timedelta(minutes=1), "Slack cannot be reached")


async def test_a_reply_that_takes_too_long_leaves_it_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.tokens.TIMEOUT", 0.3)
    async with post_office() as post:
        post.slack.fail("chat.postMessage", delay=5.0)
        assert await post.send() == Unsure("Slack did not reply")


async def test_another_workspace_is_not_posted_to() -> None:
    async with post_office() as post:
        attempt = await post.send(replace(post.address, space="T0OTHER"))
        assert isinstance(attempt, TryLater)
        assert post.slack.called("chat.postMessage") == []


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
async def test_where_the_blocks_are_refused_the_text_goes_alone(code: str) -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", error=code)
        attempt = await post.send()
        (message,) = post.slack.messages(post.news)
        assert attempt == Posted(message.ts)
        assert message.blocks == []
        assert "New since yesterday" in message.text
        assert (message.sent["unfurl_links"], message.sent["unfurl_media"]) == (False, False)
        assert message.metadata


async def test_where_the_text_is_refused_too_the_channel_is_not_given_up() -> None:
    async with post_office() as post:
        post.slack.fail("chat.postMessage", error="invalid_blocks", times=2)
        assert await post.send() == Refused("invalid_blocks", gone=False)


async def test_the_fence_is_asked_after_every_wait_and_right_before_each_post() -> None:
    async with post_office(pace=0.05) as post:
        await post.send()
        asked: list[int] = []

        def fence() -> bool:
            asked.append(len(post.slack.called("chat.postMessage")))
            return len(asked) < 3

        post.slack.fail("chat.postMessage", error="invalid_blocks")
        start = asyncio.get_running_loop().time()
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=fence)
        assert isinstance(attempt, TryLater)
        assert asked == [1, 1, 2]  # before the post and at its bytes, and before its plain form, which did not go out
        assert asyncio.get_running_loop().time() - start >= 0.05
        assert len(post.slack.messages(post.news)) == 1


async def test_who_is_stopped_while_the_connection_opens_posts_nothing() -> None:
    async with post_office() as post:
        asked = iter([True, False])
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=lambda: next(asked))
        assert isinstance(attempt, TryLater)
        assert post.slack.called("chat.postMessage") == []


async def test_whoever_was_taken_over_posts_nothing() -> None:
    async with post_office() as post:
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=lambda: False)
        assert isinstance(attempt, TryLater)
        assert post.slack.called("chat.postMessage") == []


async def test_a_channel_gets_one_message_a_while_and_others_do_not_wait_for_it() -> None:
    async with post_office(pace=1.0) as post:
        post.slack.seconds_between_posts = 0.9
        other = replace(post.address, channel=post.slack.add_channel("other").id)
        start = asyncio.get_running_loop().time()
        await post.send(other)
        await post.send()
        assert asyncio.get_running_loop().time() - start < 0.9
        await asyncio.gather(post.send(), post.send())
        assert asyncio.get_running_loop().time() - start > 1.9
        assert post.slack.violations == []


async def test_a_post_is_found_by_its_nonce() -> None:
    async with post_office() as post:
        before = datetime.now(UTC)
        await post.send(nonce="another")
        posted = await post.send()
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert await post.messenger.find(post.address, "n-nobody", before) is None


async def test_it_is_found_behind_many_others_and_not_beyond_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    async with post_office() as post:
        before = datetime.now(UTC)
        posted = await post.send()
        assert isinstance(posted, Posted)
        for number in range(7):
            await post.send(nonce=f"n{number}")
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert len(post.slack.called("conversations.history")) == 4
        post.slack.pass_time(3_600)
        later = datetime.now(UTC) + module.CLOCK_TOLERANCE + timedelta(seconds=5)
        assert await post.messenger.find(post.address, NONCE, later) is None


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=70), timedelta(days=2)]
)
async def test_a_clock_ahead_of_slacks_does_not_hide_a_post(ahead: timedelta) -> None:
    async with post_office(clock=lambda: datetime.now(UTC) - ahead) as post:
        before = datetime.now(UTC)
        posted = await post.send()
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert await post.messenger.find(post.address, "n-nobody", before) is None


async def test_an_instant_that_has_not_come_yet_does_not_prove_that_a_post_is_absent() -> None:
    async with post_office() as post:
        posted = await post.send()
        assert isinstance(posted, Posted)
        ahead = datetime.now(UTC) + timedelta(hours=5)
        assert await post.messenger.find(post.address, NONCE, ahead) == posted.message_id


async def test_where_too_much_was_written_since_it_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    async with post_office() as post:
        before = datetime.now(UTC)
        for number in range(4):
            await post.send(nonce=f"n{number}")
        with pytest.raises(LookupError, match="too many"):
            await post.messenger.find(post.address, "n-nobody", before)


@pytest.mark.parametrize(
    "failure",
    [
        {"error": "missing_scope"},
        {"error": "not_in_channel"},
        {"error": "ratelimited", "retry_after": 5},
        {"status": 503},
        {"drop": True, "times": 2},  # aiohttp repeats what only reads, once
    ],
)
async def test_where_slack_does_not_let_us_look_it_is_not_known(failure: dict[str, Any]) -> None:
    async with post_office() as post:
        post.slack.fail("conversations.history", **failure)
        with pytest.raises(LookupError):
            await post.messenger.find(post.address, NONCE, datetime.now(UTC))


async def test_the_history_of_another_workspace_is_not_looked_into() -> None:
    async with post_office() as post:
        reason = await why_not_found(post, replace(post.address, space="T0OTHER"))
        assert reason == "tipfacts is not installed in this workspace"


async def test_a_look_into_a_channel_that_is_lost_says_so_in_slacks_word() -> None:
    async with post_office() as post:
        other = post.slack.add_channel("other", post.mei, bot=False)
        hidden = post.slack.add_channel("hidden", post.mei, bot=False, private=True)
        lost = {
            "not_in_channel": replace(post.address, channel=other.id),
            "channel_not_found": replace(post.address, channel=hidden.id),
            "thread_not_found": replace(post.address, thread="1.2"),
        }
        for code, address in lost.items():
            assert await why_not_found(post, address) == code
        for code in ("is_archived", "token_revoked", "account_inactive", "missing_scope", "invalid_auth"):
            post.slack.fail("conversations.history", error=code)
            assert await why_not_found(post, post.address) == code


async def why_not_found(post: Post, address: Address) -> str:
    with pytest.raises(LookupError) as refused:
        await post.messenger.find(address, NONCE, datetime.now(UTC))
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7), ("0", 1), (None, 30), ("soon", 30), ("-1", 30), ("9" * 500, 3_600), ("1.5", 30)]
)
def test_how_long_to_wait_stays_within_bounds(text: str | None, seconds: int) -> None:
    headers = {} if text is None else {"Retry-After": text}
    assert retry_after(headers) == timedelta(seconds=seconds)


def test_an_answer_without_a_word_is_judged_by_its_status() -> None:
    assert Answer("", 302).attempt == Unsure("Slack answered 302")
    assert Answer("", 200).attempt == Unsure("Slack answered 200")
    assert isinstance(Answer("", 403).attempt, TryLater)
