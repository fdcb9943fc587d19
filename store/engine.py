"""Opening databases by URL, and saying in an operator's words why one cannot be reached."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)

from bot.ports import StoreUnavailableError
from store.turns import NoTurnError

BUSY_SECONDS = 10
WRITE_SECONDS = 30  # how long a thread waits for others of this process that write to an SQLite file
# Connections are opened when they are needed. Of SQLite's readers there are more than threads that read at once: a pool
# that has none left may let one thread wait for seconds while others come and go.
READERS = 16
SERVER_CONNECTIONS = 8  # that are kept; some more are opened for a moment
SETTING = "TIPFACTS_DATABASE_URL"
_OTHER_FILE = f"or set {SETTING} to another file"
_NO_TABLES = "It has no tipfacts tables: run python -m bot db upgrade"
_SQLITE_ADVICE = {
    "unable to open": f"Check that its folder is there and may be written to, {_OTHER_FILE}",
    "not a database": f"It is not a tipfacts database: move it away, {_OTHER_FILE}",
    "malformed": f"The file is damaged: restore it from a backup, {_OTHER_FILE}",
    "readonly": f"Give this user the right to write the file and its folder, {_OTHER_FILE}",
    "locked": f"Another process has held it for {BUSY_SECONDS} seconds: stop that process or try again",
    "full": "Free some space on the disk and try again",
    "no such": _NO_TABLES,
}
_UNDEFINED_TABLE, _NO_RIGHT = "42P01", "42501"
_POSTGRES_ADVICE = {
    _UNDEFINED_TABLE: _NO_TABLES,
    _NO_RIGHT: "Give this database user the rights to read and write the tables, and to make them for db upgrade",
    "53100": "Free some space on the server's disk and try again",
}


def read_url(text: str) -> URL:
    """Return the URL of a database we can use; postgres:// and postgresql:// get our driver.

    Raises StoreUnavailableError where the text is no such URL.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreUnavailableError(_not_ours()) from None
    if url.drivername in ("sqlite", "sqlite+pysqlite") and _is_file(url.database):
        return url
    if url.drivername in ("postgres", "postgresql", "postgresql+psycopg") and url.database:
        return url.set(drivername="postgresql+psycopg")
    raise StoreUnavailableError(_not_ours())


def is_sqlite(url: URL) -> bool:
    """Whether the URL names an SQLite file."""
    return url.drivername.startswith("sqlite")


def open_writer(url: URL) -> Engine:
    """Return an engine whose transactions write. On SQLite it holds one connection, and each transaction waits for the
    write lock at its start rather than failing in the middle. Nothing is connected yet.
    """
    if not is_sqlite(url):
        return _postgres(url)
    engine = _sqlite(url, connections=1)
    event.listen(engine, "connect", _prepare_to_write)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def open_reader(url: URL) -> Engine:
    """Return an engine whose transactions read one snapshot and cannot write. Nothing is connected yet."""
    if not is_sqlite(url):
        return _postgres(url).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    engine = _sqlite(url, connections=READERS)
    event.listen(engine, "connect", _prepare_to_read)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def reaching(url: URL) -> Iterator[None]:
    """Turn what the database or its driver cannot do for us into StoreUnavailableError; errors of our own pass."""
    try:
        yield
    except NoTurnError:
        raise StoreUnavailableError(f"{_name(url)} is busy: other writes take long. Try again") from None
    except PoolTimeoutError:
        raise StoreUnavailableError(f"{_name(url)} is busy: all connections are in use. Try again") from None
    except DBAPIError as error:
        if not _is_outage(error):
            raise
        raise StoreUnavailableError(_explain(url, error)) from None


def read_schema(engine: Engine, url: URL) -> str | None:
    """Return the version of the database's schema, None where it has none."""
    if is_sqlite(url) and not Path(str(url.database)).exists():
        return None
    with reaching(url), engine.connect() as connection:
        try:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except (OperationalError, ProgrammingError) as error:
            if _says_no_tables(error):
                return None
            raise
        return found and str(found)


def make_folder(url: URL) -> None:
    """Make the folder of an SQLite file. Raises StoreUnavailableError where that is not allowed."""
    if not is_sqlite(url):
        return
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StoreUnavailableError(
            f"{_name(url)} cannot be made: {reason}. Make its folder, {_OTHER_FILE}",
        ) from None


def _sqlite(url: URL, connections: int) -> Engine:
    return create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS},
    )


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        pool_size=SERVER_CONNECTIONS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": BUSY_SECONDS},
    )


def _prepare_to_write(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # or the driver begins transactions of its own
    _switch_to_wal(connection)
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_to_read(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for a lock here as it does elsewhere, and two processes may make a new file at once."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_outage(error: DBAPIError) -> bool:
    if isinstance(error, ProgrammingError):
        return _sqlstate(error) in (_UNDEFINED_TABLE, _NO_RIGHT)
    return isinstance(error, OperationalError | InterfaceError | InternalError) or type(error) is DatabaseError


def _says_no_tables(error: DBAPIError) -> bool:
    return "no such table" in str(error.orig) or _sqlstate(error) == _UNDEFINED_TABLE


def _sqlstate(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _explain(url: URL, error: DBAPIError) -> str:
    said = _without_password(url, str(error.orig).strip().partition("\n")[0])
    if is_sqlite(url):
        advice = next((advice for sign, advice in _SQLITE_ADVICE.items() if sign in said), "Try again")
    else:
        fallback = f"Check that the server runs and that {SETTING} is right"
        advice = _POSTGRES_ADVICE.get(_sqlstate(error), fallback)
    return f"{_name(url)} cannot be used: {said}. {advice}"


def _without_password(url: URL, text: str) -> str:
    """The text, unless it holds the password: to cut a short one out would show where it was."""
    return "refused" if url.password and str(url.password) in text else text


def _is_file(database: str | None) -> bool:
    return bool(database) and not str(database).startswith((":memory:", "file:"))


def _name(url: URL) -> str:
    if is_sqlite(url):
        return f"The database file {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"The PostgreSQL database {url.database} at {url.host or 'the local socket'}{port}"


def _not_ours() -> str:
    return f"{SETTING} is not a database URL: write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME"
