"""What a fact says, as terms: what it is about, apart from who said it."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache

from bot.answering.parties import Parties
from bot.answering.phrases import flat
from bot.answering.speakers import all_names
from bot.answering.terms import stem, stored_terms, terms_of
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact
from bot.domain.text import LocalText

_MOST_OF_A_RUN = 0.5  # of a run of Chinese: 打擊販運人口 is of 販運人口
_MOVES = ("increase", "decrease")
_TITLES = re.compile(r"(?<=\w )[A-Z][a-z]+")
_DONE_TO = re.compile(r"(.+?) (?:is|are|was|were|been) ")
_REJECTED = "rejected, disputed"  # what a fact's card says when others reject it


class Said:
    """One fact as the judgement sees it."""

    def __init__(self, fact: Fact, vocabulary: Vocabulary, asked: Sequence[str] = ()) -> None:
        self.fact = fact
        self._vocabulary = vocabulary
        self._asked = asked
        self._shares: dict[str, tuple[float, float, float]] = {}

    def shares(self, word: str, parties: Parties) -> tuple[float, float, float]:
        """Return which part of a word the fact's own words, its topic's and its attribution cover.

        A word that means the same covers as well, and so does another name of the same party. A party that is acted on
        is not covered by its being the speaker.
        """
        if word not in self._shares:
            self._shares[word] = self._shares_of(word, parties)
        return self._shares[word]

    def _shares_of(self, word: str, parties: Parties) -> tuple[float, float, float]:
        party = None if word in parties.acted_on else parties.words.get(word)
        alternatives = self._vocabulary.speakers.names_of(party) if party else self._alternatives(word)
        by_fact = max(_share(word, self.own), _any_whole(alternatives, self.own))
        by_topic = max(_share(word, self._topical), _any_whole(alternatives, self._topical))
        by_speaker = 0.0 if word in parties.acted_on else _share(word, self._attribution)
        return by_fact, by_topic, 1.0 if party and self._is_theirs(party) else by_speaker

    def has(self, word: str) -> bool:
        """Whether the fact itself has a word or one that means the same."""
        return self._has(word, self.own)

    def says(self, word: str) -> bool:
        """Whether the fact, or a name of its topic that the question has whole, has a word or one that means it."""
        return self._has(word, self.own | self._named)

    def touches(self, word: str) -> bool:
        """Whether the fact, any name of its topic, or an everyday phrase that the question has whole, has a word or one
        that means the same.
        """
        return self._has(word, self.own | self._names | self._phrases)

    def _has(self, word: str, held: AbstractSet[str]) -> bool:
        return _share(word, held) >= _MOST_OF_A_RUN or _any_whole(self._alternatives(word), held) == 1

    def directness(self, word: str) -> float:
        """Return 1 where the fact or its topic has the very word, less where only another one that means the same."""
        return max(_share(word, self.own), _share(word, self._topical))

    def is_named_by(self, word: str) -> float:
        """Return 1 where a word belongs to a name of the fact's topic that the question has whole, else 0."""
        return _share(word, self._named)

    @cached_property
    def _phrases(self) -> AbstractSet[str]:
        topic = self.fact.topic
        return self._vocabulary.phrase_terms(topic, self._asked) if topic else frozenset()

    @cached_property
    def _names(self) -> frozenset[str]:
        topic = self.fact.topic
        return self._vocabulary.name_terms.get(topic.key, frozenset()) if topic else frozenset()

    def is_name(self, word: str) -> float:
        """Return 1 where a word stands in a name of the fact's topic, else 0."""
        return _share(word, self._names)

    @cached_property
    def _named(self) -> AbstractSet[str]:
        topic = self.fact.topic
        return self._vocabulary.named_terms(topic, self._asked) if topic else frozenset()

    def _is_theirs(self, party: str) -> bool:
        """Whether the fact is of the party, or the party is of the place that every fact with a topic is about."""
        at_home = self.fact.topic is not None and party in self._vocabulary.speakers.parties_at_home
        return at_home or party == self.fact.statement.speaker.key

    def _alternatives(self, word: str) -> Sequence[frozenset[str]]:
        """Return what means the same as a word; nothing for a fact without a topic, which must have the very words."""
        return self._vocabulary.synonyms.of(word) if self.fact.topic else ()

    def follows(self, doing: frozenset[str], done_to: frozenset[str]) -> bool:
        """Whether what is done stands before whom it is done to; true where the fact does not speak of doing it."""
        order = stored_terms(self._content(self.fact.text.en or ""))
        first = next((at for at, term in enumerate(order) if term in doing), None)
        last = max((at for at, term in enumerate(order) if term in done_to), default=-1)
        if not doing:  # what was done to its subject is done by nobody that the fact names
            return done_to.isdisjoint(self._beginning)
        return first is None or not done_to or first < last or done_to <= doing

    @cached_property
    def _beginning(self) -> frozenset[str]:
        """The terms of what is the subject of something done to it: "the initial screenings were ..."."""
        subject = _DONE_TO.match(flat(self._content(self.fact.text.en or "")))
        content = self._vocabulary.content_words(subject[1]) if subject else ()
        return frozenset(term for word in content for term in terms_of(word))

    @cached_property
    def tells_a_move(self) -> bool:
        """Whether the fact's value is that something rose or fell."""
        value = self.fact.value
        held = frozenset(stored_terms(value.en)) if isinstance(value, LocalText) and value.en else frozenset()
        moves = (move for word in _MOVES for move in ({stem(word)}, *self._vocabulary.synonyms.of(word)))
        return any(move <= held for move in moves)

    @cached_property
    def own(self) -> frozenset[str]:
        """The terms of what the fact says. Of its numbers only its value counts: 五月 is no answer to "5"."""
        fact = self.fact
        texts = [self._content(text) for text in (fact.text.en, fact.text.zh_hant) if text]
        for part in (fact.quote, fact.value, fact.unit):
            if isinstance(part, str):
                texts.append(part)
            elif isinstance(part, LocalText):
                texts += [text for text in (part.en, part.zh_hant) if text]
        value = [f"{fact.value:g}", str(fact.value)] if isinstance(fact.value, int | float) else []
        if fact.rejected_by:
            texts.append(_REJECTED)
        said = (term for text in texts for term in stored_terms(text))
        return frozenset([*value, *(term for term in said if not term.replace(".", "").isdigit())])

    @cached_property
    def places(self) -> frozenset[str]:
        """The codes of the places that the fact is about; to be spoken of by a place's government is not that."""
        fact = self.fact
        texts = [self._content(text) for text in (fact.text.en, fact.text.zh_hant, fact.quote) if text]
        return self._vocabulary.gazetteer.named(" ".join(texts))

    def _content(self, text: str) -> str:
        return self._vocabulary.speakers.without_attribution(text, self.fact.statement)

    @cached_property
    def titles(self) -> frozenset[str]:
        """The terms of the capitalised words that the fact says inside its sentence: "the Immigration Department"."""
        return frozenset(stem(word.lower()) for word in _TITLES.findall(self._content(self.fact.text.en or "")))

    @cached_property
    def unit(self) -> frozenset[str]:
        """The terms of the unit that the fact counts in."""
        unit = self.fact.unit
        return frozenset(stored_terms(unit.en)) if unit and unit.en else frozenset()

    @cached_property
    def _topical(self) -> AbstractSet[str]:
        topic = self.fact.topic
        return self._vocabulary.topical_terms(topic, self._asked) if topic else frozenset()

    @cached_property
    def _attribution(self) -> frozenset[str]:
        statement = self.fact.statement
        names = [*all_names(statement.speaker), statement.source.publisher]
        return frozenset(term for name in names for term in stored_terms(name))


def _any_whole(alternatives: Iterable[frozenset[str]], held: AbstractSet[str]) -> float:
    return 1.0 if any(alternative <= held for alternative in alternatives) else 0.0


@lru_cache(maxsize=4_000)
def _pairs(word: str) -> Sequence[str]:
    return tuple(terms_of(word))


def _share(word: str, held: AbstractSet[str]) -> float:
    """Return the part of a word that is covered: all or nothing for English, by character for a Chinese run."""
    pairs = _pairs(word)
    if len(pairs) == 1:
        return 1.0 if pairs[0] in held else 0.0
    inside = [pair in held for pair in pairs]
    if not any(inside):
        return 0.0
    touched = [any(inside[max(0, i - 1) : i + 1]) for i in range(len(word))]
    return sum(touched) / len(word)
