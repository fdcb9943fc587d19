"""A throwaway PostgreSQL server on loopback, for as long as the tests run."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_USERS = ("postgres", "nobody")  # the server refuses to run as root


@dataclass
class PostgresServer:
    """A running server. Each database it makes is a copy of a template."""

    port: int
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        return f"postgresql://tipfacts@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """Return the name of a new database."""
        name = f"test{next(self._numbers)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        self._run(made)
        return name

    def drop(self, database: str) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def disconnect_all(self) -> None:
        """Cut every client off, as a restart would."""
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        self._run(sql.SQL(others + " AND backend_type = 'client backend'").format())

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def is_installed() -> bool:
    return shutil.which("initdb") is not None and shutil.which("pg_ctl") is not None


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """Start a server in a folder of its own; stop it and remove the folder at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tipfacts-postgres-"))
    try:
        _own(folder)
        data, port = folder / "data", _free_port()
        _call(folder, "initdb", "-D", str(data), "-U", "tipfacts", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _call(folder, "pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield PostgresServer(port)
        finally:
            _call(folder, "pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _call(folder: Path, *command: str) -> None:
    done = subprocess.run(
        [*_as_user(), *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}")


def _as_user() -> Sequence[str]:
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv"):
        return ("setpriv", f"--reuid={_user()}", f"--regid={_group()}", "--clear-groups")
    return ("runuser", "-u", _user(), "--")


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, _user(), _group())


def _user() -> str:
    import pwd  # noqa: PLC0415 (not on every platform)

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in _USERS if name in known)


def _group() -> int:
    import pwd  # noqa: PLC0415 (not on every platform)

    return pwd.getpwnam(_user()).pw_gid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
