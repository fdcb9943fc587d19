"""What the outbox leaves in the tables, and what senders that run at once get of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, claimed, load, statement_of_2022, subscription
from sqlalchemy import select

from bot.domain.changes import Origin, SaveSubscription
from bot.domain.digests import DeliveryState
from bot.domain.people import Platform
from bot.ports import Settlement
from store import tables
from store.engine import open_reader, read_url
from store.store import SqlStore

CHANNELS = 12


@pytest.fixture(autouse=True)
def _owed(store: SqlStore) -> None:
    """Some channels that are owed the same statement."""
    load(store)
    for number in range(CHANNELS):
        wanted = subscription(replace(CHANNEL, channel=f"C{number}", thread="7.1"))
        store.apply(SaveSubscription(wanted, keep_cursor=False), by=EDITOR, at=AT)
    load(store, statement_of_2022(), Origin.EDITOR)


def _rows(url: str, *columns: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 (columns of any type)
    reader = open_reader(read_url(url))
    with reader.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(*columns))]
    reader.dispose()
    return found


def test_ticks_at_once_owe_each_slot_once(store: SqlStore, store_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        due = list(pool.map(lambda _: store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 100), range(3)))
    assert sum(due) == CHANNELS
    owed = _rows(store_url, tables.deliveries.c.subscription_id, tables.deliveries.c.nonce)
    assert [len(set(column)) for column in zip(*owed, strict=True)] == [len(owed), len(owed)] == [CHANNELS, CHANNELS]


def test_senders_at_once_claim_different_deliveries(store: SqlStore) -> None:
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 100)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: claimed(store, AT + DAY, 3), range(4)))
    ids = [claim.delivery.id for claims in found for claim in claims]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(claimed(store, AT + DAY)) == CHANNELS


def test_a_sent_delivery_leaves_its_receipt_and_the_fact_versions_it_showed(store: SqlStore, store_url: str) -> None:
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 1)
    (claim,) = claimed(store, AT + DAY)
    with store.read() as library:
        store.note_shown(claim.delivery.id, claim.delivery.fence, library.facts_of(1), 2)
        store.note_shown(claim.delivery.id, claim.delivery.fence, library.facts_of(3), 2)
    assert store.settle(claim, Settlement(DeliveryState.SENT, message_id="171.1"), AT + DAY)
    shown = tables.delivery_facts.c
    assert _rows(store_url, shown.delivery_id, shown.fact_id, shown.version) == [(claim.delivery.id, 6, 1)]
    kept = tables.receipts.c
    columns = (kept.delivery_id, kept.platform, kept.space, kept.channel, kept.thread, kept.message_id, kept.posted_at)
    where = claim.delivery.subscription.address
    assert _rows(store_url, *columns) == [
        (claim.delivery.id, Platform.SLACK, "T1", where.channel, "7.1", "171.1", AT + DAY)
    ]


def test_nothing_is_noted_for_a_claim_that_is_lost(store: SqlStore, store_url: str) -> None:
    store.enqueue_due(AT + DAY, lambda _: AT + 2 * DAY, 1)
    (claim,) = claimed(store, AT + DAY)
    with store.read() as library:
        store.note_shown(claim.delivery.id, claim.delivery.fence + 1, library.facts_of(1), 2)
    lost = replace(claim, delivery=replace(claim.delivery, fence=0))
    assert not store.settle(lost, Settlement(DeliveryState.SENT, message_id="171.1", pause=True), AT + DAY)
    assert _rows(store_url, tables.delivery_facts) == _rows(store_url, tables.receipts) == []
