"""Places that a question names: a figure of Hong Kong is no answer to a question about Malaysia.

Names come from the Unicode locale data in English and in Traditional Chinese as Hong Kong and Taiwan write it, and from
the library's own lists of names, peoples and cities.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.answering.phrases import flat
from bot.answering.terms import is_han, words

HOME = "HK"  # what the library is about
FILE = Path(__file__).parent / "tables" / "places.txt"
_LONGEST_NAME = 5
_US = re.compile(r"\bU\.S\.|\bUS\b")  # in capitals only: "us" is a pronoun


class Gazetteer:
    """Finds the places that a text names."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        names = [(" ".join(words(name)), code) for code, own in lists.items() for name in own]
        latin, han = _locale_names()
        self._latin = {**latin, **{name: code for name, code in names if not is_han(name)}}
        self._han = {**han, **{name: code for name, code in names if is_han(name)}}
        longest_first = sorted(self._han, key=len, reverse=True)
        self._han_names = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def named(self, text: str) -> frozenset[str]:
        """Return the ISO 3166 codes of the countries and territories that a text names."""
        found = flat(text).split()
        english = [word for word in found if not is_han(word)]
        codes = [*self._in_english(english), *self._in_chinese(found)]
        return frozenset(codes) | (frozenset({"US"}) if _US.search(text) else frozenset())

    def _in_english(self, found: Sequence[str]) -> Iterable[str]:
        """Yield the codes of names, the longest at each place: "South Sudan" names no Sudan."""
        at = 0
        while at < len(found):
            runs = ((size, " ".join(found[at : at + size])) for size in range(_LONGEST_NAME, 0, -1))
            size, name = next(((size, run) for size, run in runs if run in self._latin), (1, ""))
            if name:
                yield self._latin[name]
            at += size

    def _in_chinese(self, found: Iterable[str]) -> Iterable[str]:
        chinese = "|".join(word for word in found if is_han(word))
        return (self._han[name] for name in self._han_names.findall(chinese)) if chinese else ()


@cache
def _locale_names() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the codes by name, for names in English and in Chinese; `make tables` takes them from the locale data."""
    latin: dict[str, str] = {}
    han: dict[str, str] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        code, name = line.split(maxsplit=1)
        (han if is_han(name) else latin)[name] = code
    return latin, han
