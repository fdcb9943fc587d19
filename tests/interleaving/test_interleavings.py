"""Any interleaving of add, correct, withdraw, subscribe, pause, tick, claim, send, lose the reply, crash and settle:
each slot ends in exactly one message or a recorded reason, and nothing that is owed is lost.

TIPFACTS_EXAMPLES=2000 tries more of them, and others at each run.
"""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from contracts.samples import load
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from interleaving.machine import VOCABULARY, Interleavings
from servers.postgres import PostgresServer
from sqlalchemy import Pool, event

from store.store import SqlStore

NewStore = Callable[[], tuple[str, Callable[[], None]]]
EXAMPLES = os.environ.get("TIPFACTS_EXAMPLES")
ON_SQLITE, ON_POSTGRES = 60, 8


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests with little room, and no log of all that goes wrong in so many of them."""
    monkeypatch.setattr("bot.digests.wording.MAX_FACTS", 6)
    caplog.set_level(logging.CRITICAL)


@pytest.fixture(params=["sqlite", "postgres"])
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    """Makes stores that hold the vocabulary, each a copy."""
    if request.param == "sqlite":
        with _unsafe():
            yield partial(_copy, _sqlite_with_words(request, tmp_path), tmp_path, count())
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    template = server.new_database(request.getfixturevalue("postgres_template"))
    _load_words(server.url(template))

    def copied() -> tuple[str, Callable[[], None]]:
        name = server.new_database(template)
        return server.url(name), partial(server.drop, name)

    yield copied
    server.drop(template)


@contextmanager
def _unsafe() -> Iterator[None]:
    """Let SQLite not wait for the disk: no power fails here."""

    def hurry(connection: Any, *_: object) -> None:  # noqa: ANN401 (a connection of any driver)
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(Pool, "checkout", hurry)
    yield
    event.remove(Pool, "checkout", hurry)


def _sqlite_with_words(request: pytest.FixtureRequest, folder: Path) -> Path:
    template = folder / "template.db"
    shutil.copy(request.getfixturevalue("sqlite_template"), template)
    _load_words(f"sqlite:///{template}")
    return template


def _copy(template: Path, folder: Path, numbers: Iterator[int]) -> tuple[str, Callable[[], None]]:
    path = folder / f"{next(numbers)}.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}", path.unlink


def _load_words(url: str) -> None:
    store = SqlStore(url)
    load(store, VOCABULARY)
    store.close()


def test_each_slot_ends_in_one_message_or_a_reason_and_nothing_owed_is_lost(
    new_store: NewStore, request: pytest.FixtureRequest
) -> None:
    on_sqlite = request.node.callspec.params["new_store"] == "sqlite"
    many = settings(
        max_examples=int(EXAMPLES or ON_SQLITE) if on_sqlite else int(EXAMPLES or 10 * ON_POSTGRES) // 10,
        stateful_step_count=40,
        derandomize=EXAMPLES is None,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    class Here(Interleavings):
        def __init__(self) -> None:
            super().__init__(new_store)

    run_state_machine_as_test(Here, settings=many)
