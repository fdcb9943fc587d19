"""Replies that are posted again until they stand: how often, how long, and what they never do."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from servers.discord import FakeDiscord

from adapters.discord import posting as module
from adapters.discord.embeds import pages
from adapters.discord.errors import UNREACHED
from adapters.discord.posting import Posting
from adapters.discord.rest import Rest
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.settings import DiscordSettings

NOWHERE = DiscordSettings("MTA.token.of-no-app", "http://127.0.0.1:9/api/v10")
DONE = Posted("1")
SOON = TryLater(timedelta(seconds=0.1), "Discord answered 429")
LATE = TryLater(timedelta(hours=1), "Discord answered 401")
REFUSED = Refused("50013", gone=True)
ONE = pages(Document(Locale.EN, (Paragraph("Hello."),)))


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PAUSES", (0.01, 0.02, 0.03))


def coming(*attempts: Attempt) -> tuple[Callable[[], Awaitable[Attempt]], list[Attempt]]:
    """What posts with these attempts one after the other, and those that are left."""
    left = list(attempts)

    async def post() -> Attempt:
        await asyncio.sleep(0)
        return left.pop(0)

    return post, left


@pytest.mark.parametrize(
    ("attempts", "came_of_it", "unused"),
    [
        ((DONE, DONE), DONE, 1),
        ((Unsure("x"), Unsure("x"), DONE), DONE, 0),
        ((SOON, DONE), DONE, 0),
        ((TryLater(timedelta(minutes=1), UNREACHED), DONE), DONE, 0),
        ((REFUSED, DONE), REFUSED, 1),
        ((LATE, DONE), LATE, 1),
        ((*[Unsure("x")] * 4, DONE), Unsure("x"), 1),
    ],
)
async def test_what_may_help_is_tried_again_and_nothing_else(
    attempts: tuple[Attempt, ...], came_of_it: Attempt, unused: int
) -> None:
    post, left = coming(*attempts)
    async with Rest(NOWHERE) as rest, asyncio.timeout(5):
        assert await Posting(rest).insist(post) == came_of_it
    assert len(left) == unused


async def test_it_is_not_tried_again_for_longer_than_somebody_waits() -> None:
    post, left = coming(SOON, DONE)
    async with Rest(NOWHERE) as rest:
        assert await Posting(rest).insist(post, 0.05) == SOON
    assert left == [DONE]


async def test_a_reply_in_pages_ends_where_one_does_not_come(caplog: pytest.LogCaptureFixture) -> None:
    async with FakeDiscord() as discord, Rest(DiscordSettings(discord.token, discord.url)) as rest:
        news = discord.add_channel("news")
        address = Address(Platform.DISCORD, discord.guild.id, news.id)
        discord.fail("POST /channels/{}/messages", status=403, where=lambda call: call.body["nonce"] == "n1")
        assert isinstance(await Posting(rest).say(address, ONE * 3, nonce="n"), Posted)
        assert [posted.nonce for posted in discord.messages(news)] == ["n0"]
    assert "a reply did not reach its channel: 50001" in caplog.text


async def test_what_is_to_be_posted_when_all_is_closed_is_known_not_to_be_sent() -> None:
    async with Rest(NOWHERE) as rest:
        pass
    attempt = await Posting(rest).post(Address(Platform.DISCORD, "1", "2"), ONE[0])
    assert attempt == TryLater(timedelta(minutes=1), UNREACHED)


def test_no_secret_shows_in_what_is_printed_of_those_who_call() -> None:
    rest = Rest(NOWHERE)
    assert not any(NOWHERE.token in repr(each) for each in (NOWHERE, rest, rest.pace, Posting(rest)))
