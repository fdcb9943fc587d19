"""Threads take turns in the order they came, and so do those that write to one SQLite file."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from contracts.samples import AT, load

from bot.domain.changes import LoadLibrary, Once, Origin
from bot.domain.facts import LibraryContent
from bot.ports import StoreUnavailableError
from store import engine
from store import store as storing
from store.store import SqlStore
from store.turns import NoTurnError, Turns

PATIENCE = timedelta(seconds=30)


def _waiting(turns: Turns) -> int:
    return len(turns._waiting)  # noqa: SLF001 (nobody else needs to know)


def _let_queue_up(turns: Turns, threads: int) -> None:
    give_up = time.monotonic() + 10
    while _waiting(turns) < threads:
        assert time.monotonic() < give_up
        time.sleep(0.001)


def test_threads_come_in_the_order_they_asked() -> None:
    turns, came = Turns(10), list[int]()

    def ask(number: int) -> None:
        with turns:
            came.append(number)

    with ThreadPoolExecutor(8) as pool, turns:
        for number in range(8):
            pool.submit(ask, number)
            _let_queue_up(turns, number + 1)
        assert came == []
    assert came == list(range(8))


def test_who_asks_again_stands_behind_who_waits() -> None:
    turns, came = Turns(10), list[str]()

    def ask() -> None:
        with turns:
            came.append("other")

    with ThreadPoolExecutor(1) as pool:
        with turns:
            pool.submit(ask)
            _let_queue_up(turns, 1)
        with turns:
            came.append("again")
    assert came == ["other", "again"]


def test_one_at_a_time_is_in() -> None:
    turns, inside, most = Turns(10), list[int](), list[int]()

    def ask(number: int) -> None:
        for _ in range(50):
            with turns:
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert most == [1] * 400


def test_an_error_passes_the_turn_on() -> None:
    turns = Turns(0)
    for _ in range(2):
        with pytest.raises(KeyError), turns:
            raise KeyError


def test_who_waits_too_long_goes_away_and_is_not_waited_for() -> None:
    turns = Turns(0.01)
    with ThreadPoolExecutor(1) as pool:
        with turns:
            late: Future[None] = pool.submit(turns.__enter__)
            with pytest.raises(NoTurnError):
                late.result()
            assert _waiting(turns) == 0
        with turns:
            pass


def test_a_turn_that_comes_to_who_is_going_away_is_passed_on() -> None:
    turns = Turns(10)
    turns.__enter__()
    gate = turns._queue_up()  # noqa: SLF001 (the moment between the two is too short to meet)
    assert gate is not None
    turns.__exit__(None, None, None)
    turns._step_out(gate)  # noqa: SLF001
    with turns:
        pass


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an SQLite file at the newest schema."""
    path = tmp_path / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


def test_threads_that_write_one_file_queue_up_and_never_find_it_locked(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0)
    store = SqlStore(file)
    with ThreadPoolExecutor(12) as pool:
        begun = pool.map(lambda number: store.begin(f"Ev{number % 100}", AT, PATIENCE), range(200))
        assert sum(begun) == 100
    store.close()


def test_a_write_that_takes_too_long_is_explained_to_those_who_wait(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "WRITE_SECONDS", 0.05)
    store, wording, refused = SqlStore(file), Event(), Event()

    def take_long(_: object) -> str:
        wording.set()
        assert refused.wait(10)
        return "done"

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(
            lambda: store.apply(
                LoadLibrary(LibraryContent(), Origin.EDITOR), by="console", at=AT, once=Once("k", take_long)
            )
        )
        assert wording.wait(10)
        with pytest.raises(StoreUnavailableError, match=r"store\.db is busy: other writes take long\. Try again"):
            store.begin("Ev1", AT, PATIENCE)
        refused.set()
        slow.result()
    assert store.begin("Ev1", AT, PATIENCE)
    assert load(store).added
    store.close()
