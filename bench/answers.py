"""How long a question takes from line to Document as the library grows.

Prints p50 and p99 of a mix of questions, medians over interleaved rounds, at each size; beside them, as the floor, one
bare FTS5 query for any of the question's terms over the same facts. The bounds are those of the ratio of p99 between
the largest library and the smallest, of the postings read, which may not grow, and of the memory of a process that
serves the largest.

TIPFACTS_BENCH_FACTS=1000,1000000 names other sizes than the usual three. The stores are made in a temporary folder and
removed; TIPFACTS_BENCH_FOLDER names one to keep them in for the next run.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

from bench.asking import ask, opened
from bench.building import Built, build, floor_of, peak
from bench.mix import questions
from bench.watching import WatchedStore
from bot.answering.terms import terms
from bot.core import Bot
from bot.domain.text import Locale
from bot.messages.document import Footnote
from bot.messages.exchange import Message, Reply
from bot.settings import Settings
from bot.wording.wording import wording

SIZES = (1_000, 10_000, 100_000)  # a million takes some ten minutes to load
ROUNDS = 5
FLOOR_EVERY = 10  # questions: FTS5 takes seconds over the commonest words
RATIO_BOUND = 5.0  # of p99, the largest library to the smallest
MEMORY_BOUND = 300  # megabytes
CUT_SHORT = "More facts hold these words than I read; name the topic or use rarer words to be sure."
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class Measured:
    """What the rounds found at one size, in milliseconds: of each round p50 and p99."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    floors: list[tuple[float, float]] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    cut_short: int = 0


class Size:
    """A library of one size, open to be asked."""

    def __init__(self, count: int, store: WatchedStore, floor: sqlite3.Connection) -> None:
        self.count = count
        self.store = store
        self.found = Measured()
        self._bot = Bot(store, Settings())
        self._floor = floor

    def ask(self, question: str) -> Reply:
        """Return the reply to a question."""
        return ask(self._bot, question)

    def match(self, question: str) -> object:
        """Return the facts that hold any of a question's terms, as FTS5 ranks them."""
        words = " OR ".join(f'"{term}"' for term in dict.fromkeys(terms(question)))
        query = "SELECT rowid FROM facts WHERE facts MATCH ? ORDER BY rank LIMIT 10"
        return self._floor.execute(query, (words,)).fetchall()

    def round(self, asked: Sequence[str]) -> None:
        """Ask all questions once, and note what they took and what came of them."""
        times, replies = _timed(self.ask, asked)
        self.found.answers.append(_percentiles(times))
        self.found.floors.append(_percentiles(_timed(self.match, asked[::FLOOR_EVERY])[0]))
        messages = [reply for reply in replies if isinstance(reply, Message)]
        self.found.kinds = Counter(str(message.kind) for message in messages)
        self.found.cut_short = sum(map(_says_cut_short, messages))

    def row(self) -> str:
        """Return what was found in a line."""
        (p50, p99), (floor50, floor99) = self.answer, self.floor
        return (
            f"{self.count:>9,} facts  answer p50 {p50:8.2f} ms  p99 {p99:9.2f} ms   "
            f"bare FTS5 p50 {floor50:8.2f} ms  p99 {floor99:9.2f} ms   ratios {p50 / floor50:6.2f} {p99 / floor99:6.2f}"
        )

    @property
    def answer(self) -> tuple[float, float]:
        """The medians over the rounds of p50 and p99."""
        return _medians(self.found.answers)

    @property
    def floor(self) -> tuple[float, float]:
        """The same of the bare query."""
        return _medians(self.found.floors)


def main() -> None:
    """Build, measure and print."""
    named = os.environ.get("TIPFACTS_BENCH_FACTS")
    sizes = sorted(int(size) for size in named.split(",")) if named else SIZES
    with _folder() as folder, ExitStack() as stack:
        files = {count: folder / f"{count}.db" for count in sizes}
        for count, file in files.items():
            _make(file, count)
        print(f"{files[sizes[-1]].stat().st_size / (1 << 20):,.0f} MB on disk hold the largest", flush=True)
        _print_memory(files[sizes[-1]], sizes[-1])
        _measure([stack.enter_context(_opened(file, count)) for count, file in files.items()])


def serve(file: Path) -> float:
    """Answer the whole mix; return the most memory this process has held, in megabytes."""
    with opened(file) as store:
        bot = Bot(store, Settings())
        for question in _mix(store):
            ask(bot, question)
    return peak()


def renew(file: Path) -> None:
    """Bring a store that was kept up to what this code needs: its schema, its index and the seeds."""
    with opened(file):
        pass


def _make(file: Path, count: int) -> None:
    if file.exists():
        _alone(renew, file)
        return
    part = file.with_suffix(".part.db")
    for each in (part, floor_of(part)):
        each.unlink(missing_ok=True)
    built: Built = _alone(build, part, count)
    floor_of(part).replace(floor_of(file))
    part.replace(file)
    print(f"{count:>9,} facts  loaded in {built.seconds:6.1f} s  peak {built.megabytes:4.0f} MB", flush=True)


def _print_memory(file: Path, count: int) -> None:
    megabytes = _alone(serve, file)
    print(f"{count:>9,} facts  serving the mix takes {megabytes:.0f} MB (bound {MEMORY_BOUND}) ", end="")
    print("ok" if megabytes <= MEMORY_BOUND else "OVER", flush=True)


def _measure(sizes: Sequence[Size]) -> None:
    asked = _mix(sizes[0].store)
    for size in sizes:
        size.ask(asked[0])  # reads the vocabulary
        size.store.postings_read.clear()
    for _ in range(ROUNDS):
        for size in sizes:
            size.round(asked)
    print(f"{len(asked)} questions, medians of {ROUNDS} rounds")
    for size in sizes:
        print(size.row())
    for size in sizes:
        print(_reading(size, len(asked)))
    smallest, largest = sizes[0], sizes[-1]
    ratio = largest.answer[1] / smallest.answer[1]
    verdict = "ok" if ratio <= RATIO_BOUND else "OVER"
    print(f"p99 of {largest.count:,} to p99 of {smallest.count:,}: {ratio:.2f} (bound {RATIO_BOUND:.0f}) {verdict}")


def _reading(size: Size, asked: int) -> str:
    kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(size.found.kinds.items()))
    postings = max(size.store.postings_read, default=0)
    share = size.found.cut_short / asked
    return f"{size.count:>9,} facts  most postings read {postings:>6,}   says cut short {share:5.1%}   {kinds}"


@contextmanager
def _folder() -> Iterator[Path]:
    """The folder that was named, else a temporary one."""
    named = os.environ.get("TIPFACTS_BENCH_FOLDER")
    if named:
        Path(named).mkdir(parents=True, exist_ok=True)
        yield Path(named)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def _opened(file: Path, count: int) -> Iterator[Size]:
    with opened(file) as store, closing(sqlite3.connect(floor_of(file))) as floor:
        yield Size(count, store, floor)


def _alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what the work returns in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(work, *args, **kwargs).result()


def _mix(store: WatchedStore) -> list[str]:
    with store.read() as library:
        return questions(library.topics())


def _timed(work: Callable[[str], T], asked: Sequence[str]) -> tuple[list[float], list[T]]:
    """Return the milliseconds each question took, and what came of it."""
    times, results = [], []
    for question in asked:
        started = time.perf_counter()
        results.append(work(question))
        times.append(1000 * (time.perf_counter() - started))
    return times, results


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    return statistics.median(times), statistics.quantiles(times, n=100, method="inclusive")[98]


def _medians(rounds: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(p50 for p50, _ in rounds), statistics.median(p99 for _, p99 in rounds)


def _says_cut_short(message: Message) -> bool:
    said = wording(message.document.locale).say(CUT_SHORT)
    return any(isinstance(block, Footnote) and block.text == said for block in message.document.blocks)


def _check_sentence() -> None:
    """The sentence has to be the one that replies say, which the catalogue then knows."""
    assert wording(Locale.ZH_HANT).say(CUT_SHORT) != CUT_SHORT


if __name__ == "__main__":
    _check_sentence()
    main()
