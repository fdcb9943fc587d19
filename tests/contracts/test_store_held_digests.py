"""What is told to one channel is held for others, and for those alone that are to be told the same."""

from dataclasses import replace

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, SCREENED_2023, claimed, load, subscription

from bot.domain.changes import CorrectFact, SaveSubscription
from bot.domain.digests import DeliveryState, Digest
from bot.ports import Settlement, Store

BOTH = (CHANNEL, replace(CHANNEL, channel="C2"))
FIRST, NOW = 11_000, 10_900  # what the fact said when the channels subscribed, and after a first correction


def correct(store: Store, based_on: int, value: int) -> None:
    change = CorrectFact(1, based_on, replace(SCREENED_2023, value=value), "screenings", "recount")
    store.apply(change, by=EDITOR, at=AT)


@pytest.fixture
def ids(store: Store) -> tuple[int, int]:
    """Two channels that were owed the same correction: the first has seen it, the second has not."""
    load(store)
    for address in BOTH:
        store.apply(SaveSubscription(subscription(address), keep_cursor=False), by=EDITOR, at=AT)
    correct(store, 1, NOW)
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 10)
    seen, unseen = sorted(claimed(store, AT + DAY), key=lambda claim: claim.delivery.subscription.id)
    with store.read() as library:
        shown = library.fact(1)
    assert shown
    store.note_shown(seen.delivery.id, seen.delivery.fence, [shown], 2)
    store.settle(seen, Settlement(DeliveryState.SENT, message_id="171.1"), AT + DAY)
    store.settle(unseen, Settlement(DeliveryState.FAILED, reason="too long", still_owed=True), AT + DAY)
    return seen.delivery.subscription.id, unseen.delivery.subscription.id


def told(store: Store, subscription_id: int) -> Digest:
    with store.read() as library:
        return library.digest(1, library.revision(), (), subscription_id)


def changes(store: Store, subscription_id: int) -> list[tuple[object, object]]:
    """What the fact said and says now, as a channel is told."""
    return [(change.before.value, change.now.value) for change in told(store, subscription_id).changes]


def test_each_channel_is_told_a_change_against_what_it_has_seen(store: Store, ids: tuple[int, int]) -> None:
    for _ in range(2):
        assert [changes(store, each) for each in ids] == [[], [(FIRST, NOW)]]


def test_after_another_change_both_are_told_how_it_stands_then(store: Store, ids: tuple[int, int]) -> None:
    for version, value in ((2, 11_100), (3, 11_200)):
        correct(store, version, value)
        assert [changes(store, each) for each in ids] == [[(NOW, value)], [(FIRST, value)]]


def test_a_digest_of_too_many_facts_to_be_held_is_the_same(
    store: Store, ids: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = [told(store, each) for each in ids]
    monkeypatch.setattr("store.digest.MOST_HELD", 0)
    assert [told(store, each) for each in ids] == held


@pytest.mark.parametrize("first", [0, 1])
def test_what_one_heard_of_later_is_not_told_to_it_as_to_the_other(store: Store, first: int) -> None:
    load(store)
    for address in BOTH:
        store.apply(SaveSubscription(subscription(address), keep_cursor=False), by=EDITOR, at=AT)
    correct(store, 1, NOW)
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 10)
    claims = sorted(claimed(store, AT + DAY), key=lambda claim: claim.delivery.subscription.id)
    correct(store, 2, FIRST)
    for claim, as_of in zip(claims, (2, 3), strict=True):
        store.settle(claim, Settlement(DeliveryState.EMPTY, as_of=as_of), AT + DAY)
    found = {}
    with store.read() as library:
        for claim in (claims[first], claims[1 - first]):
            own = claim.delivery.subscription.id
            found[own] = library.digest(2, 3, [], own).is_empty
    assert [found[claim.delivery.subscription.id] for claim in claims] == [False, True]
