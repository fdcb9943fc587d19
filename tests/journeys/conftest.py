"""Installations for journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from library import MONDAY, Desk

from bot.core import Bot
from bot.installation import load_seeds
from bot.settings import Settings
from store.store import SqlStore


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An admin at the console of a new installation that holds the seeds."""
    store = SqlStore(f"sqlite:///{tmp_path / 'tipfacts.db'}")
    store.prepare(migrate=True)
    settings = Settings(admins=frozenset({"console"}))
    load_seeds(store, settings, MONDAY)
    yield Desk(Bot(store, settings), store)
    store.close()
