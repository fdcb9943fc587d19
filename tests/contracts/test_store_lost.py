"""Deliveries of which nobody knows whether they stand in their channel, on any store: found by their state, and ended
as sent by whoever has seen them.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, LEASE, claimed, load, statement_of_2022, subscription

from bot.digests.schedule import next_due
from bot.domain.changes import (
    Origin,
    SaveSubscription,
    SendAgain,
    SetSubscriptionState,
    StaleChangeError,
    TakeAsPosted,
)
from bot.domain.digests import SEEN, Delivery, DeliveryState, Subscription, SubscriptionState
from bot.domain.people import Address, Platform
from bot.ports import Settlement, Store

DUE = AT + DAY
SENT = Settlement(DeliveryState.SENT, message_id="171.1")
LOST = Settlement(DeliveryState.UNKNOWN, "missing_scope")


def _run(store: Store, days: int, settlement: Settlement) -> Delivery:
    """Let something be new, and a digest of it come to this end on a day after."""
    at = DUE + days * DAY
    added = statement_of_2022()
    entry = replace(added.facts[0], key=f"fact-{days}")
    load(store, replace(added, facts=(entry,)), Origin.EDITOR, at=at)
    store.enqueue_due(at, partial(next_due, after=at), 100)
    (claim,) = claimed(store, at, 10)
    assert store.settle(claim, settlement, at)
    return claim.delivery


@pytest.fixture
def held(store: Store) -> Subscription:
    load(store)
    store.apply(SaveSubscription(subscription(), keep_cursor=True), by=EDITOR, at=AT)
    with store.read() as library:
        found = library.subscription_at(CHANNEL)
    assert found
    return found


def test_what_may_be_lost_is_found_however_many_runs_came_after_it(store: Store, held: Subscription) -> None:
    lost = _run(store, 0, LOST)
    for days in range(1, 13):
        _run(store, days, SENT)
    with store.read() as library:
        assert lost.id not in [each.id for each in library.deliveries(held.id, 10)]
        found = library.deliveries_in(held.id, (DeliveryState.UNKNOWN,), 10)
        assert [(each.id, each.state, each.subscription.id) for each in found] == [
            (lost.id, DeliveryState.UNKNOWN, held.id)
        ]


def test_deliveries_in_some_states_are_the_newest_of_one_subscription(store: Store, held: Subscription) -> None:
    ids = [_run(store, days, LOST if days % 2 else SENT).id for days in range(4)]
    with store.read() as library:
        both = (DeliveryState.SENT, DeliveryState.UNKNOWN)
        assert [each.id for each in library.deliveries_in(held.id, both, 3)] == ids[:0:-1]
        assert [each.id for each in library.deliveries_in(held.id, (DeliveryState.SENT,), 9)] == [ids[2], ids[0]]
        assert library.deliveries_in(held.id, (), 9) == []
        assert library.deliveries_in(held.id + 1, both, 9) == []


def test_what_somebody_has_seen_ends_as_sent_once_with_who_said_so(store: Store, held: Subscription) -> None:
    lost = _run(store, 0, LOST)
    seen, at = TakeAsPosted(lost.id), DUE + timedelta(hours=3)
    assert store.apply(seen, by="slack:T1/UEVE", at=at).changed == 1
    with store.read() as library:
        (now,) = library.deliveries(held.id, 9)
        assert (now.state, now.reason, now.settled_at, now.nonce) == (DeliveryState.SENT, SEEN, at, lost.nonce)
        step = library.transitions(lost.id)[-1]
        assert (step.at, step.before, step.after) == (at, DeliveryState.UNKNOWN, DeliveryState.SENT)
        assert step.reason == "slack:T1/UEVE"
        entry = library.log(1)[0]
        assert (entry.actor, entry.action, entry.target) == ("slack:T1/UEVE", "arrived", CHANNEL.name)
    assert store.claim_notices(DUE, LEASE, [Platform.SLACK], 9) == []
    for change in (seen, SendAgain(lost.id), TakeAsPosted(lost.id + 1)):
        with pytest.raises(StaleChangeError):
            store.apply(change, by=EDITOR, at=at)
    assert claimed(store, at, 10) == []


def test_what_is_owed_again_is_not_there(store: Store, held: Subscription) -> None:
    lost = _run(store, 0, LOST)
    store.apply(SendAgain(lost.id), by=EDITOR, at=DUE)
    with pytest.raises(StaleChangeError):
        store.apply(TakeAsPosted(lost.id), by=EDITOR, at=DUE)
    with store.read() as library:
        assert library.deliveries(held.id, 1)[0].state is DeliveryState.OWED


def test_the_subscriptions_of_a_channel_are_found_by_its_id_alone(store: Store, held: Subscription) -> None:
    theirs = replace(subscription(Address(Platform.SLACK, "T2", "C1")), owner="slack:T2/UEVE")
    others = [
        subscription(Address(Platform.SLACK, "T1", "C2")),
        subscription(Address(Platform.DISCORD, "T1", "C1")),
    ]
    for each in (theirs, *others):
        store.apply(SaveSubscription(each, keep_cursor=True), by=each.owner, at=AT)
    with store.read() as library:
        found = library.subscriptions_to(Platform.SLACK, "C1")
        assert [each.address for each in found] == [CHANNEL, theirs.address]
        assert library.subscriptions_to(Platform.SLACK, "C9") == []
    store.apply(SetSubscriptionState(held.id, SubscriptionState.ENDED), by=EDITOR, at=AT)
    with store.read() as library:
        assert [each.address for each in library.subscriptions_to(Platform.SLACK, "C1")] == [theirs.address]
