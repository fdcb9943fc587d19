"""Whether digests are lost or doubled however often the workers that send them are killed.

    python -m bench.faults [--kills N] [--state FILE]

Runs the cells of tests/faults beside each other until N workers more were killed (1,000 by default, each at a random
moment), and adds what came of them to the table in FILE, from which the next run goes on. Prints the table; the status
is 1 where anything in it was lost, doubled or wrong. Ctrl-C keeps what was done until then.
"""

import argparse
import asyncio
import json
import logging
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # where the cells, and all that they stand on, are

from faults.cells import Cell, Outcome
from faults.table import AT_A_TIME, CELLS, run_table, shown
from servers.postgres import PostgresServer, is_installed, running_server

KILLS = 1_000
AT_ONCE = 5  # kills of a cell after which it is counted and begun anew
STATE = Path(".bench-faults.json")


class Table:
    """What came of the cells so far; `note` adds to it, and keeps it in the file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        held = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._outcomes = {name: Outcome(**fields) for name, fields in held.items()}

    def note(self, cell: Cell, found: Outcome) -> None:
        """Add what came of a cell."""
        before = self._outcomes.get(cell.name, Outcome())
        self._outcomes[cell.name] = Outcome(
            kills=before.kills + found.kills,
            deliveries=before.deliveries + found.deliveries,
            lost=before.lost + found.lost,
            doubled=before.doubled + found.doubled,
            wrong=(*before.wrong, *found.wrong),
        )
        held = {name: asdict(outcome) for name, outcome in self._outcomes.items()}
        new = self._file.with_name(f"{self._file.name}.new")
        new.write_text(json.dumps(held, indent=1), encoding="utf-8")
        new.replace(self._file)

    def text(self) -> str:
        """Return the table, its sums, and what is wrong."""
        cells = {cell: self._outcomes[cell.name] for cell in CELLS if cell.name in self._outcomes}
        wrong = [f"{name}: {each}" for name, outcome in self._outcomes.items() for each in outcome.wrong]
        return "\n".join([shown(cells), f"{'all':64} {self._sum}", *wrong])

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or wrong."""
        return (self._sum.lost, self._sum.doubled, self._sum.wrong) == (0, 0, ())

    @property
    def kills(self) -> int:
        """How many workers were killed in all."""
        return self._sum.kills

    @property
    def _sum(self) -> Outcome:
        found = self._outcomes.values()
        return Outcome(
            kills=sum(each.kills for each in found),
            deliveries=sum(each.deliveries for each in found),
            lost=sum(each.lost for each in found),
            doubled=sum(each.doubled for each in found),
            wrong=tuple(wrong for each in found for wrong in each.wrong),
        )


def main(arguments: Sequence[str]) -> int:
    """Kill, count and print; return the status to end with."""
    given = _parser().parse_args(arguments)
    if not is_installed():
        print("initdb and pg_ctl are not on the path: half of the cells need PostgreSQL", file=sys.stderr)
        return 2
    table, seed, started = Table(given.state), int.from_bytes(random.randbytes(3)), time.monotonic()  # noqa: S311 (dice)
    before = table.kills
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # who is killed hangs up
    try:
        asyncio.run(_run(table, given.kills, seed))
    except KeyboardInterrupt:
        print("stopped; what was begun and not yet counted is left out")
    print(table.text())
    taken = time.monotonic() - started
    print(f"{table.kills - before} kills in {taken:.0f} s, seed {seed}; the table is in {given.state}")
    print(f"lost, doubled or wrong (bound 0) {'ok' if table.is_clean else 'OVER'}")
    return 0 if table.is_clean else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description="Kill workers and count digests.")
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N")
    parser.add_argument("--state", type=Path, default=STATE, metavar="FILE")
    return parser


async def _run(table: Table, kills: int, seed: int) -> None:
    share = -(-kills // len(CELLS))
    with tempfile.TemporaryDirectory() as folder, running_server() as server:
        numbers, turns = count(), asyncio.Semaphore(AT_A_TIME)

        async def run(cell: Cell, number: int) -> None:
            dice, own = random.Random(f"{seed} {number}"), _Server(server.port, numbers)  # noqa: S311 (dice)
            await _run_cell(table, cell, share, Path(folder) / str(number), own, dice, turns)

        async with asyncio.TaskGroup() as tasks:
            for number, cell in enumerate(CELLS):
                tasks.create_task(run(cell, number))


async def _run_cell(
    table: Table, cell: Cell, kills: int, folder: Path, server: "_Server", dice: random.Random, turns: asyncio.Semaphore
) -> None:
    """Run a cell a few kills at a time, when it has a turn, and note what came of each time."""
    for done in range(0, kills, AT_ONCE):
        share = min(AT_ONCE, kills - done)
        async with turns:
            try:
                found = (await run_table(share, folder, lambda: server, dice.getrandbits(32), (cell,)))[cell]
            except AssertionError as error:
                found = Outcome(wrong=(str(error),))
        table.note(cell, found)
        shutil.rmtree(folder)
        server.drop_all()


@dataclass
class _Server(PostgresServer):
    """One that can drop the databases it was asked for."""

    made: list[str] = field(default_factory=list)

    def new_database(self, template: str = "template0") -> str:
        """Return the name of a new database."""
        self.made.append(super().new_database(template))
        return self.made[-1]

    def drop_all(self) -> None:
        """Drop what it has made."""
        while self.made:
            self.drop(self.made.pop())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
