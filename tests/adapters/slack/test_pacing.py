"""Turns to post in Slack: one a while in each channel, so many in a workspace, and none while Slack asks to wait."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from adapters.slack.pacing import BURST, PATIENCE, PER_SECOND, Pace
from bot.domain.digests import TryLater

A_MINUTE = TryLater(timedelta(minutes=1), "ratelimited")


@dataclass
class Line:
    """People who wait for their turns, on a clock of their own."""

    now: float = 1_000.0
    given: list[tuple[str, float]] = field(default_factory=list)
    later: list[TryLater] = field(default_factory=list)
    _sleeping: list[tuple[float, asyncio.Future[None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pace = Pace(monotonic=lambda: self.now)

    async def sleep(self, seconds: float) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.append((self.now + seconds, waiting))
        await waiting

    async def turn(self, channel: str, team: str = "T1") -> None:
        later = await self.pace.turn(team, channel)
        if later:
            self.later.append(later)
        else:
            self.given.append((channel, self.now))

    async def pass_(self, seconds: float) -> None:
        """Let time pass, and wake who slept for as long."""
        until = self.now + seconds
        while True:
            for _ in range(20):
                await _soon()
            due = sorted((each for each in self._sleeping if each[0] <= until), key=lambda each: each[0])
            if not due:
                self.now = until
                return
            self._sleeping.remove(due[0])
            self.now = max(self.now, due[0][0])
            due[0][1].set_result(None)


async def _soon() -> None:
    future = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_soon(future.set_result, None)
    await future


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    found = Line()
    monkeypatch.setattr(asyncio, "sleep", found.sleep)
    return found


async def test_a_workspace_gets_a_burst_and_then_no_more_than_its_budget(line: Line) -> None:
    async with asyncio.TaskGroup() as tasks:
        for number in range(BURST + 24):
            tasks.create_task(line.turn(f"C{number}"))
        await line.pass_(0)
        assert len(line.given) == BURST
        await line.pass_(1)
        assert len(line.given) == BURST + PER_SECOND
        await line.turn("C1", team="T2")  # another workspace has its own
        assert line.given[-1] == ("C1", line.now)
        await line.pass_(5)
    assert len(line.given) == BURST + 24 + 1
    assert line.later == []


async def test_a_budget_that_was_spent_comes_back(line: Line) -> None:
    for number in range(BURST):
        await line.turn(f"C{number}")
    await line.pass_(BURST / PER_SECOND)
    for number in range(BURST):
        await line.turn(f"C{number}")
    assert len(line.given) == 2 * BURST


async def test_whoever_would_wait_for_long_is_told_how_long_at_once_and_takes_no_turn(line: Line) -> None:
    waits = int(PATIENCE) + 1
    async with asyncio.TaskGroup() as tasks:
        for _ in range(waits + 5):
            tasks.create_task(line.turn("C1"))
        await line.pass_(0)
        assert line.later == [TryLater(timedelta(seconds=waits), "rate limit")] * 5
        await line.pass_(PATIENCE)
    assert [at - 1_000.0 for _, at in line.given] == [*range(waits)]


async def test_after_a_429_nothing_is_posted_in_the_workspace_for_as_long_as_slack_asks(line: Line) -> None:
    line.pace.hold("T1", A_MINUTE)
    await line.turn("C1")
    await line.turn("C2")
    await line.turn("C1", team="T2")
    assert line.later == [A_MINUTE, A_MINUTE]
    assert [channel for channel, _ in line.given] == ["C1"]
    await line.pass_(60)
    async with asyncio.TaskGroup() as tasks:
        for number in range(10):
            tasks.create_task(line.turn(f"C{number}"))
        await line.pass_(0.1)
        assert len(line.given) == 2  # and not all at once then
        await line.pass_(2)
    assert len(line.given) == 11


async def test_whoever_waits_already_when_slack_asks_to_wait_does_not_post_either(line: Line) -> None:
    async with asyncio.TaskGroup() as tasks:
        for _ in range(3):
            tasks.create_task(line.turn("C1"))
        await line.pass_(0)
        assert len(line.given) == 1
        line.pace.hold("T1", A_MINUTE)
        await line.pass_(3)
    assert len(line.given) == 1
    assert line.later == [TryLater(timedelta(seconds=left), "ratelimited") for left in (59, 58)]
