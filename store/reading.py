"""Reading facts with all that they stand on, within one snapshot."""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, func, null, select, true, union_all
from sqlalchemy.sql.elements import SQLCoreOperations

from bot.domain.facts import Assertion, Counts, Fact, Rejection, Source, Speaker, Standing, Statement, Topic
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList
from store import tables
from store.held import RevisionCache
from store.rows import AnyRow, assertion_of, chunks, fact_of, source_of, statement_of
from store.writing import read_revision

_FACT, _FACT_VERSION = tables.facts, tables.fact_versions
_STATEMENT, _STATEMENT_VERSION = tables.statements, tables.statement_versions
_SOURCE, _SOURCE_VERSION = tables.sources, tables.source_versions

IS_CURRENT = and_(
    _FACT_VERSION.c.standing == Standing.CURRENT,
    _STATEMENT_VERSION.c.standing == Standing.CURRENT,
)
Order = Sequence[SQLCoreOperations[Any]]
ALIAS, WORD = "alias", "word"
_KINDS = [kind.value for kind in WordKind]
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
_SOURCES_BUT_TEXT = select(
    _SOURCE.c.key.label("source_key"),
    _SOURCE.c.id.label("source_id"),
    _SOURCE.c.version.label("source_version"),
    *(column for column in _SOURCE_VERSION.c if column.name not in ("id", "version", "text")),
).select_from(_newest(_SOURCE, _SOURCE_VERSION))
_SOURCES = _SOURCES_BUT_TEXT.add_columns(null().label("text"))
_WHOLE_SOURCES = _SOURCES_BUT_TEXT.add_columns(_SOURCE_VERSION.c.text)
_PAGE = 5_000  # facts
MOST_OF_A_TOPIC = 2_000  # facts with a period, and as many without, that are sorted for a topic
_REJECTIONS = (
    _NEWEST_FACTS.with_only_columns(
        tables.disputes.c.rejected_fact_id, tables.disputes.c.rejecting_fact_id, _STATEMENT_VERSION.c.speaker_id
    )
    .join(tables.disputes, tables.disputes.c.rejecting_fact_id == _FACT.c.id)
    .where(IS_CURRENT)
    .order_by(tables.disputes.c.id)
)


def newest_of(topic: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition of being among the newest facts of a topic that meet all conditions: by period, then by id.

    They are found through an index in that order, in two parts because databases disagree on where an empty period
    stands. So it takes no longer where a topic has a million facts.
    """
    version = _FACT_VERSION.c
    about = version.topic_id == select(tables.topics.c.id).where(tables.topics.c.key == topic).scalar_subquery()
    held = _NEWEST_FACTS.with_only_columns(version.id).where(about, *where).limit(MOST_OF_A_TOPIC)
    dated = held.where(version.period_sort.is_not(None)).order_by(
        version.period_sort.desc(), version.period_start.desc(), version.id.desc()
    )
    undated = held.where(version.period_sort.is_(None)).order_by(version.period_start.desc(), version.id.desc())
    parts = (select(part.c.id) for part in (dated.subquery(), undated.subquery()))
    return _FACT.c.id.in_(union_all(*parts))


class Reader:
    """Builds facts, statements and sources from rows. Each statement and topic is read once and shared by its facts.

    The cache is for committed snapshots only; a transaction that writes reads its own.
    """

    def __init__(self, connection: Connection, cache: RevisionCache | None = None) -> None:
        self.connection = connection
        self._cache = cache or RevisionCache()
        self._statements: dict[int, Statement] = {}
        self._sources: dict[int, Source] = {}

    def newest(self, topic: str, limit: int, read: Callable[[str, int], Sequence[Fact]]) -> Sequence[Fact]:
        """Return a topic's newest facts, read if they are not held."""
        return self._cache.newest(topic, limit, self.revision, lambda: read(topic, limit))

    def held_digest(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return a digest, or a part of one, read if it is not held."""
        return self._cache.digest(key, self.revision, read)

    @cached_property
    def revision(self) -> int:
        """The library's revision."""
        return read_revision(self.connection)

    @cached_property
    def topics(self) -> Mapping[int, Topic]:
        """All topics by id, in the order they came."""
        return self._cache.get("topics", self.revision, self._read_topics)

    @cached_property
    def speakers(self) -> Mapping[int, Speaker]:
        """All speakers by id, in the order they came."""
        return self._cache.get("speakers", self.revision, self._read_speakers)

    @cached_property
    def word_lists(self) -> Sequence[WordList]:
        """All word lists: kinds of words first, in the order of `WordKind`, then places by code."""
        return self._cache.get("words", self.revision, self._read_word_lists)

    @cached_property
    def counts(self) -> Counts:
        """How much the library holds, whatever its standing."""
        return self._cache.get("counts", self.revision, self._count)

    def _count(self) -> Counts:
        said_on = _STATEMENT_VERSION.c.said_on
        said = select(func.min(said_on), func.max(said_on)).select_from(_newest(_STATEMENT, _STATEMENT_VERSION))
        first, last = self.connection.execute(said).one()
        counted = (_FACT, _STATEMENT, _SOURCE, tables.topics)
        sizes = (select(func.count()).select_from(table).scalar_subquery() for table in counted)
        facts, statements, sources, topics = self.connection.execute(select(*sizes)).one()
        return Counts(facts, statements, sources, topics, first, last)

    def _read_topics(self) -> Mapping[int, Topic]:
        terms: dict[tuple[int, str], list[str]] = defaultdict(list)
        ordered = (tables.topic_terms.c.topic_id, tables.topic_terms.c.kind, tables.topic_terms.c.position)
        for row in self.connection.execute(select(tables.topic_terms).order_by(*ordered)):
            terms[row.topic_id, row.kind].append(row.term)
        rows = self.connection.execute(select(tables.topics).order_by(tables.topics.c.id))
        return {row.id: _topic_of(row, terms) for row in rows}

    def _read_speakers(self) -> Mapping[int, Speaker]:
        table = tables.speaker_aliases
        aliases: dict[int, list[str]] = defaultdict(list)
        for row in self.connection.execute(select(table).order_by(table.c.speaker_id, table.c.position)):
            aliases[row.speaker_id].append(row.alias)
        rows = self.connection.execute(select(tables.speakers).order_by(tables.speakers.c.id))
        return {row.id: _speaker_of(row, aliases.get(row.id, ())) for row in rows}

    def _read_word_lists(self) -> Sequence[WordList]:
        listed, table = tables.word_lists.c, tables.words
        words: dict[str, list[str]] = {kind: [] for kind in self.connection.scalars(select(listed.kind))}
        listing = select(table.c.kind, table.c.word).order_by(table.c.kind, table.c.position)
        for kind, word in self.connection.execute(listing):
            words[kind].append(word)
        return [WordList(kind, tuple(words[kind])) for kind in sorted(words, key=_kinds_first)]

    def _rejections(self, fact_ids: Iterable[int]) -> Mapping[int, tuple[Rejection, ...]]:
        """By whom these facts are rejected; only what current facts say."""
        found: dict[int, list[Rejection]] = defaultdict(list)
        for chunk in chunks(fact_ids):
            for row in self.connection.execute(_REJECTIONS.where(tables.disputes.c.rejected_fact_id.in_(chunk))):
                found[row.rejected_fact_id].append(Rejection(row.rejecting_fact_id, self.speakers[row.speaker_id]))
        return {each: tuple(rejections) for each, rejections in found.items()}

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
        return {fact.id: fact for fact in self._built(rows, self._statements_at(_statement_ids(rows), revision))}

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

    def assertions(self, *where: ColumnElement[bool]) -> Iterator[tuple[int, Assertion, bool]]:
        """What the facts that meet all conditions assert, and whether each is current; a page in memory at a time."""
        last = 0
        query = _NEWEST_FACTS.add_columns(IS_CURRENT.label("is_current")).where(*where).order_by(_FACT.c.id)
        while rows := self.connection.execute(query.where(_FACT.c.id > last).limit(_PAGE)).all():
            yield from ((row.id, assertion_of(row), row.is_current) for row in rows)
            last = rows[-1].id

    def sources(self, ids: Collection[int]) -> dict[int, Source]:
        """Sources at their newest version, by id, without the documents' texts: those may be long, and no answer has
        use for them.
        """
        for chunk in chunks(sorted(set(ids) - self._sources.keys())):
            rows = self.connection.execute(_SOURCES.where(_SOURCE.c.id.in_(chunk)))
            self._sources.update((row.source_id, source_of(row)) for row in rows)
        return {each: self._sources[each] for each in ids}

    def whole_sources(self, ids: Collection[int]) -> dict[int, Source]:
        """The same with their texts."""
        query = _WHOLE_SOURCES.order_by(_SOURCE.c.id)
        found = (self.connection.execute(query.where(_SOURCE.c.id.in_(chunk))) for chunk in chunks(sorted(ids)))
        return {row.source_id: source_of(row) for rows in found for row in rows}

    def all_sources(self) -> list[Source]:
        """All sources at their newest version, by id, with their texts."""
        return [source_of(row) for row in self.connection.execute(_WHOLE_SOURCES.order_by(_SOURCE.c.id))]

    def _facts(self, query: Select[Any]) -> list[Fact]:
        rows = self.connection.execute(query).all()
        return self._built(rows, self.statements(_statement_ids(rows)))

    def _built(self, rows: Sequence[AnyRow], statements: Mapping[int, Statement]) -> list[Fact]:
        rejected, topics = self._rejections({row.id for row in rows}), self.topics
        return [
            fact_of(row, statements[row.statement_id], topics.get(row.topic_id), rejected.get(row.id, ()))
            for row in rows
        ]

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


def _statement_ids(rows: Iterable[AnyRow]) -> set[int]:
    return {row.statement_id for row in rows}


def _kinds_first(key: str) -> tuple[int, str]:
    return (_KINDS.index(key) if key in _KINDS else len(_KINDS), key)


def _speaker_of(row: AnyRow, aliases: Sequence[str]) -> Speaker:
    return Speaker(row.key, LocalText(row.name_en, row.name_zh), tuple(aliases), row.id)


def _topic_of(row: AnyRow, terms: Mapping[tuple[int, str], Sequence[str]]) -> Topic:
    aliases, words = terms.get((row.id, ALIAS), ()), terms.get((row.id, WORD), ())
    return Topic(row.key, LocalText(row.label_en, row.label_zh), tuple(aliases), tuple(words), row.id)
