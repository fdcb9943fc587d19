"""A workspace with tipfacts in it, for journeys: a real installation behind the real slack_bolt and slack_sdk, over
real sockets, with the clock in the test's hands. When it closes, nothing may be left over.
"""

import asyncio
import logging
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from library import CONSOLE, MONDAY, Desk, add_statement_of_2022
from servers.slack import Channel, Ephemeral, FakeSlack, Message, Seen, User
from serving import Clock

from adapters.slack.front import SlackFront
from adapters.slack.messenger import SlackMessenger
from adapters.slack.pacing import Pace
from adapters.slack.tokens import Clients
from bot.core import Bot, Decided
from bot.digests.report import TickReport
from bot.digests.sender import Sender
from bot.domain.digests import Subscription
from bot.domain.people import Address, Platform
from bot.installation import load_seeds
from bot.messages.exchange import Reply, Request
from bot.operator import Operator
from bot.service import Service
from bot.settings import Settings, SlackSettings
from store.store import SqlStore

SOCKET, HTTP = "socket", "http"
WAYS = (SOCKET, HTTP)
NINE = MONDAY + timedelta(hours=1)  # 09:00 in Hong Kong, when a digest is due unless told otherwise
A_DAY, A_MINUTE = timedelta(days=1), timedelta(minutes=1)
_LONG_FACT = "The HKSAR Government spoke of screenings <!channel> &" + " at length" * 40
_LONG_PAPER = """format: 1
sources: [{key: long, title: A long paper, publisher: HKSAR Government, published_on: 2026-01-01, language: en}]
statements: [{key: long, speaker: hksar, source: long, said_on: 2026-01-01}]
facts:
""" + "".join(
    f"  - {{key: long-{year}, statement: long, topic: screenings, period: {year}, text: {{en: '{_LONG_FACT}'}}}}\n"
    for year in range(1980, 2020)
)  # fmt: skip
_OURS = ("bot", "adapters", "store", "asyncio", "slack_bolt", "aiohttp")


@dataclass
class Room:
    """A workspace: Ann is a reader, Ed an admin, Mei reads Chinese. They are in #news with the bot, and in #walled.

    It is reached in the `ways` named. `logged` are the warnings and errors.
    """

    slack: FakeSlack
    clock: Clock
    file: Path
    ways: Sequence[str]
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
        self.clients = await self._serving.enter_async_context(Clients(self._settings()))
        self.clients.pace = Pace(0.0, self._monotonic)  # a second between two messages is for its own tests
        self._serving.push_async_callback(self.service.drain, 5)
        self.messenger = SlackMessenger(self.clients)
        front = SlackFront(self._settings(), self.clients, self.service, self.clock)
        await self._serving.enter_async_context(_served(front))
        if HTTP in self.ways:
            self.slack.over_http(f"http://127.0.0.1:{await asyncio.wait_for(front.listening(), 5)}/slack/events")
        if SOCKET in self.ways:
            await self.slack.connected()

    def _monotonic(self) -> float:
        """The time that goes by, and that which the clock of the test is set forward."""
        return time.monotonic() + (self.clock.now - MONDAY).total_seconds()

    async def stop(self) -> None:
        """Stop serving, as a process does that is told to."""
        await self._serving.aclose()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    def actor(self, user: User) -> str:
        return f"slack:{user.team}/{user.id}"

    def held(self, channel: Channel) -> Subscription | None:
        """The subscription that stands in a channel."""
        with self.store.read() as library:
            return library.subscription_at(Address(Platform.SLACK, channel.team, channel.id, user=channel.user))

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
        """Let the clock show that time, and the sender do what is due."""
        self.clock.now = at
        return await Sender(self.store, {Platform.SLACK: self.messenger}, self.clock).tick()

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

    async def subscribed(self, line: str = "subscribe screenings", user: User | None = None) -> Message:
        """Subscribe #news and return the confirmation."""
        seen = await self.slash(user or self.ann, self.news, line)
        assert self.held(self.news)
        return seen.messages[0]

    async def asked(self, line: str, user: User | None = None) -> str:
        """What somebody is told in #news, and nobody else."""
        return whispered(await self.slash(user or self.ann, self.news, line))

    async def slash(self, user: User, channel: Channel, line: str) -> Seen:
        """Type a command. Like the acts below, it ends when the app has done all there was to do."""
        return await self._done(self.slack.slash(user, channel, line, wait=0))

    async def press(self, place: Message | Ephemeral | Seen, what: str, user: User | None = None) -> Seen:
        return await self._done(self.slack.press(place, what, user=user, wait=0))

    async def mention(
        self, user: User, channel: Channel, line: str, *, thread_ts: str | None = None, retry: bool = False
    ) -> Seen:
        return await self._done(self.slack.mention(user, channel, line, thread_ts=thread_ts, retry=retry, wait=0))

    async def dm(self, user: User, line: str) -> Seen:
        return await self._done(self.slack.dm(user, line, wait=0))

    async def tell(self, user: User, event: Mapping[str, Any]) -> Seen:
        return await self._done(self.slack.tell(user, dict(event), retry=False, wait=0))

    async def open_home(self, user: User) -> Seen:
        return await self._done(self.slack.open_home(user, wait=0))

    async def _done(self, act: Coroutine[Any, Any, Seen]) -> Seen:
        mark = self.slack.mark()
        first = await act
        await self.service.drain(5)
        seen = await self.slack.look(self.slack.world.users[first.user], lambda _: True, since=mark)
        seen.delivery, seen.trouble = first.delivery, first.trouble
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

    def _settings(self) -> SlackSettings:
        return SlackSettings(
            bot_token=self.slack.bot_token,
            app_token=self.slack.app_token if SOCKET in self.ways else None,
            signing_secret=self.slack.signing_secret if HTTP in self.ways else None,
            api_url=self.slack.url,
            port=0,
        )


@asynccontextmanager
async def workspace(folder: Path, *ways: str) -> AsyncIterator[Room]:
    """Open a workspace that is reached in those ways, over Socket Mode where none is named.

    Raises AssertionError at the end where Slack refused or saw something it should not, where a warning or an error was
    logged, or where anything still runs.
    """
    before = asyncio.all_tasks()
    clock = Clock()
    with _logged() as logged:
        async with FakeSlack(clock=clock) as slack:
            room = _furnished(slack, clock, folder, ways or (SOCKET,), logged)
            await room.start()
            try:
                yield room
            finally:
                await room.stop()
            assert slack.violations == [], slack.violations
        await asyncio.sleep(0)
    assert logged == []
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    assert not left, left


def _furnished(slack: FakeSlack, clock: Clock, folder: Path, ways: Sequence[str], logged: list[str]) -> Room:
    ann, ed, mei = slack.add_user("ann"), slack.add_user("ed"), slack.add_user("mei", locale="zh-TW")
    news = slack.add_channel("news", ann, ed, mei)
    walled = slack.add_channel("walled", ann, ed, mei, bot=False)
    file = folder / "tipfacts.db"
    file.write_bytes(seeded_file())
    return Room(slack, clock, file, ways, ann, ed, mei, news, walled, logged)


@cache
def seeded_file() -> bytes:
    """A database file that holds the seeds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeded.db"
        store = SqlStore(f"sqlite:///{file}")
        store.prepare(migrate=True)
        load_seeds(store, Settings(), MONDAY)
        store.close()
        return file.read_bytes()


@asynccontextmanager
async def _served(front: SlackFront) -> AsyncIterator[None]:
    serving = asyncio.create_task(front.serve())
    try:
        yield
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


@contextmanager
def _logged() -> Iterator[list[str]]:
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


def digests(room: Room) -> list[Message]:
    """The messages in #news that carry a delivery's nonce; those of answers, shares and announcements hold a slash."""
    nonces = [
        (message, (message.metadata or {}).get("event_payload", {})) for message in room.slack.messages(room.news)
    ]
    return [message for message, held in nonces if held and "/" not in held["nonce"]]


def whispered(seen: Seen) -> str:
    """The text of what a person sees, which must be new and for them alone."""
    assert seen.ephemerals, seen.words or seen.trouble
    assert not seen.messages, seen.words
    assert {said.user for said in seen.ephemerals} == {seen.user}
    return seen.text


def filled_in(seen: Seen) -> Mapping[str, str]:
    """What the text fields of the modal in front hold at first, by name."""
    assert seen.view, seen.words or seen.trouble
    inputs = [block for block in seen.view.blocks if block["type"] == "input"]
    return {
        block["block_id"]: block["element"].get("initial_value", "")
        for block in inputs
        if block["element"]["type"] == "plain_text_input"
    }
