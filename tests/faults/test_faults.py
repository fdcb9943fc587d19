"""Whatever is killed, lost, slow, paused or down: every digest stands in its channel once.

TIPFACTS_KILLS says how many workers are killed, TIPFACTS_SEED when; `bench/faults.py` goes on for longer.
"""

import os
from pathlib import Path

import pytest
from faults.table import CELLS, run_table, shown
from servers.postgres import PostgresServer

KILLS = int(os.environ.get("TIPFACTS_KILLS", "300"))
SEED = int(os.environ.get("TIPFACTS_SEED", "0")) or int.from_bytes(os.urandom(3))


async def test_nothing_is_lost_and_nothing_is_doubled(
    tmp_path: Path, postgres: PostgresServer, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = await run_table(KILLS, tmp_path, lambda: postgres, SEED)
    with capsys.disabled():
        print(f"\nfaults, seed {SEED}\n{shown(outcomes)}")  # noqa: T201 (the table is what this is about)
    assert sum(outcome.kills for outcome in outcomes.values()) >= KILLS
    for cell in CELLS:
        outcome = outcomes[cell]
        assert (outcome.lost, outcome.doubled, outcome.wrong) == (0, 0, ()), cell.name
