"""Writing the search index. It holds the terms of current facts only; `terms.df` counts the facts that hold a term.

It is made of the facts and can be made of them again, so nothing in the database checks what its rows refer to.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from bot.answering.terms import VERSION
from bot.answering.terms import stored_terms as cut
from bot.domain.facts import Assertion
from bot.domain.text import LocalText
from store import tables
from store.reading import IS_CURRENT, Reader
from store.rows import chunks
from store.writing import count_anew, lock_library

LONGEST_TERM = 200  # characters; PostgreSQL cannot index a text of any length
_BATCH = 5_000  # facts
_MOST_REMEMBERED = 200_000  # terms
_TERM, _POSTING = tables.terms, tables.postings

log = logging.getLogger(__name__)


class Index:
    """Writes the index within one transaction. It remembers terms from one batch to the next, and counts how many facts
    hold them only at the end: see `indexing`.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._ids: dict[str, int] = {}
        self._df: Counter[int] = Counter()

    def add(self, facts: Iterable[tuple[int, Assertion | None]]) -> None:
        """Index facts that the index does not hold yet; None is one that is not to be found."""
        for batch in chunks(facts, _BATCH):
            self._write(self._postings_of(batch), set())

    def put(self, facts: Iterable[tuple[int, Assertion | None]]) -> None:
        """Index facts by what they assert now; None takes a fact out."""
        for batch in chunks(facts, _BATCH):
            self._write(self._postings_of(batch), self._held(fact_id for fact_id, _ in batch))

    def count(self) -> None:
        """Write how many facts more or fewer hold each term."""
        changed = [(more, term_id) for term_id, more in sorted(self._df.items()) if more]
        self._df.clear()
        if not changed:
            return
        if self._is_sqlite:
            self._connection.exec_driver_sql("UPDATE terms SET df = df + ? WHERE id = ?", changed)
        else:
            self._connection.exec_driver_sql(
                "UPDATE terms SET df = df + more FROM unnest(%s::int[], %s::int[]) AS changed (more, term_id) "
                "WHERE id = term_id",
                _columns(changed),
            )

    def _postings_of(self, batch: Sequence[tuple[int, Assertion | None]]) -> set[tuple[int, int]]:
        wanted = {fact_id: _terms_of(assertion) for fact_id, assertion in batch}
        self._learn({term for terms in wanted.values() for term in terms})
        return {(self._ids[term], fact_id) for fact_id, terms in wanted.items() for term in terms}

    def _write(self, new: set[tuple[int, int]], old: set[tuple[int, int]]) -> None:
        added, gone = sorted(new - old), sorted(old - new)
        self._df.update(term_id for term_id, _ in added)
        self._df.subtract(term_id for term_id, _ in gone)
        for some in chunks(gone):
            self._connection.execute(delete(_POSTING).where(tuple_(_POSTING.c.term_id, _POSTING.c.fact_id).in_(some)))
        if added:
            self._insert(added)
        if len(self._df) > _MOST_REMEMBERED:
            self.count()

    def _insert(self, postings: Sequence[tuple[int, int]]) -> None:
        """Insert so many rows past SQLAlchemy, which would make a mapping of each; on a server as one statement."""
        if self._is_sqlite:
            self._connection.exec_driver_sql("INSERT INTO postings (term_id, fact_id) VALUES (?, ?)", list(postings))
        else:
            self._connection.exec_driver_sql(
                "INSERT INTO postings (term_id, fact_id) SELECT * FROM unnest(%s::int[], %s::int[])", _columns(postings)
            )

    def _held(self, fact_ids: Iterable[int]) -> set[tuple[int, int]]:
        query = select(_POSTING.c.term_id, _POSTING.c.fact_id)
        return {
            (term_id, fact_id)
            for chunk in chunks(fact_ids)
            for term_id, fact_id in self._connection.execute(query.where(_POSTING.c.fact_id.in_(chunk)))
        }

    def _learn(self, terms: Iterable[str]) -> None:
        """Look the terms' ids up; new terms get one."""
        if len(self._ids) > _MOST_REMEMBERED:
            self._ids.clear()
        unknown = sorted(set(terms) - self._ids.keys())
        for chunk in chunks(unknown):
            rows = self._connection.execute(select(_TERM.c.term, _TERM.c.id).where(_TERM.c.term.in_(chunk)))
            self._ids.update((row.term, row.id) for row in rows)
        new = [term for term in unknown if term not in self._ids]
        if new:
            first = (self._connection.scalar(select(func.max(_TERM.c.id))) or 0) + 1
            self._ids.update((term, first + position) for position, term in enumerate(new))
            self._connection.execute(insert(_TERM), [{"id": self._ids[term], "term": term, "df": 0} for term in new])


@contextmanager
def indexing(connection: Connection) -> Iterator[Index]:
    """The index to write to; when all is written, it is counted how many facts hold each term."""
    index = Index(connection)
    yield index
    index.count()


def read_index_version(connection: Connection) -> int | None:
    """Return the version of the cutting of words that the index was made with, None where it was not made yet."""
    found: int | None = connection.exec_driver_sql("SELECT index_version FROM library").scalar()
    return found


def rebuild_outdated(connection: Connection) -> None:
    """Make the index anew from the facts where words are cut in another way than it was made with.

    Nothing that people see as a change of the library happens: the revision stays.
    """
    lock_library(connection)
    if read_index_version(connection) == VERSION:
        return
    facts = connection.scalar(select(func.max(tables.facts.c.id))) or 0
    if facts:
        log.warning("words are cut in a new way: the search index is made anew, which may take some minutes")
    connection.execute(delete(_POSTING))
    connection.execute(delete(_TERM))
    with indexing(connection) as index:
        index.add((fact_id, said) for fact_id, said, _ in Reader(connection).assertions(IS_CURRENT))
    count_anew(connection, facts)
    connection.execute(update(tables.library).values(index_version=VERSION))


def _columns(rows: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    first, second = zip(*rows, strict=True)
    return list(first), list(second)


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
