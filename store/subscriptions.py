"""Subscriptions: reading and writing them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, bindparam, delete, insert, select, update

from bot.domain.changes import (
    Applied,
    ChangeRefusedError,
    RefusalReason,
    SaveSubscription,
    SetSubscriptionState,
    StaleChangeError,
)
from bot.domain.digests import Rhythm, Schedule, Subscription, SubscriptionState
from bot.domain.people import Address, Platform
from store import deliveries
from store.audit import AuditTrail
from store.columns import Instant
from store.rows import AnyRow, address_columns, address_of, chunks
from store.tables import NoticeState, library, notices, subscription_topics, subscriptions, topics
from store.writing import lock_library

Renewed = Callable[[Subscription], datetime]
_LIVE = subscriptions.c.live.is_(True)
_ACTION = {SubscriptionState.ACTIVE: "resume", SubscriptionState.PAUSED: "pause", SubscriptionState.ENDED: "end"}


def find(
    connection: Connection,
    *where: ColumnElement[bool],
    limit: int | None = None,
    by: Column[Any] = subscriptions.c.next_due,
) -> list[Subscription]:
    """Subscriptions that meet all conditions, by when they are due or by another column."""
    query = select(subscriptions).where(*where).order_by(by, subscriptions.c.id).limit(limit)
    rows = connection.execute(query).all()
    chosen = _topics_of(connection, [row.id for row in rows])
    return [_subscription_of(row, chosen[row.id]) for row in rows]


def by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Subscription]:
    """Subscriptions of these ids, ended ones too."""
    found = (each for chunk in chunks(ids) for each in find(connection, subscriptions.c.id.in_(chunk)))
    return {each.id: each for each in found}


def at_address(connection: Connection, address: Address) -> Subscription | None:
    """The subscription there that has not ended."""
    same = and_(*(subscriptions.c[name] == value for name, value in address_columns(address).items()))
    return next(iter(find(connection, same, _LIVE)), None)


def in_space(connection: Connection, platform: Platform, space: str) -> list[Subscription]:
    """Subscriptions of one workspace that have not ended, in the order they came."""
    there = and_(subscriptions.c.platform == platform, subscriptions.c.space == space)
    return sorted(find(connection, there, _LIVE), key=lambda each: each.id)


def save(connection: Connection, change: SaveSubscription, trail: AuditTrail, revision: int) -> Applied:
    """Write a subscription as SaveSubscription says. Refused (DANGLING) where a topic is unknown; stale where another
    subscription stands at the address than the one it was to replace: who saves it may have no say in that one.
    """
    wanted = change.subscription
    before = at_address(connection, wanted.address)
    if wanted.id != (before.id if before else 0):
        raise StaleChangeError
    cursor = revision
    if before and change.keep_cursor:
        cursor = _taken_up(connection, before, wanted.state, trail.at)
    after = replace(wanted, cursor=cursor, last_due=before.last_due if before else wanted.last_due)
    if before:
        connection.execute(update(subscriptions).where(subscriptions.c.id == before.id).values(_columns(after)))
        after = replace(after, id=before.id)
    else:
        after = replace(after, id=_insert(connection, after))
    _write_topics(connection, after)
    if after.state is not SubscriptionState.PAUSED:
        _drop_notices(connection, after.id, notices.c.slot.is_(None))
    trail.note("change" if before else "subscribe", wanted.address.name, before, after)
    return Applied(changed=1) if before else Applied(added=1)


def _taken_up(connection: Connection, before: Subscription, state: SubscriptionState, at: datetime) -> int:
    """Take a subscription up again with what it is owed, where it was paused and is to go on; return its cursor."""
    if before.state is not SubscriptionState.PAUSED or state is not SubscriptionState.ACTIVE:
        return before.cursor
    owed_from = deliveries.resume(connection, before.id, at)
    return before.cursor if owed_from is None else min(before.cursor, owed_from)


def set_state(connection: Connection, change: SetSubscriptionState, trail: AuditTrail) -> Applied:
    """Pause, resume or end a subscription together with what it is owed. Refused (DANGLING) where it is unknown or has
    ended.
    """
    before = by_id(connection, [change.subscription_id]).get(change.subscription_id)
    if before is None or before.state is SubscriptionState.ENDED:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"subscription {change.subscription_id}")
    after = replace(before, state=change.state, note=change.note)
    if after == before:
        return Applied(unchanged=1)
    after = replace(after, cursor=_taken_up(connection, before, change.state, trail.at))
    connection.execute(update(subscriptions).where(subscriptions.c.id == before.id).values(_columns(after)))
    if change.state is not SubscriptionState.ACTIVE:
        deliveries.pause(connection, before.id, trail.at, change.note)
    if change.state is SubscriptionState.ACTIVE:
        _drop_notices(connection, before.id, notices.c.slot.is_(None))
    elif change.state is SubscriptionState.ENDED:
        _drop_notices(connection, before.id)
    trail.note(_ACTION[change.state], before.address.name, before, after)
    return Applied(changed=1)


def renew_due(connection: Connection, data: str, now: datetime, renewed: Renewed, after: int, limit: int) -> int | None:
    """See `bot.ports.Store.renew_due`. What is due already stays where it is; what comes immediately has no time."""
    lock_library(connection)
    if connection.scalar(select(library.c.schedule_data)) == data:
        return None
    last = _renew_some(connection, now, renewed, after, limit)
    if last is None:
        connection.execute(update(library).values(schedule_data=data))
    return last


def _renew_some(connection: Connection, now: datetime, renewed: Renewed, after: int, limit: int) -> int | None:
    row = subscriptions.c
    scheduled = (row.state == SubscriptionState.ACTIVE, row.rhythm != Rhythm.IMMEDIATELY)
    ids = select(row.id).where(*scheduled, row.next_due > now, row.id > after).order_by(row.id).limit(limit)
    found = connection.scalars(ids).all()
    held = by_id(connection, found).values()
    moved = [{"the_id": each.id, "due": due} for each in held if (due := renewed(each)) != each.next_due]
    if moved:
        same = update(subscriptions).where(row.id == bindparam("the_id"))
        connection.execute(same.values(next_due=bindparam("due", type_=Instant())), moved)
    return found[-1] if len(found) == limit else None


def _subscription_of(row: AnyRow, chosen: Sequence[tuple[str, bool]]) -> Subscription:
    return Subscription(
        address=address_of(row),
        owner=row.owner,
        schedule=Schedule(row.rhythm, row.wall_time, row.zone, row.weekday, row.holidays),
        locale=row.locale,
        topics=tuple(key for key, excluded in chosen if not excluded),
        excluded=tuple(key for key, excluded in chosen if excluded),
        cursor=row.cursor,
        next_due=row.next_due,
        last_due=row.last_due,
        state=row.state,
        note=row.note,
        id=row.id,
    )


def _columns(subscription: Subscription) -> dict[str, object]:
    schedule = subscription.schedule
    names = ("owner", "locale", "cursor", "next_due", "last_due", "state", "note")
    return {
        **address_columns(subscription.address),
        **{name: getattr(subscription, name) for name in names},
        "rhythm": schedule.rhythm,
        "wall_time": schedule.at,
        "zone": schedule.zone,
        "weekday": schedule.weekday,
        "holidays": schedule.holidays,
        "live": None if subscription.state is SubscriptionState.ENDED else True,
    }


def _insert(connection: Connection, subscription: Subscription) -> int:
    added = connection.execute(insert(subscriptions).returning(subscriptions.c.id), _columns(subscription))
    return int(added.scalar_one())


def _write_topics(connection: Connection, subscription: Subscription) -> None:
    chosen, wanted = subscription_topics, (*subscription.topics, *subscription.excluded)
    connection.execute(delete(chosen).where(chosen.c.subscription_id == subscription.id))
    found = connection.execute(select(topics.c.key, topics.c.id).where(topics.c.key.in_(wanted)))
    ids = {row.key: row.id for row in found}
    unknown = [key for key in wanted if key not in ids]
    if unknown:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"topic {', '.join(unknown)}")
    rows = [
        {
            "subscription_id": subscription.id,
            "position": position,
            "topic_id": ids[key],
            "excluded": position >= len(subscription.topics),
        }
        for position, key in enumerate(wanted)
    ]
    if rows:
        connection.execute(insert(chosen), rows)


def _drop_notices(connection: Connection, subscription_id: int, *which: ColumnElement[bool]) -> None:
    """Let nobody be told any more of a pause that is over, or of a subscription that is."""
    untold = and_(notices.c.subscription_id == subscription_id, notices.c.state != NoticeState.DONE, *which)
    connection.execute(update(notices).where(untold).values(state=NoticeState.DONE, lease_until=None))


def _topics_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, bool]]]:
    """The keys of the topics, each with whether it is left out."""
    chosen = subscription_topics
    columns = (chosen.c.subscription_id, topics.c.key, chosen.c.excluded)
    query = select(*columns).join(topics, topics.c.id == chosen.c.topic_id)
    keys: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for chunk in chunks(ids):
        wanted = chosen.c.subscription_id.in_(chunk)
        for row in connection.execute(query.where(wanted).order_by(chosen.c.subscription_id, chosen.c.position)):
            keys[row.subscription_id].append((row.key, row.excluded))
    return keys
