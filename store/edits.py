"""An editor's changes to one fact or statement: each adds a version."""

from dataclasses import replace

from bot.domain.changes import (
    Applied,
    ChangeRefusedError,
    CorrectFact,
    Origin,
    RefusalReason,
    SetFactStanding,
    SetStatementStanding,
    StaleChangeError,
)
from bot.domain.facts import Fact, Standing, Statement, Topic
from store import tables
from store.index import Index, indexing
from store.reading import Reader
from store.rows import fact_columns, fact_entry, statement_entry
from store.writing import Version, Write, add_versions

_ACTION = {
    Standing.CURRENT: "restore",
    Standing.WITHDRAWN: "withdraw",
    Standing.SUPERSEDED: "supersede",
    Standing.CORRECTED: "correct",
}


def correct_fact(write: Write, change: CorrectFact) -> Applied:
    """Give a fact another assertion or topic."""
    reader = Reader(write.connection)
    before = _fact(reader, change.fact_id, change.based_on)
    topic = _topic(reader, change.topic)
    said = change.assertion.parts()
    if topic == before.topic and said == before.parts():
        return Applied(ids=(before.public_id,), unchanged=1)
    announced = change.assertion.announces(before) or topic != before.topic
    after = replace(before, topic=topic, reason=change.reason, version=before.version + 1, **said)
    return _write_fact(write, "correct", before, after, announced=announced)


def set_fact_standing(write: Write, change: SetFactStanding) -> Applied:
    """Withdraw, supersede or restore a fact."""
    before = _fact(Reader(write.connection), change.fact_id, change.based_on)
    if before.standing is change.standing:
        return Applied(ids=(before.public_id,), unchanged=1)
    after = replace(before, standing=change.standing, reason=change.reason, version=before.version + 1)
    return _write_fact(write, _ACTION[change.standing], before, after, announced=True)


def set_statement_standing(write: Write, change: SetStatementStanding) -> Applied:
    """Withdraw or restore a statement; its facts are found, or not, with it."""
    before = Reader(write.connection).statements([change.statement_id]).get(change.statement_id)
    if before is None:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"S{change.statement_id}")
    _refuse_stale(before.version, change.based_on)
    if before.standing is change.standing:
        return Applied(ids=(before.public_id,), unchanged=1)
    after = replace(before, standing=change.standing, reason=change.reason, version=before.version + 1)
    _write_statement(write, before, after)
    with indexing(write.connection) as index:
        reindex_statements(write, index, [before.id])
    return Applied(ids=(before.public_id,), changed=1)


def reindex_statements(write: Write, index: Index, ids: list[int]) -> None:
    """Let the facts of these statements be found, or no longer, as they stand now."""
    held = Reader(write.connection).assertions(tables.facts.c.statement_id.in_(ids))
    index.put((fact_id, said if current else None) for fact_id, said, current in held)


def _fact(reader: Reader, fact_id: int, based_on: int) -> Fact:
    found = reader.facts_by_id([fact_id]).get(fact_id)
    if found is None:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"F{fact_id}")
    _refuse_stale(found.version, based_on)
    return found


def _topic(reader: Reader, key: str | None) -> Topic | None:
    found = next((each for each in reader.topics.values() if each.key == key), None)
    if key is not None and found is None:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"topic {key}")
    return found


def _refuse_stale(newest: int, based_on: int) -> None:
    if newest != based_on:
        raise StaleChangeError(f"version {based_on} has become version {newest}")


def _write_fact(write: Write, action: str, before: Fact, after: Fact, *, announced: bool) -> Applied:
    columns = {
        **fact_columns(after),
        "topic_id": after.topic.id if after.topic else None,
        "standing": after.standing,
        "reason": after.reason,
        "announced": announced,
        **write.stamp(Origin.EDITOR),
    }
    version = Version(after.id, after.key, after.version, columns)
    add_versions(write.connection, tables.facts, tables.fact_versions, [version])
    with indexing(write.connection) as index:
        index.put([(after.id, after if after.is_current else None)])
    write.note(action, after.public_id, fact_entry(before), fact_entry(after))
    return Applied(ids=(after.public_id,), changed=1)


def _write_statement(write: Write, before: Statement, after: Statement) -> None:
    columns = {
        "speaker_id": after.speaker.id,
        "source_id": after.source.id,
        "said_on": after.said_on,
        "standing": after.standing,
        "reason": after.reason,
        "announced": True,
        **write.stamp(Origin.EDITOR),
    }
    version = Version(after.id, after.key, after.version, columns)
    add_versions(write.connection, tables.statements, tables.statement_versions, [version])
    write.note(_ACTION[after.standing], after.public_id, statement_entry(before), statement_entry(after))
