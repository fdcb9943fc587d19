"""What a messenger says beforehand that a message will have no room for is what it then leaves out."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count

import pytest
from asking import COUNT
from documents import LONG, MARKUP, MENTIONS, REPEATED, documents, many_lines
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from servers.discord import FakeDiscord
from servers.discord_limits import faults
from servers.slack import FakeSlack

from adapters.console.messenger import ConsoleMessenger
from adapters.console.output import PlainOutput
from adapters.discord.digest_page import MARK, fitting
from adapters.discord.digest_page import for_digest as on_discord
from adapters.discord.messenger import DiscordMessenger
from adapters.discord.rest import Rest
from adapters.slack.messenger import SlackMessenger
from adapters.slack.pacing import Pace
from adapters.slack.tokens import Clients
from bot.domain.digests import Posted
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Block, Choice, Choices, Document, FactCard, FactLine, Footnote, Heading
from bot.ports import Messenger
from bot.settings import DiscordSettings, SlackSettings

FOOT = (Footnote("This channel gets a digest daily at 09:00."), Choices((Choice("Unsubscribe", "unsubscribe"),)))
SLOW = settings(
    deadline=None, max_examples=40, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)


@dataclass
class Place:
    """Somewhere to post, and what a message there says to whoever reads it."""

    messenger: Messenger
    address: Address
    said: Callable[[], str]


@asynccontextmanager
async def slack() -> AsyncIterator[Place]:
    async with FakeSlack() as fake:
        news = fake.add_channel("news")
        async with Clients(SlackSettings(bot_token=fake.bot_token, api_url=fake.url)) as clients:
            clients.pace = Pace(0.0)
            address = Address(Platform.SLACK, fake.team.id, news.id)
            yield Place(SlackMessenger(clients), address, lambda: fake.messages(news)[-1].text)
        assert fake.violations == []


@asynccontextmanager
async def discord() -> AsyncIterator[Place]:
    async with FakeDiscord() as fake:
        news = fake.add_channel("news")
        async with Rest(DiscordSettings(fake.token, fake.url)) as rest:
            address = Address(Platform.DISCORD, fake.guild.id, news.id)
            yield Place(DiscordMessenger(rest), address, lambda: said_on(fake.messages(news)[-1]))
        assert fake.violations == []


def said_on(message: object) -> str:
    return f"{message.content} {message.embeds}"  # type: ignore[attr-defined]


@asynccontextmanager
async def console() -> AsyncIterator[Place]:
    yield Place(ConsoleMessenger(PlainOutput()), Address(Platform.CONSOLE, "local", "console"), str)


def numbered(document: Document) -> Document:
    """The document with a fact of its own in each block that shows one."""
    ids = count(1)

    def own(block: Block) -> Block:
        return replace(block, fact=replace(COUNT, id=next(ids))) if isinstance(block, FactLine | FactCard) else block

    return replace(document, blocks=tuple(map(own, document.blocks)))


def facts(many: int, text: str, *, repeated: int = 1, locale: Locale = Locale.EN) -> Document:
    lines = tuple(FactLine(COUNT, f"Number {at}. {text * repeated}", "A paper", None) for at in range(1, many + 1))
    return numbered(Document(locale, (Heading("New"), *lines, *FOOT)))


POSTED = [
    *(facts(many, "A figure at length. ", repeated=long) for many in (0, 1, 3, 12, 30, 60) for long in (1, 10, 60)),
    *(
        facts(12, text, repeated=9, locale=Locale.ZH_HANT)
        for text in (*MENTIONS[:2], *MARKUP[:3], "字", "👩\u200d👧", "\u202e")
    ),
    *(facts(14, (text * LONG)[:900]) for text in REPEATED),
]


@pytest.mark.parametrize("place", [slack, discord, console])
async def test_what_has_no_room_is_known_before_it_is_posted(
    place: Callable[[], AbstractAsyncContextManager[Place]],
) -> None:
    async with place() as at:
        cut = 0
        for number, document in enumerate(POSTED):
            beforehand = at.messenger.unshown(at.address, document)
            nonce = f"{number}".ljust(5 + number % 20, "f")
            attempt = await at.messenger.post(at.address, document, nonce=nonce, fence=lambda: True)
            assert isinstance(attempt, Posted)
            assert attempt.unshown == beforehand
            cut += bool(beforehand)
            if place is not console:
                assert all(f"Number {each}." not in at.said() for each in beforehand)
        assert (cut > 10) is (place is not console)


@given(document=documents | many_lines, length=st.integers(1, MARK), is_private=st.booleans())
@SLOW
def test_on_discord_the_length_of_a_nonce_makes_no_difference_to_what_has_room(
    document: Document, length: int, *, is_private: bool
) -> None:
    named = numbered(document)
    page = on_discord(named, "a" * length, private=is_private)
    assert faults(page.message(), "message") == []
    assert page.unshown == fitting(named, "0", private=is_private).unshown


def test_on_discord_choices_that_only_a_long_nonce_makes_lines_are_lines_where_they_were_too_many_buttons() -> None:
    choices = Choices(tuple(Choice(f"Number {number}", "screenings " + "x" * 55) for number in range(15)))
    crowded = Document(Locale.EN, (choices, choices))
    pages = [on_discord(crowded, "a" * length) for length in (1, MARK)]
    assert [faults(page.message(), "message") for page in pages] == [[], []]
    assert [page.buttons for page in pages] == [(), ()]
    few = on_discord(Document(Locale.EN, (choices,)), "a")
    assert len(few.buttons) == 15


async def test_a_document_is_fitted_once_for_both(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted: list[Document] = []

    def counted(document: Document, mark: str, *, private: bool) -> object:
        fitted.append(document)
        return fitting(document, mark, private=private)

    monkeypatch.setattr("adapters.discord.messenger.fitting", counted)
    async with discord() as at:
        assert at.messenger.unshown(at.address, POSTED[0]) == frozenset()
        assert isinstance(await at.messenger.post(at.address, POSTED[0], nonce="n", fence=lambda: True), Posted)
    assert fitted == [POSTED[0]]
