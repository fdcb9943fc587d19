"""Reading the search index: an inverted index of our own, so that both databases find the same with the same bounded
work.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

from sqlalchemy import CompoundSelect, Connection, Row, select, union_all

from store import tables
from store.rows import AnyRow

MAX_TERMS = 24  # of a question, the rarest
MAX_LOOKED_UP = 200  # terms of a question of which it is looked up how rare they are
POSTINGS_A_TERM = 500
POSTINGS_IN_ALL = 4_000
CONTENDERS = 200  # facts for which common terms are looked up one by one
_TERM, _POSTING = tables.terms, tables.postings


@dataclass(frozen=True, slots=True)
class Found:
    """Facts that hold terms that were wanted, best first, and how many postings were read for them.

    `cut_short` says that the best may be elsewhere: a fact that was left out, unread or for the limit, may weigh as
    much as the first one here. Where the first holds a rare term or more of the terms than any other can, what was
    left out does not matter.
    """

    ids: list[int]
    postings_read: int
    cut_short: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is read of the index: of each term, the rarest first, so many postings.

    `cut_off` are the terms that are not read to the end. `beyond` is what the terms weigh together that are not read
    at all, because more were wanted.
    """

    weights: Mapping[int, float]
    shares: Mapping[int, int]
    cut_off: frozenset[int]
    beyond: float

    @property
    def unread(self) -> float:
        """What a fact may weigh that no posting named; nothing where all were read to the end."""
        return self.beyond + sum(self.weights[each] for each in self.cut_off)


def find(connection: Connection, wanted: Sequence[str], limit: int) -> Found:
    """Return the facts that hold most and rarest of the terms.

    Terms too common to be read to the end only bring facts in; which of these hold them is then looked up for the
    best, so that no fact is ranked by where its postings happened to be cut off.
    """
    asked = list(dict.fromkeys(wanted))
    plan = _plan(_known(connection, asked[:MAX_LOOKED_UP]))
    if not plan.shares:
        return Found([], 0, cut_short=len(asked) > MAX_LOOKED_UP)
    read = connection.execute(_postings_of(plan.shares)).all()
    whole, part = defaultdict[int, float](float), defaultdict[int, float](float)
    for term_id, fact_id in read:
        (part if term_id in plan.cut_off else whole)[fact_id] += plan.weights[term_id]
    facts = sorted(whole.keys() | part.keys(), key=lambda each: (-_even(whole[each]), -_even(part[each]), each))
    contenders = facts[: max(CONTENDERS, limit)] if plan.cut_off else facts
    passed = max((whole[each] + plan.unread for each in facts[len(contenders) :][:1]), default=0.0)
    for term_id, fact_id in _held(connection, plan.cut_off, contenders):
        whole[fact_id] += plan.weights[term_id]
    best = sorted(contenders, key=lambda each: (-_even(whole[each]), each))
    left = max((whole[each] + plan.beyond for each in best[limit:][:1]), default=0.0)
    may_weigh = max(passed, left, plan.unread)
    return Found(
        best[:limit],
        len(read) + len(plan.cut_off) * len(contenders),
        cut_short=len(asked) > MAX_LOOKED_UP or _even(may_weigh) >= _even(whole[best[0]]),
    )


def _known(connection: Connection, wanted: Sequence[str]) -> Sequence[AnyRow]:
    """The terms that some fact holds, the rarest first."""
    query = select(_TERM).where(_TERM.c.term.in_(wanted), _TERM.c.df > 0).order_by(_TERM.c.df, _TERM.c.id)
    return connection.execute(query).all() if wanted else []


def _plan(known: Sequence[AnyRow]) -> _Plan:
    weights = {row.id: 1 + log((1 + known[-1].df) / (1 + row.df)) for row in known}
    used, more = known[:MAX_TERMS], known[MAX_TERMS:]
    shares = _shares(used)
    cut_off = frozenset(row.id for row in used if row.df > shares.get(row.id, 0))
    return _Plan(weights, shares, cut_off, sum(weights[row.id] for row in more))


def _even(score: float) -> float:
    """The score without what the order of a sum does to its last digits."""
    return round(score, 6)


def _held(connection: Connection, term_ids: Collection[int], fact_ids: Sequence[int]) -> Iterable[Row[int, int]]:
    query = select(_POSTING.c.term_id, _POSTING.c.fact_id)
    found = query.where(_POSTING.c.term_id.in_(term_ids), _POSTING.c.fact_id.in_(fact_ids))
    return connection.execute(found) if term_ids else ()


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
