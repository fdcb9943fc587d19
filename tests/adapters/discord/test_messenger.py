"""Posting, and what becomes of it where Discord refuses, is slow, loses the reply or cannot be reached."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking import COUNT
from servers.discord import Channel, FakeDiscord, User

from adapters.discord import history as module
from adapters.discord.limits import CONTENT
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.pacing import Pace
from adapters.discord.rest import Rest
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Document,
    Entries,
    Entry,
    FactLine,
    Heading,
    Paragraph,
)
from bot.messages.names import channel
from bot.settings import DiscordSettings

UNSUBSCRIBE = Choices((Choice("Stop", "unsubscribe"),))
DIGEST = Document(
    Locale.EN, (Heading("New since yesterday"), Paragraph("R&D @everyone <@&1> https://example.org"), UNSUBSCRIBE)
)
NONCE = "0123456789abcdef01234567"
POST = "POST /channels/{}/messages"
HISTORY = "GET /channels/{}/messages"
HOUR = timedelta(hours=1)


@dataclass
class Post:
    discord: FakeDiscord
    rest: Rest
    messenger: DiscordMessenger
    mei: User
    news: Channel
    address: Address

    async def send(self, address: Address | None = None, nonce: str = NONCE, document: Document = DIGEST) -> Attempt:
        return await self.messenger.post(address or self.address, document, nonce=nonce, fence=lambda: True)


@asynccontextmanager
async def post_office(clock: Callable[[], datetime] | None = None) -> AsyncIterator[Post]:
    async with FakeDiscord(clock=clock) as discord:
        mei = discord.add_user("mei")
        news = discord.add_channel("news")
        async with Rest(DiscordSettings(discord.token, discord.url)) as rest:
            address = Address(Platform.DISCORD, discord.guild.id, news.id)
            yield Post(discord, rest, DiscordMessenger(rest), mei, news, address)


def facts(count: int) -> Document:
    lines: tuple[Block, ...] = tuple(
        FactLine(replace(COUNT, id=number), f"Number {number} " + "@everyone at length " * 20, "A paper", None)
        for number in range(1, count + 1)
    )
    return Document(Locale.EN, (Heading("New"), *lines, UNSUBSCRIBE))


async def test_a_digest_stands_in_the_channel_with_its_nonce_and_rings_nobody() -> None:
    async with post_office() as post:
        attempt = await post.send()
        (message,) = post.discord.messages(post.news)
        assert attempt == Posted(message.id)
        assert "New since yesterday" in message.content
        assert (message.nonce, message.sent["enforce_nonce"]) == (NONCE, True)
        assert message.sent["allowed_mentions"]["parse"] == []
        assert message.pinged == []
        assert "flags" not in message.sent
        assert [button["label"] for row in message.components for button in row["components"]] == ["Stop"]
        assert post.discord.violations == []


async def test_the_same_nonce_twice_is_one_message() -> None:
    async with post_office() as post:
        assert await post.send() == await post.send()
        assert len(post.discord.messages(post.news)) == 1


async def test_a_thread_and_a_person_can_be_posted_to() -> None:
    async with post_office() as post:
        thread = post.discord.add_thread(post.news, "later")
        for number, address in enumerate(
            (replace(post.address, thread=thread.id), Address(Platform.DISCORD, post.discord.guild.id, thread.id))
        ):
            assert isinstance(await post.send(address, f"t{number}"), Posted)
        assert len(post.discord.messages(thread)) == 2
        assert await post.messenger.find(replace(post.address, thread=thread.id), "t0", datetime.now(UTC))
        assert post.discord.messages(post.news) == []
        for number in range(2):
            nonce = f"n{number}"
            assert isinstance(
                await post.send(replace(post.address, channel=post.mei.id, user=post.mei.id), nonce), Posted
            )
        assert len(post.discord.messages(post.mei)) == 2
        assert len(post.discord.called("POST /users/@me/channels")) == 1
        direct = replace(post.address, channel=post.discord.dm_of(post.mei).id, user=post.mei.id)
        assert isinstance(await post.send(direct, "n2"), Posted)
        assert post.discord.violations == []


async def test_a_channel_that_is_lost_is_refused_and_gone() -> None:
    async with post_office() as post:
        discord = post.discord
        hidden = discord.add_channel("hidden", post.mei, private=True, bot=False)
        mute = discord.add_channel("mute")
        discord.deny(mute, discord.bot, "send_messages")
        thread = discord.add_thread(post.news, "over")
        discord.archive(thread, locked=True)
        gone = discord.add_channel("gone")
        discord.delete_channel(gone)
        for channel, code in ((hidden, "50001"), (mute, "50013"), (gone, "10003"), (thread, "50083")):
            calls = len(discord.called(POST))
            assert await post.send(replace(post.address, channel=channel.id)) == Refused(code, gone=True)
            assert len(discord.called(POST)) - calls == (2 if channel is mute else 1)  # there plain text may do
        discord.uninstall(discord.guild)
        assert await post.send() == Refused("50001", gone=True)


async def test_who_takes_no_direct_messages_is_refused() -> None:
    async with post_office() as post:
        shut = post.discord.add_user("shut", accepts_dms=False)
        assert await post.send(replace(post.address, channel=shut.id, user=shut.id)) == Refused("50007", gone=True)
        assert await post.send(replace(post.address, channel="1", user="1")) == Refused("50033", gone=True)
        assert await post.messenger.find(replace(post.address, channel="1", user="1"), NONCE, datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("failure", "attempt"),
    [
        ({"retry_after": 7}, TryLater(timedelta(seconds=7), "Discord answered 429")),
        ({"retry_after": 7.5, "global_": True}, TryLater(timedelta(seconds=7.5), "Discord answered 429")),
        ({"retry_after": 90, "via": False}, TryLater(timedelta(seconds=90), "Discord answered 429")),
        ({"retry_after": 0.01}, TryLater(timedelta(seconds=1), "Discord answered 429")),
        ({"retry_after": 1e9}, TryLater(HOUR, "Discord answered 429")),
        ({"retry_after": 4, "code": 20_028}, TryLater(timedelta(seconds=4), "20028")),
        ({"status": 401}, TryLater(HOUR, "Discord answered 401")),
        ({"status": 403}, Refused("50001", gone=True)),
        ({"status": 403, "code": 40_333}, TryLater(HOUR, "40333")),
        ({"status": 403, "code": 0}, TryLater(HOUR, "Discord answered 403")),
        ({"status": 404}, Refused("10003", gone=True)),
        ({"status": 404, "code": 0}, TryLater(HOUR, "Discord answered 404")),
        ({"status": 410}, Refused("Discord answered 410", gone=True)),
        ({"status": 405}, TryLater(HOUR, "Discord answered 405")),
        ({"status": 500}, Unsure("Discord answered 500")),
        ({"status": 502, "acts": True}, Unsure("Discord answered 502")),
        ({"status": 503}, Unsure("Discord answered 503")),
        ({"status": 504, "message": "upstream", "code": 7}, Unsure("7")),
        ({"drop": True}, Unsure("Discord did not reply")),
        ({"lose_reply": True}, Unsure("Discord did not reply")),
        ({"status": 200}, Unsure("Discord answered 200")),
        ({"status": 302}, Unsure("Discord answered 302")),
    ],
)
async def test_each_failure_ends_in_the_right_attempt_at_once(failure: dict[str, Any], attempt: Attempt) -> None:
    async with post_office() as post:
        post.discord.fail(POST, **failure)
        assert await post.send() == attempt
        assert len(post.discord.called(POST)) == 1  # nothing was tried again by itself


async def test_a_token_that_is_refused_says_nothing_of_the_channel_and_is_told_of_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with post_office() as post:
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        others = [replace(post.address, channel=post.discord.add_channel(f"n{number}").id) for number in range(3)]
        post.discord.revoke_token()
        for address in (post.address, person, *others):
            post.rest.pace = Pace()  # as if much time had passed
            assert await post.send(address) == TryLater(HOUR, "Discord answered 401")
        assert caplog.messages == [
            "nothing can be posted: Discord refuses DISCORD_TOKEN; python -m bot doctor says what to do"
        ]


async def test_a_refusal_on_the_way_to_a_person_says_that_nothing_was_posted() -> None:
    async with post_office() as post:
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        for failure in ({"status": 500}, {"drop": True}, {"lose_reply": True}):
            post.discord.fail("POST /users/@me/channels", **failure)
            attempt = await post.send(person)
            assert isinstance(attempt, TryLater)
            assert attempt.after == timedelta(minutes=1)
        assert post.discord.called(POST) == []


@pytest.mark.parametrize("token", ["hello", "Bot MTA.token.of-no-app"])
async def test_what_cannot_be_the_bot_s_token_is_sent_to_nobody(token: str) -> None:
    async with FakeDiscord() as discord, Rest(DiscordSettings(token, discord.url)) as rest:
        news = Address(Platform.DISCORD, discord.guild.id, discord.add_channel("news").id)
        messenger = DiscordMessenger(rest)
        attempt = await messenger.post(news, DIGEST, nonce=NONCE, fence=lambda: True)
        assert attempt == TryLater(HOUR, "Discord answered 401")
        with pytest.raises(LookupError):
            await messenger.find(news, NONCE, datetime.now(UTC))
        assert discord.calls == []


async def test_a_person_is_told_of_a_channel_by_name_and_of_its_server_where_that_is_known() -> None:
    async with post_office() as post:
        place = Entries((Entry("Channel", channel(f"#{post.news.id}", post.address)),))
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        for number, known in enumerate((None, "Acme *News*")):
            post.rest.guild_name = {post.discord.guild.id: known}.get
            document = Document(Locale.EN, (Heading("Paused"), place, Paragraph("For a reason.")))
            assert isinstance(await post.send(person, f"n{number}", document), Posted)
        without, with_server = (message.content for message in post.discord.messages(post.mei))
        assert without == f"### Paused\n**Channel:** <#{post.news.id}>\n\nFor a reason.\n\n-# Reference: n0"
        assert f"**Channel:** <#{post.news.id}>\n**Server:** Acme \\*News\\*\n\n" in with_server
        assert isinstance(await post.send(document=document), Posted)
        (public,) = post.discord.messages(post.news)
        assert "<#" not in public.content
        assert "Server" not in public.content
        assert post.discord.violations == []


async def test_where_nobody_listens_nothing_was_posted() -> None:
    async with FakeDiscord() as discord:
        settings = DiscordSettings(discord.token, discord.url)
    async with Rest(settings) as rest:
        for user in (None, "C1"):
            attempt = await DiscordMessenger(rest).post(
                Address(Platform.DISCORD, "G1", "C1", user=user), DIGEST, nonce=NONCE, fence=lambda: True
            )
            assert attempt == TryLater(timedelta(minutes=1), "Discord cannot be reached")


async def test_a_reply_that_takes_too_long_leaves_it_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.discord.rest.TIMEOUT", 0.3)
    async with post_office() as post:
        post.discord.fail(POST, delay=5.0)
        assert await post.send() == Unsure("Discord did not reply")


async def test_where_the_embeds_are_refused_the_text_goes_alone_once() -> None:
    async with post_office() as post:
        post.discord.fail(POST, code=50_035)
        attempt = await post.send()
        (message,) = post.discord.messages(post.news)
        assert attempt == Posted(message.id)
        assert (message.embeds, message.components) == ([], [])
        assert "New since yesterday" in message.content
        assert "/tipfacts-digest unsubscribe" in message.content
        assert (message.nonce, message.pinged) == (NONCE, [])
        post.discord.fail(POST, code=50_035, times=2)
        assert await post.send(nonce="another") == Refused("50035", gone=False)
        assert len(post.discord.called(POST)) == 4
        assert post.discord.violations == []


async def test_where_embeds_may_not_be_posted_the_text_goes_alone_and_says_what_it_leaves_out() -> None:
    async with post_office() as post:
        post.discord.deny(post.news, post.discord.bot, "embed_links")
        attempt = await post.send(document=facts(12))
        (message,) = post.discord.messages(post.news)
        assert isinstance(attempt, Posted)
        shown = {number for number in range(1, 13) if f"Number {number} " in message.content}
        assert attempt.unshown == set(range(1, 13)) - shown
        assert 0 < len(shown) < 12
        assert "more are left out here" in message.content
        assert len(message.content) <= CONTENT
        assert await post.messenger.find(post.address, NONCE, datetime.now(UTC)) == message.id
        assert [one for one in post.discord.violations if "Missing" not in one] == []


async def test_a_text_that_nothing_can_be_left_out_of_is_cut_between_its_parts() -> None:
    async with post_office() as post:
        post.discord.fail(POST, code=50_035)
        long = Choices(tuple(Choice(f"Choice {number} @everyone", "x" * 400) for number in range(9)))
        assert isinstance(await post.send(document=Document(Locale.EN, (long,))), Posted)
        (message,) = post.discord.messages(post.news)
        assert "Choice 1 " in message.content
        assert NONCE in message.content
        assert post.discord.violations == []


async def test_the_fence_is_asked_after_every_wait_and_right_before_each_post() -> None:
    async with post_office() as post:
        post.discord.limit(POST, 1, 0.3)
        await post.send(nonce="first")
        asked: list[int] = []

        def fence() -> bool:
            asked.append(len(post.discord.called(POST)))
            return len(asked) < 3

        post.discord.fail(POST, code=50_035)
        start = asyncio.get_running_loop().time()
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=fence)
        assert isinstance(attempt, TryLater)
        assert asked == [1, 1, 2]  # before the post and at its bytes, and before its plain form, which did not go out
        assert asyncio.get_running_loop().time() - start >= 0.2
        assert len(post.discord.messages(post.news)) == 1


async def test_who_is_stopped_while_the_connection_opens_posts_nothing() -> None:
    async with post_office() as post:
        asked = iter([True, False])
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=lambda: next(asked))
        assert isinstance(attempt, TryLater)
        assert post.discord.called(POST) == []


async def test_whoever_was_taken_over_posts_nothing() -> None:
    async with post_office() as post:
        attempt = await post.messenger.post(post.address, DIGEST, nonce=NONCE, fence=lambda: False)
        assert isinstance(attempt, TryLater)
        assert post.discord.called(POST) == []


async def test_what_discord_says_of_its_limits_is_kept_before_it_refuses() -> None:
    async with post_office() as post:
        post.discord.limit(POST, 2, 1.0)
        other = replace(post.address, channel=post.discord.add_channel("other").id)
        await post.send(nonce="n0")
        start = asyncio.get_running_loop().time()
        await asyncio.gather(*(post.send(nonce=f"n{number}") for number in range(1, 5)))
        assert asyncio.get_running_loop().time() - start > 1.5
        start = asyncio.get_running_loop().time()
        await post.send(other)
        assert asyncio.get_running_loop().time() - start < 0.9
        assert {call.status for call in post.discord.called(POST)} == {200}


async def test_after_a_limit_on_all_and_after_a_bad_token_nobody_calls_for_a_while() -> None:
    for failure, after in (({"retry_after": 60, "global_": True}, 60), ({"status": 401}, 3_600)):
        async with post_office() as post:
            post.discord.fail(POST, **failure)
            other = replace(post.address, channel=post.discord.add_channel("other").id)
            attempts = [await post.send(), await post.send(other)]
            assert [round(one.after.total_seconds()) for one in attempts if isinstance(one, TryLater)] == [after, after]
            assert len(post.discord.called(POST)) == 1


async def test_a_limit_on_one_channel_does_not_keep_others() -> None:
    async with post_office() as post:
        post.discord.fail(POST, retry_after=60)
        other = replace(post.address, channel=post.discord.add_channel("other").id)
        assert isinstance(await post.send(), TryLater)
        assert isinstance(await post.send(), TryLater)
        assert isinstance(await post.send(other), Posted)
        assert len(post.discord.called(POST)) == 2


@pytest.mark.parametrize("document", [DIGEST, Document(Locale.EN, (Paragraph("Nothing to press."),))])
@pytest.mark.parametrize("told", [True, False])
async def test_a_post_is_found_by_its_nonce_or_by_its_mark(document: Document, told: bool) -> None:  # noqa: FBT001
    async with post_office() as post:
        post.discord.message_routes.nonces_in_history = told
        before = datetime.now(UTC)
        await post.send(nonce="another", document=document)
        posted = await post.send(document=document)
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert await post.messenger.find(post.address, "f" * 24, before) is None


async def test_a_post_whose_reply_was_lost_is_found() -> None:
    async with post_office() as post:
        before = datetime.now(UTC)
        for failure in ({"lose_reply": True}, {"status": 503, "acts": True}):
            post.discord.fail(POST, **failure)
            assert isinstance(await post.send(nonce=f"{NONCE}{failure.get('status', '')}"[-24:]), Unsure)
        first, second = post.discord.messages(post.news)
        assert await post.messenger.find(post.address, NONCE, before) == first.id
        assert await post.messenger.find(post.address, f"{NONCE}503"[-24:], before) == second.id


async def test_what_a_person_says_is_not_taken_for_our_message() -> None:
    async with post_office() as post:
        before = datetime.now(UTC)
        await post.discord.say(post.mei, post.news, NONCE, wait=0)
        await post.discord.dm(post.mei, NONCE, wait=0)
        assert await post.messenger.find(post.address, NONCE, before) is None
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        assert await post.messenger.find(person, NONCE, before) is None


async def test_it_is_found_behind_many_others_and_not_beyond_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    async with post_office() as post:
        before = datetime.now(UTC)
        for number in range(5):
            await post.send(nonce=f"n{number}")
        posted = await post.send()
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert len(post.discord.called(HISTORY)) == 3
        post.discord.pass_time(HOUR.total_seconds())
        later = datetime.now(UTC) + module.CLOCK_TOLERANCE + timedelta(seconds=5)
        assert await post.messenger.find(post.address, NONCE, later) is None


@pytest.mark.parametrize(
    "ahead", [timedelta(minutes=2), timedelta(minutes=6), timedelta(minutes=70), timedelta(days=2)]
)
async def test_a_clock_ahead_of_discords_does_not_hide_a_post(ahead: timedelta) -> None:
    async with post_office(lambda: datetime.now(UTC) - ahead) as post:
        before = datetime.now(UTC)
        posted = await post.send()
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, before) == posted.message_id
        assert await post.messenger.find(post.address, "nobody-s", before) is None


async def test_an_instant_that_has_not_come_yet_does_not_prove_that_a_post_is_absent() -> None:
    async with post_office() as post:
        posted = await post.send()
        assert isinstance(posted, Posted)
        assert await post.messenger.find(post.address, NONCE, datetime.now(UTC) + 5 * HOUR) == posted.message_id


async def test_where_too_much_was_written_since_it_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 1)
    monkeypatch.setattr(module, "MOST_PAGES", 2)
    async with post_office() as post:
        before = datetime.now(UTC)
        for number in range(4):
            await post.send(nonce=f"n{number}")
        with pytest.raises(LookupError, match="too many"):
            await post.messenger.find(post.address, "f" * 24, before)


@pytest.mark.parametrize(
    "failure",
    [
        {"status": 403},
        {"status": 401},
        {"retry_after": 5},
        {"status": 503},
        {"status": 200},
        {"drop": True, "times": 2},
    ],
)
async def test_where_discord_does_not_let_us_look_it_is_not_known(failure: dict[str, Any]) -> None:
    async with post_office() as post:
        post.discord.fail(HISTORY, **failure)
        with pytest.raises(LookupError):
            await post.messenger.find(post.address, NONCE, datetime.now(UTC))


async def test_a_history_that_is_hidden_is_told_from_one_that_is_empty() -> None:
    async with post_office() as post:
        assert await post.messenger.find(post.address, NONCE, datetime.now(UTC)) is None
        await post.send()
        post.discord.deny(post.news, post.discord.bot, "read_message_history")
        with pytest.raises(LookupError):
            await post.messenger.find(post.address, NONCE, datetime.now(UTC))


async def test_a_look_into_a_channel_that_is_lost_says_so_in_discords_number() -> None:
    async with post_office() as post:
        discord = post.discord
        hidden = discord.add_channel("hidden", post.mei, private=True, bot=False)
        gone = discord.add_channel("gone")
        discord.delete_channel(gone)
        shut = discord.add_channel("shut")
        discord.deny(shut, discord.bot, "read_message_history")
        for channel, code in ((hidden, "50001"), (gone, "10003"), (shut, "50013")):
            assert await why_not_found(post, replace(post.address, channel=channel.id)) == code
        discord.uninstall(discord.guild)
        assert await why_not_found(post, post.address) == "50001"
        discord.revoke_token()
        assert await why_not_found(post, post.address) == "Discord answered 401"


async def why_not_found(post: Post, address: Address) -> str:
    with pytest.raises(LookupError) as refused:
        await post.messenger.find(address, NONCE, datetime.now(UTC))
    return str(refused.value)


async def test_direct_messages_are_looked_through_too() -> None:
    async with post_office() as post:
        person = replace(post.address, channel=post.mei.id, user=post.mei.id)
        before = datetime.now(UTC)
        assert await post.messenger.find(person, NONCE, before) is None
        posted = await post.send(person)
        assert isinstance(posted, Posted)
        assert await post.messenger.find(person, NONCE, before) == posted.message_id
        post.discord.fail("POST /users/@me/channels", status=500)
        with pytest.raises(LookupError):
            await post.messenger.find(
                replace(person, channel=post.discord.bot.id, user=post.discord.bot.id), NONCE, before
            )


async def test_a_channel_s_name_that_is_none_leads_nowhere_else() -> None:
    async with post_office() as post:
        attempt = await post.send(replace(post.address, channel="../users/@me?x=1"))
        assert isinstance(attempt, TryLater | Refused)
        assert all(call.path.startswith("/channels/") for call in post.discord.calls)
