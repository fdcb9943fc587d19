"""A store that tells how much of the search index each request has read."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.ports import Library
from store.library import SqlLibrary
from store.store import SqlStore


class WatchedStore(SqlStore):
    """Keeps how many postings the last search of each snapshot read."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.postings_read: list[int] = []

    @contextmanager
    def read(self) -> Iterator[Library]:
        """One snapshot, as ever; when it ends it is noted what was read in it."""
        with super().read() as library:
            yield library
            if isinstance(library, SqlLibrary):
                self.postings_read.append(library.postings_read)
