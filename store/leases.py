"""Leases: what one process does at a time, such as the tick. Whoever holds one renews it, and it runs out by itself."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, text

from store.columns import Instant
from store.tables import leases

A_CLOCK_AHEAD = timedelta(days=2)  # whoever left a lease or a wait for longer than that had one
# In words, because SQLAlchemy says it differently for each database, and both say this.
_HOLD = text(
    "INSERT INTO leases (name, holder, until) VALUES (:name, :holder, :until) ON CONFLICT (name) "
    "DO UPDATE SET holder = excluded.holder, until = excluded.until "
    "WHERE leases.holder = excluded.holder OR leases.until <= :now "
    "OR leases.until > :never RETURNING name"
).bindparams(*(bindparam(name, type_=Instant()) for name in ("now", "until", "never")))


def hold(connection: Connection, name: str, holder: str, now: datetime, until: datetime) -> bool:
    """Whether a lease is now this holder's, until that instant: it was free, had run out, or was the holder's."""
    row = {"name": name, "holder": holder, "now": now, "until": until, "never": until + A_CLOCK_AHEAD}
    return connection.execute(_HOLD, row).scalar_one_or_none() is not None


def let_go(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back, where it is this holder's."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
