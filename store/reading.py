"""Reading facts with all that they stand on, within one snapshot."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func, select, true
from sqlalchemy.sql.elements import SQLCoreOperations

from bot.domain.facts import Fact, Rejection, Source, Speaker, Standing, Statement, Topic
from bot.domain.text import LocalText
from store import tables
from store.rows import AnyRow, chunks, fact_of, source_of, statement_of

_FACT, _FACT_VERSION = tables.facts, tables.fact_versions
_STATEMENT, _STATEMENT_VERSION = tables.statements, tables.statement_versions
_SOURCE, _SOURCE_VERSION = tables.sources, tables.source_versions

IS_CURRENT = and_(
    _FACT_VERSION.c.standing == Standing.CURRENT,
    _STATEMENT_VERSION.c.standing == Standing.CURRENT,
)
Order = Sequence[SQLCoreOperations[Any]]
ALIAS, WORD = "alias", "word"
T = TypeVar("T")


def _newest(identity: Table, versions: Table) -> FromClause:
    return identity.join(versions, and_(versions.c.id == identity.c.id, versions.c.version == identity.c.version))


def _facts_in(version: ColumnElement[bool]) -> Select[Any]:
    """Facts in a version, beside their statement's newest version to choose and sort by."""
    joined = (
        _FACT.join(_FACT_VERSION, and_(_FACT_VERSION.c.id == _FACT.c.id, version))
        .join(_STATEMENT, _STATEMENT.c.id == _FACT.c.statement_id)
        .join(
            _STATEMENT_VERSION,
            and_(_STATEMENT_VERSION.c.id == _STATEMENT.c.id, _STATEMENT_VERSION.c.version == _STATEMENT.c.version),
        )
    )
    return select(_FACT.c.key, _FACT.c.statement_id, *_FACT_VERSION.c).select_from(joined)


_NEWEST_FACTS = _facts_in(_FACT_VERSION.c.version == _FACT.c.version)
_ALL_FACTS = _facts_in(true())
_STATEMENTS = select(_STATEMENT.c.key, *_STATEMENT_VERSION.c).select_from(
    _STATEMENT.join(_STATEMENT_VERSION, _STATEMENT_VERSION.c.id == _STATEMENT.c.id)
)
_SOURCES = select(
    _SOURCE.c.key.label("source_key"),
    _SOURCE.c.id.label("source_id"),
    _SOURCE.c.version.label("source_version"),
    *(column for column in _SOURCE_VERSION.c if column.name not in ("id", "version")),
).select_from(_newest(_SOURCE, _SOURCE_VERSION))


class RevisionCache:
    """What every answer needs of the newest revision that was read, and that seldom changes: topics and rejections."""

    def __init__(self) -> None:
        self._held: tuple[int | None, dict[str, Mapping[int, Any]]] = (None, {})  # one value: threads share this

    def get(self, what: str, revision: int, read: Callable[[], Mapping[int, T]]) -> Mapping[int, T]:
        """Return `what` as of this revision, read if it is not held."""
        held = self._held
        if held[0] != revision:
            held = self._held = (revision, {})
        known = held[1]
        if what not in known:
            known[what] = read()
        return known[what]


class Reader:
    """Builds facts, statements and sources from rows. Each statement and topic is read once and shared by its facts.

    The cache is for committed snapshots only; a transaction that writes reads its own.
    """

    def __init__(self, connection: Connection, cache: RevisionCache | None = None) -> None:
        self.connection = connection
        self._cache = cache or RevisionCache()
        self._statements: dict[int, Statement] = {}
        self._sources: dict[int, Source] = {}

    @cached_property
    def revision(self) -> int:
        """The library's revision."""
        return int(self.connection.execute(select(tables.library.c.revision)).scalar_one())

    @cached_property
    def topics(self) -> Mapping[int, Topic]:
        """All topics by id, in the order they came."""
        return self._cache.get("topics", self.revision, self._read_topics)

    @cached_property
    def rejections(self) -> Mapping[int, tuple[Rejection, ...]]:
        """By whom facts are rejected, by the id of the rejected fact; only what current facts say."""
        return self._cache.get("rejections", self.revision, self._read_rejections)

    def _read_rejections(self) -> Mapping[int, tuple[Rejection, ...]]:
        rejecting = _NEWEST_FACTS.with_only_columns(_FACT.c.id, _STATEMENT_VERSION.c.speaker_id).where(IS_CURRENT)
        speaker_of = {row.id: self.speakers[row.speaker_id] for row in self._disputing(rejecting)}
        found: dict[int, list[Rejection]] = defaultdict(list)
        for row in self.connection.execute(select(tables.disputes).order_by(tables.disputes.c.id)):
            if row.rejecting_fact_id in speaker_of:
                rejection = Rejection(row.rejecting_fact_id, speaker_of[row.rejecting_fact_id])
                found[row.rejected_fact_id].append(rejection)
        return {each: tuple(rejections) for each, rejections in found.items()}

    def _disputing(self, facts: Select[Any]) -> Sequence[AnyRow]:
        return self.connection.execute(facts.where(_FACT.c.id.in_(select(tables.disputes.c.rejecting_fact_id)))).all()

    def _read_topics(self) -> Mapping[int, Topic]:
        terms: dict[tuple[int, str], list[str]] = defaultdict(list)
        ordered = (tables.topic_terms.c.topic_id, tables.topic_terms.c.kind, tables.topic_terms.c.position)
        for row in self.connection.execute(select(tables.topic_terms).order_by(*ordered)):
            terms[row.topic_id, row.kind].append(row.term)
        rows = self.connection.execute(select(tables.topics).order_by(tables.topics.c.id))
        return {row.id: _topic_of(row, terms) for row in rows}

    @cached_property
    def speakers(self) -> Mapping[int, Speaker]:
        """All speakers by id, in the order they came."""
        rows = self.connection.execute(select(tables.speakers).order_by(tables.speakers.c.id))
        return {row.id: Speaker(row.key, LocalText(row.name_en, row.name_zh), row.id) for row in rows}

    def facts(self, *where: ColumnElement[bool], order: Order = (_FACT.c.id,), limit: int | None = None) -> list[Fact]:
        """Facts at their newest version that meet all conditions."""
        return self._facts(_NEWEST_FACTS.where(*where).order_by(*order).limit(limit))

    def facts_by_id(self, ids: Iterable[int], *where: ColumnElement[bool]) -> dict[int, Fact]:
        """The same, of these ids."""
        found = (fact for chunk in chunks(sorted(ids)) for fact in self.facts(_FACT.c.id.in_(chunk), *where))
        return {fact.id: fact for fact in found}

    def fact_versions(self, fact_id: int) -> list[Fact]:
        """All versions of a fact, oldest first."""
        return self._facts(_ALL_FACTS.where(_FACT.c.id == fact_id).order_by(_FACT_VERSION.c.version))

    def facts_at(self, ids: Iterable[int], revision: int) -> dict[int, Fact]:
        """Facts and their statements as they stood at a revision; those that came later are missing."""
        at = self._at(_FACT_VERSION, revision)
        rows = [
            row
            for chunk in chunks(sorted(ids))
            for row in self.connection.execute(_ALL_FACTS.where(_FACT.c.id.in_(chunk), at))
        ]
        statements = self._statements_at({row.statement_id for row in rows}, revision)
        return {row.id: self._fact(row, statements) for row in rows}

    def statements(self, ids: Collection[int]) -> dict[int, Statement]:
        """Statements at their newest version, by id; unknown ids are missing."""
        newest = _STATEMENT_VERSION.c.version == _STATEMENT.c.version
        for chunk in chunks(sorted(set(ids) - self._statements.keys())):
            rows = self.connection.execute(_STATEMENTS.where(newest, _STATEMENT.c.id.in_(chunk))).all()
            self._statements.update(self._build_statements(rows))
        return {each: self._statements[each] for each in ids if each in self._statements}

    def all_statements(self) -> list[Statement]:
        """All statements at their newest version, by id."""
        ids = self.connection.scalars(select(_STATEMENT.c.id).order_by(_STATEMENT.c.id)).all()
        return list(self.statements(ids).values())

    def sources(self, ids: Collection[int]) -> dict[int, Source]:
        """Sources at their newest version, by id."""
        for chunk in chunks(sorted(set(ids) - self._sources.keys())):
            rows = self.connection.execute(_SOURCES.where(_SOURCE.c.id.in_(chunk)))
            self._sources.update((row.source_id, source_of(row)) for row in rows)
        return {each: self._sources[each] for each in ids}

    def all_sources(self) -> list[Source]:
        """All sources at their newest version, by id."""
        return [source_of(row) for row in self.connection.execute(_SOURCES.order_by(_SOURCE.c.id))]

    def _facts(self, query: Select[Any]) -> list[Fact]:
        rows = self.connection.execute(query).all()
        statements = self.statements({row.statement_id for row in rows})
        return [self._fact(row, statements) for row in rows]

    def _fact(self, row: AnyRow, statements: Mapping[int, Statement]) -> Fact:
        rejected_by = self.rejections.get(row.id, ())
        return fact_of(row, statements[row.statement_id], self.topics[row.topic_id], rejected_by)

    def _statements_at(self, ids: Iterable[int], revision: int) -> dict[int, Statement]:
        at = self._at(_STATEMENT_VERSION, revision)
        found: dict[int, Statement] = {}
        for chunk in chunks(sorted(ids)):
            rows = self.connection.execute(_STATEMENTS.where(at, _STATEMENT.c.id.in_(chunk))).all()
            found.update(self._build_statements(rows))
        return found

    def _build_statements(self, rows: Sequence[AnyRow]) -> dict[int, Statement]:
        sources = self.sources({row.source_id for row in rows})
        return {row.id: statement_of(row, self.speakers[row.speaker_id], sources[row.source_id]) for row in rows}

    @staticmethod
    def _at(versions: Table, revision: int) -> ColumnElement[bool]:
        later = versions.alias()
        newest = select(func.max(later.c.version)).where(later.c.id == versions.c.id, later.c.revision <= revision)
        return versions.c.version == newest.scalar_subquery()


def _topic_of(row: AnyRow, terms: Mapping[tuple[int, str], Sequence[str]]) -> Topic:
    aliases, words = terms.get((row.id, ALIAS), ()), terms.get((row.id, WORD), ())
    return Topic(row.key, LocalText(row.label_en, row.label_zh), tuple(aliases), tuple(words), row.id)
