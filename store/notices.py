"""Notices: what an owner is told once when a subscription of theirs is paused, claimed under a lease and a fence."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from bot.domain.digests import Notice, Subscription
from bot.domain.people import Address, Platform
from store import subscriptions
from store.rows import AnyRow, address_columns, address_of, chunks
from store.tables import NoticeState, notices

_CONSOLE = "console"  # its owner's name, and the one channel it has


def owe(connection: Connection, paused: Subscription, at: datetime) -> None:
    """Owe the owner of a subscription that was just paused a notice. Nothing is owed to one who cannot be reached: no
    person of a platform.
    """
    address = address_of_owner(paused)
    if address is None:
        return
    row = {
        "subscription_id": paused.id,
        **address_columns(address),
        "reason": paused.note,
        "nonce": secrets.token_hex(12),
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
    paused = subscriptions.by_id(connection, [row.subscription_id for row in rows])
    return [_taken(row, paused[row.subscription_id]) for row in rows]


def settle(connection: Connection, notice: Notice, not_before: datetime | None) -> bool:
    """See `bot.ports.Store.settle_notice`. A lease that ran out does not matter while nobody else has claimed."""
    row = notices.c
    held = and_(row.id == notice.id, row.fence == notice.fence, row.state == NoticeState.CLAIMED)
    state = NoticeState.OWED if not_before else NoticeState.DONE
    ended = {"state": state, "not_before": not_before, "lease_until": None}
    return bool(connection.execute(update(notices).where(held).values(ended)).rowcount)


def address_of_owner(subscription: Subscription) -> Address | None:
    """The direct messages of a subscription's owner; None where the owner's name is none of a person."""
    if subscription.owner == _CONSOLE:
        return Address(Platform.CONSOLE, subscription.address.space, _CONSOLE)
    name, _, person = subscription.owner.partition(":")
    space, _, user = person.partition("/")
    platform = next((each for each in (Platform.SLACK, Platform.DISCORD) if each.value == name), None)
    return Address(platform, space, user, user=user) if platform and space and user else None


def _is_claimable(now: datetime) -> ColumnElement[bool]:
    row = notices.c
    ready = and_(row.state == NoticeState.OWED, or_(row.not_before.is_(None), row.not_before <= now))
    return or_(ready, and_(row.state == NoticeState.CLAIMED, row.lease_until <= now))


def _taken(row: AnyRow, subscription: Subscription) -> Notice:
    return Notice(
        subscription=subscription,
        address=address_of(row),
        reason=row.reason,
        nonce=row.nonce,
        fence=row.fence + 1,
        tries=row.tries + 1,
        was_claimed=row.state is NoticeState.CLAIMED,
        created_at=row.created_at,
        id=row.id,
    )
