"""The search index: an inverted index of our own, so that both databases find the same with the same bounded work.

It holds the terms of current facts only. `terms.df` counts the facts that hold a term.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    union_all,
    update,
)

from bot.answering.terms import terms as cut
from bot.domain.facts import Assertion
from bot.domain.text import LocalText
from store import tables
from store.rows import AnyRow, chunks

MAX_TERMS = 24
POSTINGS_A_TERM = 500
POSTINGS_IN_ALL = 4_000
CONTENDERS = 200  # facts for which common terms are looked up one by one
LONGEST_TERM = 200  # characters; PostgreSQL cannot index a text of any length
_BATCH = 5_000
_TERM, _POSTING = tables.terms, tables.postings


def find(connection: Connection, wanted: Sequence[str], limit: int) -> tuple[list[int], int]:
    """Return the ids of the facts that hold most and rarest of the terms, and how many postings were read for it.

    Terms too common to be read to the end only bring facts in; which of these hold them is then looked up for the
    best, so that no fact is ranked by where its postings happened to be cut off.
    """
    known = _known(connection, list(dict.fromkeys(wanted))[:MAX_TERMS])
    shares = _shares(known)
    if not shares:
        return [], 0
    weights = {row.id: 1 + log((1 + known[-1].df) / (1 + row.df)) for row in known}
    cut_off = {row.id for row in known if row.df > shares.get(row.id, 0)}
    read = connection.execute(_postings_of(shares)).all()
    whole, part = defaultdict[int, float](float), defaultdict[int, float](float)
    for term_id, fact_id in read:
        (part if term_id in cut_off else whole)[fact_id] += weights[term_id]
    facts = sorted(whole.keys() | part.keys(), key=lambda each: (-_even(whole[each]), -_even(part[each]), each))
    if not cut_off:
        return facts[:limit], len(read)
    contenders = facts[: max(CONTENDERS, limit)]
    for term_id, fact_id in _held(connection, cut_off, contenders):
        whole[fact_id] += weights[term_id]
    best = sorted(contenders, key=lambda each: (-_even(whole[each]), each))
    return best[:limit], len(read) + len(cut_off) * len(contenders)


def _known(connection: Connection, wanted: Sequence[str]) -> Sequence[AnyRow]:
    """The terms that some fact holds, the rarest first."""
    query = select(_TERM).where(_TERM.c.term.in_(wanted), _TERM.c.df > 0).order_by(_TERM.c.df, _TERM.c.id)
    return connection.execute(query).all() if wanted else []


def _even(score: float) -> float:
    """The score without what the order of a sum does to its last digits."""
    return round(score, 6)


def _held(connection: Connection, term_ids: Iterable[int], fact_ids: Sequence[int]) -> Iterable[Row[int, int]]:
    query = select(_POSTING.c.term_id, _POSTING.c.fact_id)
    found = query.where(_POSTING.c.term_id.in_(term_ids), _POSTING.c.fact_id.in_(fact_ids))
    return connection.execute(found)


def _shares(known: Sequence[AnyRow]) -> dict[int, int]:
    """How many postings to read of each term, the rarest term first."""
    left = POSTINGS_IN_ALL
    shares = {}
    for row in known:
        shares[row.id] = min(row.df, POSTINGS_A_TERM, left)
        left -= shares[row.id]
    return {term_id: share for term_id, share in shares.items() if share}


def _postings_of(shares: Mapping[int, int]) -> CompoundSelect[int, int]:
    parts = (
        select(_POSTING.c.term_id, _POSTING.c.fact_id)
        .where(_POSTING.c.term_id == term_id)
        .order_by(_POSTING.c.fact_id)
        .limit(share)
        .subquery()
        for term_id, share in shares.items()
    )
    return union_all(*(select(part.c.term_id, part.c.fact_id) for part in parts))


class Index:
    """Writes the index within one transaction, and remembers the terms' ids while it lasts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] = {}
        self._df: Counter[int] = Counter()

    def put(self, facts: Iterable[tuple[int, Assertion | None]]) -> None:
        """Index these facts by what they assert; None takes a fact out."""
        for batch in chunks(facts, _BATCH):
            self._put({fact_id: _terms_of(assertion) for fact_id, assertion in batch})
        changed = [{"the_id": term_id, "more": more} for term_id, more in sorted(self._df.items()) if more]
        self._df.clear()
        if changed:
            more = update(_TERM).where(_TERM.c.id == bindparam("the_id")).values(df=_TERM.c.df + bindparam("more"))
            self._connection.execute(more, changed)

    def _put(self, wanted: Mapping[int, frozenset[str]]) -> None:
        self._learn({term for terms in wanted.values() for term in terms})
        new = {(self._ids[term], fact_id) for fact_id, terms in wanted.items() for term in terms}
        old = self._held(wanted)
        self._df.update(term_id for term_id, _ in new - old)
        self._df.subtract(term_id for term_id, _ in old - new)
        for gone in chunks(sorted(old - new)):
            self._connection.execute(delete(_POSTING).where(tuple_(_POSTING.c.term_id, _POSTING.c.fact_id).in_(gone)))
        added = [{"term_id": term_id, "fact_id": fact_id} for term_id, fact_id in sorted(new - old)]
        if added:
            self._connection.execute(insert(_POSTING), added)

    def _held(self, fact_ids: Iterable[int]) -> set[tuple[int, int]]:
        query = select(_POSTING.c.term_id, _POSTING.c.fact_id)
        return {
            (term_id, fact_id)
            for chunk in chunks(fact_ids)
            for term_id, fact_id in self._connection.execute(query.where(_POSTING.c.fact_id.in_(chunk)))
        }

    def _learn(self, terms: Iterable[str]) -> None:
        """Look the terms' ids up; new terms get one."""
        unknown = sorted(set(terms) - self._ids.keys())
        for chunk in chunks(unknown):
            rows = self._connection.execute(select(_TERM.c.term, _TERM.c.id).where(_TERM.c.term.in_(chunk)))
            self._ids.update((row.term, row.id) for row in rows)
        new = [term for term in unknown if term not in self._ids]
        if new:
            first = (self._connection.scalar(select(func.max(_TERM.c.id))) or 0) + 1
            self._ids.update((term, first + position) for position, term in enumerate(new))
            self._connection.execute(insert(_TERM), [{"id": self._ids[term], "term": term, "df": 0} for term in new])


def _terms_of(assertion: Assertion | None) -> frozenset[str]:
    """Cut each part by itself: joined, two numbers could read as one with a thousands separator."""
    if assertion is None:
        return frozenset()
    parts = (
        *_words_of(assertion.text),
        *_words_of(assertion.value),
        *_words_of(assertion.unit),
        assertion.quote,
        assertion.period.iso if assertion.period else None,
    )
    return frozenset(term for part in parts if part for term in cut(part) if len(term) <= LONGEST_TERM)


def _words_of(value: LocalText | float | None) -> tuple[str | None, ...]:
    if value is None:
        return ()
    if isinstance(value, LocalText):
        return value.en, value.zh_hant
    return (f"{value:.15g}" if isinstance(value, float) else str(value),)
