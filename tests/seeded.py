"""Installations that hold the seeds, for tests that only ask: one store serves a whole module."""

from collections.abc import Iterator
from contextlib import contextmanager

from library import MONDAY, Desk

from bot.core import Bot
from bot.domain.people import Actor, Platform
from bot.installation import load_seeds
from bot.settings import Settings
from store.store import SqlStore

READER = Actor(Platform.SLACK, "T1", "U1", "Reader")
_SETTINGS = Settings(admins=frozenset({"console"}))


@contextmanager
def seeded(url: str, actor: Actor = READER) -> Iterator[Desk]:
    """A desk over the database of this URL with the seeds in it, closed at the end."""
    store = SqlStore(url)
    try:
        store.prepare(migrate=True)
        load_seeds(store, _SETTINGS, MONDAY)
        yield Desk(Bot(store, _SETTINGS), store, actor=actor)
    finally:
        store.close()
