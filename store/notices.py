"""Notices: what an owner is told once, when a subscription of theirs is paused, or a digest of it failed or may be
lost. They are claimed under a lease and a fence.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from bot.domain.digests import DeliveryState, Notice, Subscription
from bot.domain.people import CONSOLE, Address, Platform
from store import subscriptions
from store.deliveries import new_nonce
from store.rows import AnyRow, address_columns, address_of, chunks, space_of
from store.tables import NoticeState, deliveries, notices


def owe(
    connection: Connection, subscription: Subscription, reason: str | None, at: datetime, slot: datetime | None = None
) -> None:
    """Owe the owner of a subscription a notice: that it was just paused, or that the digest of a slot failed, or that
    nobody knows whether it was posted. Nothing is owed to one who cannot be reached: no person of a platform.
    """
    address = address_of_owner(subscription)
    if address is None:
        return
    row = {
        "subscription_id": subscription.id,
        **address_columns(address),
        "slot": slot,
        "reason": reason,
        "nonce": new_nonce(),
        "state": NoticeState.OWED,
        "fence": 0,
        "tries": 0,
        "created_at": at,
    }
    connection.execute(insert(notices), row)


def claim(
    connection: Connection, now: datetime, lease: timedelta, platforms: Sequence[Platform], limit: int
) -> Sequence[Notice]:
    """See `bot.ports.Store.claim_notices`."""
    served = (notices.c.platform.in_(platforms), _is_claimable(now))
    oldest = select(notices).where(*served).order_by(notices.c.id).limit(limit)
    rows = connection.execute(oldest.with_for_update(skip_locked=True)).all()
    for chunk in chunks(row.id for row in rows):
        taken = {"state": NoticeState.CLAIMED, "fence": notices.c.fence + 1, "tries": notices.c.tries + 1}
        connection.execute(update(notices).where(notices.c.id.in_(chunk)).values(**taken, lease_until=now + lease))
    about = subscriptions.by_id(connection, [row.subscription_id for row in rows])
    return [_taken(connection, row, about[row.subscription_id]) for row in rows]


def settle(connection: Connection, notice: Notice, not_before: datetime | None) -> bool:
    """See `bot.ports.Store.settle_notice`. A lease that ran out does not matter while nobody else has claimed."""
    row = notices.c
    held = and_(row.id == notice.id, row.fence == notice.fence, row.state == NoticeState.CLAIMED)
    state = NoticeState.OWED if not_before else NoticeState.DONE
    ended = {"state": state, "not_before": not_before, "lease_until": None}
    return bool(connection.execute(update(notices).where(held).values(ended)).rowcount)


def address_of_owner(subscription: Subscription) -> Address | None:
    """The direct messages of a subscription's owner; None where the owner's name is none of a person."""
    if subscription.owner == CONSOLE:
        return Address(Platform.CONSOLE, subscription.address.space, CONSOLE)  # its one channel is called so too
    where, user = space_of(subscription.owner), subscription.owner.partition("/")[2]
    return Address(*where, user, user=user) if where and all(where) and user else None


def _is_claimable(now: datetime) -> ColumnElement[bool]:
    row = notices.c
    ready = and_(row.state == NoticeState.OWED, or_(row.not_before.is_(None), row.not_before <= now))
    return or_(ready, and_(row.state == NoticeState.CLAIMED, row.lease_until <= now))


def _delivery_of(connection: Connection, row: AnyRow) -> AnyRow | None:
    """The delivery that a notice is about. Its state tells what of it the notice is to say: one that failed stays so,
    and of one that may be lost nobody is told any more once somebody has decided.
    """
    about = and_(deliveries.c.subscription_id == row.subscription_id, deliveries.c.slot == row.slot)
    return connection.execute(select(deliveries).where(about)).one_or_none() if row.slot else None


def _taken(connection: Connection, row: AnyRow, subscription: Subscription) -> Notice:
    delivery = _delivery_of(connection, row)
    return Notice(
        subscription=subscription,
        address=address_of(row),
        reason=row.reason,
        nonce=row.nonce,
        fence=row.fence + 1,
        tries=row.tries + 1,
        was_claimed=row.state is NoticeState.CLAIMED,
        created_at=row.created_at,
        slot=row.slot,
        delivery_id=delivery.id if delivery else None,
        failed=delivery is not None and delivery.state is DeliveryState.FAILED,
        id=row.id,
    )
