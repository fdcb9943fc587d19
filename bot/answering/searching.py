"""Searching the library: the facts of the topics that a question’s words touch, and what the index finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering.judge import Answered, Verdict, judge
from bot.answering.question import Question, read_question
from bot.answering.spelling import Speller
from bot.answering.terms import terms
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact
from bot.messages.exchange import Context
from bot.ports import Library

MAX_CANDIDATES = 100
TOPICS_TO_READ = 5
FACTS_OF_A_TOPIC = 40  # the newest; older ones are found by the index, by their year too


@dataclass(frozen=True, slots=True)
class Finding:
    """A question as read, what the library amounts to for it, and what a question that follows may go on from.

    `went_on_from` is the question before, where this one was read as going on from it; `cut_short` says that the search
    did not read all that might have fitted.
    """

    question: Question
    verdict: Verdict
    context: Context
    went_on_from: str | None = None
    cut_short: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether a fact answers."""
        return isinstance(self.verdict, Answered)


def lead_first(facts: Sequence[Fact]) -> list[Fact]:
    """Return a topic's facts with the one that stands for it first: newest year, then newest said, then lowest id."""
    return sorted(facts, key=lambda fact: (-_year(fact), -fact.statement.said_on.toordinal(), fact.id))


@dataclass(frozen=True, slots=True)
class Search:
    """One person's look at one snapshot of the library, on one day."""

    library: Library
    vocabulary: Vocabulary
    today: date

    def read(self, text: str, *spellers: Speller) -> Question:
        """Return a question as read."""
        return read_question(text, self.vocabulary, self.today, *spellers)

    def asked(self, text: str) -> Finding:
        """Return what the library amounts to for a question by itself.

        Where a word is unknown and nothing answers, it is looked for among the words of the facts that the rest finds.
        """
        read = self.read(text)
        found = self.found(read, text)
        if found.is_answer or not self._has_unknown(read):
            return found
        return self.found(self.read(text, self._speller(read)), text)

    def found(self, question: Question, standing: str) -> Finding:
        """Return what the library amounts to for a question as read; `standing` is how it would be asked by itself."""
        candidates, cut_short = self._candidates(question)
        verdict = judge(question, candidates, self.vocabulary)
        if not isinstance(verdict, Answered):
            return Finding(question, verdict, Context(standing, question.periods), cut_short=cut_short)
        fact = verdict.fact
        periods = question.periods or ((fact.period,) if fact.period else ())
        return Finding(question, verdict, Context(standing, periods, fact.id), cut_short=cut_short)

    def _candidates(self, question: Question) -> tuple[list[Fact], bool]:
        if question.beyond or not question.terms:
            return [], False
        owned = self.vocabulary.own_terms.items()
        told = {key: self.vocabulary.telling(question.terms, own) for key, own in owned}
        keys = sorted((key for key, much in told.items() if much), key=lambda key: -told[key])[:TOPICS_TO_READ]
        topical = [fact for key in keys for fact in lead_first(self.library.current_facts(key, FACTS_OF_A_TOPIC))]
        years = [term for period in question.periods for term in terms(period.iso)]
        found = self.library.candidates([*question.terms, *years], MAX_CANDIDATES)
        return list({fact.id: fact for fact in (*topical, *found.facts)}.values()), found.cut_short

    def _has_unknown(self, question: Question) -> bool:
        is_word = self.vocabulary.speller.is_word
        return any(word.isascii() and word.isalpha() and not is_word(word) for word in question.words)

    def _speller(self, question: Question) -> Speller:
        candidates, _ = self._candidates(question)
        return Speller([fact.text.en for fact in candidates if fact.text.en], ())


def _year(fact: Fact) -> int:
    return fact.period.newest.year if fact.period else 0
