"""tipfacts in the Discord that tests play: a real installation whose front is served in the loop of the test."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from library import MONDAY, Desk
from servers.discord import Channel, FakeDiscord, User
from serving import Clock

from bot.core import Bot
from bot.domain.digests import Subscription
from bot.domain.people import Address, Platform
from bot.installation import load_seeds
from bot.messages.exchange import Reply, Request
from bot.operator import Operator
from bot.service import Service
from bot.settings import DiscordSettings, Settings
from bot.supervisor import Patience, supervise
from store.store import SqlStore

with warnings.catch_warnings():  # discord.py imports a module of Python's that 3.13 no longer has
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    from adapters.discord.front import DiscordFront

__all__ = ["DiscordFront", "Guild", "guild", "serving", "settings_of"]
_LONG_FACT = "The HKSAR Government spoke of screenings @everyone &" + " at length" * 40
_LONG_PAPER = """format: 1
sources: [{key: long, title: A long paper, publisher: HKSAR Government, published_on: 2026-01-01, language: en}]
statements: [{key: long, speaker: hksar, source: long, said_on: 2026-01-01}]
facts:
""" + "".join(
    f"  - {{key: long-{year}, statement: long, topic: screenings, period: {year}, text: {{en: '{_LONG_FACT}'}}}}\n"
    for year in range(1980, 2020)
)  # fmt: skip


@dataclass
class Guild:
    """A guild with tipfacts in it: Ann is a reader, Ed an admin who manages the guild, Mei reads Chinese."""

    discord: FakeDiscord
    clock: Clock
    file: Path
    ann: User
    ed: User
    mei: User
    news: Channel
    patience: Patience | None
    _serving: AsyncExitStack = field(default_factory=AsyncExitStack, repr=False)

    async def start(self) -> None:
        """Serve, as a new process would."""
        self.store = SqlStore(f"sqlite:///{self.file}")
        self._serving.callback(self.store.close)
        self.bot = Bot(self.store, Settings(admins=frozenset({"console", self.actor(self.ed)})))
        self._serving.callback(self.bot.settle)
        self.service = Service(self.bot, self.store, self.clock)
        self._serving.push_async_callback(self.service.drain, 5)
        self.front = DiscordFront(settings_of(self.discord), self.service, self.clock)
        await self._serving.enter_async_context(serving(self.front, self.patience))
        await self.discord.connected()
        assert await self.discord.until(lambda: bool(self.discord.commands.held.get("")), 5)

    async def stop(self) -> None:
        """Stop serving, as a process does that is told to."""
        await self._serving.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def actor(self, user: User) -> str:
        return f"discord:{self.discord.guild.id}/{user.id}"

    def held(self, channel: Channel) -> Subscription | None:
        """The subscription that stands in a channel."""
        with self.store.read() as library:
            return library.subscription_at(Address(Platform.DISCORD, channel.guild or "dm", channel.id))

    def slow_down(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        """Let the core take its time over every reply."""
        handle = self.service.handle

        async def slowly(request: Request, *, read_only: bool = False) -> Reply:
            await asyncio.sleep(seconds)
            return await handle(request, read_only=read_only)

        monkeypatch.setattr(self.service, "handle", slowly)

    async def long_paper_is_added(self) -> None:
        """Let a statement stand in the library with 40 long facts on screenings, 1980 to 2019."""
        load = Operator(self.store).import_file
        await asyncio.to_thread(load, "long.yaml", _LONG_PAPER.encode(), at=self.clock.now, dry_run=False)

    def desk(self) -> Desk:
        """The operator at the console."""
        return Desk(self.bot, self.store, self.clock.now)


@asynccontextmanager
async def guild(folder: Path, *, locale: str = "en-US", patience: Patience | None = None) -> AsyncIterator[Guild]:
    """Open a guild, served by a supervisor of that patience where one is given.

    Raises AssertionError at the end where Discord refused something, or where anything still runs.
    """
    before = asyncio.all_tasks()
    clock = Clock()
    file = folder / "tipfacts.db"
    store = SqlStore(f"sqlite:///{file}")
    store.prepare(migrate=True)
    load_seeds(store, Settings(), MONDAY)
    store.close()
    async with FakeDiscord(clock=clock) as discord:
        discord.guild.locale = locale
        ann = discord.add_user("ann", permissions=("manage_channels",))
        ed, mei = discord.add_user("ed", permissions=("administrator",)), discord.add_user("mei", locale="zh-TW")
        held = Guild(discord, clock, file, ann, ed, mei, discord.add_channel("news"), patience)
        await held.start()
        try:
            yield held
        finally:
            await held.stop()
        assert discord.violations == []
    left = {task for task in asyncio.all_tasks() - before if task is not asyncio.current_task()}
    if left:  # discord.py cancels tasks and does not wait for them
        _, left = await asyncio.wait(left, timeout=1)
    assert not left, left


def settings_of(discord: FakeDiscord) -> DiscordSettings:
    return DiscordSettings(discord.token, discord.url)


@asynccontextmanager
async def serving(front: "DiscordFront", patience: Patience | None = None) -> AsyncIterator[None]:
    """Serve a front until the block ends, with a patience again and again."""
    task = asyncio.create_task(supervise(front, patience) if patience else front.serve())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
