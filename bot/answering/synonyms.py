"""Words and phrases that mean the same: "inmates" asks for "prisoners", and "how come" for "why"."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from bot.answering.phrases import Phrases
from bot.answering.terms import contains_han, is_han, terms, words

_MOST_REMEMBERED = 5_000  # words


class Synonyms:
    """Groups of words and phrases, each a line with "=" between them. Worked out when they are first needed."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = tuple(lines)
        self._alternatives: dict[str, Sequence[frozenset[str]]] = {}

    def of(self, word: str) -> Sequence[frozenset[str]]:
        """Return the terms of each word or phrase that means the same as a word."""
        if word not in self._alternatives:
            if len(self._alternatives) > _MOST_REMEMBERED:
                self._alternatives.clear()
            groups = self._groups_of.get(_same_key(word), ())
            others = (other for one, group in groups for other in group if other != one)
            self._alternatives[word] = tuple(frozenset(terms(other)) for other in others)
        return self._alternatives[word]

    def in_one_word(self, flat_text: str) -> str:
        """Return a flat text with each English phrase that means the same as a word replaced by that word."""
        return self._phrases.pattern.sub(lambda match: self._one_word[match.group()], flat_text)

    @cached_property
    def groups(self) -> Sequence[Sequence[str]]:
        """The words and phrases of each group, cleaned."""
        return [[" ".join(words(each)) for each in line.split("=")] for line in self._lines]

    @cached_property
    def _groups_of(self) -> Mapping[str, Sequence[tuple[str, Sequence[str]]]]:
        """Each word and phrase with its group, by the key under which it is looked for."""
        found: dict[str, list[tuple[str, Sequence[str]]]] = {}
        for group in self.groups:
            for one in group:
                found.setdefault(_same_key(one), []).append((one, group))
        return found

    @cached_property
    def _one_word(self) -> Mapping[str, str]:
        single = {phrase: word for group in self.groups for word in group[:1] for phrase in group if " " in phrase}
        english = {phrase: word for phrase, word in single.items() if not contains_han(phrase)}
        return {f"{phrase}s": word for phrase, word in english.items()} | english

    @cached_property
    def _phrases(self) -> Phrases:
        return Phrases(self._one_word)


def _same_key(word: str) -> str:
    return word if is_han(word) else " ".join(terms(word))
