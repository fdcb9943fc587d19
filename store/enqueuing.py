"""Owing what is due: sets of subscriptions get their deliveries at once, and move on to their next slots."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.domain.digests import MERGED, DeliveryState, Rhythm, Schedule, SubscriptionState
from store.deliveries import Step, new_nonces, note_steps
from store.rows import chunks
from store.tables import deliveries, delivery_transitions, subscriptions
from store.writing import lock_library

AFTER_FAILURE = timedelta(hours=1)  # a digest that is to come immediately is tried again
_ACTIVE = subscriptions.c.state == SubscriptionState.ACTIVE
_AT_ONCE = subscriptions.c.rhythm == Rhythm.IMMEDIATELY
_OWN = deliveries.c.subscription_id == subscriptions.c.id
_NOT_POSTED = (DeliveryState.OWED, DeliveryState.WAITING)
_SCHEDULE = [subscriptions.c[name] for name in ("rhythm", "wall_time", "zone", "weekday", "holidays")]


def enqueue_due(connection: Connection, now: datetime, next_due: Callable[[Schedule], datetime], limit: int) -> int:
    """See `bot.ports.Store.enqueue_due`."""
    revision = lock_library(connection)
    newest = connection.scalar(select(func.max(deliveries.c.id))) or 0
    by_clock = _due_by_clock(connection, now, limit)
    at_once = _due_at_once(connection, now, revision, limit - len(by_clock))
    if by_clock:
        _owe(connection, by_clock, subscriptions.c.next_due, revision)
        _move_on(connection, by_clock, next_due, revision, newest)
    if at_once:
        _owe(connection, at_once, literal(now, deliveries.c.slot.type), revision)
        moved = {"cursor": revision, "last_due": now}
        connection.execute(update(subscriptions).where(subscriptions.c.id.in_(at_once)).values(moved))
    if by_clock or at_once:
        _take_over(connection, newest, now)
        _note_owed(connection, newest, now)
    return len(by_clock) + len(at_once)


def _due_by_clock(connection: Connection, now: datetime, limit: int) -> Sequence[int]:
    row = subscriptions.c
    due = select(row.id).where(_ACTIVE, ~_AT_ONCE, row.next_due <= now)
    return connection.scalars(due.order_by(row.next_due, row.id).limit(limit)).all()


def _due_at_once(connection: Connection, now: datetime, revision: int, limit: int) -> Sequence[int]:
    """What is to come immediately, as due now. A channel that refuses is not tried at every tick, and a slot that has a
    delivery is left to the next tick.
    """
    row = subscriptions.c
    failed = and_(deliveries.c.state == DeliveryState.FAILED, deliveries.c.slot > now - AFTER_FAILURE)
    held_back = exists().where(_OWN, or_(deliveries.c.slot == now, failed))
    due = select(row.id).where(_ACTIVE, _AT_ONCE, row.cursor < revision, ~held_back)
    return connection.scalars(due.order_by(row.cursor, row.id).limit(limit)).all()


def _owe(connection: Connection, due: Sequence[int], slot: ColumnElement[datetime], revision: int) -> None:
    """Write the deliveries of these subscriptions to which something is new. A slot may have one already: a schedule
    may have been changed and changed back.
    """
    row = subscriptions.c
    columns: dict[str, ColumnElement[Any]] = {
        "subscription_id": row.id,
        "slot": slot,
        "from_revision": row.cursor,
        "to_revision": literal(revision),
        "nonce": new_nonces(row.id),
        "state": literal(DeliveryState.OWED, deliveries.c.state.type),
        "fence": literal(0),
        "tries": literal(0),
    }
    has_one = exists().where(_OWN, deliveries.c.slot == slot)
    new = select(*columns.values()).where(row.id.in_(due), row.cursor < revision, ~has_one)
    connection.execute(insert(deliveries).from_select(list(columns), new.order_by(row.next_due, row.id)))


def _move_on(
    connection: Connection,
    due: Sequence[int],
    next_due: Callable[[Schedule], datetime],
    revision: int,
    newest: int,
) -> None:
    """Move what was due to its next slot, all of one schedule at once. What is new to those whose slot had a delivery
    before, up to the `newest`, is owed at the next.
    """
    row = subscriptions.c
    behind = exists().where(_OWN, deliveries.c.slot == row.next_due, deliveries.c.id <= newest)
    moved = {
        "cursor": case((behind, row.cursor), else_=revision),
        "last_due": row.next_due,
        "next_due": bindparam("following", type_=row.next_due.type),
    }
    for found in connection.execute(select(*_SCHEDULE).where(row.id.in_(due)).distinct()).all():
        same = [column.is_not_distinct_from(value) for column, value in zip(_SCHEDULE, found, strict=True)]
        schedule = Schedule(found.rhythm, found.wall_time, found.zone, found.weekday, found.holidays)
        these = update(subscriptions).where(row.id.in_(due), *same)
        connection.execute(these.values(moved), {"following": next_due(schedule)})


def _take_over(connection: Connection, newest: int, now: datetime) -> None:
    """End what was owed before to those that are owed a delivery now, and was certainly not posted: the new one covers
    it, so that an outage ends in one digest.
    """
    row = deliveries.c
    new = connection.execute(select(row.subscription_id, row.id).where(row.id > newest))
    ids = {each.subscription_id: each.id for each in new}
    waiting = and_(row.subscription_id.in_(ids), row.state.in_(_NOT_POSTED))
    query = select(row.id, row.subscription_id, row.state, row.from_revision).where(waiting).order_by(row.id)
    found = [each for each in connection.execute(query.with_for_update()) if each.id <= newest]
    ended = {"state": DeliveryState.EMPTY, "reason": MERGED, "not_before": None, "settled_at": now}
    for part in chunks(each.id for each in found):
        connection.execute(update(deliveries).where(row.id.in_(part)).values(ended))
    note_steps(connection, [Step(each.id, each.state, DeliveryState.EMPTY, MERGED) for each in found], now)
    covers = update(deliveries).where(row.id == bindparam("new_id"), row.from_revision > bindparam("since"))
    since = [{"new_id": ids[each.subscription_id], "since": each.from_revision} for each in found]
    if since:
        connection.execute(covers.values(from_revision=bindparam("since")), since)


def _note_owed(connection: Connection, newest: int, now: datetime) -> None:
    """Write down that the deliveries after the `newest` are owed."""
    step = delivery_transitions.c
    columns: dict[str, ColumnElement[Any]] = {
        "delivery_id": deliveries.c.id,
        "at": literal(now, step.at.type),
        "after": literal(DeliveryState.OWED, step.after.type),
    }
    new = select(*columns.values()).where(deliveries.c.id > newest).order_by(deliveries.c.id)
    connection.execute(insert(delivery_transitions).from_select(list(columns), new))
