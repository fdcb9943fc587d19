"""Deliveries as rows: the steps they take, and how they stop and go on with their subscription."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.domain.changes import Applied, SendAgain, StaleChangeError, TakeAsPosted
from bot.domain.digests import MERGED, SEEN, Delivery, DeliveryState, Subscription, Transition
from store.audit import AuditTrail
from store.rows import AnyRow, address_of, chunks
from store.tables import NoticeState, deliveries, delivery_transitions, notices, subscriptions

_PAUSABLE = (DeliveryState.OWED, DeliveryState.WAITING, DeliveryState.UNSURE)
_NOT_POSTED = (DeliveryState.OWED, DeliveryState.WAITING, DeliveryState.PAUSED)
_LOOKED_BACK = 10  # deliveries, for such as went into a later one
_TROUBLED = (DeliveryState.FAILED, DeliveryState.UNKNOWN)
# Asked for each of thousands of digests: made once.
_BEFORE = (
    select(deliveries.c.slot, deliveries.c.reason)
    .where(deliveries.c.subscription_id == bindparam("own"), deliveries.c.slot < bindparam("before"))
    .order_by(deliveries.c.slot.desc())
    .limit(_LOOKED_BACK)
)


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


def merged_into(connection: Connection, delivery: Delivery) -> Sequence[datetime]:
    """See `bot.ports.Library.merged_into`."""
    found = connection.execute(_BEFORE, {"own": delivery.subscription.id, "before": delivery.slot})
    return [each.slot for each in takewhile(lambda each: each.reason == MERGED, found)]


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


def resume(connection: Connection, subscription_id: int, at: datetime) -> int | None:
    """Leave what was kept to the next digest, and return the revision from which that has to tell; None where nothing
    was. What may have been posted when it was paused is still to be looked for, and goes into no other.
    """
    kept = _states(connection, subscription_id, _NOT_POSTED)
    unsure = _paused_from_unsure(connection, kept)
    _move(connection, [Step(each, DeliveryState.PAUSED, DeliveryState.UNSURE) for each in unsure], at)
    return _merge(connection, {each: was for each, was in kept.items() if each not in unsure}, at)


def _merge(connection: Connection, kept: Mapping[int, DeliveryState], at: datetime) -> int | None:
    """End deliveries that go into a later one, and return the earliest revision from which one of them was to tell."""
    _move(connection, [Step(each, was, DeliveryState.EMPTY, MERGED) for each, was in kept.items()], at)
    ended = deliveries.c.id.in_(list(kept))
    connection.execute(update(deliveries).where(ended).values(reason=MERGED, settled_at=at))
    earliest: int | None = connection.scalar(select(func.min(deliveries.c.from_revision)).where(ended))
    return earliest


def follows_a_failure(connection: Connection, delivery: Delivery) -> bool:
    """Whether the one before failed: the last that came to its end, and did not go into a later one."""
    row = deliveries.c
    before = and_(row.subscription_id == delivery.subscription.id, row.slot < delivery.slot, _has_ended(deliveries))
    last = select(row.state).where(before).order_by(row.slot.desc()).limit(1)
    return connection.scalar(last) is DeliveryState.FAILED


def troubled(connection: Connection, subscription_ids: Iterable[int]) -> set[int]:
    """See `bot.ports.Library.troubled`. Where one may be lost, that others had nothing to say is no end of it."""
    row, later = deliveries.c, deliveries.alias()
    spoke = or_(later.c.state != DeliveryState.EMPTY, row.state == DeliveryState.FAILED)
    same = and_(later.c.subscription_id == row.subscription_id, later.c.slot > row.slot)
    is_last = ~exists().where(same, _has_ended(later), spoke)
    query = select(row.subscription_id).where(row.state.in_(_TROUBLED), is_last)
    found = (connection.scalars(query.where(row.subscription_id.in_(chunk))) for chunk in chunks(subscription_ids))
    return {each for ids in found for each in ids}


def _has_ended(these: FromClause) -> ColumnElement[bool]:
    """Whether a delivery came to an end of its own, and did not go into a later one."""
    said = these.c.state.in_((DeliveryState.SENT, *_TROUBLED))
    return or_(said, and_(these.c.state == DeliveryState.EMPTY, these.c.reason.is_distinct_from(MERGED)))


def send_again(connection: Connection, change: SendAgain, trail: AuditTrail) -> Applied:
    """Owe a delivery again, as another message, and tell its owner no more of it. Stale where it is no longer unknown
    whether it was posted.
    """
    held = _unknown(connection, change.delivery_id)
    anew = {"state": DeliveryState.OWED, "nonce": new_nonce(), "tries": 0, "reason": None, "settled_at": None}
    anew |= {"unsure_since": None, "unconfirmed": 0}
    connection.execute(update(deliveries).where(deliveries.c.id == held.id).values(anew))
    return _decided(connection, held, DeliveryState.OWED, "resend", trail)


def take_as_posted(connection: Connection, change: TakeAsPosted, trail: AuditTrail) -> Applied:
    """End a delivery as sent that somebody has seen, and tell its owner no more of it. Stale where it is no longer
    unknown whether it was posted.
    """
    held = _unknown(connection, change.delivery_id)
    sent = {"state": DeliveryState.SENT, "reason": SEEN, "settled_at": trail.at, "unsure_since": None}
    connection.execute(update(deliveries).where(deliveries.c.id == held.id).values(sent))
    return _decided(connection, held, DeliveryState.SENT, "arrived", trail)


def _unknown(connection: Connection, delivery_id: int) -> AnyRow:
    unknown = and_(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.UNKNOWN)
    held = connection.execute(select(deliveries).where(unknown).with_for_update()).one_or_none()
    if held is None:
        raise StaleChangeError
    return held


def _decided(connection: Connection, held: AnyRow, after: DeliveryState, action: str, trail: AuditTrail) -> Applied:
    """Write down who decided what became of a delivery, and let nobody be told any more that it may be lost."""
    note_steps(connection, [Step(held.id, DeliveryState.UNKNOWN, after, trail.actor)], trail.at)
    told = and_(notices.c.subscription_id == held.subscription_id, notices.c.slot == held.slot)
    connection.execute(update(notices).where(told).values(state=NoticeState.DONE, lease_until=None))
    where = connection.execute(select(subscriptions).where(subscriptions.c.id == held.subscription_id)).one()
    trail.note(action, address_of(where).name, None, None)
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
