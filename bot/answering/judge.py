"""The judgement: does a held fact answer the question, or is it only about the same thing? A pure function.

Nothing is scored against a threshold. A fact must meet no veto and cover the question's words by its own words, its
topic's vocabulary and its attribution: all of them where a figure, date or person is asked for, and where the fact has
no topic; all but a third otherwise. The score only orders the facts that answer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bot.answering.question import Question, Wanted, han_weight
from bot.answering.said import Said
from bot.answering.vetoes import ALONE, Beside, Veto, beside, in_time, right_kind, vetoes
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact, Topic
from bot.domain.text import LocalText
from bot.domain.words import WordKind

MAY_STAY_UNCOVERED = Fraction(1, 3)
_WEIGHED_BY_TELLING = Fraction(3, 2)  # as much again by half: a word that no topic has outweighs those that many have
OFFERED_TOPICS = 3
_FEWEST_WITHOUT_TOPIC = 3  # words; two are in many sentences
_FACTS_NAMED = 3


class Cover(StrEnum):
    """What covers a word of a question."""

    FACT = "fact"
    TOPIC = "topic"
    SPEAKER = "speaker"
    PARTLY = "partly"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Why:
    """How one fact was judged: what covers each word, which vetoes it met, which share of the words might have stayed
    uncovered, and which did.
    """

    fact: Fact
    covered: tuple[tuple[str, Cover], ...]
    vetoes: frozenset[Veto]
    allowed: Fraction
    is_covered: bool
    left: float
    score: float

    @property
    def answers(self) -> bool:
        """Whether the fact answers the question."""
        return self.is_covered and not self.vetoes


@dataclass(frozen=True, slots=True)
class Answered:
    """The fact that answers the question."""

    fact: Fact
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """The words fit facts of several topics equally well."""

    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """No held fact answers the question.

    `other_times` are facts that would, were they about the time asked for; `holding` are facts without a topic that
    hold all the words, which are too few to be sure; `why` is of the fact that came nearest; `beyond` is the kind of
    question that no fact can answer.
    """

    near: tuple[Topic, ...]
    other_times: tuple[Fact, ...] = ()
    holding: tuple[Fact, ...] = ()
    why: Why | None = None
    beyond: WordKind | None = None


Verdict = Answered | Unclear | NotHeld


def judge(question: Question, candidates: Sequence[Fact], vocabulary: Vocabulary) -> Verdict:
    """Return what the candidates amount to; the order of candidates breaks ties within a topic."""
    said = {fact.id: Said(fact, vocabulary, question.in_order) for fact in candidates}
    near = _near_topics(question, said, vocabulary)
    if question.beyond:
        return NotHeld(near, beyond=question.beyond[0])
    if not question.words:
        return NotHeld(near)
    others = beside(question, list(said.values()))
    judged = [weigh(question, said[fact.id], vocabulary, others) for fact in candidates]
    fitting = [why for why in judged if why.answers]
    fitting = [why for why in fitting if why.fact.topic] or fitting
    if not fitting:
        nearest = max(judged, key=lambda why: (why.is_covered, -len(why.vetoes), why.score), default=None)
        holding = [why.fact for why in judged if not why.fact.topic and not why.vetoes and _is_whole(why)]
        return NotHeld(near, tuple(_other_times(question, judged)), tuple(holding[:_FACTS_NAMED]), nearest)
    best = max(why.score for why in fitting)
    leaders = [why for why in fitting if why.score == best]
    topics = {why.fact.topic.key: why.fact.topic for why in leaders if why.fact.topic}
    named = vocabulary.topic_of(question.words)
    if len(topics) > 1 and named and named.key in topics:
        leaders = [why for why in leaders if why.fact.topic == named]
    elif len(topics) > 1:
        return Unclear(tuple(topics.values())[:OFFERED_TOPICS])
    near_enough = (why for why in judged if not why.vetoes and why.left <= MAY_STAY_UNCOVERED)
    rivals = [why.fact.topic for why in near_enough if why.fact.topic and _says_what_is_missing(why, leaders[0])]
    if leaders[0].fact.topic and rivals:
        return Unclear(tuple(dict.fromkeys((leaders[0].fact.topic, *rivals)))[:OFFERED_TOPICS])
    return Answered(leaders[0].fact, leaders[0])


def _says_what_is_missing(why: Why, leader: Why) -> bool:
    """Whether a fact of another topic has a word itself that nothing covers of the fact that leads."""
    if why.fact.topic == leader.fact.topic:
        return False
    pairs = zip(why.covered, leader.covered, strict=True)
    return any(own is Cover.FACT and its is Cover.NOTHING for (_, own), (_, its) in pairs)


def of_topic(question: Question, facts: Sequence[Fact], topic: Topic) -> Verdict:
    """Return what the facts of a topic that is named outright amount to: the first of the right time and kind."""
    kind = [fact for fact in facts if right_kind(question, fact)]
    fitting = [fact for fact in kind if in_time(question, fact)]
    return Answered(fitting[0]) if fitting else NotHeld((topic,), tuple(kind))


def weigh(question: Question, said: Said, vocabulary: Vocabulary, others: Beside = ALONE) -> Why:
    """Return how one fact stands to the question, beside the other candidates."""
    weighed = [_weighed(word, question, said, vocabulary) for word in question.words]
    counted = [each for each in weighed if each.counts]
    covered = tuple((each.word, each.cover) for each in weighed)
    allowed = _allowed(question, said.fact)
    others_than_parties = [each for each in counted if each.word not in question.parties.words] or counted
    left = _share_left((each.weight, each.share) for each in others_than_parties)
    told_left = _share_left((each.weight / each.spread, each.share) for each in counted)
    told_allowed = allowed if question.asks_whether else allowed * _WEIGHED_BY_TELLING  # a word off is another claim
    enough = said.fact.topic is not None or len(question.words) >= _FEWEST_WITHOUT_TOPIC
    return Why(
        fact=said.fact,
        covered=covered,
        vetoes=frozenset(vetoes(question, said, vocabulary, others)),
        allowed=allowed,
        is_covered=enough and _is_about(question, said, covered) and left <= allowed and told_left <= told_allowed,
        left=left,
        score=round(sum(each.score for each in weighed) + _suits(question, said), 6),
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """One word of a question against one fact: which part of it is covered and by what, what it weighs, over how many
    topics it is spread, and what it adds to the fact's score. That somebody speaks need not be covered, and counts only
    where it is.
    """

    word: str
    cover: Cover
    share: float
    weight: float
    spread: int
    score: float
    counts: bool


def _weighed(word: str, question: Question, said: Said, vocabulary: Vocabulary) -> _Weighed:
    by_fact, by_topic, by_speaker = said.shares(word, question.parties)
    share, weight = max(by_fact, by_topic, by_speaker), han_weight(word)
    told_by = (by_fact, share, said.directness(word), said.is_named_by(word), said.is_name(word) / 2)
    return _Weighed(
        word=word,
        cover=_cover(by_fact, by_topic, by_speaker),
        share=share,
        weight=weight,
        spread=vocabulary.spread(word),
        score=0.0 if word in question.parties.words else weight * sum(told_by),  # who speaks is looked at by itself
        counts=share > 0 or word not in question.parties.spoken,
    )


def _share_left(parts: Iterable[tuple[float, float]]) -> float:
    """Return which share of the weights stays uncovered, of pairs of a weight and the share of it that is covered."""
    weights = [(weight, weight * (1 - share)) for weight, share in parts]
    whole = sum(weight for weight, _ in weights)
    return round(sum(left for _, left in weights) / whole, 6) if whole else 1.0


def _suits(question: Question, said: Said) -> float:
    """Return a little more for a fact whose value is of the kind that is asked for first of all."""
    fact = said.fact
    names_who = question.wanted is Wanted.PERSON and isinstance(fact.value, LocalText)
    moves = fact.change is not None or said.tells_a_move
    says_all = all(said.says(word) for word in question.words if word not in question.parties.words)
    tells_change = question.wanted is Wanted.TREND and moves and says_all
    return 3.0 if tells_change else 0.5 if names_who else 0.0


def _is_about(question: Question, said: Said, covered: Iterable[tuple[str, Cover]]) -> bool:
    """Whether the fact has more of a question than who is asked, which is no subject unless its topic is called so."""
    nothing = (Cover.NOTHING, Cover.SPEAKER)
    has_subject = (cover not in nothing for word, cover in covered if word not in question.parties.words)
    return any(has_subject) or any(said.is_named_by(word) for word in question.words)


def _is_whole(why: Why) -> bool:
    return all(cover in (Cover.FACT, Cover.SPEAKER) for _, cover in why.covered)


def _allowed(question: Question, fact: Fact) -> Fraction:
    is_strict = question.wanted not in (Wanted.ANYTHING, Wanted.REASON, Wanted.TREND) or fact.topic is None
    return Fraction(0) if is_strict else MAY_STAY_UNCOVERED


def _cover(by_fact: float, by_topic: float, by_speaker: float) -> Cover:
    shares = ((by_fact, Cover.FACT), (by_topic, Cover.TOPIC), (by_speaker, Cover.SPEAKER))
    whole = next((cover for share, cover in shares if share == 1), None)
    return whole or (Cover.PARTLY if max(share for share, _ in shares) else Cover.NOTHING)


def _other_times(question: Question, judged: Sequence[Why]) -> Iterable[Fact]:
    """Return facts that would answer but for their time, of topics that hold nothing for the time asked for."""
    held = {why.fact.topic for why in judged if Veto.TIME not in why.vetoes}
    for why in judged:
        if question.times and why.is_covered and why.vetoes == {Veto.TIME} and why.fact.topic not in held:
            yield why.fact


def _near_topics(question: Question, said: Mapping[int, Said], vocabulary: Vocabulary) -> tuple[Topic, ...]:
    asked = question.terms
    ranked = {key: vocabulary.telling(asked, own) for key, own in vocabulary.own_terms.items()}
    for each in said.values():
        if each.fact.topic:
            key = each.fact.topic.key
            ranked[key] = max(ranked.get(key, 0), vocabulary.telling(asked, each.own))
    best = sorted((key for key, shared in ranked.items() if shared), key=lambda key: -ranked[key])
    return tuple(vocabulary.topics[key] for key in best[:OFFERED_TOPICS] if key in vocabulary.topics)
