"""How long a question takes from line to Document as the library grows, beside one bare FTS5 query on the same file.

The sentences are made from a fixed list of words, half of them common, so that common terms have long postings. Prints
p50 and p99 of each, and the ratio of the medians. TIPFACTS_BENCH_FACTS names other sizes than the usual three.
"""

import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bot.core import Bot
from bot.domain.changes import LoadLibrary, Origin
from bot.domain.facts import FactEntry, LibraryContent, Source, Speaker, StatementEntry, Topic
from bot.domain.people import Actor, Address, Platform
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.installation import load_seeds
from bot.messages.exchange import Request
from bot.settings import Settings
from store.store import SqlStore

SIZES = (100, 10_000, 100_000)
BATCH = 20_000
FACTS_A_STATEMENT = 100
ROUNDS = 200
QUESTIONS = (
    "screenings",
    "how many victims were found in 2023?",
    "how many harbour inspections were there in 2023?",
    "什麼是FDH",
    "which officers attended the committee meeting on licensing",
    "government office report public service",
)
COMMON = [
    "government",
    "public",
    "office",
    "report",
    "service",
    "department",
    "committee",
    "meeting",
    "officers",
    "licensing",
    "harbour",
]
RARE = [
    f"{first}{last}" for first in "bcdfghklmnprst" for last in ("arbour", "eacon", "illow", "orest", "uarry", "ythe")
]
ACTOR = Actor(Platform.CONSOLE, "local", "console", "console")
ADDRESS = Address(Platform.CONSOLE, "local", "console")
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def sentences(count: int) -> Iterator[str]:
    """Return made-up sentences, the same ones every time."""
    chance = random.Random(1)  # noqa: S311 (a bench, no secret)
    for _ in range(count):
        picked = chance.sample(COMMON, 4) + chance.choices(RARE, k=5) + [str(chance.randrange(10_000))]
        chance.shuffle(picked)
        yield " ".join(picked)


def content(texts: list[str], first: int) -> LibraryContent:
    """Return the sentences as facts of statements by one office."""
    statements = tuple(
        StatementEntry(f"bench-s{number}", "bench", "bench", date(2020, 1, 1))
        for number in range(first // FACTS_A_STATEMENT, (first + len(texts) - 1) // FACTS_A_STATEMENT + 1)
    )
    facts = tuple(
        FactEntry(
            key=f"bench-f{first + number}",
            statement=f"bench-s{(first + number) // FACTS_A_STATEMENT}",
            topic="bench",
            text=LocalText(en=text),
            period=Period("2020"),
        )
        for number, text in enumerate(texts)
    )
    return LibraryContent(
        sources=(Source("bench", "Made-up sentences", "Bench Office", None, date(2020, 1, 1), "en"),),
        speakers=(Speaker("bench", LocalText(en="Bench Office")),),
        topics=(Topic("bench", LocalText(en="Bench")),),
        statements=statements,
        facts=facts,
    )


def fill(store: SqlStore, count: int) -> None:
    """Load that many made-up facts."""
    texts = list(sentences(count))
    for first in range(0, count, BATCH):
        store.apply(LoadLibrary(content(texts[first : first + BATCH], first), Origin.IMPORT), by="bench", at=NOW)


def add_fts5(file: Path) -> None:
    """Put an FTS5 index over the same texts into the same file: the floor that answers are held against."""
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE VIRTUAL TABLE bench_fts USING fts5(text)")
        connection.execute("INSERT INTO bench_fts(rowid, text) SELECT id, text_en FROM fact_versions")
    connection.close()


def timed(work: Callable[[str], object]) -> list[float]:
    """Return the milliseconds of each call, over all questions and rounds."""
    times = []
    for number in range(ROUNDS):
        question = QUESTIONS[number % len(QUESTIONS)]
        started = time.perf_counter()
        work(question)
        times.append(1000 * (time.perf_counter() - started))
    return times


def measure(count: int) -> None:
    """Fill a library with `count` facts and print what a question takes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        store = SqlStore(f"sqlite:///{file}")
        store.prepare(migrate=True)
        load_seeds(store, Settings(), NOW)
        fill(store, count)
        add_fts5(file)
        bot = Bot(store, Settings())
        floor = sqlite3.connect(file)

        def ask(question: str) -> object:
            return bot.handle(Request(question, ACTOR, ADDRESS, NOW))

        def match(question: str) -> object:
            words = " OR ".join(f'"{word}"' for word in question.replace("?", "").split())
            query = "SELECT rowid FROM bench_fts WHERE bench_fts MATCH ? ORDER BY rank LIMIT 10"
            return floor.execute(query, (words,)).fetchall()

        ask(QUESTIONS[0])
        answers, floors = timed(ask), timed(match)
        floor.close()
        store.close()
    ratio = statistics.median(answers) / statistics.median(floors)
    print(
        f"{count:>9,} facts  answer {row(answers)}   bare FTS5 {row(floors)}   ratio of medians {ratio:.2f}", flush=True
    )


def row(times: list[float]) -> str:
    """Return p50 and p99 in words."""
    return f"p50 {statistics.median(times):7.2f} ms  p99 {statistics.quantiles(times, n=100)[98]:8.2f} ms"


def main() -> None:
    """Measure every size."""
    named = os.environ.get("TIPFACTS_BENCH_FACTS")
    for count in [int(size) for size in named.split(",")] if named else SIZES:
        measure(count)


if __name__ == "__main__":
    main()
