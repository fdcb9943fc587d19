"""Deliveries as rows: the steps they take, and how they stop and go on with their subscription."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, and_, cast, func, insert, literal, select, update

from bot.domain.changes import Applied, SendAgain, StaleChangeError
from bot.domain.digests import Delivery, DeliveryState, Subscription, Transition
from store.audit import AuditTrail
from store.rows import AnyRow, address_of
from store.tables import NoticeState, deliveries, delivery_transitions, notices, subscriptions

_PAUSABLE = (DeliveryState.OWED, DeliveryState.WAITING, DeliveryState.UNSURE)


@dataclass(frozen=True, slots=True)
class Step:
    """A delivery's way from one state to another."""

    delivery_id: int
    before: DeliveryState | None
    after: DeliveryState
    reason: str | None = None


def note_steps(connection: Connection, steps: Iterable[Step], at: datetime) -> None:
    """Write down steps that were taken."""
    rows = [
        {
            "delivery_id": step.delivery_id,
            "at": at,
            "before": step.before,
            "after": step.after,
            "reason": step.reason,
        }
        for step in steps
    ]
    if rows:
        connection.execute(insert(delivery_transitions), rows)


def steps_of(connection: Connection, delivery_id: int) -> Sequence[Transition]:
    """The steps a delivery took, oldest first."""
    taken = delivery_transitions
    rows = connection.execute(select(taken).where(taken.c.delivery_id == delivery_id).order_by(taken.c.id))
    return [Transition(row.at, row.before, row.after, row.reason) for row in rows]


def newest_of(connection: Connection, subscription: Subscription, limit: int) -> Sequence[Delivery]:
    """A subscription's deliveries, newest first."""
    query = select(deliveries).where(deliveries.c.subscription_id == subscription.id)
    newest = query.order_by(deliveries.c.slot.desc(), deliveries.c.id.desc()).limit(limit)
    return [delivery_of(row, subscription) for row in connection.execute(newest)]


def delivery_of(row: AnyRow, subscription: Subscription) -> Delivery:
    """Return the delivery of a row."""
    return Delivery(
        subscription=subscription,
        slot=row.slot,
        from_revision=row.from_revision,
        to_revision=row.to_revision,
        nonce=row.nonce,
        state=row.state,
        fence=row.fence,
        tries=row.tries,
        reason=row.reason,
        not_before=row.not_before,
        settled_at=row.settled_at,
        unsure_since=row.unsure_since,
        unconfirmed=row.unconfirmed,
        id=row.id,
    )


def pause(connection: Connection, subscription_id: int, at: datetime, reason: str | None) -> None:
    """Keep what is owed until the subscription is resumed."""
    before = _states(connection, subscription_id, _PAUSABLE)
    _move(connection, [Step(each, was, DeliveryState.PAUSED, reason) for each, was in before.items()], at)


def resume(connection: Connection, subscription_id: int, at: datetime) -> None:
    """Owe again what was kept. What may have been posted when it was paused is still to be looked for."""
    paused = _states(connection, subscription_id, (DeliveryState.PAUSED,))
    unsure = _paused_from_unsure(connection, paused)
    after = {each: DeliveryState.UNSURE if each in unsure else DeliveryState.OWED for each in paused}
    _move(connection, [Step(each, DeliveryState.PAUSED, state) for each, state in after.items()], at)


def send_again(connection: Connection, change: SendAgain, trail: AuditTrail) -> Applied:
    """Owe a delivery again, as another message, and tell its owner no more of it. Stale where it is no longer unknown
    whether it was posted.
    """
    row = deliveries.c
    unknown = and_(row.id == change.delivery_id, row.state == DeliveryState.UNKNOWN)
    held = connection.execute(select(deliveries).where(unknown).with_for_update()).one_or_none()
    if held is None:
        raise StaleChangeError
    anew = {"state": DeliveryState.OWED, "nonce": new_nonce(), "tries": 0, "reason": None, "settled_at": None}
    connection.execute(update(deliveries).where(row.id == held.id).values(anew))
    note_steps(connection, [Step(held.id, DeliveryState.UNKNOWN, DeliveryState.OWED, trail.actor)], trail.at)
    told = and_(notices.c.subscription_id == held.subscription_id, notices.c.slot == held.slot)
    connection.execute(update(notices).where(told).values(state=NoticeState.DONE, lease_until=None))
    where = connection.execute(select(subscriptions).where(subscriptions.c.id == held.subscription_id)).one()
    trail.note("resend", address_of(where).name, None, None)
    return Applied(changed=1)


def new_nonce() -> str:
    """Return what a message is found by: 24 characters that nobody guesses."""
    return secrets.token_hex(12)


def new_nonces(number: ColumnElement[int]) -> ColumnElement[str]:
    """Return the same for the rows of one statement, which this number tells apart: it has ten digits at most."""
    return literal(secrets.token_hex(7)) + cast(number, String)


def find(connection: Connection, delivery_id: int) -> AnyRow | None:
    """Return a delivery's row, None where there is none of this number."""
    return connection.execute(select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()


def _states(
    connection: Connection, subscription_id: int, states: Sequence[DeliveryState]
) -> Mapping[int, DeliveryState]:
    query = select(deliveries.c.id, deliveries.c.state).where(
        deliveries.c.subscription_id == subscription_id, deliveries.c.state.in_(states)
    )
    return {row.id: row.state for row in connection.execute(query.order_by(deliveries.c.id).with_for_update())}


def _paused_from_unsure(connection: Connection, paused: Iterable[int]) -> set[int]:
    taken = delivery_transitions
    last = select(func.max(taken.c.id)).where(taken.c.delivery_id.in_(list(paused))).group_by(taken.c.delivery_id)
    query = select(taken.c.delivery_id).where(taken.c.id.in_(last), taken.c.before == DeliveryState.UNSURE)
    return set(connection.scalars(query))


def _move(connection: Connection, steps: Sequence[Step], at: datetime) -> None:
    for state in {step.after for step in steps}:
        ids = [step.delivery_id for step in steps if step.after is state]
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(state=state, not_before=None))
    note_steps(connection, steps, at)
