"""Finding the phrases of a word list in a question: English ones as whole words, Chinese ones anywhere in a run."""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from bot.answering.terms import contains_han, words

# 搵唔搵 asks whether, as 搵 with 嗎 does; 安唔安 and its like ask for a verdict, and are words of the lists.
_ASKED_TWICE = re.compile(r"([^\W\d_a-z会系是应得可信值啱够足好安算])[唔不]\1")


_POSSESSIVE = re.compile(r"(?<=\w\w)['’]s?$")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that was found, and where it stands in the flat text."""

    phrase: str
    start: int
    end: int


def flat(text: str) -> str:
    """Return the text as phrases are looked for in it: its words, each with one space before and after.

    A Chinese verb that asks by being said twice (搵唔搵) stands in it once, and "Washington's" as "washington".
    """
    once = _ASKED_TWICE.sub(r"\1", " ".join(_POSSESSIVE.sub("", word) for word in words(text)))
    return f" {once} "


class Phrases:
    """The phrases of one list, ready to be looked for; the longest that fits is found."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.phrases = tuple(phrases)

    def __bool__(self) -> bool:
        return bool(self.phrases)

    def first(self, flat_text: str) -> Found | None:
        """Return the phrase that begins first in a flat text, or None."""
        return next(self.all(flat_text), None)

    def all(self, flat_text: str) -> Iterator[Found]:
        """Return the phrases found in a flat text, in order and without overlap."""
        for match in self.pattern.finditer(flat_text):
            yield Found(match.group(), match.start(), match.end())

    def blanked(self, flat_text: str) -> str:
        """Return the flat text with every phrase replaced by a space."""
        return f" {' '.join(self.pattern.sub(' ', flat_text).split())} "

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches one of the phrases in a flat text, the longest that begins at a place.

        Where a Chinese phrase and an English one both fit, the Chinese one is longer: it goes on behind the English.
        """
        cleaned = {" ".join(words(phrase)) for phrase in self.phrases} - {""}
        chinese = {phrase for phrase in cleaned if contains_han(phrase)}
        english = cleaned - chinese
        whole_words = [f"(?<= )(?:{_any_of(english)})(?= )"] if english else []  # around all at once: half the memory
        return re.compile("|".join([*filter(None, [_any_of(chinese)]), *whole_words]) or "(?!)")


def _any_of(phrases: AbstractSet[str]) -> str:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    return "|".join(map(re.escape, longest_first))
