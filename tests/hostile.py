"""Questions that nobody asks but somebody types: what breaks parsers, queries, formats, terminals and patterns.

The same seed gives the same questions, on any machine.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from bot.commands.grammar import MAX_LINE

_FILE = Path(__file__).parent / "questions" / "hostile.json"
_PIECES: dict[str, list[Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
_LENGTHS = (MAX_LINE - 1, MAX_LINE, MAX_LINE + 1)
_FILLED = 100  # one question in so many is filled to one of these lengths
_PARTS = (1, 1, 1, 1, 1, 1, 1, 1, 2, 3)
_DIGITS = 400


def hostile_questions(count: int, seed: int) -> Iterator[str]:
    """Yield so many hostile questions; most are short, some have one more character than is read."""
    random = Random(seed)  # noqa: S311 (made to be the same each time)
    for at in range(count):
        parts = [random.choice(_MAKERS)(random) for _ in range(random.choice(_PARTS))]
        text = random.choice(("", " ", " ", "\x00", "? ")).join(parts)
        length = random.choice(_LENGTHS)
        yield (text * length)[:length] if at % _FILLED == 0 else text[:MAX_LINE]


def _any_of(pieces: Sequence[str]) -> Callable[[Random], str]:
    return lambda random: random.choice(pieces)


def _controls(random: Random) -> str:
    return "".join(random.choice(_PIECES["controls"]) for _ in range(random.randrange(1, 6)))


def _zalgo(random: Random) -> str:
    marks = [chr(random.randrange(0x300, 0x370)) for _ in range(30)]
    word: str = random.choice(_PIECES["words"])
    return "".join(letter + "".join(random.sample(marks, random.randrange(1, 12))) for letter in word)


def _long_word(random: Random) -> str:
    return "".join(chr(random.randrange(97, 123)) for _ in range(random.randrange(30, 120)))


def _long_run(random: Random) -> str:
    return "".join(chr(random.randrange(0x4E00, 0xA000)) for _ in range(random.randrange(2, 100)))


def _anything(random: Random) -> str:
    size = random.randrange(1, 40)
    return "".join(chr(random.choice((random.randrange(0x20, 0x7F), random.randrange(0x110000)))) for _ in range(size))


def _many_digits(random: Random) -> str:
    return "".join(random.choice("0123456789") for _ in range(_DIGITS))


def _repeated(random: Random) -> str:
    piece, times = random.choice(_PIECES["repeated"])
    return str(piece) * int(times)


_MAKERS: Sequence[Callable[[Random], str]] = (
    *(_any_of(_PIECES[kind]) for kind in ("sql", "formats", "symbols", "times", "words") for _ in range(2)),
    *(_controls, _controls, _zalgo, _anything, _long_word, _long_run, _many_digits, _repeated),
)
