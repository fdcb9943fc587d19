"""Filling a store with made-up facts, in a process of its own so that its memory can be told."""

import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.asking import NOW, opened
from bench.made_up import content
from bot.answering.terms import terms
from bot.domain.changes import LoadLibrary, Origin
from bot.domain.facts import FactEntry, LibraryContent

BATCH = 20_000  # facts a transaction
_STATUS = Path("/proc/self/status")
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Built:
    """What it took to load the facts: seconds, and the most memory the process held, in megabytes."""

    seconds: float
    megabytes: float


def build(file: Path, count: int) -> Built:
    """Make a store with the seeds and so many made-up facts, and an FTS5 index over the same terms beside it."""
    seconds = 0.0
    with opened(file) as store, _fts5(floor_of(file)) as floor:
        with store.read() as library:
            topics = library.topics()
        for first in range(0, count, BATCH):
            made = content(topics, first, min(BATCH, count - first))
            started = time.perf_counter()
            store.apply(LoadLibrary(made, Origin.IMPORT), by="bench", at=NOW)
            seconds += time.perf_counter() - started
            floor.executemany("INSERT INTO facts(text) VALUES (?)", _rows(made))
    return Built(seconds, peak())


def floor_of(file: Path) -> Path:
    """Return the file of the FTS5 index that belongs to a store."""
    return file.with_suffix(".floor.db")


def peak() -> float:
    """Return the most resident memory that this process has held, in megabytes.

    Linux hands a program the figure of whoever started it in `ru_maxrss`, so its own stands in /proc.
    """
    if _STATUS.exists():
        kilobytes = next(line.split()[1] for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(kilobytes) * 1024 / _MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


@contextmanager
def _fts5(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE VIRTUAL TABLE facts USING fts5(text, content='')")
        yield connection


def _rows(made: LibraryContent) -> Iterator[tuple[str]]:
    return ((" ".join(_terms(each)),) for each in made.facts)


def _terms(fact: FactEntry) -> list[str]:
    return [term for text in (fact.text.en, fact.text.zh_hant) if text for term in terms(text)]
