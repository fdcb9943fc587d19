"""Loading a library file's content: what is new is added, what differs gets a version, what is the same is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Select, Table, and_, insert, select, update

from bot.domain.changes import Applied, ChangeRefusedError, LoadLibrary, Origin, RefusalReason
from bot.domain.facts import DisputeEntry, FactEntry, Source, Standing, StatementEntry
from store import tables
from store.edits import reindex_statements
from store.index import Index, indexing
from store.reading import Reader
from store.rows import AnyRow, chunks, fact_columns, fact_entry, source_columns, statement_entry
from store.tally import E, Held, Keyed, Tally, refuse_doubles
from store.vocabulary import load_speakers, load_topics, load_word_lists
from store.writing import Version, Write, add_versions, count_anew, next_id

_BATCH = 5_000
T = TypeVar("T")
S = TypeVar("S", StatementEntry, FactEntry)


def load_library(write: Write, change: LoadLibrary) -> Applied:
    """Load all of it, in the order in which one thing refers to another.

    Raises ChangeRefusedError (DANGLING) at the first reference that leads nowhere.
    """
    content, tally = change.content, Tally(change.origin)
    refuse_doubles(content)
    with indexing(write.connection) as index:
        load = _Load(write, tally, index)
        load.each(content.sources, load.sources)
        load_speakers(write, tally, content.speakers)
        load_topics(write, tally, content.topics)
        load.each(content.statements, load.statements)
        load.each(content.facts, load.facts)
        load.each(content.disputes, load.disputes)
        for ids in chunks(load.turned):
            reindex_statements(write, index, ids)
        load_word_lists(write, tally, content.word_lists)
    count_anew(write.connection, tally.added + tally.changed)
    return tally.applied()


@dataclass(frozen=True, slots=True)
class _Draft(Generic[E]):
    """An entry to be written over what is held, as columns."""

    entry: E
    old: Held[E] | None
    columns: Mapping[str, object]
    identity: Mapping[str, object] = field(default_factory=dict)

    def version(self, its_id: int, stamp: Mapping[str, object]) -> Version:
        number = self.old.version + 1 if self.old else 1
        return Version(its_id, self.entry.key, number, {**self.columns, **stamp}, self.identity)


class _Load:
    """What is loaded in batches, so that a file of any size needs bounded memory beside itself."""

    def __init__(self, write: Write, tally: Tally, index: Index) -> None:
        self.turned: list[int] = []  # statements whose standing changed: their facts are to be indexed anew
        self._tally = tally
        self._write = write
        self._connection = write.connection
        self._index = index

    def each(self, entries: Iterable[T], load: Callable[[Sequence[T]], None]) -> None:
        """Load entries batch by batch."""
        for batch in chunks(entries, _BATCH):
            load(batch)
            self._write.trail.write(self._connection)

    def sources(self, entries: Sequence[Source]) -> None:
        """Add sources, and versions of those that differ."""
        held = self._held(tables.sources, tables.source_versions, entries, _sources_by_id)
        drafts = [
            _Draft(entry, old, source_columns(entry))
            for entry, old in self._tally.to_write([_bare(each) for each in entries], held)
        ]
        self._add(tables.sources, tables.source_versions, drafts)

    def statements(self, entries: Sequence[StatementEntry]) -> None:
        """Add statements, and versions of those that differ."""
        held = self._held(tables.statements, tables.statement_versions, entries, _statements_by_id)
        speakers = _ids(self._connection, tables.speakers, {each.speaker for each in entries})
        sources = _ids(self._connection, tables.sources, {each.source for each in entries})
        drafts = []
        for entry, old in self._tally.to_write(self._still_withdrawn(entries, held), held):
            columns = {
                "speaker_id": _resolve(speakers, entry.speaker, f"statement {entry.key}: speaker"),
                "source_id": _resolve(sources, entry.source, f"statement {entry.key}: source"),
                "said_on": entry.said_on,
                **_standing(entry, announced=old is None or _announces_speaker(old.entry, entry)),
            }
            drafts.append(_Draft(entry, old, columns))
        self._tally.statements += self._add(tables.statements, tables.statement_versions, drafts, "S")
        self.turned += [each.old.id for each in drafts if each.old and each.old.entry.standing != each.entry.standing]

    def facts(self, entries: Sequence[FactEntry]) -> None:
        """Add facts, and versions of those that differ, and index them."""
        held = self._held(tables.facts, tables.fact_versions, entries, _facts_by_id)
        statements = _statement_standings(self._connection, {each.statement for each in entries})
        topics = _ids(self._connection, tables.topics, {each.topic for each in entries if each.topic})
        drafts, findable = [], []
        for entry, old in self._tally.to_write(self._still_withdrawn(entries, held), held):
            _refuse_move(entry, old)
            statement_id, standing = _resolve(statements, entry.statement, f"fact {entry.key}: statement")
            columns = {
                **fact_columns(entry),
                "topic_id": _resolve(topics, entry.topic, f"fact {entry.key}: topic") if entry.topic else None,
                **_standing(entry, announced=old is None or _announces(old.entry, entry)),
            }
            drafts.append(_Draft(entry, old, columns, {"statement_id": statement_id}))
            findable.append(entry if entry.standing is standing is Standing.CURRENT else None)
        ids = self._add(tables.facts, tables.fact_versions, drafts, "F")
        stands = list(zip(ids, findable, strict=True))
        self._index.add(each for each, draft in zip(stands, drafts, strict=True) if draft.old is None)
        self._index.put(each for each, draft in zip(stands, drafts, strict=True) if draft.old)
        self._tally.facts += ids

    def disputes(self, entries: Sequence[DisputeEntry]) -> None:
        """Add disputes, and change those that differ."""
        held = _held_disputes(self._connection, entries)
        facts = _ids(
            self._connection, tables.facts, {key for each in entries for key in (each.rejecting, each.rejected)}
        )
        sources = _ids(self._connection, tables.sources, {each.source for each in entries})
        fresh = count(next_id(self._connection, tables.disputes))
        for entry, old in self._tally.to_write(entries, held):
            row = {
                "id": old.id if old else next(fresh),
                "key": entry.key,
                "rejecting_fact_id": _resolve(facts, entry.rejecting, f"dispute {entry.key}: fact"),
                "rejected_fact_id": _resolve(facts, entry.rejected, f"dispute {entry.key}: fact"),
                "source_id": _resolve(sources, entry.source, f"dispute {entry.key}: source"),
                "revision": self._write.revision,
            }
            table = tables.disputes
            self._connection.execute(update(table).where(table.c.id == old.id) if old else insert(table), row)
            self._write.note_entry(entry.key, old.entry if old else None, entry)

    def _still_withdrawn(self, entries: Iterable[S], held: Mapping[str, Held[S]]) -> list[S]:
        """The entries, with the standing that is held where it is not current: a file never restores what somebody
        withdrew, `restore` does. Seeds may restore what seeds withdrew.
        """
        settled = []
        for entry in entries:
            old = held.get(entry.key)
            theirs = self._tally.origin is Origin.SEEDS and old is not None and old.origin is Origin.SEEDS
            withdrawn = old is not None and old.entry.standing is not Standing.CURRENT
            if old and withdrawn and not theirs and entry.standing is Standing.CURRENT:
                settled.append(replace(entry, standing=old.entry.standing, reason=old.entry.reason))
            else:
                settled.append(entry)
        return settled

    def _held(
        self,
        identity: Table,
        versions: Table,
        entries: Sequence[Keyed],
        read: Callable[[Reader, list[int]], dict[int, E]],
    ) -> dict[str, Held[E]]:
        """What is held under the entries' keys."""
        query = select(identity.c.key, identity.c.id, identity.c.version, versions.c.origin).join(
            versions, and_(versions.c.id == identity.c.id, versions.c.version == identity.c.version)
        )
        rows = _by_key(self._connection, query, identity, {each.key for each in entries})
        found = read(Reader(self._connection), [row.id for row in rows])
        return {row.key: Held(row.id, found[row.id], row.version, row.origin) for row in rows}

    def _add(self, identity: Table, versions: Table, drafts: Sequence[_Draft[E]], letter: str = "") -> list[int]:
        """Add the versions with their audit rows; return the ids in order. Without a letter the target is the key."""
        fresh = count(next_id(self._connection, identity))
        stamp = self._write.stamp(self._tally.origin)
        new = [each.version(each.old.id if each.old else next(fresh), stamp) for each in drafts]
        add_versions(self._connection, identity, versions, new)
        for version, draft in zip(new, drafts, strict=True):
            target = f"{letter}{version.id}" if letter else version.key
            self._write.note_entry(target, draft.old.entry if draft.old else None, draft.entry)
        return [each.id for each in new]


def _sources_by_id(reader: Reader, ids: list[int]) -> dict[int, Source]:
    return {each: _bare(source) for each, source in reader.whole_sources(ids).items()}


def _statements_by_id(reader: Reader, ids: list[int]) -> dict[int, StatementEntry]:
    return {each: statement_entry(statement) for each, statement in reader.statements(ids).items()}


def _facts_by_id(reader: Reader, ids: list[int]) -> dict[int, FactEntry]:
    return {each: fact_entry(fact) for each, fact in reader.facts_by_id(ids).items()}


def _held_disputes(connection: Connection, entries: Sequence[DisputeEntry]) -> dict[str, Held[DisputeEntry]]:
    rejecting, rejected = tables.facts.alias(), tables.facts.alias()
    query = (
        select(
            tables.disputes.c.id,
            tables.disputes.c.key,
            rejecting.c.key.label("rejecting"),
            rejected.c.key.label("rejected"),
            tables.sources.c.key.label("source"),
        )
        .join(rejecting, rejecting.c.id == tables.disputes.c.rejecting_fact_id)
        .join(rejected, rejected.c.id == tables.disputes.c.rejected_fact_id)
        .join(tables.sources, tables.sources.c.id == tables.disputes.c.source_id)
    )
    rows = _by_key(connection, query, tables.disputes, {each.key for each in entries})
    return {row.key: Held(row.id, DisputeEntry(row.key, row.rejecting, row.rejected, row.source)) for row in rows}


def _ids(connection: Connection, table: Table, keys: AbstractSet[str]) -> dict[str, int]:
    return {row.key: row.id for row in _by_key(connection, select(table.c.key, table.c.id), table, keys)}


def _statement_standings(connection: Connection, keys: AbstractSet[str]) -> dict[str, tuple[int, Standing]]:
    table, versions = tables.statements, tables.statement_versions
    newest = and_(versions.c.id == table.c.id, versions.c.version == table.c.version)
    query = select(table.c.key, table.c.id, versions.c.standing).join(versions, newest)
    return {row.key: (row.id, row.standing) for row in _by_key(connection, query, table, keys)}


def _by_key(connection: Connection, query: Select[Any], table: Table, keys: AbstractSet[str]) -> list[AnyRow]:
    return [row for chunk in chunks(sorted(keys)) for row in connection.execute(query.where(table.c.key.in_(chunk)))]


def _resolve(known: Mapping[str, T], key: str, wanted_by: str) -> T:
    if key not in known:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"{wanted_by} {key}")
    return known[key]


def _refuse_move(entry: FactEntry, old: Held[FactEntry] | None) -> None:
    if old and old.entry.statement != entry.statement:
        raise ChangeRefusedError(
            RefusalReason.DANGLING, f"fact {entry.key}: it belongs to statement {old.entry.statement}"
        )


def _bare(source: Source) -> Source:
    return replace(source, id=0, version=0)


def _standing(entry: StatementEntry | FactEntry, *, announced: bool) -> dict[str, object]:
    return {"standing": entry.standing, "reason": entry.reason, "announced": announced}


def _announces_speaker(old: StatementEntry, new: StatementEntry) -> bool:
    return (old.speaker, old.standing) != (new.speaker, new.standing)


def _announces(old: FactEntry, new: FactEntry) -> bool:
    return new.announces(old) or (old.standing, old.topic) != (new.standing, new.topic)
