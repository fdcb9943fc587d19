"""One cell of the fault table: a platform, a database, what goes wrong, and how many workers send at once.

Channels are owed a digest in each round, and workers that are killed at random moments send them. In the end every
digest stands in its channel once: that is counted on the platform's side, by what each message was posted as.
"""

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import count
from pathlib import Path

from contracts.samples import EDITOR, SCREENED_2021, load, statement_of_2022, subscription
from faults.nursery import Nursery
from faults.platforms import Recording, recording, spoilt
from faults.stores import is_whole, new_database
from servers.postgres import PostgresServer

from bot.domain.changes import Origin, SaveSubscription
from bot.domain.digests import Delivery, DeliveryState
from bot.domain.people import Platform
from store.store import SqlStore

CHANNELS = 10
LEASE, TICK = 2.5, 0.2  # seconds
LATE = 0.6  # seconds until a slow platform shows what was posted; less than the half of a lease
STUCK = 240.0  # seconds in which a round has to come to its end once nothing is killed any more
_LOOKED = 10  # deliveries of a subscription
_MOST_CALLS = 2 * CHANNELS


class Fault(StrEnum):
    """What goes wrong beside the kills."""

    NOTHING = "kill -9"
    CALLS = "and lost replies, 500, 503, 429"
    SLOW = "and a platform that records late"
    PAUSE = "and SIGSTOP longer than the lease"
    OUTAGE = "and an outage longer than a nonce is known"


@dataclass(frozen=True)
class Cell:
    """A line of the table."""

    platform: Platform
    database: str
    fault: Fault
    workers: int = 1

    @property
    def name(self) -> str:
        return f"{self.platform:8} {self.database:11} {self.workers} worker{'s' * (self.workers > 1):1} {self.fault}"


@dataclass
class Outcome:
    """What came of a cell: how many deliveries there were, how many of them do not stand in their channels, and how
    many messages there are too many; `wrong` are sentences on all else.
    """

    kills: int = 0
    deliveries: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.kills:6} kills {self.deliveries:6} deliveries   lost {self.lost}   doubled {self.doubled}"


async def run_cell(
    cell: Cell, kills: int, folder: Path, server: Callable[[], PostgresServer], dice: random.Random
) -> Outcome:
    """Run rounds until so many workers were killed, and return what came of it."""
    url = new_database(cell.database, folder, "cell", server)
    store = SqlStore(url)
    log = folder / "workers.log"
    outcome = Outcome()
    try:
        async with recording(cell.platform, CHANNELS) as platform, Nursery(log) as nursery:
            load(store)
            for address in platform.addresses:
                wanted = subscription(address, due=datetime.now(UTC) + timedelta(days=1))
                store.apply(SaveSubscription(wanted, keep_cursor=False), by=EDITOR, at=datetime.now(UTC))
            ours = {"TIPFACTS_DATABASE_URL": url, "TIPFACTS_SEEDS": "none"}
            timing = {"TIPFACTS_LEASE_SECONDS": str(LEASE), "TIPFACTS_TICK_SECONDS": str(TICK)}
            torment = _Torment(cell, nursery, {**platform.environment, **ours, **timing}, platform, dice)
            for number in count(1):
                _owe(store, platform, number)
                await torment.round(lambda: _all_are_done(store, platform), kills - outcome.kills)
                outcome.kills = torment.kills
                if torment.kills >= kills:
                    break
            _count(outcome, store, platform)
            outcome.wrong += tuple(platform.faults())
    finally:
        store.close()
    if not is_whole(url):
        outcome.wrong += ("the database is damaged",)
    outcome.wrong += tuple(_tracebacks(log))
    return outcome


class _Torment:
    """Keeps so many workers of a cell running, and lets things go wrong."""

    def __init__(
        self, cell: Cell, nursery: Nursery, environment: dict[str, str], platform: Recording, dice: random.Random
    ) -> None:
        self._cell, self._nursery, self._environment = cell, nursery, environment
        self._platform, self._dice = platform, dice
        self.kills = 0

    async def round(self, is_done: Callable[[], bool], kills: int) -> None:
        """Kill workers at random moments until a round is done; the last ones are left alone. Raises AssertionError
        where it comes to no end.
        """
        before = self.kills
        while len(self._nursery.pids) < self._cell.workers:
            await self._nursery.start(self._environment)
        outage = self._cell.fault is Fault.OUTAGE and before % 3 == 0
        if outage:
            self._spoil({"lose_reply": True}, CHANNELS)
        while not is_done() and self.kills - before < kills:
            self._misbehave()
            await self._until_somewhere()
            if self._cell.fault is Fault.PAUSE and self._dice.random() < 0.5:
                await self._pause_one()
            await self._kill_one()
            if outage:
                await self._go_down()
                outage = False
        self._platform.calm()
        give_up = asyncio.get_running_loop().time() + STUCK
        while not is_done():
            assert asyncio.get_running_loop().time() < give_up, f"{self._cell.name}: a round comes to no end"
            await asyncio.sleep(0.1)

    async def _until_somewhere(self) -> None:
        """Wait until the platform was asked some things more, or a while has passed: any moment will do."""
        asked = self._platform.calls() + self._dice.randrange(_MOST_CALLS)
        give_up = asyncio.get_running_loop().time() + LEASE * 1.5
        while self._platform.calls() < asked and asyncio.get_running_loop().time() < give_up:  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.005)
        await asyncio.sleep(self._dice.random() * 0.03)

    async def _kill_one(self) -> None:
        self._nursery.kill(self._dice.choice(sorted(self._nursery.pids)))
        self.kills += 1
        await self._nursery.start(self._environment)

    async def _pause_one(self) -> None:
        pid = self._dice.choice(sorted(self._nursery.pids))
        self._nursery.pause(pid)
        others = [await self._nursery.start(self._environment)] if len(self._nursery.pids) == 1 else []
        await asyncio.sleep(LEASE * 1.6)
        self._nursery.go_on(pid)
        await asyncio.sleep(0.2)
        for other in others:
            self._nursery.kill(other)

    async def _go_down(self) -> None:
        """Let the platform be away, and when it is back, know no nonce any more."""
        self._spoil({"status": 503}, CHANNELS)
        for _ in range(CHANNELS):
            self._platform.spoil_look({"status": 503})
        await asyncio.sleep(LEASE * 1.5)
        self._platform.forget()

    def _misbehave(self) -> None:
        if self._cell.fault is Fault.CALLS:
            self._platform.spoil(spoilt(self._dice))
            if self._dice.random() < 0.3:
                self._platform.spoil_look({"status": 500})
        if self._cell.fault is Fault.SLOW:
            self._spoil({"late": LATE}, 3)

    def _spoil(self, how: dict[str, object], times: int) -> None:
        for _ in range(times):
            self._platform.spoil(how)


def _owe(store: SqlStore, platform: Recording, number: int) -> None:
    """Add a statement, and then let every channel's digest be due."""
    fact = replace(SCREENED_2021, key=f"fact-{number}", statement=statement_of_2022().statements[0].key, value=number)
    now = datetime.now(UTC)
    load(store, statement_of_2022(fact), Origin.EDITOR, at=now)
    for address in platform.addresses:
        with store.read() as library:
            held = library.subscription_at(address)
        assert held, address
        store.apply(SaveSubscription(replace(held, next_due=now), keep_cursor=True), by=EDITOR, at=now)


def _deliveries(store: SqlStore, platform: Recording) -> Iterable[list[Delivery]]:
    """Yield the deliveries of each channel, newest first."""
    with store.read() as library:
        for address in platform.addresses:
            held = library.subscription_at(address)
            assert held, address
            yield list(library.deliveries(held.id, 10_000))


def _all_are_done(store: SqlStore, platform: Recording) -> bool:
    """Whether each channel has got all that it is owed."""
    with store.read() as library:
        revision = library.revision()
        held = [library.subscription_at(address) for address in platform.addresses]
        newest = [library.deliveries(each.id, _LOOKED) for each in held if each]
    return all(each and each.cursor == revision for each in held) and all(
        delivery.state is DeliveryState.SENT for each in newest for delivery in each
    )


def _count(outcome: Outcome, store: SqlStore, platform: Recording) -> None:
    """Count what stands in the channels against what the store says was sent."""
    posted = platform.posted()
    owed = {each.nonce: each for deliveries in _deliveries(store, platform) for each in deliveries}
    outcome.deliveries = len(owed)
    outcome.lost = sum(not posted[nonce] for nonce in owed)
    outcome.doubled = sum(max(0, number - 1) for number in posted.values())
    unknown = [nonce for nonce in posted if nonce not in owed]
    outcome.wrong += (f"{len(unknown)} messages that nobody owed",) if unknown else ()


def _tracebacks(log: Path) -> list[str]:
    written = log.read_text(encoding="utf-8") if log.exists() else ""
    return [line for line in written.splitlines() if "Traceback" in line][:3]
