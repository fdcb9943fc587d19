"""Notices, on any store: the owner of a subscription that was paused is owed one, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, claimed, load, statement_of_2022, subscription

from bot.domain.changes import Origin, SaveSubscription, SetSubscriptionState
from bot.domain.digests import DeliveryState, Notice, Subscription, SubscriptionState
from bot.domain.people import Address, Platform
from bot.ports import Settlement, Store

LEASE = timedelta(minutes=2)
NOW = AT + DAY
LOST = Settlement(DeliveryState.PAUSED, "is_archived", pause=True)
PLACE = Address(Platform.DISCORD, "9", "8", thread="7")


def _subscribe(store: Store, address: Address = CHANNEL, owner: str = EDITOR) -> None:
    _save(store, replace(subscription(address), owner=owner))


def _save(store: Store, wanted: Subscription, *, keep_cursor: bool = True) -> None:
    """Save a subscription in place of what its channel has."""
    with store.read() as library:
        held = library.subscription_at(wanted.address)
    change = SaveSubscription(replace(wanted, id=held.id if held else 0), keep_cursor=keep_cursor)
    store.apply(change, by=wanted.owner, at=AT)


def _lose(store: Store, at: datetime = NOW, settlement: Settlement = LOST) -> None:
    """Let every channel that is owed a digest refuse it."""
    store.enqueue_due(at, lambda _: at + DAY, 100)
    for lane in store.lanes(at, list(Platform)):
        for claim in claimed(store, at, lane=lane):
            assert store.settle(claim, settlement, at)


def _news(store: Store, key: str) -> None:
    """One more fact, so that the next digest has something to tell."""
    more = replace(statement_of_2022().facts[0], key=key)
    load(store, replace(statement_of_2022(), facts=(more,)), Origin.EDITOR)


def _set(store: Store, state: SubscriptionState) -> None:
    with store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held is not None
    store.apply(SetSubscriptionState(held.id, state), by=EDITOR, at=NOW)


def _claims(store: Store, at: datetime = NOW, platforms: Sequence[Platform] = tuple(Platform)) -> Sequence[Notice]:
    return store.claim_notices(at, LEASE, platforms, 10)


def _claim(store: Store, at: datetime = NOW) -> Notice:
    (notice,) = _claims(store, at)
    return notice


@pytest.fixture(autouse=True)
def _subscribed(store: Store) -> None:
    """A subscription that is owed one statement, due in a day."""
    load(store)
    _subscribe(store)
    load(store, statement_of_2022(), Origin.EDITOR)


def test_a_channel_that_is_lost_owes_its_owner_a_notice_with_the_reason(store: Store) -> None:
    assert _claims(store) == []
    _lose(store)
    notice = _claim(store)
    assert notice.address == Address(Platform.SLACK, "T1", "UED", user="UED")
    assert (notice.reason, notice.created_at, notice.fence, notice.tries) == ("is_archived", NOW, 1, 1)
    assert notice.slot is None
    assert not notice.was_claimed
    assert 0 < len(notice.nonce) <= 25
    with store.read() as library:
        assert notice.subscription == library.subscription_at(CHANNEL)
    assert notice.subscription.state is SubscriptionState.PAUSED


@pytest.mark.parametrize(
    ("where", "owner", "address"),
    [
        (CHANNEL, "slack:T2/U7", Address(Platform.SLACK, "T2", "U7", user="U7")),
        (PLACE, "discord:9/42", Address(Platform.DISCORD, "9", "42", user="42")),
        (Address(Platform.CONSOLE, "local", "console"), "console", Address(Platform.CONSOLE, "local", "console")),
    ],
)
def test_every_owner_is_told_where_they_read_direct_messages(
    store: Store, where: Address, owner: str, address: Address
) -> None:
    _set(store, SubscriptionState.ENDED)
    _subscribe(store, where, owner)
    _news(store, "more")
    _lose(store)
    assert _claim(store).address == address


@pytest.mark.parametrize("owner", ["", "U1", "seeds", "slack:", "slack:T1", "slack:T1/", "slack:/U1", "irc:T1/U1"])
def test_an_owner_who_is_no_person_of_a_platform_is_owed_none(store: Store, owner: str) -> None:
    _subscribe(store, owner=owner)
    _lose(store)
    assert _claims(store) == []


def test_several_refusals_of_one_channel_owe_one_notice(store: Store) -> None:
    store.enqueue_due(NOW, lambda _: NOW + DAY, 100)
    _news(store, "more")
    _lose(store, NOW + DAY)
    assert len(_claims(store, NOW + DAY)) == 1


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.UNSURE, DeliveryState.EMPTY])
def test_other_settlements_owe_none(store: Store, state: DeliveryState) -> None:
    _lose(store, settlement=Settlement(state, "so it is"))
    _set(store, SubscriptionState.PAUSED)
    assert _claims(store) == []


def test_a_settlement_that_came_too_late_owes_none(store: Store) -> None:
    store.enqueue_due(NOW, lambda _: NOW + DAY, 100)
    (claim,) = claimed(store, NOW, lease=LEASE)
    claimed(store, NOW + LEASE, lease=LEASE)
    assert not store.settle(claim, LOST, NOW + LEASE)
    assert _claims(store, NOW + LEASE) == []


def test_a_notice_that_was_told_is_never_claimed_again(store: Store) -> None:
    _lose(store)
    notice = _claim(store)
    assert store.settle_notice(notice, None, NOW)
    assert not store.settle_notice(notice, None, NOW)
    assert _claims(store, NOW + 30 * DAY) == []


def test_a_notice_is_held_until_its_lease_runs_out_and_then_goes_to_the_next(store: Store) -> None:
    _lose(store)
    first = _claim(store)
    assert _claims(store, NOW + LEASE - timedelta(seconds=1)) == []
    second = _claim(store, NOW + LEASE)
    assert (second.was_claimed, second.fence, second.tries, second.nonce) == (True, 2, 2, first.nonce)
    assert not store.settle_notice(first, None, NOW + LEASE)
    assert store.settle_notice(second, None, NOW + LEASE)


def test_a_late_settlement_counts_while_nobody_else_has_claimed(store: Store) -> None:
    _lose(store)
    assert store.settle_notice(_claim(store), None, NOW + 2 * LEASE)


def test_a_notice_that_is_to_be_tried_again_is_claimed_when_its_time_has_come(store: Store) -> None:
    _lose(store)
    later = NOW + timedelta(hours=1)
    assert store.settle_notice(_claim(store), later, NOW)
    assert _claims(store, later - timedelta(seconds=1)) == []
    again = _claim(store, later)
    assert (again.was_claimed, again.fence, again.tries) == (False, 2, 2)


def test_only_the_platforms_asked_for_are_claimed(store: Store) -> None:
    _lose(store)
    assert _claims(store, platforms=[Platform.DISCORD, Platform.CONSOLE]) == []
    assert _claims(store, platforms=[]) == []
    assert len(_claims(store, platforms=[Platform.SLACK])) == 1


def test_the_oldest_notices_are_claimed_first_and_no_more_than_the_limit(store: Store) -> None:
    for number in range(3):
        _subscribe(store, replace(CHANNEL, channel=f"D{number}"))
    _news(store, "more")
    _lose(store)
    found = [
        each.subscription.address.channel for _ in range(3) for each in store.claim_notices(NOW, LEASE, [*Platform], 2)
    ]
    assert len(found) == len(set(found)) == 4
    assert found[0] == "C1"


REFUSED = Settlement(DeliveryState.FAILED, "too long", still_owed=True)


def _told(store: Store, at: datetime) -> list[tuple[datetime | None, bool]]:
    """Tell what is owed; which slots it was about, and whether they failed."""
    found = _claims(store, at)
    for notice in found:
        assert store.settle_notice(notice, None, at)
    return [(notice.slot, notice.failed) for notice in found]


def test_a_digest_that_failed_owes_a_notice_and_those_that_fail_after_it_owe_none(store: Store) -> None:
    for day in range(3):
        _lose(store, NOW + day * DAY, REFUSED)
    notice = _claim(store, NOW + 3 * DAY)
    assert (notice.slot, notice.reason, notice.failed) == (NOW, "too long", True)
    assert notice.subscription.state is SubscriptionState.ACTIVE
    with store.read() as library:
        assert notice.delivery_id == library.deliveries(notice.subscription.id, 3)[-1].id


@pytest.mark.parametrize(
    "between",
    [
        Settlement(DeliveryState.SENT, message_id="m1"),
        Settlement(DeliveryState.EMPTY, "withdrawn"),
        Settlement(DeliveryState.UNKNOWN, "missing_scope"),
    ],
)
def test_after_one_that_did_not_fail_the_next_that_fails_owes_another(store: Store, between: Settlement) -> None:
    _lose(store, settlement=REFUSED)
    assert _told(store, NOW) == [(NOW, True)]
    _lose(store, NOW + DAY, between)
    lost = [(NOW + DAY, False)] if between.state is DeliveryState.UNKNOWN else []
    assert _told(store, NOW + DAY) == lost
    _news(store, "more")
    _lose(store, NOW + 2 * DAY, REFUSED)
    assert _told(store, NOW + 2 * DAY) == [(NOW + 2 * DAY, True)]


def test_one_that_went_into_the_next_ends_no_row_of_failures(store: Store) -> None:
    _lose(store, settlement=REFUSED)
    assert _told(store, NOW) == [(NOW, True)]
    _lose(store, NOW + DAY, Settlement(DeliveryState.WAITING, "ratelimited", not_before=NOW + 9 * DAY))
    _news(store, "more")
    _lose(store, NOW + 2 * DAY, REFUSED)
    assert _told(store, NOW + 2 * DAY) == []


LOST_SIGHT = Settlement(DeliveryState.UNKNOWN, "missing_scope")


def test_a_digest_of_which_nobody_knows_whether_it_was_posted_owes_a_notice_with_its_slot(store: Store) -> None:
    _lose(store, settlement=LOST_SIGHT)
    notice = _claim(store)
    assert (notice.slot, notice.reason, notice.failed) == (NOW, "missing_scope", False)
    assert notice.subscription.state is SubscriptionState.ACTIVE
    assert store.settle_notice(notice, None, NOW)
    _lose(store, NOW + 2 * DAY, LOST_SIGHT)
    assert _claims(store, NOW + 2 * DAY) == []


@pytest.mark.parametrize("settlement", [LOST_SIGHT, REFUSED])
def test_such_a_notice_outlives_a_change_and_a_pause_but_not_the_end(store: Store, settlement: Settlement) -> None:
    _lose(store, settlement=settlement)
    _save(store, subscription())
    for state in (SubscriptionState.PAUSED, SubscriptionState.ACTIVE):
        _set(store, state)
    assert store.settle_notice(_claim(store), NOW + DAY, NOW)
    _set(store, SubscriptionState.ENDED)
    assert _claims(store, NOW + DAY) == []


@pytest.mark.parametrize("state", [SubscriptionState.ACTIVE, SubscriptionState.ENDED])
def test_nobody_is_told_of_a_pause_that_is_over(store: Store, state: SubscriptionState) -> None:
    _lose(store)
    _set(store, state)
    assert _claims(store) == []


@pytest.mark.parametrize("keep_cursor", [True, False])
def test_nor_where_the_channel_was_subscribed_anew(store: Store, keep_cursor: bool) -> None:  # noqa: FBT001
    _lose(store)
    _save(store, subscription(), keep_cursor=keep_cursor)
    assert _claims(store) == []


def test_a_notice_that_is_being_told_is_not_told_again_where_the_pause_ends_meanwhile(store: Store) -> None:
    _lose(store)
    notice = _claim(store)
    _set(store, SubscriptionState.ACTIVE)
    assert not store.settle_notice(notice, NOW + DAY, NOW)
    assert _claims(store, NOW + 2 * DAY) == []


def test_a_channel_that_is_lost_again_owes_another_notice(store: Store) -> None:
    _lose(store)
    first = _claim(store)
    assert store.settle_notice(first, None, NOW)
    _set(store, SubscriptionState.ACTIVE)
    _lose(store, NOW + DAY, replace(LOST, reason="not_in_channel"))
    second = _claim(store, NOW + DAY)
    assert (second.reason, second.nonce == first.nonce) == ("not_in_channel", False)


def test_naive_instants_are_refused(store: Store) -> None:
    _lose(store)
    with pytest.raises(ValueError, match="has no zone"):
        _claims(store, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="has no zone"):
        store.settle_notice(_claim(store), NOW.replace(tzinfo=None), NOW)
