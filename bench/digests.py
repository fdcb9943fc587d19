"""What it takes to send thousands of digests that are due at nine, and what others notice of it.

Prints each figure with its bound: how long it takes to owe them all, beside APScheduler with a job for each; how much
longer commands take while they are sent; how long it takes to send them all to a Discord that keeps its limits, beside
what these limits allow; and how much memory 100,000 subscriptions cost a process that ticks.

TIPFACTS_BENCH_DELIVERIES=10000 sends as many (200 s) instead of 2,000.
"""

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from adapters.discord.messenger import DiscordMessenger
from adapters.discord.rest import Rest
from bench.arriving import arriving
from bench.discord import verdict
from bench.limited_discord import GLOBALLY, counted, limited_discord
from bench.one_job_each import one_job_each
from bench.owing import MINUTE, NINE, owing, ticked
from bench.watching import WatchedStore
from bot.core import Bot
from bot.digests.schedule import next_due
from bot.digests.sender import Sender
from bot.domain.digests import DeliveryState, Schedule
from bot.domain.people import Platform
from bot.service import Service
from bot.settings import DiscordSettings, Settings

DUE, ROUNDS = 10_000, 3
ALONE = 500  # jobs that each owe one delivery
OWED_BOUND = 0.1  # of what APScheduler takes
DELIVERIES = int(os.environ.get("TIPFACTS_BENCH_DELIVERIES", "2000"))
IDLE, DAYS = 20.0, 30  # seconds without digests before; days on which each channel has had one
LATER_BOUND, SLOWEST_BOUND = 50.0, 3.0  # milliseconds, seconds
SENT_BOUND, REFUSED_BOUND = 1.05, 0.1  # of what Discord's limit allows; percent
FEW, MANY, MEMORY_BOUND = 1_000, 100_000, 10.0  # subscriptions, megabytes
TOKEN = "MTAwMQ.bench.of-no-app"  # noqa: S105 (opens nothing but the stub)


@dataclass(frozen=True, slots=True)
class Drained:
    """What came of a drain: the seconds it took, what Discord counted, and how long commands took before and during it,
    in seconds.
    """

    seconds: float
    calls: int
    refused: int
    most: int
    idle: Sequence[float]
    busy: Sequence[float]


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        asyncio.run(_owed(folder))
        _print_drained(asyncio.run(_drained(folder)))
        _print_memory(folder)


async def _owed(folder: Path) -> None:
    """Owe all that is due, and beside it, run as many daily jobs: some that owe one each, and some that do nothing."""
    ours, nothing = list[float](), list[float]()
    for number in range(ROUNDS):
        with owing(folder / f"owed-{number}.db", DUE) as store:
            ours.append(await _tick_at_nine(store))
        nothing.append(await one_job_each(DUE, _do_nothing))
    with owing(folder / "alone.db", DUE) as store:
        each = await one_job_each(ALONE, lambda: asyncio.to_thread(_owe_one, store)) / ALONE
    took, floor = statistics.median(ours), statistics.median(nothing)
    print(f"{DUE:,} due at nine are owed in {took:.2f} s")
    print(f"as many daily jobs of APScheduler that do nothing take {floor:.2f} s")
    print(f"a job that owes one delivery takes {1000 * each:.1f} ms, {DUE:,} of them {each * DUE:.0f} s")
    print(verdict("owing all, to jobs that owe one each", took / (each * DUE), OWED_BOUND))
    print(verdict("owing all, to jobs that do nothing", took / floor, OWED_BOUND), flush=True)


async def _tick_at_nine(store: WatchedStore) -> float:
    """Return how long a tick takes that owes all, a minute after the first one of its process."""
    now = [NINE - MINUTE]
    sender = Sender(store, {}, lambda: now[0])
    await sender.tick()
    now[0] = NINE
    started = time.perf_counter()
    report = await sender.tick()
    took = time.perf_counter() - started
    assert report.due == DUE, "some were missed"
    return took


async def _do_nothing() -> None:
    pass


def _owe_one(store: WatchedStore) -> None:
    assert store.enqueue_due(NINE, _following, 1) == 1


def _following(schedule: Schedule) -> datetime:
    return next_due(schedule, NINE)


async def _drained(folder: Path) -> Drained:
    """Send what is due in one process with a core at which commands arrive, as `run` does."""
    async with AsyncExitStack() as stack:
        store = stack.enter_context(owing(folder / "drained.db", DELIVERIES, DAYS))
        address = await stack.enter_async_context(limited_discord())
        rest = await stack.enter_async_context(Rest(DiscordSettings(TOKEN, f"{address}/api/v10")))
        bot = Bot(store, Settings())
        stack.callback(bot.settle)
        service = Service(bot, store)
        stack.push_async_callback(service.drain, 10)
        async with arriving(service):  # warms up
            await asyncio.sleep(2)
        async with arriving(service) as idle:
            await asyncio.sleep(IDLE)
        started = time.perf_counter()
        sender = Sender(
            store,
            {Platform.DISCORD: DiscordMessenger(rest)},
            lambda: NINE + timedelta(seconds=time.perf_counter() - started),
        )
        async with arriving(service) as busy:
            await _send(sender, DELIVERIES)
            seconds = time.perf_counter() - started
        found = await counted(address)
        assert found["posted"] == DELIVERIES, found
        assert not found["doubled"], found
    return Drained(seconds, found["calls"], found["429"], found["most in a second"], idle, busy)


async def _send(sender: Sender, count: int) -> None:
    """Tick until all are sent: what Discord has refused for a moment may be left to another tick."""
    sent = 0
    while True:
        sent += (await sender.tick()).count(DeliveryState.SENT)
        if sent >= count:
            return
        await asyncio.sleep(1)


def _print_drained(drained: Drained) -> None:
    allowed = DELIVERIES / GLOBALLY
    print(f"{DELIVERIES:,} sent in {drained.seconds:.1f} s, with at most {drained.most} calls in any second of them")
    for name, taken in (("idle", drained.idle), ("while digests are sent", drained.busy)):
        p50, p99 = 1000 * statistics.median(taken), 1000 * _p99(taken)
        print(f"{len(taken):>6,} commands {name:22} p50 {p50:6.1f} ms  p99 {p99:6.1f} ms  most {max(taken):5.2f} s")
    later = 1000 * (_p99(drained.busy) - _p99(drained.idle))
    print(verdict("p99 of commands later by, ms", later, LATER_BOUND))
    print(verdict("the slowest command, s", max(drained.busy), SLOWEST_BOUND))
    print(verdict("sending all, to what Discord allows", drained.seconds / allowed, SENT_BOUND))
    print(verdict("refused with 429, percent", 100 * drained.refused / drained.calls, REFUSED_BOUND), flush=True)


def _p99(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[98]


def _print_memory(folder: Path) -> None:
    """Tick over stores without subscriptions, with a few and with many, each in a process of its own. What code is
    loaded by sending a digest at all is in the few as in the many.
    """
    files = {count: folder / f"{count}.db" for count in (0, FEW, MANY)}
    for count, file in files.items():
        with owing(file, count):
            pass
    found: dict[int, list[tuple[float, float]]] = {count: [] for count in files}
    context = get_context("spawn")
    for _ in range(ROUNDS):
        for count, file in files.items():
            own = Path(shutil.copy(file, folder / "own.db"))
            with ProcessPoolExecutor(1, mp_context=context) as process:
                found[count].append(process.submit(ticked, own).result())
            own.unlink()
    held = {count: [statistics.median(each) for each in zip(*rounds, strict=True)] for count, rounds in found.items()}
    for count, (before, after) in held.items():
        print(
            f"{count:>7,} subscriptions: {before:.1f} MB once all that is due is owed, {after:.1f} MB once some is sent"
        )
    print(verdict(f"{MANY:,} against none, to owe, MB", held[MANY][0] - held[0][0], MEMORY_BOUND))
    print(verdict(f"{MANY:,} against {FEW:,}, to send, MB", held[MANY][1] - held[FEW][1], MEMORY_BOUND))


if __name__ == "__main__":
    main()
