"""Subscriptions, on any store."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, load, statement_of_2022, subscription

from bot.domain.changes import (
    ChangeRefusedError,
    Origin,
    RefusalReason,
    SaveSubscription,
    SetSubscriptionState,
    StaleChangeError,
)
from bot.domain.digests import Rhythm, Schedule, Subscription, SubscriptionState
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.ports import Store

WEEKLY = Schedule(Rhythm.WEEKLY, time(17, 30), "Europe/London", weekday=4)


def _save(store: Store, wanted: Subscription, *, keep_cursor: bool = True) -> Subscription:
    """Save a subscription in place of what its channel has."""
    with store.read() as library:
        held = library.subscription_at(wanted.address)
    store.apply(SaveSubscription(replace(wanted, id=held.id if held else 0), keep_cursor), by=EDITOR, at=AT)
    return _at(store, wanted.address)


def _at(store: Store, address: Address = CHANNEL) -> Subscription:
    with store.read() as library:
        found = library.subscription_at(address)
    assert found is not None
    return found


def _set(store: Store, state: SubscriptionState, note: str | None = None) -> None:
    store.apply(SetSubscriptionState(_at(store).id, state, note), by=EDITOR, at=AT)


def test_a_subscription_comes_back_as_it_was_saved_and_starts_at_the_librarys_revision(store: Store) -> None:
    load(store)
    wanted = replace(subscription(topics=("rating", "screenings")), schedule=WEEKLY, locale=Locale.ZH_HANT)
    saved = _save(store, wanted)
    assert saved == replace(wanted, cursor=1, id=saved.id)
    with store.read() as library:
        row = library.log(1)[0]
        assert library.revision() == 1
    assert (row.actor, row.action, row.target, row.revision) == (EDITOR, "subscribe", "slack:T1/C1", None)


def test_a_changed_subscription_keeps_its_id_and_is_still_owed_what_it_was_owed(store: Store) -> None:
    load(store)
    first = _save(store, subscription())
    load(store, statement_of_2022(), Origin.EDITOR)
    changed = _save(store, replace(subscription(topics=("rating",)), schedule=WEEKLY))
    assert (changed.id, changed.cursor, changed.topics, changed.schedule) == (first.id, 1, ("rating",), WEEKLY)
    with store.read() as library:
        assert library.log(1)[0].action == "change"


def test_a_changed_subscription_may_start_afresh(store: Store) -> None:
    load(store)
    _save(store, subscription())
    load(store, statement_of_2022(), Origin.EDITOR)
    assert _save(store, subscription(), keep_cursor=False).cursor == 2


def test_a_save_takes_over_no_other_subscription_than_it_was_meant_for(store: Store) -> None:
    load(store)
    first = _save(store, subscription())
    late = replace(subscription(topics=("rating",)), owner="slack:T1/ULATE")
    for wrong in (0, first.id + 1):
        with pytest.raises(StaleChangeError):
            store.apply(SaveSubscription(replace(late, id=wrong), keep_cursor=True), by=late.owner, at=AT)
    assert _at(store) == first
    _set(store, SubscriptionState.ENDED)
    with pytest.raises(StaleChangeError):
        store.apply(SaveSubscription(replace(late, id=first.id), keep_cursor=True), by=late.owner, at=AT)
    with store.read() as library:
        assert library.subscription_at(CHANNEL) is None
        assert [row.action for row in library.log(9)][:2] == ["end", "subscribe"]


def test_a_topic_that_is_not_held_is_refused(store: Store) -> None:
    load(store)
    with pytest.raises(ChangeRefusedError) as refused:
        _save(store, subscription(topics=("rating", "nothing")))
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.DANGLING, "topic nothing")
    with store.read() as library:
        assert library.subscription_at(CHANNEL) is None


def test_a_channel_a_thread_in_it_and_a_direct_message_are_three_addresses(store: Store) -> None:
    load(store)
    addresses = (CHANNEL, replace(CHANNEL, thread="1.2"), replace(CHANNEL, user="U1"))
    ids = {_save(store, subscription(address)).id for address in addresses}
    assert len(ids) == 3
    with store.read() as library:
        assert [each.address for each in library.subscriptions(Platform.SLACK, "T1")] == list(addresses)


def test_a_workspace_never_sees_another_workspaces_subscriptions(store: Store) -> None:
    load(store)
    ours = _save(store, subscription())
    for other in (replace(CHANNEL, space="T2"), replace(CHANNEL, platform=Platform.DISCORD)):
        assert _save(store, subscription(other)).id != ours.id
    with store.read() as library:
        assert library.subscriptions(Platform.SLACK, "T1") == [ours]
        assert [each.address.space for each in library.subscriptions(Platform.SLACK, "T2")] == ["T2"]
        assert library.subscription_at(replace(CHANNEL, space="T3")) is None


def test_an_ended_subscription_is_gone_and_its_channel_may_subscribe_again(store: Store) -> None:
    load(store)
    first = _save(store, subscription())
    _set(store, SubscriptionState.ENDED)
    with store.read() as library:
        assert library.subscription_at(CHANNEL) is None
        assert library.subscriptions(Platform.SLACK, "T1") == []
        assert library.log(1)[0].action == "end"
    assert _save(store, subscription()).id != first.id
    with pytest.raises(ChangeRefusedError):
        store.apply(SetSubscriptionState(first.id, SubscriptionState.ACTIVE), by=EDITOR, at=AT)


def test_a_paused_subscription_says_why_and_can_be_resumed(store: Store) -> None:
    load(store)
    _save(store, subscription())
    _set(store, SubscriptionState.PAUSED, "refused")
    assert (_at(store).state, _at(store).note) == (SubscriptionState.PAUSED, "refused")
    _set(store, SubscriptionState.ACTIVE)
    assert (_at(store).state, _at(store).note) == (SubscriptionState.ACTIVE, None)
    with store.read() as library:
        assert [row.action for row in library.log(2)] == ["resume", "pause"]


def test_pausing_what_is_paused_writes_nothing(store: Store) -> None:
    load(store)
    _save(store, subscription())
    _set(store, SubscriptionState.PAUSED)
    again = store.apply(SetSubscriptionState(_at(store).id, SubscriptionState.PAUSED), by=EDITOR, at=AT)
    assert again.unchanged == 1


def test_the_state_of_an_unknown_subscription_is_refused(store: Store) -> None:
    with pytest.raises(ChangeRefusedError):
        store.apply(SetSubscriptionState(99, SubscriptionState.PAUSED), by=EDITOR, at=AT)


def test_a_naive_due_time_is_refused(store: Store) -> None:
    load(store)
    with pytest.raises(ValueError, match="has no zone"):
        _save(store, subscription(due=(AT + DAY).replace(tzinfo=None)))


def test_the_last_due_time_survives_a_change(store: Store) -> None:
    load(store)
    _save(store, subscription())
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 10)
    assert _save(store, subscription(due=AT + 3 * DAY + timedelta(hours=1))).last_due == AT + DAY
