"""What the store keeps of posts of which no word came, and what becomes of a pause, on any store."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, LEASE, claimed, load, statement_of_2022, subscription

from bot.digests.schedule import next_due
from bot.domain.changes import Origin, SaveSubscription, SendAgain, SetSubscriptionState
from bot.domain.digests import MERGED, Delivery, DeliveryState, Subscription, SubscriptionState, Transition
from bot.domain.people import Address
from bot.ports import Claim, Settlement, Store

DUE = AT + DAY
MINUTE = timedelta(minutes=1)
SENT = Settlement(DeliveryState.SENT, message_id="171.1")
REFUSED = Settlement(DeliveryState.FAILED, "too long", still_owed=True)
LOST = Settlement(DeliveryState.UNKNOWN, "missing_scope")
EMPTY = Settlement(DeliveryState.EMPTY)
UNSURE = Settlement(DeliveryState.UNSURE, "timeout", unconfirmed=True)
WAITING = Settlement(DeliveryState.WAITING, "ratelimited")


def _held(store: Store, address: Address = CHANNEL) -> Subscription:
    with store.read() as library:
        found = library.subscription_at(address)
    assert found
    return found


def _deliveries(store: Store) -> Sequence[Delivery]:
    with store.read() as library:
        return library.deliveries(_held(store).id, 10)


def _news(store: Store, key: str) -> None:
    more = replace(statement_of_2022().facts[0], key=key)
    load(store, replace(statement_of_2022(), facts=(more,)), Origin.EDITOR)


def _tick(store: Store, now: datetime = DUE) -> None:
    store.enqueue_due(now, partial(next_due, after=now), 100)


def _claim(store: Store, now: datetime = DUE) -> Claim:
    (claim,) = claimed(store, now, 10)
    return claim


def _settle(store: Store, settlement: Settlement, now: datetime = DUE) -> Delivery:
    """Claim what is owed and settle it a minute later; return it as it stands then."""
    assert store.settle(_claim(store, now), settlement, now + MINUTE)
    return _deliveries(store)[0]


def _set(store: Store, state: SubscriptionState) -> None:
    store.apply(SetSubscriptionState(_held(store).id, state), by=EDITOR, at=DUE)


def _subscribe_again(store: Store) -> None:
    held = _held(store)
    wanted = replace(held, state=SubscriptionState.ACTIVE, note=None)
    store.apply(SaveSubscription(wanted, keep_cursor=True), by=EDITOR, at=DUE)


def _last_step(store: Store, delivery: Delivery) -> Transition:
    with store.read() as library:
        return library.transitions(delivery.id)[-1]


@pytest.fixture(autouse=True)
def _owed(store: Store) -> None:
    """A subscription that is owed one statement."""
    load(store)
    store.apply(SaveSubscription(subscription(due=DUE), keep_cursor=True), by=EDITOR, at=AT)
    load(store, statement_of_2022(), Origin.EDITOR)
    _tick(store)


def test_what_is_posted_without_a_word_may_stand_since_it_was_first_claimed(store: Store) -> None:
    claim = _claim(store)
    assert (claim.delivery.unsure_since, claim.delivery.unconfirmed) == (DUE, 0)
    assert store.settle(claim, UNSURE, DUE + MINUTE)
    held = _deliveries(store)[0]
    assert (held.unsure_since, held.unconfirmed) == (DUE, 1)
    again = _claim(store, DUE + DAY)
    assert (again.delivery.unsure_since, again.delivery.unconfirmed) == (DUE, 1)
    assert again.delivery == _deliveries(store)[0]
    assert store.settle(again, UNSURE, DUE + DAY)
    assert (_deliveries(store)[0].unsure_since, _deliveries(store)[0].unconfirmed) == (DUE, 2)


def test_a_look_that_was_not_to_be_had_counts_as_no_post(store: Store) -> None:
    _settle(store, UNSURE)
    held = _settle(store, replace(UNSURE, unconfirmed=False), DUE + DAY)
    assert (held.unsure_since, held.unconfirmed) == (DUE, 1)


def test_a_claim_whose_lease_ran_out_counts_as_a_post_without_a_word(store: Store) -> None:
    _claim(store)
    second = _claim(store, DUE + LEASE)
    assert (second.delivery.unsure_since, second.delivery.unconfirmed) == (DUE, 1)
    assert second.delivery == _deliveries(store)[0]


@pytest.mark.parametrize("settlement", [WAITING, SENT, EMPTY, REFUSED])
def test_what_is_certain_is_not_unsure(store: Store, settlement: Settlement) -> None:
    _settle(store, UNSURE)
    held = _settle(store, settlement, DUE + DAY)
    assert (held.unsure_since, held.unconfirmed) == (None, 1)


def test_what_waited_may_stand_only_since_it_is_claimed_again(store: Store) -> None:
    _settle(store, WAITING)
    assert _claim(store, DUE + DAY).delivery.unsure_since == DUE + DAY


def test_what_is_sent_again_begins_anew(store: Store) -> None:
    _settle(store, UNSURE)
    held = _settle(store, LOST, DUE + DAY)
    assert (held.unsure_since, held.unconfirmed) == (DUE, 1)
    store.apply(SendAgain(held.id), by=EDITOR, at=DUE + DAY)
    held = _deliveries(store)[0]
    assert (held.unsure_since, held.unconfirmed) == (None, 0)


@pytest.mark.parametrize("by", [_subscribe_again, partial(_set, state=SubscriptionState.ACTIVE)])
@pytest.mark.parametrize("was", [DeliveryState.OWED, DeliveryState.WAITING, DeliveryState.CLAIMED])
def test_what_was_kept_and_what_came_since_go_into_one_digest_after_a_resume(
    store: Store, was: DeliveryState, by: object
) -> None:
    if was is DeliveryState.CLAIMED:
        _settle(store, Settlement(DeliveryState.PAUSED, "is_archived", pause=True))
    else:
        if was is DeliveryState.WAITING:
            _settle(store, replace(WAITING, not_before=DUE + MINUTE))
        _set(store, SubscriptionState.PAUSED)
    assert _deliveries(store)[0].state is DeliveryState.PAUSED
    assert claimed(store, DUE + DAY) == []
    _news(store, "more")
    assert callable(by)
    by(store)
    (kept,) = _deliveries(store)
    assert (kept.state, kept.reason, kept.settled_at) == (DeliveryState.EMPTY, MERGED, DUE)
    step = _last_step(store, kept)
    assert (step.before, step.after, step.reason) == (DeliveryState.PAUSED, DeliveryState.EMPTY, MERGED)
    assert claimed(store, DUE + DAY - MINUTE) == []
    assert _held(store).cursor == kept.from_revision
    _tick(store, DUE + DAY)
    claim = _claim(store, DUE + DAY)
    assert (claim.delivery.slot, claim.delivery.from_revision, claim.delivery.to_revision) == (DUE + DAY, 1, 3)


def test_what_may_have_been_posted_before_a_pause_is_still_looked_for_after_it(store: Store) -> None:
    _settle(store, UNSURE)
    _set(store, SubscriptionState.PAUSED)
    _set(store, SubscriptionState.ACTIVE)
    assert _held(store).cursor == 2
    claim = _claim(store)
    assert (claim.was, claim.delivery.unsure_since) == (DeliveryState.UNSURE, DUE)


def test_behind_one_that_may_have_been_posted_the_other_goes_into_the_next(store: Store) -> None:
    _settle(store, replace(UNSURE, not_before=DUE + 9 * DAY))
    _news(store, "more")
    _tick(store, DUE + DAY)
    _set(store, SubscriptionState.PAUSED)
    _set(store, SubscriptionState.ACTIVE)
    newer, older = _deliveries(store)
    assert (newer.state, older.state) == (DeliveryState.EMPTY, DeliveryState.UNSURE)
    assert _held(store).cursor == newer.from_revision == older.to_revision == 2


def test_what_came_to_wait_while_the_subscription_was_paused_goes_into_the_next_as_well(store: Store) -> None:
    claim = _claim(store)
    _set(store, SubscriptionState.PAUSED)
    assert store.settle(claim, WAITING, DUE)
    _set(store, SubscriptionState.ACTIVE)
    assert _deliveries(store)[0].reason == MERGED
    assert _held(store).cursor == 1


def test_a_change_of_what_is_served_leaves_what_it_is_owed_alone(store: Store) -> None:
    _subscribe_again(store)
    assert _deliveries(store)[0].state is DeliveryState.OWED
    assert _held(store).cursor == 2


@pytest.mark.parametrize(
    ("ends", "is_troubled"),
    [
        ([], False),
        ([SENT], False),
        ([REFUSED], True),
        ([LOST], True),
        ([SENT, LOST], True),
        ([REFUSED, LOST], True),
        ([REFUSED, SENT], False),
        ([LOST, SENT], False),
        ([REFUSED, EMPTY], False),  # what was refused was withdrawn
        ([LOST, EMPTY], True),
        ([REFUSED, replace(WAITING, not_before=DUE + 9 * DAY)], True),
    ],
)
def test_the_last_digest_says_whether_all_is_well(
    store: Store, ends: Sequence[Settlement], *, is_troubled: bool
) -> None:
    for day, settlement in enumerate(ends):
        if day:
            _news(store, f"more-{day}")
            _tick(store, DUE + day * DAY)
        _settle(store, settlement, DUE + day * DAY)
    ids = [_held(store).id, 99]
    with store.read() as library:
        assert list(library.troubled(ids)) == ids[: int(is_troubled)]
        assert list(library.troubled([])) == []


def test_a_digest_that_went_into_the_next_hides_no_trouble(store: Store) -> None:
    _settle(store, REFUSED)
    _tick(store, DUE + DAY)
    _set(store, SubscriptionState.PAUSED)
    _set(store, SubscriptionState.ACTIVE)
    assert [each.reason for each in _deliveries(store)] == [MERGED, "too long"]
    with store.read() as library:
        assert list(library.troubled([_held(store).id])) == [_held(store).id]
