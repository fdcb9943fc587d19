"""What every write of the library has in common: its lock, its revision, and versions that are only ever added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, bindparam, func, insert, select, update

from bot.domain.changes import Origin
from store.audit import AuditTrail
from store.tables import library, metadata

GREAT_WRITE = 5_000  # rows


@dataclass(frozen=True, slots=True)
class Write:
    """One write transaction: its connection, its audit trail, and the revision of what it writes."""

    connection: Connection
    trail: AuditTrail
    revision: int

    def note(self, action: str, target: str, before: object, after: object) -> None:
        """Keep an audit row of a change to the library."""
        self.trail.note(action, target, before, after, self.revision)

    def note_entry(self, target: str, before: object, after: object) -> None:
        """The same, of an entry of a library file."""
        self.note("add" if before is None else "change", target, before, after)

    def stamp(self, origin: Origin) -> dict[str, object]:
        """What each version row says of its writing."""
        return {"revision": self.revision, "origin": origin, "created_at": self.trail.at}


@dataclass(frozen=True, slots=True)
class Version:
    """A version to be added; `identity` are columns of the identity row besides its key."""

    id: int
    key: str
    version: int
    columns: Mapping[str, object]
    identity: Mapping[str, object] = field(default_factory=dict)


_REVISION = select(library.c.revision)  # read for every answer: made once


def read_revision(connection: Connection) -> int:
    """Return the library's revision."""
    return int(connection.execute(_REVISION).scalar_one())


def lock_library(connection: Connection) -> int:
    """Return the library's revision, and keep every other writer out until the transaction ends."""
    return int(connection.execute(select(library.c.revision).with_for_update()).scalar_one())


def bump(connection: Connection, revision: int) -> None:
    """Move the library on to this revision: the last thing a transaction does to it."""
    connection.execute(update(library).values(revision=revision))


def count_anew(connection: Connection, written: int) -> None:
    """After a great write let PostgreSQL count what its tables hold: until it does so by itself, some minutes later, it
    would read whole tables for the smallest question.
    """
    if written >= GREAT_WRITE and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {', '.join(metadata.tables)}")


def next_id(connection: Connection, table: Table) -> int:
    """Return the id that comes after the highest. Only under the library's lock."""
    return int(connection.scalar(select(func.max(table.c.id))) or 0) + 1


def add_versions(connection: Connection, identity: Table, versions: Table, new: Sequence[Version]) -> None:
    """Add versions, make the identity rows of first ones, and let the others' name their newest."""
    if not new:
        return
    first = [
        {"id": each.id, "key": each.key, "version": each.version, **each.identity} for each in new if each.version == 1
    ]
    later = [{"the_id": each.id, "newest": each.version} for each in new if each.version > 1]
    if first:
        connection.execute(insert(identity), first)
    if later:
        newest = update(identity).where(identity.c.id == bindparam("the_id")).values(version=bindparam("newest"))
        connection.execute(newest, later)
    connection.execute(insert(versions), [{"id": each.id, "version": each.version, **each.columns} for each in new])
