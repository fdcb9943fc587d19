"""Databases of cells: made, put to the newest schema, and checked in the end."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from servers.postgres import PostgresServer
from sqlalchemy import text

from store.engine import open_writer, read_url
from store.upgrade import upgrade

_CHECK_INDEXES = """
    SELECT bt_index_check(index.oid) FROM pg_class AS index JOIN pg_am ON pg_am.oid = index.relam
    WHERE pg_am.amname = 'btree' AND index.relkind = 'i' AND index.relpersistence = 'p'
"""
SQLITE, POSTGRES = "SQLite", "PostgreSQL"


def new_database(kind: str, folder: Path, name: str, server: Callable[[], PostgresServer]) -> str:
    """Return the URL of a new database of this kind, at the newest schema."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == SQLITE:
        url = f"sqlite:///{folder / name}.db"
    else:
        postgres = server()
        url = postgres.url(postgres.new_database())
    upgrade(url)
    return url


def is_whole(url: str) -> bool:
    """Whether the database finds no fault with itself."""
    parsed = read_url(url)
    if url.startswith("sqlite"):
        with sqlite3.connect(str(parsed.database)) as connection:
            checked = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            return checked == ["ok"] and connection.execute("PRAGMA foreign_key_check").fetchall() == []
    engine = open_writer(parsed)
    with engine.begin() as connection:
        known = connection.execute(text("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")).scalar()
        if known:
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
            connection.execute(text(_CHECK_INDEXES))  # raises where one is damaged
    engine.dispose()
    return True
