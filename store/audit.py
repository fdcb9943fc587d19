"""The audit log: one row for each thing a write made or changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select

from bot.ports import AuditEntry
from store.columns import as_json
from store.tables import audit


@dataclass
class AuditTrail:
    """The audit rows of one write, until they are written together."""

    actor: str
    at: datetime
    _rows: list[dict[str, object]] = field(default_factory=list)

    def note(self, action: str, target: str, before: object, after: object, revision: int | None = None) -> None:
        """Keep one row: what was done to what, and the state before and after as domain values."""
        self._rows.append(
            {
                "at": self.at,
                "actor": self.actor,
                "action": action,
                "target": target,
                "before": None if before is None else as_json(before),
                "after": None if after is None else as_json(after),
                "revision": revision,
            }
        )

    def write(self, connection: Connection) -> None:
        """Write the rows kept so far."""
        if self._rows:
            connection.execute(insert(audit), self._rows)
            self._rows.clear()


def log(connection: Connection, limit: int, target: str | None) -> Sequence[AuditEntry]:
    """Newest rows first, of one target or of all."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if target is not None:
        query = query.where(audit.c.target == target)
    return [AuditEntry(*row) for row in connection.execute(query)]
