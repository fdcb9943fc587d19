"""Turns to call Discord, on a clock that is late as those of busy machines are."""

import asyncio
import random
from dataclasses import dataclass, field

import pytest

from adapters.discord.pacing import PER_SECOND, Pace

CALLS = 2_000
MOST = 50  # in any second (Discord, "Rate Limits")
A_LITTLE, MUCH = 0.008, 0.2  # seconds


@dataclass
class LateClock:
    """A clock on which every sleep takes up to `late` seconds longer than it should."""

    late: float
    now: float = 1_000.0
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 (dice)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.dice.random() * self.late

    async def turns(self, count: int) -> list[float]:
        """When so many turns were given, of different routes."""
        pace, given = Pace(lambda: self.now), []
        for number in range(count):
            assert await pace.turn(f"POST /channels/{number}/messages") is None
            given.append(self.now)
        return given


@pytest.mark.parametrize("late", [0.0, A_LITTLE, MUCH])
async def test_no_second_has_more_calls_than_discord_takes(monkeypatch: pytest.MonkeyPatch, late: float) -> None:
    clock = LateClock(late)
    monkeypatch.setattr(asyncio, "sleep", clock.sleep)
    given = await clock.turns(CALLS)
    assert min(after - before for before, after in zip(given, given[MOST:], strict=False)) > 1.0


async def test_turns_that_come_a_little_late_cost_no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = LateClock(A_LITTLE)
    monkeypatch.setattr(asyncio, "sleep", clock.sleep)
    given = await clock.turns(CALLS)
    assert given[-1] - given[0] < CALLS / PER_SECOND * 1.001
