"""The fault table: its cells, some of them run beside each other."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from faults.cells import Cell, Fault, Outcome, run_cell
from faults.stores import POSTGRES, SQLITE
from servers.postgres import PostgresServer

from bot.domain.people import Platform

AT_A_TIME = 5  # cells; with more of them a busy machine would be what is tested
CELLS = (
    Cell(Platform.SLACK, SQLITE, Fault.NOTHING),
    Cell(Platform.SLACK, POSTGRES, Fault.CALLS, workers=2),
    Cell(Platform.SLACK, SQLITE, Fault.SLOW),
    Cell(Platform.SLACK, POSTGRES, Fault.PAUSE, workers=2),
    Cell(Platform.SLACK, SQLITE, Fault.OUTAGE),
    Cell(Platform.DISCORD, POSTGRES, Fault.NOTHING, workers=3),
    Cell(Platform.DISCORD, SQLITE, Fault.CALLS, workers=2),
    Cell(Platform.DISCORD, POSTGRES, Fault.SLOW),
    Cell(Platform.DISCORD, SQLITE, Fault.PAUSE, workers=2),
    Cell(Platform.DISCORD, SQLITE, Fault.OUTAGE),
)


async def run_table(
    kills: int, folder: Path, server: Callable[[], PostgresServer], seed: int, cells: Sequence[Cell] = CELLS
) -> Mapping[Cell, Outcome]:
    """Kill about so many workers, over all cells together, and return what came of each. Raises AssertionError."""
    share, turns = -(-kills // len(cells)), asyncio.Semaphore(AT_A_TIME)

    async def run(number: int, cell: Cell) -> Outcome:
        async with turns:
            dice = random.Random(f"{seed} {number}")  # noqa: S311 (dice)
            return await run_cell(cell, share, folder / str(number), server, dice)

    outcomes = await asyncio.gather(*(run(number, cell) for number, cell in enumerate(cells)))
    return dict(zip(cells, outcomes, strict=True))


def shown(outcomes: Mapping[Cell, Outcome]) -> str:
    """Return the table as text."""
    return "\n".join(f"{cell.name:64} {outcome}" for cell, outcome in outcomes.items())
