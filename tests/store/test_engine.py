import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from contracts.samples import AT, load
from servers.postgres import PostgresServer
from sqlalchemy import URL, text
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.domain.changes import GrantRole
from bot.domain.people import Role
from bot.ports import StoreUnavailableError
from store import engine as opening
from store.engine import open_reader, open_writer, reaching, read_url
from store.store import SqlStore

SECRET = "hunter2-very-secret"  # noqa: S105 (looked for in error texts)


@contextmanager
def _opened(url: str) -> Iterator[SqlStore]:
    store = SqlStore(url)
    try:
        yield store
    finally:
        store.close()


def _start(url: str) -> None:
    with _opened(url) as store:
        store.prepare(migrate=True)
        load(store)


def _refusal(url: str) -> str:
    """What an operator is told when this database is started with."""
    with pytest.raises(StoreUnavailableError) as refused:
        _start(url)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_url_gets_our_driver(scheme: str) -> None:
    assert read_url(f"{scheme}://me:{SECRET}@db.example/facts").drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "url",
    [
        *("", "facts.db", "sqlite://", "sqlite:///:memory:", "sqlite:///file:x?mode=memory&uri=true"),
        *(f"mysql://me:{SECRET}@db/facts", f"postgresql://me:{SECRET}@db", f"postgresql://me:{SECRET}@db:port/facts"),
    ],
)
def test_what_is_no_url_of_ours_is_refused_with_what_to_write(url: str) -> None:
    said = _refusal(url)
    assert "TIPFACTS_DATABASE_URL" in said
    assert "sqlite:///FILE or postgresql://" in said
    assert SECRET not in said


def test_a_file_that_is_no_database_is_named_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, and they are long enough to look like something " * 20)
    said = _refusal(f"sqlite:///{path}")
    assert str(path) in said
    assert "It is not a tipfacts database: move it away" in said
    assert path.read_text().startswith("these are my notes")


def test_a_folder_in_place_of_the_file_is_explained(tmp_path: Path) -> None:
    assert "Check that its folder is there" in _refusal(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be made: File exists. Make its folder" in _refusal(f"sqlite:///{tmp_path}/file/facts.db")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("attempt to write a readonly database", "Give this user the right to write the file and its folder"),
        ("database or disk is full", "Free some space on the disk"),
        ("database disk image is malformed", "The file is damaged: restore it from a backup"),
        ("disk I/O error", "Try again"),
    ],
)
def test_what_goes_wrong_with_a_file_later_is_explained(said: str, advice: str) -> None:
    with pytest.raises(StoreUnavailableError) as refused, reaching(URL.create("sqlite", database="facts.db")):
        raise OperationalError("SELECT 'what people wrote'", None, sqlite3.OperationalError(said))
    assert str(refused.value).startswith(f"The database file facts.db cannot be used: {said}. {advice}")
    assert "what people wrote" not in str(refused.value)


def test_a_file_that_another_process_holds_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.1)
    path = tmp_path / "facts.db"
    with _opened(f"sqlite:///{path}") as store:
        store.prepare(migrate=True)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="Another process has held it"):
            load(store)
        other.close()
        assert load(store).added


def test_a_server_that_is_not_there_is_explained_without_the_password() -> None:
    said = _refusal(f"postgresql://me:{SECRET}@127.0.0.1:1/facts")
    assert "The PostgreSQL database facts at 127.0.0.1:1 cannot be used" in said
    assert "Check that the server runs and that TIPFACTS_DATABASE_URL is right" in said
    assert SECRET not in said


def test_a_database_that_is_not_there_is_explained_without_the_password(postgres: PostgresServer) -> None:
    said = _refusal(postgres.url("nothing").replace("tipfacts@", f"tipfacts:{SECRET}@"))
    assert 'database "nothing" does not exist' in said
    assert SECRET not in said


def test_a_wrong_password_never_shows() -> None:
    url = read_url(f"postgresql://me:{SECRET}@db.example/facts")
    driver = psycopg.OperationalError(f"connection string 'password={SECRET}' failed")
    with pytest.raises(StoreUnavailableError) as refused, reaching(url):
        raise OperationalError("", None, driver)
    assert "cannot be used: refused" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_server_that_dropped_its_connections_is_simply_used_again(postgres: PostgresServer, store: SqlStore) -> None:
    load(store)
    with store.read() as library:
        assert library.revision() == 1
    postgres.disconnect_all()
    with store.read() as library:
        assert library.revision() == 1
    store.apply(GrantRole("console", Role.ADMIN), by="console", at=AT)


def test_our_own_errors_pass_through(store: SqlStore) -> None:
    load(store)
    with pytest.raises(IntegrityError), reaching(URL.create("sqlite", database="x")):
        raise IntegrityError("", None, Exception("a bug of ours"))
    with pytest.raises(KeyError), store.read():
        raise KeyError


def test_a_reader_cannot_write(store_url: str) -> None:
    reader = open_reader(read_url(store_url))
    with reader.connect() as connection, pytest.raises(Exception, match=r"read-?only"):
        connection.execute(text("UPDATE library SET revision = 7"))
    reader.dispose()


def test_an_sqlite_writer_waits_for_the_lock_first_and_keeps_what_it_commits(tmp_path: Path) -> None:
    with _opened(f"sqlite:///{tmp_path}/facts.db") as store:
        store.prepare(migrate=True)
    writer = open_writer(read_url(f"sqlite:///{tmp_path}/facts.db"))
    with writer.begin() as connection:
        pragmas = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        other = sqlite3.connect(tmp_path / "facts.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()
    writer.dispose()
