"""Fixtures that more than one room's tests use: a store on SQLite and again on PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.postgres import PostgresServer, is_installed, running_server

from store.store import SqlStore
from store.upgrade import upgrade


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if not is_installed():
        pytest.skip("initdb is not on the PATH")
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    """A database at the newest schema, to be copied."""
    name = postgres.new_database()
    upgrade(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the newest schema and nothing in it."""
    if request.param == "sqlite":
        path = tmp_path / "store.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.new_database(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def store(store_url: str) -> Iterator[SqlStore]:
    """An empty store, at the newest schema."""
    opened = SqlStore(store_url)
    yield opened
    opened.close()
