"""The vocabulary of the library: which words name a topic, which belong to it, and which weigh nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.terms import is_han, terms, words
from bot.domain.facts import Topic


def name_key(text: str) -> str:
    """Return the form in which names are compared: cleaned words parted by one space, English words stemmed."""
    return " ".join(word if is_han(word) else " ".join(terms(word)) for word in words(text))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the topics and light words amount to, for one revision of the library.

    `named` maps every label and alias to its topic; `own_terms` are the index terms of a topic's label, aliases and
    everyday words; `light` and `light_han` are the words that weigh nothing.
    """

    topics: dict[str, Topic]
    named: dict[str, str]
    own_terms: dict[str, frozenset[str]]
    light: frozenset[str]
    light_han: tuple[str, ...]

    def topic_named(self, text: str) -> Topic | None:
        """Return the topic that the whole text names, or None."""
        key = self.named.get(name_key(text))
        return self.topics[key] if key else None

    def content_words(self, question: str) -> list[str]:
        """Return the words of a question that weigh something; runs of Chinese without their light phrases."""
        found = words(question)
        plain = self._without_light_phrases([word for word in found if not is_han(word)])
        return plain + [run for word in found if is_han(word) for run in _without(word, self.light_han)]

    def _without_light_phrases(self, found: list[str]) -> list[str]:
        left: list[str] = []
        at = 0
        while at < len(found):
            size = next((n for n in (4, 3, 2, 1) if " ".join(found[at : at + n]) in self.light), 0)
            if not size:
                left.append(found[at])
            at += size or 1
        return left


def build_vocabulary(topics: Iterable[Topic], light_words: Iterable[str]) -> Vocabulary:
    """Return the vocabulary of these topics and light words."""
    held = {topic.key: topic for topic in topics}
    named: dict[str, str] = {}
    for topic in held.values():
        for name in (*_labels(topic), *topic.aliases, topic.key):
            named.setdefault(name_key(name), topic.key)
    light = [" ".join(words(word)) for word in light_words]
    return Vocabulary(
        topics=held,
        named=named,
        own_terms={topic.key: frozenset(_own_terms(topic)) for topic in held.values()},
        light=frozenset(light),
        light_han=tuple(sorted((word for word in light if is_han(word)), key=len, reverse=True)),
    )


def _labels(topic: Topic) -> list[str]:
    return [label for label in (topic.label.en, topic.label.zh_hant) if label]


def _own_terms(topic: Topic) -> Iterable[str]:
    for phrase in (*_labels(topic), *topic.aliases, *topic.words):
        yield from terms(phrase)


def _without(run: str, light: tuple[str, ...]) -> list[str]:
    for word in light:
        run = run.replace(word, " ")
    return run.split()
