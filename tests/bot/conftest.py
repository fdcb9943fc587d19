"""Fixtures for the core as platforms' apps call it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from library import Desk
from seeded import seeded
from serving import BEN, Clock, Unreachable

from bot.core import Bot
from bot.service import Service
from bot.settings import Settings


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with the seeds in it, to be copied."""
    path = tmp_path_factory.mktemp("service") / "tipfacts.db"
    with seeded(f"sqlite:///{path}"):
        pass
    return path.read_bytes()


@pytest.fixture
def desk(template: bytes, tmp_path: Path) -> Iterator[Desk]:
    path = tmp_path / "tipfacts.db"
    path.write_bytes(template)
    with seeded(f"sqlite:///{path}") as opened:
        yield replace(opened, bot=Bot(opened.store, Settings(admins=frozenset({"console", BEN.name}))))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(desk: Desk, clock: Clock) -> Service:
    return Service(desk.bot, desk.store, clock)


@pytest.fixture
def unreachable(clock: Clock) -> Service:
    store: Any = Unreachable()
    return Service(Bot(store, Settings()), store, clock)
