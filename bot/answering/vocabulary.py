"""The vocabulary of the library: which words name a topic, which belong to it, and what others do in a question."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property

from bot.answering.phrases import Found, Phrases, flat
from bot.answering.places import Gazetteer
from bot.answering.speakers import Speakers, all_names
from bot.answering.spelling import Speller
from bot.answering.synonyms import Synonyms
from bot.answering.terms import contains_han, is_han, stored_terms, terms, terms_of, words
from bot.domain.facts import Speaker, Topic
from bot.domain.words import WordKind, WordList

# What asks is no part of what is asked about.
_ASKING = (
    WordKind.COUNT,
    WordKind.SHARE,
    WordKind.AMOUNT,
    WordKind.DATE,
    WordKind.PERSON,
    WordKind.REASON,
    WordKind.TREND,
)
_WEIGHTLESS = (WordKind.LIGHT, WordKind.FOLLOW_UP, *_ASKING)


def name_key(text: str) -> str:
    """Return the form in which names are compared: cleaned words parted by one space, English words stemmed."""
    return " ".join(word if is_han(word) else " ".join(terms(word)) for word in words(text))


class Vocabulary:
    """What the topics, speakers and word lists amount to, for one revision of the library.

    Everything is worked out when it is first needed: a line that is a topic's very name needs little of it.
    """

    def __init__(
        self, topics: Iterable[Topic], word_lists: Iterable[WordList] = (), speakers: Iterable[Speaker] = ()
    ) -> None:
        self.topics = {topic.key: topic for topic in topics}
        self._all_speakers = tuple(speakers)
        self._lists = {each.key: each.words for each in word_lists}

    def topic_named(self, text: str) -> Topic | None:
        """Return the topic that the whole text names, or None."""
        plainly = self.names if contains_han(text) else self._names_in_english
        key = plainly.get(_plain_key(text)) or self._stemmed.get(name_key(text))
        return self.topics[key] if key else None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name of a topic, in lower case, with the topic's key."""
        named: dict[str, str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                named.setdefault(_plain_key(name), topic.key)
        return named

    @cached_property
    def _names_in_english(self) -> Mapping[str, str]:
        """The names without Chinese, for which no characters have to be folded: start-up is measured."""
        named: dict[str, str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                if not contains_han(name):
                    named.setdefault(_plain_key(name), topic.key)
        return named

    @cached_property
    def own_terms(self) -> Mapping[str, frozenset[str]]:
        """The index terms of each topic's labels, aliases and everyday words; not of everyday phrases."""
        return {topic.key: frozenset(_own_terms(topic)) for topic in self.topics.values()}

    @cached_property
    def name_terms(self) -> Mapping[str, frozenset[str]]:
        """The index terms of each topic's labels and aliases."""
        return {
            topic.key: frozenset(term for name in _names(topic) for term in stored_terms(name))
            for topic in self.topics.values()
        }

    def topical_terms(self, topic: Topic, asked: Sequence[str]) -> AbstractSet[str]:
        """Return a topic's terms, with those of the everyday phrases that a question has as a whole: "sex trade" says
        nothing of trade.
        """
        return self.own_terms.get(topic.key, frozenset()) | self.phrase_terms(topic, asked)

    def phrase_terms(self, topic: Topic, asked: Sequence[str]) -> AbstractSet[str]:
        """Return the terms of those of a topic's phrases that stand whole and in order in a question's terms."""
        phrases = (phrase for phrase in self._phrase_terms.get(topic.key, ()) if _in_order(phrase, asked))
        return frozenset().union(*phrases)

    @cached_property
    def _phrase_terms(self) -> Mapping[str, Sequence[Sequence[str]]]:
        return {
            topic.key: [terms(word) for word in (*topic.aliases, *topic.words) if _is_phrase(word)]
            for topic in self.topics.values()
        }

    def phrases(self, kind: WordKind) -> Phrases:
        """Return the phrases of one kind."""
        return self._phrases[kind]

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names of places."""
        return Gazetteer({key: words for key, words in self._lists.items() if key.isupper()})

    @cached_property
    def speakers(self) -> Speakers:
        """The speakers."""
        return Speakers(self._all_speakers, self.gazetteer)

    def without_opening(self, flat_text: str) -> str:
        """Return a flat text without the words with which it goes on from another: "what about the US view"."""
        opening = self._phrases[WordKind.FOLLOW_UP].first(flat_text)
        return f" {flat_text[opening.end :].lstrip()}" if opening and opening.start <= 1 else flat_text

    def topic_of(self, content: Iterable[str]) -> Topic | None:
        """Return the topic one of whose names has just these words that weigh something, or None."""
        return self.topic_of_terms(term for word in content for term in terms_of(word))

    def topic_of_terms(self, content: Iterable[str]) -> Topic | None:
        """Return the topic one of whose names has just these index terms, or None."""
        key = self._by_content.get(frozenset(content))
        return self.topics[key] if key else None

    @cached_property
    def _by_content(self) -> Mapping[frozenset[str], str]:
        named: dict[frozenset[str], str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                content = self.content_words(flat(name))
                named.setdefault(frozenset(term for word in content for term in terms_of(word)), topic.key)
        return named

    def named_terms(self, topic: Topic, asked: Sequence[str]) -> AbstractSet[str]:
        """Return the terms of those of a topic's names that stand whole in a question."""
        held = frozenset(asked)
        names = (content for content, key in self._by_content.items() if key == topic.key and content <= held)
        return frozenset().union(*names)

    @cached_property
    def synonyms(self) -> Synonyms:
        """The words and phrases that mean the same."""
        return Synonyms(self._lists.get(WordKind.SAME, ()))

    def knows(self, word: str) -> bool:
        """Whether any topic has a word, or one that means the same."""
        return bool(self._topics_with.get(terms_of(word)[0]) or self.synonyms.of(word))

    def spread(self, word: str) -> int:
        """Return over how many topics a word is spread, at least 1: "trafficking" tells less than "visa"."""
        return min(self.spread_of(term) for term in terms_of(word))

    def spread_of(self, term: str) -> int:
        """Return over how many topics an index term is spread, at least 1."""
        return max(1, self._topics_with.get(term, 0))

    def telling(self, asked: Iterable[str], held: AbstractSet[str]) -> float:
        """Return how much the index terms that are both asked for and held tell, the rarest most."""
        return sum(1 / self.spread_of(term) for term in asked if term in held)

    def attributes(self, flat_text: str) -> Sequence[str]:
        """Return the phrases that name what is asked for, but those within longer ones ("month" in "which month")."""
        longer = [(each.start, each.end) for each in self._longer.all(flat_text)]
        found = self._phrases[WordKind.ATTRIBUTE].all(flat_text)
        return [each.phrase for each in found if not any(_is_within(each, span) for span in longer)]

    @cached_property
    def _longer(self) -> Phrases:
        asking = (phrase for kind in _ASKING for phrase in self._lists.get(kind, ()))
        weightless = (phrase for phrase in self._lists.get(WordKind.LIGHT, ()) if " " in phrase)  # "on top of"
        return Phrases([*asking, *weightless, *self._topical_han])

    def content_words(self, flat_text: str) -> list[str]:
        """Return the words of a flat text that weigh something.

        Runs of Chinese are parted where a word of a topic or a light phrase stands in them. A single character that
        belongs to no topic is taken for one of the many that only bind others.
        """
        known = self._parting.sub(self._parted, flat_text) if contains_han(flat_text) else flat_text
        found = self._light.blanked(known) if known is flat_text else known
        return [word for word in found.split() if len(word) > 1 or not is_han(word) or word in self._topics_with]

    def is_small_talk(self, text: str) -> bool:
        """Whether a text is a greeting or thanks and asks nothing."""
        talk = self._phrases[WordKind.SMALL_TALK]
        left = talk.blanked(flat(text))
        return left != flat(text) and not self._light.blanked(left).strip()

    @cached_property
    def speller(self) -> Speller:
        """Corrects towards the words of this vocabulary."""
        topical = [phrase for topic in self.topics.values() for phrase in (*_names(topic), *topic.words)]
        named = [name for speaker in self._all_speakers for name in all_names(speaker)]
        asking = [phrase for key, phrases in self._lists.items() if not key.isupper() for phrase in phrases]
        return Speller([*topical, *named], asking)

    @cached_property
    def _phrases(self) -> Mapping[WordKind, Phrases]:
        return {kind: Phrases(self._lists.get(kind, ())) for kind in WordKind}

    @cached_property
    def _light(self) -> Phrases:
        return Phrases(word for kind in _WEIGHTLESS for word in self._lists.get(kind, ()))

    @cached_property
    def _parting(self) -> re.Pattern[str]:
        """Matches what parts a run of Chinese, the longest first: words of topics, which stay, and light phrases."""
        return Phrases([*self._topical_han, *self._light.phrases]).pattern

    @cached_property
    def _topical_han(self) -> frozenset[str]:
        phrases = [p for topic in self.topics.values() for p in (*_names(topic), *topic.words)]
        phrases += [phrase for group in self.synonyms.groups for phrase in group]
        return frozenset(word for phrase in phrases for word in words(phrase) if is_han(word) and len(word) > 1)

    def _parted(self, match: re.Match[str]) -> str:
        kept = match.group() in self._topical_han and match.group() not in self._asking_han
        return f" {match.group()} " if kept else " "

    @cached_property
    def _asking_han(self) -> frozenset[str]:
        asking = (phrase for kind in _ASKING for phrase in self._lists.get(kind, ()))
        return frozenset(word for phrase in asking for word in words(phrase) if is_han(word))

    @cached_property
    def _topics_with(self) -> Counter[str]:
        return Counter(term for held in self.own_terms.values() for term in held)

    @cached_property
    def _stemmed(self) -> Mapping[str, str]:
        named: dict[str, str] = {}
        for topic in self.topics.values():
            for name in _names(topic):
                named.setdefault(name_key(name), topic.key)
        return named


def _in_order(phrase: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether the terms of a phrase stand in a question in their order: "forced labour" is no "labour force"."""
    left = iter(asked)
    return all(term in left for term in phrase)


def _is_within(found: Found, span: tuple[int, int]) -> bool:
    start, end = span
    return start <= found.start and found.end <= end and end - start > found.end - found.start


def _plain_key(text: str) -> str:
    return " ".join(words(text))


def _names(topic: Topic) -> tuple[str, ...]:
    return (*_labels(topic), *topic.aliases, topic.key)


def _labels(topic: Topic) -> list[str]:
    return [label for label in (topic.label.en, topic.label.zh_hant) if label]


def _own_terms(topic: Topic) -> Iterable[str]:
    single = (word for word in (*topic.aliases, *topic.words) if not _is_phrase(word))
    for phrase in (*_labels(topic), *single):
        yield from stored_terms(phrase)


def _is_phrase(word: str) -> bool:
    return " " in word.strip() and not contains_han(word)
