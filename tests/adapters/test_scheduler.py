"""The metronome and the runtime that listens to it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from adapters.scheduler import Metronome
from bot.digests.report import TickReport
from bot.runtime import Runtime

OFTEN = 0.02  # seconds


class SlowSender:
    """Ticks that take a while; counts those begun and those finished."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begun = self.finished = 0

    async def tick(self, stopping: Callable[[], bool]) -> TickReport:
        del stopping
        self.begun += 1
        await asyncio.sleep(self.seconds)
        self.finished += 1
        return TickReport()


async def served(sender: SlowSender, seconds: float) -> None:
    """Serve for a while, then stop as a signal would."""
    runtime = Runtime(sender, Metronome(OFTEN))
    asyncio.get_running_loop().call_later(seconds, runtime.stop)
    await asyncio.wait_for(runtime.serve(), timeout=30)


async def test_it_beats_again_and_again() -> None:
    sender = SlowSender(0)
    await served(sender, 0.5)
    assert sender.finished > 3


async def test_a_stop_lets_the_ticks_under_way_finish() -> None:
    sender = SlowSender(0.4)
    await served(sender, 0.1)
    assert sender.begun == sender.finished >= 1


async def test_a_slow_tick_does_not_hold_up_the_next_and_all_are_waited_for() -> None:
    sender = SlowSender(0.4)
    await served(sender, 0.3)
    assert sender.finished == sender.begun > 3


async def test_a_tick_that_fails_does_not_end_the_serving() -> None:
    class Failing(SlowSender):
        async def tick(self, stopping: Callable[[], bool]) -> TickReport:
            await super().tick(stopping)
            raise RuntimeError("boom")

    sender = Failing(0)
    await served(sender, 0.5)
    assert sender.finished > 3


def test_without_a_number_of_seconds_it_beats_as_each_minute_begins() -> None:
    trigger = CronTrigger(second=0, timezone="UTC")
    assert str(Metronome()._trigger) == str(trigger)  # noqa: SLF001 (waiting a minute would tell the same)
    late = datetime(2026, 11, 23, 0, 59, 30, tzinfo=UTC)
    assert trigger.get_next_fire_time(None, late) == late.replace(second=0) + timedelta(minutes=1)
