"""Tenants, on any store: what belongs to one workspace is not seen from another, whose channels, threads and people may
have the very same ids. Every question that a store answers is listed here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, claimed, load, statement_of_2022, subscription

from bot.domain.changes import GrantRole, Origin, SaveSubscription, SetSubscriptionState
from bot.domain.digests import Delivery, DeliveryState, Receipt, Subscription, SubscriptionState
from bot.domain.people import Actor, Address, Platform, Role
from bot.messages.exchange import Context
from bot.ports import Library, Settlement, Store

NOW = AT + DAY
LEASE = timedelta(minutes=2)
THREAD = replace(CHANNEL, thread="171.1")
DIRECT = Address(Platform.SLACK, "T1", "D1", user="UED")
HERE = (CHANNEL, THREAD, DIRECT)
ELSEWHERE = [
    Address(Platform.SLACK, "T2", "C1"),
    Address(Platform.DISCORD, "T1", "C1"),
    Address(Platform.CONSOLE, "T1", "C1"),
    Address(Platform.SLACK, "", "C1"),
    Address(Platform.SLACK, "T", "1C1"),
]
ABOUT = Context("how many screenings in 2023")

Seen = Callable[[Store, Library, Address], object]


def _subscription(library: Library) -> Subscription:
    held = library.subscription_at(CHANNEL)
    assert held is not None
    return held


def _deliveries(library: Library, where: Address) -> list[Delivery]:
    """Those of the subscriptions whose numbers somebody there can learn."""
    held = library.subscriptions(where.platform, where.space)
    return [delivery for each in held for delivery in library.deliveries(each.id, 9)]


def _namesake(where: Address) -> str:
    return Actor(where.platform, where.space, "UED", "Same Id").name


def _parked(store: Store, where: Address) -> str | None:
    return store.parked(store.park("a draft", EDITOR, NOW), _namesake(where))


def _same_place(where: Address, held: Address) -> Address:
    """The place in another space that has the ids of one of ours."""
    return replace(held, platform=where.platform, space=where.space, channel=held.channel)


# What somebody in another space sees by each question: nothing.
ASKED: Mapping[str, Seen] = {
    "subscription_at": lambda _, library, where: [
        found for held in HERE if (found := library.subscription_at(_same_place(where, held)))
    ],
    "subscriptions": lambda _, library, where: library.subscriptions(where.platform, where.space),
    "deliveries": lambda _, library, where: _deliveries(library, where),
    "deliveries_in": lambda _, library, where: [
        each
        for held in library.subscriptions(where.platform, where.space)
        for each in library.deliveries_in(held.id, list(DeliveryState), 9)
    ],
    "transitions": lambda _, library, where: [
        step for delivery in _deliveries(library, where) for step in library.transitions(delivery.id)
    ],
    "role": lambda _, library, where: library.role(_namesake(where)) is not Role.READER,
    "recall": lambda store, _, where: [
        found for held in HERE if (found := store.recall(_same_place(where, held), AT - DAY))
    ],
    "parked": lambda store, _, where: _parked(store, where),
}
OF_THE_LIBRARY = {  # which is one for all
    *("revision", "counts", "topics", "word_lists", "speakers", "current_facts", "fact", "versions", "all_facts"),
    *("statement", "facts_of", "candidates", "unanswered", "disputes", "content", "seeds_digest"),
    "holds",  # by a key
    "digest",  # by a subscription's number, it tells which facts are new to it: facts, and no address
}
OF_ALL_SPACES = {
    "log": "the commands leave out what is another space's",
    "role_holders": "the same",
    "reply_to": "the core puts the actor's name, with the space, into each key",
    "enqueue_due": "the sender serves all spaces; each delivery says where it goes",
    "renew_due": "the same",
    "merged_into": "of a delivery that was read before: instants, and no address",
    "delivery": "the command tells only of those that are the asker's business",
    "subscriptions_to": "the same",
    "troubled": "the command asks for those subscriptions alone that are the asker's business",
    "lanes": "the sender serves all spaces",
    "hold": "a lease is of a whole lane, or of the tick",
    "let_go": "the same",
    "claim": "a lane's deliveries; each says where it goes",
    "claim_notices": "the same",
}
WRITES = {
    *("apply", "note_shown", "settle", "settle_notice", "begin", "finish", "forget", "park", "remember"),
    "note_receipt",
}
NO_QUESTIONS = {"read", "close"}


@pytest.fixture(autouse=True)
def _furnished(store: Store) -> None:
    """Subscriptions, deliveries, conversations, a role and a receipt, all of one workspace."""
    load(store)
    for address in HERE:
        store.apply(SaveSubscription(subscription(address), keep_cursor=True), by=EDITOR, at=AT)
        store.remember(address, ABOUT, NOW)
    load(store, statement_of_2022(), Origin.EDITOR)
    store.apply(GrantRole(EDITOR, Role.ADMIN), by="console", at=AT)
    store.enqueue_due(NOW, lambda _: NOW + DAY, 100)
    store.note_receipt(Receipt(CHANNEL, "171.1", NOW, ((1, 1),)))


def test_every_question_a_store_answers_is_one_of_these() -> None:
    asked = {name for port in (Library, Store) for name in vars(port) if not name.startswith("_")}
    known = [*ASKED, *OF_THE_LIBRARY, *OF_ALL_SPACES, *WRITES, *NO_QUESTIONS]
    assert sorted(known) == sorted(asked)


@pytest.mark.parametrize("where", ELSEWHERE, ids=lambda where: where.name)
@pytest.mark.parametrize("question", ASKED)
def test_another_space_sees_nothing_of_it(store: Store, question: str, where: Address) -> None:
    with store.read() as library:
        assert not ASKED[question](store, library, where)


@pytest.mark.parametrize("question", ASKED)
def test_the_space_itself_sees_it(store: Store, question: str) -> None:
    """Or the test above would prove nothing."""
    with store.read() as library:
        assert ASKED[question](store, library, CHANNEL)


@pytest.mark.parametrize("where", ELSEWHERE, ids=lambda where: where.name)
def test_what_another_space_writes_at_the_same_ids_changes_nothing_here(store: Store, where: Address) -> None:
    with store.read() as library:
        before = library.subscriptions(Platform.SLACK, "T1")
    theirs = replace(subscription(where, ("rating",)), owner=_namesake(where))
    store.apply(SaveSubscription(theirs, keep_cursor=True), by=theirs.owner, at=NOW)
    store.remember(where, Context("something else"), NOW)
    with store.read() as library:
        (held,) = library.subscriptions(where.platform, where.space)
    store.apply(SetSubscriptionState(held.id, SubscriptionState.ENDED), by=theirs.owner, at=NOW)
    with store.read() as library:
        assert library.subscriptions(Platform.SLACK, "T1") == before
        assert len(library.deliveries(_subscription(library).id, 9)) == 1
    assert store.recall(CHANNEL, NOW) == ABOUT


def test_a_channel_that_is_lost_pauses_none_of_another_space_and_its_owner_alone_is_told(store: Store) -> None:
    (where, *_) = ELSEWHERE
    theirs = replace(subscription(where), owner=_namesake(where))
    store.apply(SaveSubscription(theirs, keep_cursor=True), by=theirs.owner, at=NOW)
    for claim in [each for lane in store.lanes(NOW, [Platform.SLACK]) for each in claimed(store, NOW, lane=lane)]:
        gone = claim.delivery.subscription.address == CHANNEL
        lost = Settlement(DeliveryState.PAUSED, "is_archived", pause=True)
        sent = Settlement(DeliveryState.SENT, message_id="171.2")
        assert store.settle(claim, lost if gone else sent, NOW)
    (notice,) = store.claim_notices(NOW, LEASE, [Platform.SLACK], 9)
    assert (notice.subscription.address, notice.address.space, notice.address.user) == (CHANNEL, "T1", "UED")
    with store.read() as library:
        assert _subscription(library).state is SubscriptionState.PAUSED
        (held,) = library.subscriptions(where.platform, where.space)
        assert held.state is SubscriptionState.ACTIVE


def test_a_delivery_goes_where_its_subscription_is(store: Store) -> None:
    (where, *_) = ELSEWHERE
    store.apply(SaveSubscription(subscription(where), keep_cursor=True), by=_namesake(where), at=NOW)
    load(store, replace(statement_of_2022(), facts=(replace(statement_of_2022().facts[0], key="x"),)), Origin.EDITOR)
    store.enqueue_due(NOW + DAY, lambda _: NOW + 2 * DAY, 100)
    lanes = store.lanes(NOW + DAY, [Platform.SLACK])
    claims = [each for lane in lanes for each in claimed(store, NOW + DAY, lane=lane)]
    assert len(lanes) > 1
    with store.read() as library:
        for claim in claims:
            held = library.subscription_at(claim.delivery.subscription.address)
            assert held == claim.delivery.subscription
    assert {claim.delivery.subscription.address.space for claim in claims} == {"T1", "T2"}
