"""Finding what a question amounts to, by itself or as one that goes on from another: "and the year before?"."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.answering.phrases import flat
from bot.answering.question import Question, Wanted
from bot.answering.searching import Finding, Search
from bot.answering.terms import is_han
from bot.answering.times import AskedTime
from bot.domain.period import Period
from bot.messages.exchange import Context

_MOST_GOING_ON = 2  # words that weigh something
_MOST_TYPED = 8  # words, the light ones among them; Chinese runs count as one
_LONGEST_STANDING = 300  # characters
_YEAR = 4  # characters of a period that is one
_FIGURES = (Wanted.COUNT, Wanted.SHARE, Wanted.AMOUNT)
_PRONOUN = re.compile(r" (?:it|they|them|that|he|she) |[佢它他她]")
_OF_A_PARTY = re.compile(r" (?:it|they|he|she) (?:had|has|have|was|were|is|are|did|does) ")
_EARLIER = re.compile(
    r"\b(?:year|one) (?:before|earlier)\b|\b(?:previous|prior|preceding) year\b|前一年|上一年|再之前|对上一年"
)
_LATER = re.compile(r"\b(?:year|one) (?:after|later)\b|\b(?:following|subsequent) year\b|后一年|翌年|之后一年")


def answer(text: str, search: Search, context: Context | None = None) -> Finding:
    """Return what the library's facts amount to for a question.

    With a context, a question that cannot stand by itself is read as going on from it.
    """
    step = _EARLIER.search(flat(text)) or _LATER.search(flat(text)) if context else None
    alone = search.asked(flat(text).replace(step.group(), " ") if step else text)
    alone = replace(alone, question=replace(alone.question, text=text)) if step else alone
    if context is None or alone.question.beyond:
        return alone
    return _going_on(alone, search, context) or alone


def _going_on(alone: Finding, search: Search, context: Context) -> Finding | None:
    """Return what a question amounts to as one that goes on from another; None where it stands by itself.

    One that answers by itself goes on only where it says so: "by how much did it rise", "and how many victims" after a
    year, or nothing but another place or party.
    """
    read = alone.question
    opens = search.vocabulary.without_opening(flat(read.text)) != flat(read.text)
    few = len(read.words) <= _MOST_GOING_ON and (opens or len(read.in_order) <= _MOST_TYPED)
    if few and (_points_back(read) or _is_only_place(read)):
        return _as_one(read, search, context)
    if alone.is_answer:
        figure = opens and read.wanted in _FIGURES and not read.times
        return _in_the_same_year(read, search, context) if figure else None
    if not (opens or few):
        return None
    found = _as_one(read, search, context)
    return found if found.is_answer or not read.words else None


def _points_back(read: Question) -> bool:
    """Whether a pronoun stands for what went before, not for a party that is asked: "did the city feel it was ..."."""
    text = flat(read.text)
    return _PRONOUN.search(text) is not None and not (read.parties.asked and _OF_A_PARTY.search(text))


def _is_only_place(read: Question) -> bool:
    """Whether a question has nothing but a place or a party: "and Singapore?"."""
    if read.times or not (read.places or read.parties.words):
        return False
    named = (word in read.parties.words or (read.places and not is_han(word)) for word in read.words)
    return all(named)


def _in_the_same_year(read: Question, search: Search, context: Context) -> Finding | None:
    years = tuple(AskedTime(period.iso, period) for period in context.periods if len(period.iso) == _YEAR)
    if not years:
        return None
    return replace(search.found(replace(read, times=years), read.text), went_on_from=context.question)


def _as_one(read: Question, search: Search, context: Context) -> Finding:
    """Return what two questions amount to as one: what the later does not name itself is as in the earlier."""
    before = search.read(context.question)
    only_place = _is_only_place(read)
    meant = replace(
        before,
        text=read.text,
        times=read.times or tuple(AskedTime(period.iso, period) for period in _periods(read.text, context)),
        wanted=before.wanted if read.wanted is Wanted.ANYTHING else read.wanted,
        places=read.places or before.places,
        parties=read.parties if read.parties.asked else before.parties,
    )
    if only_place and read.parties.words and before.parties.asked:  # "and the US?" asks somebody else the same
        meant = replace(meant, parties=replace(before.parties, asked=frozenset(read.parties.words.values())))
    standing = context.question
    if read.words and not only_place:
        words, terms = dict.fromkeys((*read.words, *before.words)), dict.fromkeys((*read.terms, *before.terms))
        meant = replace(meant, words=tuple(words), terms=tuple(terms), strict=read.strict | before.strict)
        standing = f"{context.question[:_LONGEST_STANDING]} {read.text}"[: 2 * _LONGEST_STANDING]
    return replace(search.found(meant, standing), went_on_from=context.question)


def _periods(text: str, context: Context) -> Iterable[Period]:
    """Return the periods that a question goes on with: those of the one before, or the year before or after them."""
    step = -1 if _EARLIER.search(flat(text)) else 1 if _LATER.search(flat(text)) else 0
    if not step:
        return context.periods
    years = (period.newest.year + step for period in context.periods[:1])
    held = [Period(f"{year:04d}") for year in years if date.min.year <= year <= date.max.year]
    return held or context.periods
