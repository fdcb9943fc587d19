"""A real installation on a real SQLite file, asked in process."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.watching import WatchedStore
from bot.core import Bot
from bot.domain.people import Actor, Address, Platform
from bot.installation import load_seeds
from bot.messages.exchange import Reply, Request
from bot.settings import Settings

ACTOR = Actor(Platform.CONSOLE, "local", "bench", "bench")
ADDRESS = Address(Platform.CONSOLE, "local", "bench")
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


@contextmanager
def opened(file: Path) -> Iterator[WatchedStore]:
    """A store on this file, with the shipped seeds in it."""
    store = WatchedStore(f"sqlite:///{file}")
    try:
        store.prepare(migrate=True)
        load_seeds(store, Settings(), NOW)
        yield store
    finally:
        store.close()


def ask(bot: Bot, text: str) -> Reply:
    """Return what the bot replies to a line that a reader typed."""
    return bot.handle(Request(text, ACTOR, ADDRESS, NOW))
