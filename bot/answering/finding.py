"""Finding what to judge: the facts of the topic a line names, or the candidates for a free question."""

from collections.abc import Sequence

from bot.answering.judge import Verdict, judge
from bot.answering.question import Question, read_question
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact
from bot.messages.exchange import Request
from bot.ports import Library

MAX_CANDIDATES = 200
TOPICS_TO_READ = 5


def lead_first(facts: Sequence[Fact]) -> list[Fact]:
    """Return a topic's facts with the one that stands for it first: newest year, then newest said, then lowest id."""
    return sorted(facts, key=lambda fact: (-_year(fact), -fact.statement.said_on.toordinal(), fact.id))


def answer(request: Request, question: str, library: Library, vocabulary: Vocabulary) -> tuple[Question, Verdict]:
    """Return the question as read and what the library's facts amount to for it."""
    read = read_question(question, vocabulary, request.today)
    return read, judge(read, _candidates(read, library, vocabulary), vocabulary)


def _year(fact: Fact) -> int:
    return fact.period.newest.year if fact.period else 0


def _candidates(question: Question, library: Library, vocabulary: Vocabulary) -> list[Fact]:
    asked = set(question.terms)
    shared = {key: len(asked & own) for key, own in vocabulary.own_terms.items()}
    keys = sorted((key for key, count in shared.items() if count), key=lambda key: -shared[key])[:TOPICS_TO_READ]
    found = [fact for key in keys for fact in lead_first(library.current_facts(key))]
    found += library.candidates(question.terms, MAX_CANDIDATES) if question.terms else []
    return list({fact.id: fact for fact in found}.values())
