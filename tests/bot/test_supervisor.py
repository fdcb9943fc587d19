"""Platforms’ apps are kept serving, each by itself."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from bot import supervisor
from bot.health import Health
from bot.supervisor import Patience, supervise

QUICK = Patience(first=0.02, longest=0.08, good=0.5)


class Scripted:
    """A front that does what it is told, once for each time it is started."""

    name = "slack"

    def __init__(self, *turns: Callable[[], Awaitable[None]]) -> None:
        self.turns = list(turns)
        self.started: list[float] = []
        self.wanted, self.enough = 0, asyncio.Event()

    async def serve(self) -> None:
        self.started.append(asyncio.get_running_loop().time())
        if len(self.started) == self.wanted:
            self.enough.set()
        await (self.turns.pop(0) if self.turns else forever)()

    @property
    def pauses(self) -> list[float]:
        return [after - before for before, after in pairwise(self.started)]


async def forever() -> None:
    await asyncio.Event().wait()


async def fails() -> None:
    raise ConnectionError("invalid_auth for xoxb-123-secret")


async def ends() -> None:
    """Come to an end by itself."""


async def cancels_itself() -> None:
    raise asyncio.CancelledError


async def fails_in_a_group() -> None:
    """Serve two ways at once, one of which fails: Python 3.11 leaves the task marked as cancelled."""
    try:
        async with asyncio.TaskGroup() as ways:
            ways.create_task(fails())
            ways.create_task(forever())
    except ExceptionGroup as group:
        raise group.exceptions[0] from None


async def serves_well() -> None:
    await asyncio.sleep(QUICK.good)
    raise ConnectionError("reset")


async def supervised(front: Scripted, starts: int) -> None:
    """Supervise a front until it was started so often, then stop."""
    front.wanted = starts
    task = asyncio.create_task(supervise(front, QUICK))
    async with asyncio.timeout(30):
        await front.enough.wait()
        await asyncio.sleep(0.005)
        task.cancel()
        await asyncio.wait({task})
    assert task.done()


@pytest.mark.parametrize("stops", [fails, fails_in_a_group, ends, cancels_itself])
async def test_a_front_that_stops_is_started_again(stops: Callable[[], Awaitable[None]]) -> None:
    front = Scripted(stops, stops)
    await supervised(front, starts=3)


async def test_it_is_left_alone_twice_as_long_each_time_up_to_a_bound() -> None:
    front = Scripted(*[fails] * 5)
    await supervised(front, starts=6)
    wanted = (0.02, 0.04, 0.08, 0.08, 0.08)
    assert all(least <= pause for least, pause in zip(wanted, front.pauses, strict=True))
    assert sum(front.pauses) < 5  # and not without a bound


async def test_after_good_service_it_is_started_again_soon() -> None:
    front = Scripted(fails, fails, fails, serves_well)
    await supervised(front, starts=5)
    assert front.pauses[3] - QUICK.good < QUICK.longest


async def test_the_log_says_why_and_when_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await supervised(Scripted(fails, ends), starts=3)
    assert "slack stopped: ConnectionError at test_supervisor.py:" in caplog.text
    assert "invalid_auth" in caplog.text
    assert "it came to an end; it is started again in 0.04 s" in caplog.text
    assert "xoxb" not in caplog.text


async def test_a_front_that_failed_and_is_started_again_is_closed_when_we_stop() -> None:
    closed = asyncio.Event()

    async def closes() -> None:
        try:
            await forever()
        finally:
            closed.set()

    await supervised(Scripted(fails_in_a_group, closes), starts=2)
    assert closed.is_set()


async def test_a_front_that_fails_to_close_is_not_started_again(caplog: pytest.LogCaptureFixture) -> None:
    async def closes_badly() -> None:
        try:
            await forever()
        finally:
            raise ConnectionError("while closing")

    front = Scripted(closes_badly)
    await supervised(front, starts=1)
    assert len(front.started) == 1
    assert "slack did not close well: ConnectionError" in caplog.text


async def test_a_front_that_closes_quietly_is_not_started_again(caplog: pytest.LogCaptureFixture) -> None:
    async def closes() -> None:
        try:
            await forever()
        except asyncio.CancelledError:
            return

    front = Scripted(closes)
    await supervised(front, starts=1)
    assert len(front.started) == 1
    assert caplog.text == ""


async def test_pauses_are_spread_so_that_what_stopped_together_is_not_started_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("random.uniform", lambda least, most: (least + most) / 2)
    monkeypatch.setattr(supervisor, "JITTER", 40)
    front = Scripted(fails)
    await supervised(front, starts=2)
    assert front.pauses[0] >= QUICK.first * 20


async def test_it_is_known_that_a_front_is_down_and_why_until_it_has_served_for_a_while() -> None:
    health, patience = Health(), replace(QUICK, well=0.2)
    front = Scripted(fails, fails)
    front.wanted = 3
    task = asyncio.create_task(supervise(front, patience, health))
    async with asyncio.timeout(30):
        await front.enough.wait()
        await asyncio.sleep(0.05)
        assert "invalid_auth" in health.troubles["slack"]
        assert "xoxb" not in health.troubles["slack"]
        while health.troubles:  # noqa: ASYNC110 (nobody is told)
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait({task})
    assert health.troubles == {}
