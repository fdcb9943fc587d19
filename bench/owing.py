"""Stores with many channels that are owed the same digest, and a process that ticks over one, to tell its memory."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, String, cast, insert, literal, select

from bench.asking import opened
from bench.made_up import content
from bench.watching import WatchedStore
from bot.digests.sender import Sender
from bot.domain.changes import LoadLibrary, Origin
from bot.domain.digests import Attempt, DeliveryState, Posted, Rhythm, SubscriptionState
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Document
from store.engine import open_writer, read_url
from store.tables import deliveries, subscriptions

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # in Hong Kong
GUILD = "2001"
FACTS = 4  # that are new
MINUTE = timedelta(minutes=1)
_FIRST_CHANNEL, _AT_ONCE, _SENT = 10**17, 10_000, 500
_STATUS = Path("/proc/self/status")


@contextmanager
def owing(file: Path, count: int, days: int = 0) -> Iterator[WatchedStore]:
    """A store in which so many channels of a guild are due at NINE, and a statement is new to them. They have had a
    digest on each of so many days before.
    """
    with opened(file) as store:
        with store.read() as library:
            made, before = content(library.topics(), 0, FACTS), library.revision()
        store.apply(LoadLibrary(made, Origin.EDITOR), by="bench", at=NINE - timedelta(hours=1))
        _subscribe(file, count, before, days)
        yield store


def _subscribe(file: Path, count: int, cursor: int, days: int) -> None:
    """Write the rows that as many subscribe commands would leave, and those of so many days."""
    writer = open_writer(read_url(f"sqlite:///{file}"))
    with writer.begin() as connection:
        for first in range(0, count, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, count))
            connection.execute(insert(subscriptions), [_row(number, cursor) for number in numbers])
        for day in range(1, days + 1):
            columns = sent(cursor, NINE - timedelta(days=day), f"-{day}")
            connection.execute(insert(deliveries).from_select(list(columns), select(*columns.values())))
    writer.dispose()


def sent(cursor: int, slot: datetime, mark: str) -> dict[str, ColumnElement[Any]]:
    """Return the columns of a digest that every subscription was sent."""
    at = literal(slot, deliveries.c.slot.type)
    return {
        "subscription_id": subscriptions.c.id,
        "slot": at,
        "from_revision": literal(cursor),
        "to_revision": literal(cursor),
        "nonce": cast(subscriptions.c.id, String) + mark,
        "state": literal(DeliveryState.SENT, deliveries.c.state.type),
        "fence": literal(1),
        "tries": literal(1),
        "settled_at": at,
    }


def _row(number: int, cursor: int) -> dict[str, object]:
    return {
        "platform": Platform.DISCORD,
        "space": GUILD,
        "channel": str(_FIRST_CHANNEL + number),
        "thread": "",
        "dm_user": "",
        "owner": f"discord:{GUILD}/4001",
        "rhythm": Rhythm.DAILY,
        "wall_time": time(9, 0),
        "zone": "Asia/Hong_Kong",
        "locale": Locale.EN,
        "cursor": cursor,
        "next_due": NINE,
        "state": SubscriptionState.ACTIVE,
        "live": True,
    }


class Taking:
    """A messenger that takes every message at once."""

    def __init__(self) -> None:
        self.taken = 0

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Count it."""
        del address, document, nonce
        assert fence()
        self.taken += 1
        return Posted(str(self.taken))

    def unshown(self, address: Address, document: Document) -> frozenset[int]:
        """Everything has room."""
        del address, document
        return frozenset()

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Nothing is ever looked for."""
        raise AssertionError(address, nonce, since)


def ticked(file: Path) -> tuple[float, float]:
    """Tick over a store before and at NINE, and then send a few hundred digests; return the memory that this process
    holds before and after these, in megabytes.
    """
    store, messenger = WatchedStore(f"sqlite:///{file}"), Taking()
    now = [NINE - MINUTE]
    sender = Sender(store, {Platform.DISCORD: messenger}, lambda: now[0])
    asyncio.run(sender.tick())
    now[0] = NINE
    asyncio.run(sender.tick(lambda: True))
    before = resident()
    asyncio.run(sender.tick(lambda: messenger.taken >= _SENT))
    after = resident()
    store.close()
    return before, after


def resident() -> float:
    """Return the memory that this process holds, in megabytes."""
    line = next(line for line in _STATUS.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
