"""Asks hostile lines of a seeded library, on all processors, and counts what comes back.

Nothing may raise, and no reply may carry a reference code: an error that only the log explains is an exception by
another name. A reply that cannot be shown is one too. Prints how many replies there were of each kind, the exceptions
with the number of the line that caused them, and the slowest line. Ends with status 1 where there was an exception.

TIPFACTS_BENCH_HOSTILE says how many lines; `python -m bench.hostile NUMBER` asks a single one.
"""

import logging
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from bench.asking import ask, opened
from bench.hostility import line
from bot.core import Bot
from bot.messages.exchange import FormErrors, Message, Reply
from bot.messages.plain import plain_text
from bot.settings import Settings

LINES = 10_000  # minutes; a million takes hours
SHARE = 500  # lines that a process asks before it tells how it went
SHOWN = 10  # exceptions
_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one line: the kind of reply, how long it took, and the exception if there was one."""

    number: int
    kind: str
    milliseconds: float
    exception: str | None


@dataclass(slots=True)
class Tally:
    """What came of all lines so far."""

    kinds: Counter[str] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    exceptions: list[Asked] = field(default_factory=list)
    slowest: Asked | None = None

    def add(self, asked: Sequence[Asked]) -> None:
        """Count these."""
        self.kinds.update(each.kind for each in asked)
        self.milliseconds += [each.milliseconds for each in asked]
        self.exceptions += [each for each in asked if each.exception]
        self.slowest = max((*asked, *([self.slowest] if self.slowest else ())), key=lambda each: each.milliseconds)


class _Log(logging.Handler):
    """Keeps the exceptions that are logged rather than raised."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.exceptions: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        error = record.exc_info[1] if record.exc_info else None
        self.exceptions.append(f"{record.getMessage()}: {error!r}")

    def taken(self) -> str | None:
        """Return what was kept since it was last asked for, None where nothing was."""
        found, self.exceptions = "; ".join(self.exceptions), []
        return found or None


class _Asker:
    """A bot on a library of its own, and its log."""

    def __init__(self, folder: str) -> None:
        self._store = opened(Path(folder) / f"{os.getpid()}.db")
        self._bot = Bot(self._store.__enter__(), Settings())
        self._log = _Log()
        logging.getLogger().addHandler(self._log)
        ask(self._bot, "how many screenings?")  # reads the vocabulary

    def ask(self, number: int) -> Asked:
        """Return what comes of the line of this number."""
        text, started = line(number), time.perf_counter()
        try:
            kind = _shown(ask(self._bot, text))
        except Exception as error:  # noqa: BLE001 (what is looked for)
            return Asked(number, "raised", _since(started), repr(error))
        return Asked(number, kind, _since(started), self._log.taken())


_askers: list[_Asker] = []  # one a process


def start(folder: str) -> None:
    """Open the library of this process."""
    _askers.append(_Asker(folder))


def ask_all(numbers: Sequence[int]) -> list[Asked]:
    """Ask these lines in this process."""
    return [_askers[0].ask(number) for number in numbers]


def main(arguments: Sequence[str]) -> int:
    """Ask, count and print; return the status to end with."""
    if arguments:
        return _ask_one(int(arguments[0]))
    count, tally, started = int(os.environ.get("TIPFACTS_BENCH_HOSTILE", LINES)), Tally(), time.perf_counter()
    for each in _shares(count):
        tally.add(each)
        done = len(tally.milliseconds)
        if done == count or done * 10 // count > (done - len(each)) * 10 // count:
            left = (time.perf_counter() - started) / done * (count - done)
            print(f"{done:>9,} of {count:,}, {len(tally.exceptions)} exceptions, {left:,.0f} s to go", flush=True)
    _print(tally, time.perf_counter() - started)
    return 1 if tally.exceptions else 0


def _shares(count: int) -> Iterator[list[Asked]]:
    """Return what came of the lines, share by share as they are done."""
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(
            os.cpu_count(), mp_context=get_context("spawn"), initializer=start, initargs=(folder,)
        ) as processes,
    ):
        shares = [range(first, min(first + SHARE, count)) for first in range(0, count, SHARE)]
        for done in as_completed([processes.submit(ask_all, share) for share in shares]):
            yield done.result()


def _print(tally: Tally, seconds: float) -> None:
    print(f"{len(tally.milliseconds):,} hostile lines in {seconds:,.0f} s on {os.cpu_count()} processors")
    print(", ".join(f"{kind} {number:,}" for kind, number in tally.kinds.most_common()))
    p99 = statistics.quantiles(tally.milliseconds, n=100, method="inclusive")[98]
    print(f"p50 {statistics.median(tally.milliseconds):.2f} ms  p99 {p99:.2f} ms")
    if tally.slowest:
        print(f"slowest {tally.slowest.milliseconds:,.0f} ms: {_named(tally.slowest.number)}")
    for each in tally.exceptions[:SHOWN]:
        print(f"exception: {each.exception} at {_named(each.number)}")
    print(f"{len(tally.exceptions)} exceptions (bound 0) {'OVER' if tally.exceptions else 'ok'}")


def _named(number: int) -> str:
    text = line(number)
    return f"line {number}, {len(text)} characters, {text[:_LONGEST_SHOWN]!a}"


def _ask_one(number: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        asked = _Asker(folder).ask(number)
    print(ascii(line(number)))
    print(asked)
    return 1 if asked.exception else 0


def _shown(reply: Reply) -> str:
    """Return the kind of a reply, once its whole text was made."""
    if isinstance(reply, Message):
        plain_text(reply.document)
        return str(reply.kind)
    return "form errors" if isinstance(reply, FormErrors) else "form"


def _since(started: float) -> float:
    return 1000 * (time.perf_counter() - started)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
