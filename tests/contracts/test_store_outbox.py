"""The outbox, on any store: what is due becomes a delivery, is claimed under a fence, and is settled once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from functools import partial

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, LEASE, WORKSPACE, claimed, load, statement_of_2022, subscription

from bot.digests.schedule import next_due
from bot.domain.changes import Origin, SaveSubscription, SendAgain, SetSubscriptionState, StaleChangeError
from bot.domain.digests import Delivery, DeliveryState, Rhythm, Schedule, Subscription, SubscriptionState
from bot.domain.lanes import Lane
from bot.domain.people import Address, Platform
from bot.ports import Claim, Settlement, Store

DUE = AT + DAY
SENT = Settlement(DeliveryState.SENT, message_id="171.1")


def _subscribe(store: Store, address: Address = CHANNEL, due: datetime = DUE) -> None:
    with store.read() as library:
        held = library.subscription_at(address)
    wanted = replace(subscription(address, due=due), id=held.id if held else 0)
    store.apply(SaveSubscription(wanted, keep_cursor=True), by=EDITOR, at=AT)


def _tick(store: Store, now: datetime = DUE) -> int:
    return store.enqueue_due(now, partial(next_due, after=now), 100)


def _claims(store: Store, now: datetime = DUE, lane: Lane = WORKSPACE, holder: str = "this") -> Sequence[Claim]:
    return claimed(store, now, 10, lane=lane, holder=holder)


def _claim(store: Store, now: datetime = DUE) -> Claim:
    (claim,) = _claims(store, now)
    return claim


def _subscription(store: Store) -> Subscription:
    with store.read() as library:
        found = library.subscription_at(CHANNEL)
    assert found is not None
    return found


def _delivery(store: Store) -> Delivery:
    with store.read() as library:
        return library.deliveries(_subscription(store).id, 10)[0]


def _steps(store: Store) -> list[tuple[DeliveryState | None, DeliveryState, str | None]]:
    with store.read() as library:
        return [(step.before, step.after, step.reason) for step in library.transitions(_delivery(store).id)]


def _set(store: Store, state: SubscriptionState, note: str | None = None) -> None:
    store.apply(SetSubscriptionState(_subscription(store).id, state, note), by=EDITOR, at=AT)


@pytest.fixture(autouse=True)
def _subscribed(store: Store) -> None:
    """A subscription that is owed one statement, due in a day."""
    load(store)
    _subscribe(store)
    load(store, statement_of_2022(), Origin.EDITOR)


def test_nothing_is_enqueued_before_it_is_due(store: Store) -> None:
    assert _tick(store, DUE - timedelta(microseconds=1)) == 0
    assert _claims(store) == []


def test_what_is_due_becomes_an_owed_delivery_and_the_subscription_moves_on(store: Store) -> None:
    assert _tick(store, DUE + timedelta(minutes=3)) == 1
    owed, moved = _delivery(store), _subscription(store)
    assert (owed.state, owed.slot, owed.from_revision, owed.to_revision) == (DeliveryState.OWED, DUE, 1, 2)
    assert 0 < len(owed.nonce) <= 25
    assert (moved.cursor, moved.last_due, moved.next_due) == (2, DUE, DUE + DAY)
    assert _steps(store) == [(None, DeliveryState.OWED, None)]


def test_a_second_tick_enqueues_nothing(store: Store) -> None:
    _tick(store)
    assert _tick(store) == 0
    with store.read() as library:
        assert len(library.deliveries(_subscription(store).id, 10)) == 1


def test_where_the_library_has_not_moved_nothing_is_owed(store: Store) -> None:
    _tick(store)
    assert _tick(store, DUE + DAY) == 1
    with store.read() as library:
        assert len(library.deliveries(_subscription(store).id, 10)) == 1
    assert _subscription(store).next_due == DUE + 2 * DAY


def test_no_more_than_the_limit_is_enqueued_at_once_the_earliest_first(store: Store) -> None:
    for number in range(4):
        _subscribe(store, replace(CHANNEL, channel=f"D{number}"), DUE - timedelta(hours=number))
    assert [store.enqueue_due(DUE, partial(next_due, after=DUE), 2) for _ in range(4)] == [2, 2, 1, 0]


def test_of_many_schedules_that_are_due_at_once_each_moves_on_by_itself(store: Store) -> None:
    schedules = [
        Schedule(Rhythm.DAILY, time(9), "Europe/Berlin"),
        Schedule(Rhythm.DAILY, time(9), "Asia/Hong_Kong", holidays="HK"),
        Schedule(Rhythm.WEEKDAYS, time(9), "Asia/Hong_Kong"),
        Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", weekday=0),
        Schedule(Rhythm.WEEKLY, time(9), "Asia/Hong_Kong", weekday=0, holidays="HK"),
        Schedule(Rhythm.WEEKLY, time(21, 30), "America/New_York", weekday=6),
    ]
    channels = {replace(CHANNEL, channel=f"D{number}"): each for number, each in enumerate(schedules)}
    for address, schedule in channels.items():
        wanted = replace(subscription(address, due=DUE), schedule=schedule)
        store.apply(SaveSubscription(wanted, keep_cursor=True), by=EDITOR, at=AT)
    assert _tick(store) == 1 + len(channels)
    with store.read() as library:
        moved = {address: library.subscription_at(address) for address in channels}
    following = {address: each.next_due for address, each in moved.items() if each and each.last_due == DUE}
    assert following == {address: next_due(schedule, DUE) for address, schedule in channels.items()}
    assert len(set(following.values())) == len(channels) - 1  # weekly on Mondays, once with holidays and once without


def test_a_paused_or_ended_subscription_is_never_due(store: Store) -> None:
    _set(store, SubscriptionState.PAUSED)
    assert _tick(store) == 0


def test_a_slot_is_never_owed_twice_and_what_came_since_is_owed_at_the_next(store: Store) -> None:
    _tick(store)
    _subscribe(store, due=DUE)
    load(store, replace(statement_of_2022(), statements=(), facts=()), Origin.EDITOR)
    more = statement_of_2022().facts[0]
    load(store, replace(statement_of_2022(), facts=(replace(more, key="more"),)), Origin.EDITOR)
    assert _tick(store) == 1
    assert (_subscription(store).cursor, _subscription(store).next_due) == (2, DUE + DAY)
    _tick(store, DUE + DAY)
    assert (_delivery(store).slot, _delivery(store).from_revision, _delivery(store).to_revision) == (DUE + DAY, 1, 3)


def test_what_fails_while_the_next_is_owed_already_goes_into_that_one(store: Store) -> None:
    _tick(store)
    store.settle(_claim(store), Settlement(DeliveryState.UNSURE, "no reply", not_before=DUE + DAY), DUE)
    more = replace(statement_of_2022().facts[0], key="more")
    load(store, replace(statement_of_2022(), facts=(more,)), Origin.EDITOR)
    _tick(store, DUE + DAY)
    failed = Settlement(DeliveryState.FAILED, "too long", still_owed=True)
    store.settle(_claim(store, DUE + DAY), failed, DUE + DAY)
    assert (_delivery(store).slot, _delivery(store).from_revision, _delivery(store).to_revision) == (DUE + DAY, 1, 3)
    assert _subscription(store).cursor == 3


@pytest.mark.parametrize("state", [DeliveryState.OWED, DeliveryState.WAITING])
def test_what_was_certainly_not_posted_goes_into_the_next_digest(store: Store, state: DeliveryState) -> None:
    _tick(store)
    if state is DeliveryState.WAITING:
        store.settle(_claim(store), Settlement(state, "rate limit", not_before=DUE + 3 * DAY), DUE)
    more = replace(statement_of_2022().facts[0], key="more")
    load(store, replace(statement_of_2022(), facts=(more,)), Origin.EDITOR)
    assert _tick(store, DUE + DAY) == 1
    with store.read() as library:
        newer, older = library.deliveries(_subscription(store).id, 10)
        step = library.transitions(older.id)[-1]
    assert (newer.state, newer.slot, newer.from_revision, newer.to_revision) == (DeliveryState.OWED, DUE + DAY, 1, 3)
    assert (older.state, older.reason, older.settled_at) == (DeliveryState.EMPTY, "merged", DUE + DAY)
    assert (step.before, step.after, step.reason) == (state, DeliveryState.EMPTY, "merged")


@pytest.mark.parametrize("state", [DeliveryState.CLAIMED, DeliveryState.UNSURE])
def test_what_may_have_been_posted_goes_into_no_other_digest(store: Store, state: DeliveryState) -> None:
    _tick(store)
    claim = _claim(store)
    if state is DeliveryState.UNSURE:
        store.settle(claim, Settlement(state, "timeout", not_before=DUE + 3 * DAY), DUE)
    more = replace(statement_of_2022().facts[0], key="more")
    load(store, replace(statement_of_2022(), facts=(more,)), Origin.EDITOR)
    _tick(store, DUE + DAY)
    with store.read() as library:
        newer, older = library.deliveries(_subscription(store).id, 10)
    assert (newer.from_revision, newer.to_revision, older.state) == (2, 3, state)


def test_a_claim_holds_under_a_new_fence_until_its_lease_runs_out(store: Store) -> None:
    _tick(store)
    claim = _claim(store)
    assert (claim.was, claim.lease_until) == (DeliveryState.OWED, DUE + LEASE)
    assert (claim.delivery.state, claim.delivery.fence, claim.delivery.tries) == (DeliveryState.CLAIMED, 1, 1)
    assert claim.delivery == _delivery(store)
    assert _claims(store) == []


def test_only_what_is_owed_in_the_lane_is_claimed(store: Store) -> None:
    _subscribe(store, replace(CHANNEL, space="T2"))
    _subscribe(store, Address(Platform.DISCORD, "9", "1"))
    load(store, replace(statement_of_2022(), facts=(replace(statement_of_2022().facts[0], key="x"),)), Origin.EDITOR)
    _tick(store)
    discord = Lane(Platform.DISCORD)
    assert store.lanes(DUE, [Platform.SLACK, Platform.DISCORD]) == [discord, WORKSPACE, Lane(Platform.SLACK, "T2")]
    assert store.lanes(DUE, [Platform.CONSOLE]) == []
    assert _claims(store, lane=Lane(Platform.CONSOLE)) == []
    assert [claim.delivery.subscription.address.space for claim in _claims(store)] == ["T1"]
    assert [claim.delivery.subscription.address.space for claim in _claims(store, lane=discord)] == ["9"]
    assert store.lanes(DUE, list(Platform)) == [Lane(Platform.SLACK, "T2")]


def test_a_lane_is_one_holders_until_its_lease_runs_out_or_it_lets_go(store: Store) -> None:
    _subscribe(store, replace(CHANNEL, channel="D1"), DUE - timedelta(hours=1))
    load(store, replace(statement_of_2022(), facts=(replace(statement_of_2022().facts[0], key="x"),)), Origin.EDITOR)
    _tick(store)
    assert len(claimed(store, DUE, 1)) == 1
    assert _claims(store, DUE + LEASE / 2, holder="other") == []
    assert _claims(store, DUE + LEASE - timedelta(seconds=1), holder="other") == []
    store.let_go(WORKSPACE.name, "other")
    assert _claims(store, holder="other") == []
    store.let_go(WORKSPACE.name, "this")
    assert len(_claims(store, holder="other")) == 1


def test_a_lease_is_renewed_by_its_holder_and_taken_over_once_it_has_run_out(store: Store) -> None:
    assert store.hold("tick", "this", DUE, LEASE)
    assert not store.hold("tick", "other", DUE, LEASE)
    assert store.hold("tick", "this", DUE + LEASE / 2, LEASE)
    assert not store.hold("tick", "other", DUE + LEASE, LEASE)
    assert store.hold("tick", "other", DUE + LEASE * 1.5, LEASE)
    assert not store.hold("tick", "this", DUE + LEASE * 2, LEASE)
    assert store.hold("another", "this", DUE, LEASE)


def test_of_a_subscription_only_the_oldest_delivery_is_claimed(store: Store) -> None:
    _tick(store)
    load(store, replace(statement_of_2022(), facts=(replace(statement_of_2022().facts[0], key="x"),)), Origin.EDITOR)
    first = _claim(store)
    store.settle(first, Settlement(DeliveryState.UNSURE, "timeout", not_before=DUE + 2 * DAY), DUE)
    _tick(store, DUE + DAY)
    assert _claims(store, DUE + DAY) == []
    assert [claim.delivery.slot for claim in _claims(store, DUE + 2 * DAY)] == [DUE]


def test_the_oldest_slots_are_claimed_first(store: Store) -> None:
    for number in (2, 1):
        _subscribe(store, replace(CHANNEL, channel=f"D{number}"), DUE - timedelta(hours=number))
    load(store, replace(statement_of_2022(), facts=(replace(statement_of_2022().facts[0], key="x"),)), Origin.EDITOR)
    _tick(store)
    found = claimed(store, DUE, 2)
    assert [claim.delivery.subscription.address.channel for claim in found] == ["D2", "D1"]


def test_a_claim_whose_lease_ran_out_goes_to_the_next_and_the_first_can_do_no_more(store: Store) -> None:
    _tick(store)
    first = _claim(store)
    second = _claim(store, DUE + LEASE)
    assert (second.was, second.delivery.fence, second.delivery.tries) == (DeliveryState.CLAIMED, 2, 2)
    assert not store.settle(first, SENT, DUE)
    assert _delivery(store).state is DeliveryState.CLAIMED
    assert _steps(store)[-1] == (DeliveryState.CLAIMED, DeliveryState.CLAIMED, "lease ran out")


def test_a_late_settlement_counts_while_nobody_else_has_claimed(store: Store) -> None:
    _tick(store)
    assert store.settle(_claim(store), SENT, DUE + 2 * LEASE)


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.EMPTY, DeliveryState.FAILED])
def test_a_final_settlement_ends_a_delivery_with_every_step_written_down(store: Store, state: DeliveryState) -> None:
    _tick(store)
    claim = _claim(store)
    assert store.settle(claim, Settlement(state, "so it is"), DUE)
    settled = _delivery(store)
    assert (settled.state, settled.reason, settled.settled_at) == (state, "so it is", DUE)
    assert _steps(store) == [
        (None, DeliveryState.OWED, None),
        (DeliveryState.OWED, DeliveryState.CLAIMED, None),
        (DeliveryState.CLAIMED, state, "so it is"),
    ]
    assert _claims(store, DUE + DAY) == []
    assert not store.settle(claim, SENT, DUE)


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.UNSURE])
def test_what_is_to_be_tried_again_is_claimed_when_its_time_has_come(store: Store, state: DeliveryState) -> None:
    _tick(store)
    later = DUE + timedelta(seconds=30)
    assert store.settle(_claim(store), Settlement(state, "rate limit", not_before=later), DUE)
    assert _delivery(store).settled_at is None
    assert _claims(store, later - timedelta(seconds=1)) == []
    again = _claim(store, later)
    assert (again.was, again.delivery.fence) == (state, 2)


def test_a_settlement_may_pause_its_subscription_with_all_it_is_owed(store: Store) -> None:
    _tick(store)
    claim = _claim(store)
    store.settle(claim, Settlement(DeliveryState.PAUSED, "channel_not_found", pause=True), DUE)
    assert (_subscription(store).state, _subscription(store).note) == (SubscriptionState.PAUSED, "channel_not_found")
    assert _delivery(store).state is DeliveryState.PAUSED
    assert _claims(store, DUE + DAY) == []
    with store.read() as library:
        assert (library.log(1)[0].actor, library.log(1)[0].action) == ("tipfacts", "pause")


def test_ending_a_subscription_stops_its_deliveries(store: Store) -> None:
    _tick(store)
    _set(store, SubscriptionState.ENDED)
    assert _claims(store) == []


def test_a_claim_out_when_its_subscription_is_paused_waits_for_the_resumption(store: Store) -> None:
    _tick(store)
    _claim(store)
    _set(store, SubscriptionState.PAUSED)
    assert _claims(store, DUE + LEASE) == []
    _set(store, SubscriptionState.ACTIVE)
    assert _claim(store, DUE + LEASE).was is DeliveryState.CLAIMED


def test_the_facts_shown_are_noted_by_the_holder_only_and_replaced_on_a_retry(store: Store) -> None:
    _tick(store)
    claim = _claim(store)
    with store.read() as library:
        facts = library.facts_of(1)
    store.note_shown(claim.delivery.id, claim.delivery.fence, facts, 2)
    store.note_shown(claim.delivery.id, claim.delivery.fence, facts[:1], 2)
    store.note_shown(claim.delivery.id, claim.delivery.fence + 1, facts, 2)
    assert store.settle(claim, SENT, DUE)


def test_what_may_be_lost_is_owed_again_as_another_message_and_only_once(store: Store) -> None:
    _tick(store)
    claim = _claim(store)
    assert store.settle(claim, Settlement(DeliveryState.UNKNOWN, "missing_scope"), DUE)
    with store.read() as library:
        assert library.delivery(claim.delivery.id) == _delivery(store)
        assert library.delivery(claim.delivery.id + 1) is None
    again = SendAgain(claim.delivery.id)
    assert store.apply(again, by=EDITOR, at=DUE).changed == 1
    owed = _delivery(store)
    assert (owed.state, owed.tries, owed.reason, owed.settled_at) == (DeliveryState.OWED, 0, None, None)
    assert owed.nonce != claim.delivery.nonce
    assert _steps(store)[-1] == (DeliveryState.UNKNOWN, DeliveryState.OWED, EDITOR)
    assert store.claim_notices(DUE, LEASE, [Platform.SLACK], 9) == []
    with store.read() as library:
        assert (library.log(1)[0].action, library.log(1)[0].target) == ("resend", CHANNEL.name)
    with pytest.raises(StaleChangeError):
        store.apply(again, by=EDITOR, at=DUE)
    assert _claim(store).was is DeliveryState.OWED


def test_naive_instants_are_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="has no zone"):
        _tick(store, DUE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="has no zone"):
        _claims(store, DUE.replace(tzinfo=None))
