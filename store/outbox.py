"""The outbox: a sender claims what is owed under a lease and a fence, and settles it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.domain.changes import SetSubscriptionState
from bot.domain.digests import Delivery, DeliveryState, Receipt, SubscriptionState
from bot.domain.facts import Fact
from bot.domain.lanes import Lane, lane_of
from bot.domain.people import Platform
from bot.ports import Claim, Settlement
from store import notices, receipts, subscriptions
from store.audit import AuditTrail
from store.deliveries import Step, delivery_of, follows_a_failure, note_steps
from store.leases import A_CLOCK_AHEAD
from store.rows import chunks
from store.tables import deliveries, delivery_facts
from store.tables import subscriptions as subscription_rows
from store.writing import lock_library

SENDER = "tipfacts"  # who pauses a subscription when a channel refuses
_FINAL = (DeliveryState.SENT, DeliveryState.EMPTY, DeliveryState.FAILED, DeliveryState.UNKNOWN)
_UNFINISHED = tuple(set(DeliveryState) - set(_FINAL))
_READY = (DeliveryState.OWED, DeliveryState.WAITING, DeliveryState.UNSURE)
_MAY_STAND = (DeliveryState.CLAIMED, DeliveryState.UNSURE)  # and whoever takes it looks
_NOBODY_KNOWS = (DeliveryState.UNSURE, DeliveryState.UNKNOWN)


def lanes(connection: Connection, now: datetime, platforms: Sequence[Platform]) -> Sequence[Lane]:
    """See `bot.ports.Store.lanes`."""
    row = subscription_rows.c
    claimable = select(deliveries.c.subscription_id).where(or_(*_claimable(now)))
    query = select(row.platform, row.space).distinct().order_by(row.platform, row.space)
    active = and_(row.platform.in_(platforms), row.state == SubscriptionState.ACTIVE)
    found = connection.execute(query.where(active, row.id.in_(claimable)))
    return list(dict.fromkeys(lane_of(each.platform, each.space) for each in found))


def claim(connection: Connection, now: datetime, lease: timedelta, lane: Lane, limit: int) -> Sequence[Claim]:
    """See `bot.ports.Store.claim`. What an inactive subscription is owed stays where it is."""
    query = select(deliveries).join(subscription_rows, subscription_rows.c.id == deliveries.c.subscription_id)
    served = [subscription_rows.c.state == SubscriptionState.ACTIVE, subscription_rows.c.platform == lane.platform]
    served += [] if lane.space is None else [subscription_rows.c.space == lane.space]
    oldest = query.where(*served, ~_has_older()).order_by(deliveries.c.slot, deliveries.c.id).limit(limit)
    locked = oldest.with_for_update(skip_locked=True, of=deliveries)
    rows = [row for claimable in _claimable(now) for row in connection.execute(locked.where(claimable))]
    rows = sorted(rows, key=lambda row: (row.slot, row.id))[:limit]
    held = subscriptions.by_id(connection, [row.subscription_id for row in rows])
    found = [delivery_of(row, held[row.subscription_id]) for row in rows]
    return _take(connection, found, now, now + lease)


def _has_older() -> ColumnElement[bool]:
    """Whether the subscription has an older delivery that has not come to its end: a channel reads them in order."""
    older = deliveries.alias()
    return exists().where(
        older.c.subscription_id == deliveries.c.subscription_id,
        older.c.slot < deliveries.c.slot,
        older.c.state.in_(_UNFINISHED),
    )


def note_shown(connection: Connection, delivery_id: int, fence: int, facts: Sequence[Fact], as_of: int) -> bool:
    """See `bot.ports.Store.note_shown`. Nothing is written for a claim that is no longer held."""
    active = select(subscription_rows.c.id).where(subscription_rows.c.state == SubscriptionState.ACTIVE)
    served = and_(_is_held(delivery_id, fence), deliveries.c.subscription_id.in_(active))
    if not connection.execute(update(deliveries).where(served).values(as_of=as_of)).rowcount:
        return False
    connection.execute(delete(delivery_facts).where(delivery_facts.c.delivery_id == delivery_id))
    shown = {fact.id: fact.version for fact in facts}
    rows = [{"delivery_id": delivery_id, "fact_id": each, "version": version} for each, version in shown.items()]
    if rows:
        connection.execute(insert(delivery_facts), rows)
    return True


def settle(connection: Connection, held: Claim, settlement: Settlement, at: datetime) -> bool:
    """See `bot.ports.Store.settle`. A lease that ran out does not matter while nobody else has claimed."""
    if settlement.pause or settlement.still_owed:
        lock_library(connection)  # first, as every writer of subscriptions does
    delivery = held.delivery
    ended: dict[str, object] = {
        "state": settlement.state,
        "reason": settlement.reason,
        "not_before": settlement.not_before,
        "settled_at": at if settlement.state in _FINAL else None,
        "lease_until": None,
        "unsure_since": deliveries.c.unsure_since if settlement.state in _NOBODY_KNOWS else None,
        "unconfirmed": deliveries.c.unconfirmed + int(settlement.unconfirmed),
    }
    if settlement.as_of is not None:
        ended["as_of"] = settlement.as_of
    if not connection.execute(update(deliveries).where(_is_held(delivery.id, delivery.fence)).values(ended)).rowcount:
        return False
    note_steps(connection, [Step(delivery.id, DeliveryState.CLAIMED, settlement.state, settlement.reason)], at)
    if settlement.message_id is not None:
        _unnote(connection, delivery.id, settlement.unshown)
        _write_receipt(connection, delivery, settlement.message_id, at)
    if settlement.still_owed:
        _turn_back(connection, delivery)
    if settlement.pause:
        _pause(connection, delivery.subscription.id, settlement.reason, at)
    if _is_to_be_told(connection, delivery, settlement.state):
        notices.owe(connection, delivery.subscription, settlement.reason, at, slot=delivery.slot)
    return True


def _is_to_be_told(connection: Connection, delivery: Delivery, ended: DeliveryState) -> bool:
    """Whether a digest ended so that its owner is to hear of it: who has heard that one failed, hears of no other until
    one did not.
    """
    if ended is DeliveryState.FAILED:
        return not follows_a_failure(connection, delivery)
    return ended is DeliveryState.UNKNOWN


def _unnote(connection: Connection, delivery_id: int, unshown: Iterable[int]) -> None:
    """Take back that these facts were shown."""
    noted = delivery_facts.c
    for chunk in chunks(unshown):
        connection.execute(delete(delivery_facts).where(noted.delivery_id == delivery_id, noted.fact_id.in_(chunk)))


def _turn_back(connection: Connection, delivery: Delivery) -> None:
    """Let the next digest cover this one's revisions too, whether it is owed already or is still to come; what later
    ones have shown is not told again.
    """
    connection.execute(delete(delivery_facts).where(delivery_facts.c.delivery_id == delivery.id))
    row, since = deliveries.c, delivery.from_revision
    own = and_(row.subscription_id == delivery.subscription.id, row.slot > delivery.slot, row.state.in_(_UNFINISHED))
    following = connection.scalar(select(row.id).where(own).order_by(row.slot).limit(1))
    if following is not None:
        covers = and_(row.id == following, row.from_revision > since)
        connection.execute(update(deliveries).where(covers).values(from_revision=since))
        return
    held = subscription_rows.c
    ahead = and_(held.id == delivery.subscription.id, held.cursor > since)
    connection.execute(update(subscription_rows).where(ahead).values(cursor=since))


def _claimable(now: datetime) -> Sequence[ColumnElement[bool]]:
    """What may be claimed, by its states one by one: so it is found by the index of these, oldest first, however many
    deliveries have come to their end, and however many more are owed.
    """
    row = deliveries.c
    ripe = or_(row.not_before.is_(None), row.not_before <= now, row.not_before > now + A_CLOCK_AHEAD)
    ready = (and_(row.state == state, ripe) for state in _READY)
    left = or_(row.lease_until <= now, row.lease_until > now + A_CLOCK_AHEAD)
    return (*ready, and_(row.state == DeliveryState.CLAIMED, left))


def _is_held(delivery_id: int, fence: int) -> ColumnElement[bool]:
    row = deliveries.c
    return and_(row.id == delivery_id, row.fence == fence, row.state == DeliveryState.CLAIMED)


def _take(connection: Connection, found: Sequence[Delivery], now: datetime, lease_until: datetime) -> list[Claim]:
    """Take them, as `_taken` says. From now on each may stand in its channel, or from when it was taken before; what
    was taken by an older tipfacts, which did not write that down, from its slot.
    """
    row = deliveries.c
    since, may_stand = func.coalesce(row.unsure_since, row.slot), row.state.in_(_MAY_STAND)
    taken: dict[str, object] = {
        "state": DeliveryState.CLAIMED,
        "fence": row.fence + 1,
        "tries": row.tries + 1,
        "unsure_since": case((may_stand, since), else_=literal(now, row.slot.type)),
        "unconfirmed": row.unconfirmed + case((row.state == DeliveryState.CLAIMED, 1), else_=0),
        "lease_until": lease_until,
    }
    for chunk in chunks(each.id for each in found):
        connection.execute(update(deliveries).where(row.id.in_(chunk)).values(taken))
    steps = [Step(each.id, each.state, DeliveryState.CLAIMED, _why_taken(each)) for each in found]
    note_steps(connection, steps, now)
    return [Claim(_taken(each, now), each.state, lease_until) for each in found]


def _taken(delivery: Delivery, now: datetime) -> Delivery:
    may_stand = delivery.state in _MAY_STAND
    return replace(
        delivery,
        state=DeliveryState.CLAIMED,
        fence=delivery.fence + 1,
        tries=delivery.tries + 1,
        unsure_since=(delivery.unsure_since or delivery.slot) if may_stand else now,
        unconfirmed=delivery.unconfirmed + (delivery.state is DeliveryState.CLAIMED),
    )


def _why_taken(delivery: Delivery) -> str | None:
    return "lease ran out" if delivery.state is DeliveryState.CLAIMED else None


def _write_receipt(connection: Connection, delivery: Delivery, message_id: str, at: datetime) -> None:
    """The receipt of a digest, with the fact versions that were noted for it; without an id it cannot be edited."""
    noted = select(delivery_facts.c.fact_id, delivery_facts.c.version).order_by(delivery_facts.c.fact_id)
    rows = connection.execute(noted.where(delivery_facts.c.delivery_id == delivery.id))
    facts = tuple((row.fact_id, row.version) for row in rows)
    where = delivery.subscription.address
    receipts.write(connection, Receipt(where, message_id, at, facts, editable=bool(message_id)), delivery.id)


def _pause(connection: Connection, subscription_id: int, reason: str | None, at: datetime) -> None:
    """Pause a subscription and owe its owner a notice; one that is paused or has ended already is left as it is."""
    held = subscriptions.by_id(connection, [subscription_id])[subscription_id]
    if held.state is not SubscriptionState.ACTIVE:
        return
    trail = AuditTrail(SENDER, at)
    change = SetSubscriptionState(subscription_id, SubscriptionState.PAUSED, reason)
    subscriptions.set_state(connection, change, trail)
    trail.write(connection)
    notices.owe(connection, held, reason, at)
