import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from contracts.samples import ARTICLE, AT, EDITOR, ENTRIES, POLICY, load, statement_of_2022
from servers.postgres import PostgresServer

from bot.domain.changes import LoadLibrary, Origin
from bot.domain.facts import LibraryContent
from bot.ports import StoreUnavailableError
from store.store import SqlStore

_START = """
import sys
from store.store import SqlStore
from contracts.samples import load
store = SqlStore(sys.argv[1])
store.prepare(migrate=True)
print(load(store).added)
store.close()
"""


def test_an_absent_file_is_made_with_its_folder(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/a/b/facts.db")
    store.prepare(migrate=True)
    with store.read() as library:
        assert library.revision() == 0
    store.close()


def test_a_file_is_not_made_where_migrating_was_not_asked_for(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/facts.db")
    with pytest.raises(StoreUnavailableError, match=r"not there yet.*python -m bot db upgrade"):
        store.prepare(migrate=False)
    store.close()
    assert not (tmp_path / "facts.db").exists()


def test_a_server_is_never_migrated_by_a_start(postgres: PostgresServer) -> None:
    store = SqlStore(postgres.url(postgres.new_database()))
    with pytest.raises(StoreUnavailableError, match="python -m bot db upgrade"):
        store.prepare(migrate=True)
    with pytest.raises(StoreUnavailableError, match="python -m bot db upgrade"), store.read() as library:
        library.revision()
    store.close()


def test_a_database_at_the_newest_schema_is_left_alone(store: SqlStore) -> None:
    load(store)
    store.prepare(migrate=True)
    store.prepare(migrate=False)
    with store.read() as library:
        assert library.revision() == 1


def test_two_processes_may_start_at_once_on_an_absent_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/facts.db"
    command = [sys.executable, "-W", "error", "-c", _START, url]
    environment = {"PYTHONPATH": ":".join(path for path in sys.path if path)}
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=60) for process in running]
    assert sorted(out.strip() for out, _ in said) == ["0", "0", str(ENTRIES)], said


def test_threads_that_start_at_once_on_an_absent_file_take_turns(tmp_path: Path) -> None:
    ready = threading.Barrier(4)

    def start(_: int) -> int:
        store = SqlStore(f"sqlite:///{tmp_path}/facts.db")
        ready.wait()
        store.prepare(migrate=True)
        added = load(store).added
        store.close()
        return added

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(start, range(4))) == [0, 0, 0, ENTRIES]


def test_writers_at_once_each_get_a_revision_of_their_own(store: SqlStore) -> None:
    load(store)

    def add(number: int) -> int:
        content = LibraryContent(facts=(replace(POLICY, key=f"n{number}"),))
        return load(store, content, Origin.EDITOR).revision

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(12))) == list(range(2, 14))


def test_the_digest_of_the_seeds_is_kept_until_other_seeds_are_loaded(store: SqlStore) -> None:
    assert store.seeds_digest() is None
    store.apply(LoadLibrary(ARTICLE, Origin.SEEDS, "one"), by="seeds", at=AT)
    assert store.seeds_digest() == "one"
    store.apply(LoadLibrary(ARTICLE, Origin.SEEDS, "two"), by="seeds", at=AT)
    store.apply(LoadLibrary(statement_of_2022(), Origin.IMPORT, "three"), by=EDITOR, at=AT)
    assert store.seeds_digest() == "two"


def test_a_start_imports_neither_alembic_nor_a_driver_it_does_not_need() -> None:
    code = "import sys, store.store; print(sorted({'alembic', 'psycopg', 'Stemmer'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
