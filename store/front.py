"""What a platform's app keeps between two calls: events it has begun, texts it has parked, and what conversations are
about. None of it is part of the library: it is kept for some days and then makes room.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, bindparam, delete, insert, select, text, tuple_

from bot.domain.people import Address
from bot.domain.period import Period
from bot.messages.exchange import Context
from store.columns import Instant
from store.rows import address_columns
from store.tables import conversations, events, parked

EVENTS_KEPT = timedelta(days=2)
PARKED_KEPT = timedelta(days=2)
CONVERSATIONS_KEPT = timedelta(days=7)
MOST_DROPPED = 100  # old rows that make room for a new one: no call takes long, and more go than come
LONGEST_KEY = 255  # characters; PostgreSQL cannot index a text of any length
# In words, because SQLAlchemy says it differently for each database, and both say this. Of two that begin one event at
# once, the second waits for the first and then sees what it wrote.
_BEGIN = text(
    "INSERT INTO events (key, begun_at) VALUES (:key, :now) ON CONFLICT (key) "
    "DO UPDATE SET begun_at = excluded.begun_at WHERE events.finished_at IS NULL AND events.begun_at < :given_up "
    "RETURNING key"
).bindparams(bindparam("now", type_=Instant()), bindparam("given_up", type_=Instant()))
_FINISH = text(
    "INSERT INTO events (key, begun_at, finished_at) VALUES (:key, :at, :at) "
    "ON CONFLICT (key) DO UPDATE SET finished_at = excluded.finished_at"
).bindparams(bindparam("at", type_=Instant()))
# The reply to an earlier question may be ready after that to a later one; what came last counts.
_REMEMBER = text(
    "INSERT INTO conversations (platform, space, channel, thread, dm_user, context, at) "
    "VALUES (:platform, :space, :channel, :thread, :dm_user, :context, :at) "
    "ON CONFLICT (platform, space, channel, thread, dm_user) "
    "DO UPDATE SET context = excluded.context, at = excluded.at WHERE conversations.at <= excluded.at"
).bindparams(bindparam("platform", type_=conversations.c.platform.type), bindparam("at", type_=Instant()))


def begin(connection: Connection, key: str, now: datetime, patience: timedelta) -> bool:
    """See `bot.ports.Store.begin`."""
    row = {"key": _kept(key), "now": now, "given_up": now - patience}
    begun = connection.execute(_BEGIN, row).scalar_one_or_none() is not None
    if begun:
        _make_room(connection, events.c.begun_at, now - EVENTS_KEPT)
    return begun


def finish(connection: Connection, key: str, at: datetime) -> None:
    """See `bot.ports.Store.finish`. Holds also where the key is not known any more."""
    connection.execute(_FINISH, {"key": _kept(key), "at": at})


def forget(connection: Connection, key: str) -> None:
    """See `bot.ports.Store.forget`. What somebody has finished stays finished."""
    row = events.c
    connection.execute(delete(events).where(row.key == _kept(key), row.finished_at.is_(None)))


def park(connection: Connection, content: str, by: str, at: datetime) -> str:
    """See `bot.ports.Store.park`. The token cannot be guessed."""
    token = secrets.token_urlsafe(16)
    connection.execute(insert(parked), {"token": token, "actor": by, "text": json.dumps(content), "at": at})
    _make_room(connection, parked.c.at, at - PARKED_KEPT)
    return token


def find_parked(connection: Connection, token: str, by: str) -> str | None:
    """See `bot.ports.Store.parked`."""
    if not token.isascii() or not token.isprintable():  # none of ours
        return None
    row = parked.c
    held = connection.scalar(select(row.text).where(row.token == token, row.actor == by))
    return None if held is None else str(json.loads(held))


def remember(connection: Connection, conversation: Address, context: Context, at: datetime) -> None:
    """See `bot.ports.Store.remember`."""
    connection.execute(_REMEMBER, {**address_columns(conversation), "context": _context_text(context), "at": at})
    _make_room(connection, conversations.c.at, at - CONVERSATIONS_KEPT)


def recall(connection: Connection, conversation: Address, since: datetime) -> Context | None:
    """See `bot.ports.Store.recall`."""
    row = conversations.c
    same = (row[name] == value for name, value in address_columns(conversation).items())
    held = connection.scalar(select(row.context).where(*same, row.at >= since))
    return None if held is None else _context_of(held)


def _make_room(connection: Connection, at: Column[datetime], before: datetime) -> None:
    """Drop some of the rows from before, the oldest first. Skipped are those that another process drops or takes up
    again at this moment: two that wait for each other would both fail.
    """
    key = at.table.primary_key.columns
    old = select(*key).where(at < before).order_by(at).limit(MOST_DROPPED).with_for_update(skip_locked=True)
    found = connection.execute(old).all()
    if found:
        connection.execute(delete(at.table).where(tuple_(*key).in_(map(tuple, found))))


def _kept(key: str) -> str:
    """The key, or its fingerprint where it is longer than an index takes or holds what no database takes."""
    if len(key) <= LONGEST_KEY and key.isascii() and key.isprintable():
        return key
    return f"sha256:{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _context_text(context: Context) -> str:
    periods = [period.iso for period in context.periods]
    return json.dumps({"question": context.question, "periods": periods, "fact_id": context.fact_id})


def _context_of(held: str) -> Context:
    parts: dict[str, Any] = json.loads(held)
    return Context(parts["question"], tuple(Period(iso) for iso in parts["periods"]), parts["fact_id"])
