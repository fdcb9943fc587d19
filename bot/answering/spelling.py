"""Correcting a misspelt word towards the words the library uses; a word that a dictionary has is never touched."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.answering.terms import is_han, is_known_word, stem, words

SHORTEST = 4  # letters; shorter ones are one slip away from anything
_LONG = 7  # letters from which two slips are forgiven
_SHORTEST_PART = 2


class Speller:
    """Knows the words to correct towards: those of topics and speakers, and those that questions are asked with."""

    def __init__(self, telling: Iterable[str], asking: Iterable[str]) -> None:
        self._phrases = tuple(telling), tuple(asking)

    def corrected(self, word: str) -> str | None:
        """Return what was most likely meant by an English word, two words where a space was left out.

        None where the word is right, too short or too far from any, or as near to two that mean different things.
        """
        if len(word) < SHORTEST or not word.isascii() or not word.isalpha():
            return None
        if self.is_word(word):
            return None
        return self._nearest(word) or self._parted(word)

    def is_word(self, word: str) -> bool:
        """Whether a word is one of the vocabulary's or of the dictionary's: what is neither may be a name."""
        bare = word.removesuffix("'s").removesuffix("’s")
        return bare in self._known or is_known_word(bare)

    def _nearest(self, word: str) -> str | None:
        from rapidfuzz.distance import OSA  # noqa: PLC0415 (only for a misspelt word)
        from rapidfuzz.process import extract  # noqa: PLC0415

        allowed = 2 if len(word) >= _LONG else 1
        near = extract(word, self._telling_and_asking, scorer=OSA.distance, score_cutoff=allowed, limit=None)
        if not near:
            return None
        least = min(distance for _, distance, _ in near)
        best = [each for each, distance, _ in near if distance == least]
        likely = (_swapped, _left_out, _begins_alike)  # how people mistype, the most telling sign first
        fitting = ([each for each in best if sign(word, each)] for sign in likely)
        return _agreed(next((each for each in fitting if each), best), self._telling)

    def _parted(self, word: str) -> str | None:
        """Return a word as two, where one is of the library and the other one at least of the dictionary."""
        for at in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            first, last = word[:at], word[at:]
            both = {first, last}
            if both & self._telling and all(part in self._known or is_known_word(part) for part in both):
                return f"{first} {last}"
        return None

    @cached_property
    def _telling(self) -> frozenset[str]:
        return _single_words(self._phrases[0])

    @cached_property
    def _known(self) -> frozenset[str]:
        return self._telling | _single_words(self._phrases[1])

    @cached_property
    def _telling_and_asking(self) -> Sequence[str]:
        inflected = {form for word in self._telling for form in _forms(word) if is_known_word(form)}
        return sorted(word for word in self._known | inflected if len(word) >= SHORTEST - 1)


def _forms(word: str) -> Iterable[str]:
    bare = word.removesuffix("e")
    return (f"{word}s", f"{bare}ed", f"{bare}ing")


def _swapped(typed: str, meant: str) -> bool:
    return sorted(typed) == sorted(meant)


def _left_out(typed: str, meant: str) -> bool:
    letters = iter(meant)
    return all(letter in letters for letter in typed)


def _begins_alike(typed: str, meant: str) -> bool:
    return typed[0] == meant[0]


def _agreed(best: Sequence[str], telling: frozenset[str]) -> str | None:
    """Return the one word that equally near ones stand for: forms of one word agree, and the library's own go first."""
    for group in ([each for each in best if each in telling], best):
        if group:
            return group[0] if len({stem(each) for each in group}) == 1 else None
    return None


def _single_words(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word for phrase in phrases for word in words(phrase) if not is_han(word) and word.isascii() and word.isalpha()
    )
