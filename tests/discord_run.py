"""A guild with tipfacts in it, for journeys: a real installation behind the real discord.py, over real sockets, with
the clock in the test's hands. When it closes, nothing may be left over.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from discord_app import DiscordFront, serving, settings_of
from library import CONSOLE, MONDAY, Desk, add_statement_of_2022
from servers.discord import Channel, FakeDiscord, Message, Modal, Seen, User, fields, words
from serving import Clock
from slack_run import seeded_file

from adapters.discord.messenger import DiscordMessenger
from adapters.discord.pacing import Pace
from adapters.discord.rest import Rest
from bot.core import Bot, Decided
from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.digests import Subscription
from bot.domain.people import Address, Platform
from bot.messages.exchange import Reply, Request
from bot.operator import Operator
from bot.service import Service
from bot.settings import Settings
from bot.supervisor import Patience
from store.store import SqlStore

READ, DIGEST, EDITORS = "tipfacts", "tipfacts-digest", "tipfacts-desk"
QUICKLY = Patience(first=0.05, longest=0.2)
FOR_NOTHING = 0.3  # seconds that somebody looks where nothing is to come
_LONG_FACT = "The HKSAR Government spoke of screenings @everyone &" + " at length" * 40
_LONG_PAPER = """format: 1
sources: [{key: long, title: A long paper, publisher: HKSAR Government, published_on: 2026-01-01, language: en}]
statements: [{key: long, speaker: hksar, source: long, said_on: 2026-01-01}]
facts:
""" + "".join(
    f"  - {{key: long-{year}, statement: long, topic: screenings, period: {year}, text: {{en: '{_LONG_FACT}'}}}}\n"
    for year in range(1980, 2020)
)  # fmt: skip
_OURS = ("bot", "adapters", "store", "asyncio", "discord", "aiohttp")


@dataclass
class Room:
    """A guild: Ann manages channels, Ed administers it and is admin of tipfacts, Mei reads Chinese. They are in #news
    with the bot, and in #walled without it. `logged` are the warnings and errors.
    """

    discord: FakeDiscord
    clock: Clock
    file: Path
    ann: User
    ed: User
    mei: User
    news: Channel
    walled: Channel
    logged: list[str] = field(default_factory=list)
    _serving: AsyncExitStack = field(default_factory=AsyncExitStack, repr=False)

    async def start(self) -> None:
        """Serve, as a new process would."""
        self.store = SqlStore(f"sqlite:///{self.file}")
        self._serving.callback(self.store.close)
        self.bot = Bot(self.store, Settings(admins=frozenset({"console", self.actor(self.ed)})))
        self._serving.callback(self.bot.settle)
        self.service = Service(self.bot, self.store, self.clock)
        rest = await self._serving.enter_async_context(Rest(settings_of(self.discord)))
        rest.pace = Pace(self._monotonic)
        self._serving.push_async_callback(self.service.drain, 5)
        self.messenger = DiscordMessenger(rest)
        front = DiscordFront(settings_of(self.discord), self.service, self.clock, rest)
        await self._serving.enter_async_context(serving(front, QUICKLY))
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
        user = next(iter(self._of_direct(channel)), None)
        with self.store.read() as library:
            return library.subscription_at(Address(Platform.DISCORD, channel.guild or "dm", channel.id, user=user))

    def _monotonic(self) -> float:
        """The time that goes by, and that which the clock of the test is set forward."""
        return time.monotonic() + (self.clock.now - MONDAY).total_seconds()

    def _of_direct(self, channel: Channel) -> Iterator[str]:
        if not channel.guild:
            yield from (user.id for user in (self.ann, self.ed, self.mei) if self.discord.dm_of(user) is channel)

    def done_by(self, user: User) -> list[tuple[str, str]]:
        """What somebody changed, oldest first: the action and what it was done to."""
        with self.store.read() as library:
            entries = reversed(library.log(50))
        return [(entry.action, entry.target) for entry in entries if entry.actor == self.actor(user)]

    def receipts(self) -> list[tuple[Any, ...]]:
        """Every receipt with the fact versions it shows: channel, message, editable, fact, version."""
        query = (
            "SELECT channel, message_id, editable, fact_id, version FROM receipts"
            " LEFT JOIN receipt_facts ON receipt_id = id ORDER BY id, fact_id"
        )
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()

    async def tick(self, at: datetime) -> TickReport:
        """Let the clock show that time, Discord's too, and the sender do what is due."""
        self.clock.now = at
        return await Sender(self.store, {Platform.DISCORD: self.messenger}, self.clock).tick()

    def desk(self) -> Desk:
        """The operator at the console."""
        return Desk(self.bot, self.store, self.clock.now, CONSOLE)

    async def news_is_added(self) -> None:
        """Let a new statement stand in the library: screenings and victims of 2021."""
        await asyncio.to_thread(add_statement_of_2022, self.desk())

    async def long_paper_is_added(self) -> None:
        """Let a statement stand in the library with 40 long facts on screenings, 1980 to 2019."""
        load = Operator(self.store).import_file
        await asyncio.to_thread(load, "long.yaml", _LONG_PAPER.encode(), at=self.clock.now, dry_run=False)

    async def subscribed(self, **wish: str) -> Message:
        """Subscribe #news and return the confirmation."""
        wish = wish or {"topics": "screenings"}
        await self.slash(self.ann, self.news, f"{DIGEST} subscribe", **wish)
        assert self.held(self.news)
        return self.discord.messages(self.news)[-1]

    async def asked(self, line: str, user: User | None = None) -> str:
        """What somebody is told in #news, and nobody else."""
        return whispered(await self.ask(line, user))

    async def ask(self, line: str, user: User | None = None, channel: Channel | None = None) -> Seen:
        """Type a line after /tipfacts. Like the acts below, it ends when the app has done all there was to do."""
        return await self.slash(user or self.ann, channel or self.news, READ, query=line)

    async def slash(self, user: User, channel: Channel, command: str, /, **options: Any) -> Seen:  # noqa: ANN401
        return await self._done(self.discord.slash(user, channel, command, wait=0, **options))

    async def press(self, place: Message | Seen, what: str, user: User | None = None) -> Seen:
        return await self._done(self.discord.press(user or self.ann, place, what, wait=0))

    async def submit(self, user: User, place: Modal | Seen, values: Mapping[str, str]) -> Seen:
        return await self._done(self.discord.submit(user, place, values, wait=0))

    async def fill_in(self, user: User, seen: Seen, values: Mapping[str, str]) -> Seen:
        """Send the modal in front, and those that it goes on with, each filled in with what it asks for of these. Where
        the form was too late for a modal, and has a button instead, press that first.
        """
        if "Press the button to fill in the form" in seen.words:
            seen = await self.press(seen, next(iter(seen.buttons)), user)
        while True:
            assert seen.modal, seen.words or seen.trouble
            wanted = fields(seen.modal).keys() & values
            seen = await self.submit(user, seen, {name: values[name] for name in wanted})
            following = next((label for label in seen.buttons if label.startswith(("Part ", "第"))), None)
            if following is None:
                return seen
            seen = await self.press(seen, following, user)

    async def mention(self, user: User, channel: Channel, line: str, reply_to: Message | None = None) -> Seen:
        return await self._done(self.discord.mention(user, channel, line, reply_to))

    async def say(self, user: User, channel: Channel, line: str, reply_to: Message | None = None) -> Seen:
        return await self._done(self.discord.say(user, channel, line, reply_to))

    async def dm(self, user: User, line: str, reply_to: Message | None = None) -> Seen:
        return await self._done(self.discord.dm(user, line, reply_to))

    async def unheard(self, act: Coroutine[Any, Any, Seen]) -> bool:
        """Whether nothing at all came of what somebody did."""
        posts = len(self.discord.called("POST /channels/{}/messages"))
        seen = await self._done(act)
        return not seen.new and len(self.discord.called("POST /channels/{}/messages")) == posts

    async def _done(self, act: Coroutine[Any, Any, Seen]) -> Seen:
        mark = self.discord.mark()
        first = await act
        await self.service.drain(5)
        seen = await self.discord.look(self.discord.world.users[first.user], lambda _: True, since=mark)
        seen.interaction, seen.trouble = first.interaction, first.trouble
        return seen

    def slow_down(self, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
        """Let the core take its time over every reply."""
        decide = self.bot.decide

        def slowly(request: Request, *, read_only: bool = False) -> Reply | Decided:
            time.sleep(seconds)
            return decide(request, read_only=read_only)

        monkeypatch.setattr(self.bot, "decide", slowly)

    def forgive(self, what: str) -> str:
        """Take what was to be logged from what must not be, and return it. Raises AssertionError where it was not."""
        found = [line for line in self.logged if what in line]
        assert found, f"nobody logged {what!r} but {self.logged}"
        self.logged[:] = [line for line in self.logged if what not in line]
        return "\n".join(found)


@asynccontextmanager
async def opened(folder: Path, *, locale: str = "en-US") -> AsyncIterator[Room]:
    """Open a guild whose language that is.

    Raises AssertionError at the end where Discord refused or saw something it should not, where a warning or an error
    was logged, or where anything still runs.
    """
    before = asyncio.all_tasks()
    clock = Clock()
    with logged() as lines:
        async with FakeDiscord(clock=clock) as discord:
            discord.guild.locale = locale
            room = _furnished(discord, clock, folder, lines)
            await room.start()
            try:
                yield room
            finally:
                await room.stop()
            assert discord.violations == [], discord.violations
        left = {task for task in asyncio.all_tasks() - before if task is not asyncio.current_task()}
        if left:  # discord.py cancels tasks and does not wait for them
            _, left = await asyncio.wait(left, timeout=1)
    assert lines == []
    assert not left, left


def _furnished(discord: FakeDiscord, clock: Clock, folder: Path, lines: list[str]) -> Room:
    ann = discord.add_user("ann", permissions=("manage_channels",))
    ed, mei = discord.add_user("ed", permissions=("administrator",)), discord.add_user("mei", locale="zh-TW")
    news, walled = discord.add_channel("news"), discord.add_channel("walled", bot=False)
    file = folder / "tipfacts.db"
    file.write_bytes(seeded_file())
    return Room(discord, clock, file, ann, ed, mei, news, walled, lines)


@contextmanager
def logged() -> Iterator[list[str]]:
    """Collect what is logged as a warning or worse."""
    lines: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.name.startswith(_OURS):
                lines.append(f"{record.levelname} {record.name}: {self.format(record)}")

    collector = Collector(logging.WARNING)
    logging.getLogger().addHandler(collector)
    try:
        yield lines
    finally:
        logging.getLogger().removeHandler(collector)


def whispered(seen: Seen) -> str:
    """All that a person reads, which must be new and for them alone."""
    assert seen.ephemerals, seen.words or seen.trouble
    assert not seen.messages, seen.words
    assert {said.only_for for said in seen.ephemerals} == {seen.user}
    return seen.words.replace("\\_", "_")


def read(message: Message) -> str:
    """What all read in a message: without the backslash that keeps `Asia/Hong_Kong` from becoming italic."""
    return words(message).replace("\\_", "_")


def said(seen: Seen) -> Message:
    """The one message that the bot posted."""
    (message,) = seen.messages
    return message
