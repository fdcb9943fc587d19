"""The vocabulary of the library: which words name a topic, which belong to it, and which weigh nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from bot.answering.places import HOME, places_named
from bot.answering.terms import is_han, terms, terms_of, words
from bot.domain.facts import Speaker, Topic


def name_key(text: str) -> str:
    """Return the form in which names are compared: cleaned words parted by one space, English words stemmed."""
    return " ".join(word if is_han(word) else " ".join(terms(word)) for word in words(text))


class Vocabulary:
    """What the topics and light words amount to, for one revision of the library.

    Stems are cut when they are first needed: a line that is a topic's very name needs none.
    """

    def __init__(self, topics: Iterable[Topic], light_words: Iterable[str], speakers: Iterable[Speaker] = ()) -> None:
        self._speakers = tuple(speakers)
        self.topics = {topic.key: topic for topic in topics}
        self._light_words = tuple(light_words)
        self._plainly: dict[str, str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                self._plainly.setdefault(_plain_key(name), topic.key)

    def topic_named(self, text: str) -> Topic | None:
        """Return the topic that the whole text names, or None."""
        key = self._plainly.get(_plain_key(text)) or self._stemmed.get(name_key(text))
        return self.topics[key] if key else None

    @property
    def names(self) -> Mapping[str, str]:
        """Every name of a topic, in lower case, with the topic's key."""
        return self._plainly

    @cached_property
    def own_terms(self) -> dict[str, frozenset[str]]:
        """The index terms of each topic's labels, aliases and everyday words."""
        return {topic.key: frozenset(_own_terms(topic)) for topic in self.topics.values()}

    @cached_property
    def home_places(self) -> frozenset[str]:
        """The places whose bodies speak in this library, by code; to name them in a question tells nothing apart."""
        return frozenset({HOME}.union(*(places_named(name) for name in self.speaker_names)))

    @cached_property
    def speaker_names(self) -> tuple[str, ...]:
        """The names of all speakers, in both languages."""
        return tuple(name for each in self._speakers for name in (each.name.en, each.name.zh_hant) if name)

    def spread(self, word: str) -> int:
        """Return over how many topics a word is spread, at least 1: "trafficking" tells less than "visa"."""
        asked = terms_of(word)
        return max(1, min(self._topics_with.get(term, 0) for term in asked))

    @cached_property
    def _topics_with(self) -> Counter[str]:
        return Counter(term for held in self.own_terms.values() for term in held)

    def content_words(self, question: str) -> list[str]:
        """Return the words of a question that weigh something; runs of Chinese without their light phrases."""
        found = words(question)
        plain = self._without_light_phrases([word for word in found if not is_han(word)])
        return plain + [run for word in found if is_han(word) for run in _without(word, self._light_han)]

    @cached_property
    def _stemmed(self) -> dict[str, str]:
        named: dict[str, str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                named.setdefault(name_key(name), topic.key)
        return named

    @cached_property
    def _light(self) -> frozenset[str]:
        return frozenset(" ".join(words(word)) for word in self._light_words)

    @cached_property
    def _light_han(self) -> tuple[str, ...]:
        return tuple(sorted((word for word in self._light if is_han(word)), key=len, reverse=True))

    def _without_light_phrases(self, found: list[str]) -> list[str]:
        left: list[str] = []
        at = 0
        while at < len(found):
            size = next((n for n in (4, 3, 2, 1) if " ".join(found[at : at + n]) in self._light), 0)
            if not size:
                left.append(found[at])
            at += size or 1
        return left


def _plain_key(text: str) -> str:
    return " ".join(words(text))


def _names(topic: Topic) -> tuple[str, ...]:
    return (*_labels(topic), *topic.aliases, topic.key)


def _labels(topic: Topic) -> list[str]:
    return [label for label in (topic.label.en, topic.label.zh_hant) if label]


def _own_terms(topic: Topic) -> Iterable[str]:
    for phrase in (*_labels(topic), *topic.aliases, *topic.words):
        yield from terms(phrase)


def _without(run: str, light: tuple[str, ...]) -> list[str]:
    for word in light:
        run = run.replace(word, " ")
    return run.split()
