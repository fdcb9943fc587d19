"""The judgement: does a held fact answer the question, or is it only about the same thing? A pure function.

Nothing is scored against a threshold. A fact is first ruled out where the question names another year or wants another
kind of value; then its words, its topic's vocabulary and its attribution must cover the question: all of it where a
figure, date or person is asked for, all but a third otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.answering.places import places_named
from bot.answering.question import Question, Wanted, han_weight
from bot.answering.series import is_share
from bot.answering.terms import is_han, terms, terms_of
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact, Topic
from bot.domain.text import Locale, LocalText

MAY_STAY_UNCOVERED = Fraction(1, 3)
OFFERED_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """The fact that answers the question."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Unclear:
    """The words fit facts of several topics equally well."""

    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class NotHeld:
    """No held fact answers the question. `other_periods` are facts that would, were they about the year asked for."""

    near: tuple[Topic, ...]
    other_periods: tuple[Fact, ...] = ()


Verdict = Answered | Unclear | NotHeld


@dataclass(frozen=True, slots=True)
class _Fit:
    fact: Fact
    score: float


def judge(question: Question, candidates: Sequence[Fact], vocabulary: Vocabulary) -> Verdict:
    """Return what the candidates amount to; the order of candidates breaks ties within a topic."""
    near = _near_topics(question, candidates, vocabulary)
    if not question.words:
        return NotHeld(near)
    covering = [fit for fact in candidates if (fit := _fit(question, fact, vocabulary))]
    covering = [fit for fit in covering if _in_place(question, fit.fact, vocabulary)]
    fitting = [fit for fit in covering if _in_time(question, fit.fact) and _right_kind(question, fit.fact)]
    if not fitting:
        return NotHeld(near, _other_periods(question, covering))
    best = max(fit.score for fit in fitting)
    leaders = [fit.fact for fit in fitting if fit.score == best]
    topics = {fact.topic.key: fact.topic for fact in leaders}
    if len(topics) > 1:
        return Unclear(tuple(topics.values())[:OFFERED_TOPICS])
    return Answered(leaders[0])


def of_topic(question: Question, facts: Sequence[Fact], topic: Topic) -> Verdict:
    """Return what the facts of a topic that is named outright amount to: the first of the right time and kind."""
    kind = [fact for fact in facts if _right_kind(question, fact)]
    fitting = [fact for fact in kind if _in_time(question, fact)]
    return Answered(fitting[0]) if fitting else NotHeld((topic,), tuple(kind))


def _fit(question: Question, fact: Fact, vocabulary: Vocabulary) -> _Fit | None:
    own = _fact_terms(fact)
    topical = vocabulary.own_terms.get(fact.topic.key, frozenset()) | _attribution_terms(fact)
    score, covered, total = 0.0, 0.0, 0.0
    for word in question.words:
        weight, told = han_weight(word), han_weight(word) / vocabulary.spread(word)
        by_fact, by_any = _share(word, own), _share(word, own | topical)
        score += weight * (by_fact + by_any)
        covered += told * by_any
        total += told
    allowed = 0 if question.wanted is not Wanted.ANYTHING else MAY_STAY_UNCOVERED
    return _Fit(fact, score) if total - covered <= total * allowed and covered else None


def _share(word: str, held: frozenset[str]) -> float:
    """Return the part of a word that is covered: all or nothing for English, by character for a Chinese run."""
    if not is_han(word):
        return 1.0 if terms_of(word)[0] in held else 0.0
    inside = [word[i : i + 2] in held for i in range(len(word) - 1)] or [word in held]
    touched = [any(inside[max(0, i - 1) : i + 1]) for i in range(len(word))]
    return sum(touched) / len(word)


def _fact_terms(fact: Fact) -> frozenset[str]:
    """Return the terms of what a fact says. Of its numbers only its value counts: 五月 is no answer to "5"."""
    texts = [fact.text.en, fact.text.zh_hant, fact.quote]
    own = [str(fact.value)] if isinstance(fact.value, int | float) else []
    if isinstance(fact.value, LocalText):
        texts += [fact.value.en, fact.value.zh_hant]
    if fact.unit:
        texts += [fact.unit.en, fact.unit.zh_hant]
    said = (term for text in texts if text for term in terms(text))
    return frozenset([*own, *(term for term in said if not term.replace(".", "").isdigit())])


def _attribution_terms(fact: Fact) -> frozenset[str]:
    name = fact.statement.speaker.name
    return frozenset(
        terms(" ".join([name.show(Locale.EN), name.show(Locale.ZH_HANT), fact.statement.source.publisher]))
    )


def _in_time(question: Question, fact: Fact) -> bool:
    if not question.years or fact.period is None:
        return not question.years
    return any(year.overlaps(fact.period) for year in question.years)


def _in_place(question: Question, fact: Fact, vocabulary: Vocabulary) -> bool:
    """Whether the fact names every foreign place that the question names."""
    if not question.places:
        return True
    said = " ".join(text for text in (fact.text.en, fact.text.zh_hant, fact.quote) if text)
    for name in vocabulary.speaker_names:  # to be spoken of by a place's government is not to be about the place
        said = said.replace(name, " ")
    return question.places <= places_named(said)


def _right_kind(question: Question, fact: Fact) -> bool:
    """Whether the fact states the kind of value asked for: a count is no percentage, and neither is a name."""
    match question.wanted:
        case Wanted.COUNT:
            return isinstance(fact.value, int | float) and not is_share(fact)
        case Wanted.SHARE:
            return isinstance(fact.value, int | float) and is_share(fact)
        case Wanted.AMOUNT:
            return isinstance(fact.value, int | float)
        case _:
            return True


def _other_periods(question: Question, covering: Iterable[_Fit]) -> tuple[Fact, ...]:
    if not question.years:
        return ()
    return tuple(fit.fact for fit in covering if _right_kind(question, fit.fact) and fit.fact.period)


def _near_topics(question: Question, candidates: Sequence[Fact], vocabulary: Vocabulary) -> tuple[Topic, ...]:
    asked = set(question.terms)
    ranked = {topic.key: len(asked & vocabulary.own_terms[topic.key]) for topic in vocabulary.topics.values()}
    for fact in candidates:
        ranked[fact.topic.key] = max(ranked.get(fact.topic.key, 0), len(asked & _fact_terms(fact)))
    best = sorted((key for key, shared in ranked.items() if shared), key=lambda key: -ranked[key])
    return tuple(vocabulary.topics[key] for key in best[:OFFERED_TOPICS] if key in vocabulary.topics)
