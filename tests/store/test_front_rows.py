"""What platforms' apps leave in the tables, and what processes that run at once get of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, claimed, load, statement_of_2022, subscription
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.base import Executable

from bot.domain.changes import Origin, SaveSubscription
from bot.domain.digests import DeliveryState, Receipt
from bot.domain.people import Address, Platform
from bot.messages.exchange import Context
from bot.ports import Claim, Settlement
from store import tables
from store.engine import open_writer, read_url
from store.front import MOST_DROPPED
from store.store import SqlStore

PATIENCE = timedelta(seconds=30)
LEASE = timedelta(minutes=2)
NOW = AT + DAY
LOST = Settlement(DeliveryState.PAUSED, "is_archived", pause=True)


def _run(url: str, statement: Executable, rows: list[dict[str, Any]] | None = None) -> list[tuple[Any, ...]]:
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        result = connection.execute(statement, rows or None)
        found = [tuple(row) for row in result] if result.returns_rows else []
    engine.dispose()
    return found


def _count(url: str, table: str) -> int:
    return int(_run(url, select(func.count()).select_from(tables.metadata.tables[table]))[0][0])


def _owed(store: SqlStore, channels: int = 1) -> list[Claim]:
    """Claims of digests that some channels are owed."""
    load(store)
    for number in range(channels):
        wanted = subscription(replace(CHANNEL, channel=f"C{number}"))
        store.apply(SaveSubscription(wanted, keep_cursor=False), by=EDITOR, at=AT)
    load(store, statement_of_2022(), Origin.EDITOR)
    store.enqueue_due(NOW, lambda _: NOW + DAY, 100)
    return list(claimed(store, NOW))


def test_of_several_who_begin_an_event_at_once_one_acts(store: SqlStore, store_url: str) -> None:
    others = [SqlStore(store_url) for _ in range(3)]  # as other processes
    stores = [store, *others] * 3
    for after in range(4):
        now = AT + after * 2 * PATIENCE  # each time the one before gave up
        with ThreadPoolExecutor(len(stores)) as pool:
            begun = list(pool.map(lambda each, at=now: each.begin("Ev1", at, PATIENCE), stores))
        assert sum(begun) == 1
    for each in others:
        each.close()


def test_those_who_make_room_at_once_do_not_fail_and_drop_all_that_is_old(store: SqlStore, store_url: str) -> None:
    old = [{"key": f"Ev{number}", "begun_at": AT} for number in range(4 * MOST_DROPPED)]
    _run(store_url, insert(tables.events), old)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda number: store.begin(f"new{number}", AT + 3 * DAY, PATIENCE), range(20)))
    assert _count(store_url, "events") == 20


def test_one_that_makes_room_drops_the_oldest_and_only_so_many(store: SqlStore, store_url: str) -> None:
    old = [{"key": f"Ev{number:03}", "begun_at": AT + timedelta(seconds=number)} for number in range(MOST_DROPPED + 50)]
    _run(store_url, insert(tables.events), old)
    assert store.begin("new", AT + 3 * DAY, PATIENCE)
    kept = [key for (key,) in _run(store_url, select(tables.events.c.key).order_by(tables.events.c.key))]
    assert kept == [*(row["key"] for row in old[MOST_DROPPED:]), "new"]


def test_an_event_that_is_taken_up_again_while_room_is_made_is_not_dropped(store: SqlStore, store_url: str) -> None:
    _run(store_url, insert(tables.events), [{"key": f"Ev{number}", "begun_at": AT} for number in range(40)])
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda number: store.begin(f"Ev{number}", AT + 3 * DAY, PATIENCE), range(40)))
        assert not any(pool.map(lambda number: store.begin(f"Ev{number}", AT + 3 * DAY, PATIENCE), range(40)))


@pytest.mark.parametrize(("table", "at"), [("events", "begun_at"), ("parked", "at"), ("conversations", "at")])
def test_room_is_made_by_an_index_and_not_by_reading_all(store_url: str, table: str, at: str) -> None:
    """Or each event would take as long as all that are kept."""
    engine = open_writer(read_url(store_url))
    with engine.begin() as connection:
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))  # which it prefers for an empty table
            explain = "EXPLAIN"
        old = f"SELECT 1 FROM {table} WHERE {at} < '2024-01-01' ORDER BY {at} LIMIT 9"  # noqa: S608
        plan = str(connection.execute(text(f"{explain} {old}")).all())
    engine.dispose()
    assert f"ix_{table}_{at}" in plan


def test_a_conversation_that_many_write_at_once_is_held_once(store: SqlStore, store_url: str) -> None:
    thread = Address(Platform.SLACK, "T1", "C1", thread="171.1")
    contexts = [Context(f"question {number}") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda each: store.remember(thread, each, AT), contexts))
    assert store.recall(thread, AT) in contexts
    assert _count(store_url, "conversations") == 1


def test_those_who_claim_notices_at_once_claim_different_ones(store: SqlStore) -> None:
    for claim in _owed(store, 12):
        assert store.settle(claim, LOST, NOW)
    with ThreadPoolExecutor(4) as pool:
        claimed = list(pool.map(lambda _: store.claim_notices(NOW, LEASE, [Platform.SLACK], 3), range(4)))
    ids = [notice.id for notices in claimed for notice in notices]
    assert len(ids) == len(set(ids))
    assert len(ids) + len(store.claim_notices(NOW, LEASE, [Platform.SLACK], 100)) == 12


def test_channels_lost_at_once_while_others_subscribe_anew_leave_no_lock_behind(store: SqlStore) -> None:
    """Whoever writes subscriptions locks the library first; two that did it in another order would wait for ever."""
    claims = _owed(store, 12)

    def lose_or_take_up(claim: Claim) -> None:
        assert store.settle(claim, LOST, NOW)
        store.claim_notices(NOW, LEASE, [Platform.SLACK], 2)
        wanted = replace(claim.delivery.subscription, next_due=NOW + DAY)
        store.apply(SaveSubscription(wanted, keep_cursor=True), by=EDITOR, at=NOW)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lose_or_take_up, claims))
    assert store.claim_notices(NOW + DAY, LEASE, [Platform.SLACK], 100) == []


def _receipts(url: str) -> list[tuple[Any, ...]]:
    kept = tables.receipts.c
    columns = (kept.delivery_id, kept.channel, kept.thread, kept.dm_user, kept.message_id, kept.posted_at)
    return _run(url, select(*columns, kept.editable).order_by(kept.id))


def _shown(url: str) -> list[tuple[Any, ...]]:
    shown = tables.receipt_facts.c
    return _run(url, select(shown.fact_id, shown.version).order_by(*tables.receipt_facts.primary_key.columns))


def test_a_receipt_keeps_where_a_message_stands_and_all_that_it_shows(store: SqlStore, store_url: str) -> None:
    load(store)
    where = Address(Platform.SLACK, "T1", "C1", thread="7.1")
    store.note_receipt(Receipt(where, "171.1", NOW, ((2, 1), (1, 1), (2, 1))))
    assert _receipts(store_url) == [(None, "C1", "7.1", "", "171.1", NOW, True)]
    assert _shown(store_url) == [(1, 1), (2, 1)]


def test_a_receipt_of_a_message_without_an_id_says_that_it_cannot_be_edited(store: SqlStore, store_url: str) -> None:
    store.note_receipt(Receipt(CHANNEL, "", NOW, editable=False))
    assert [row[-3:] for row in _receipts(store_url)] == [("", NOW, False)]
    assert _shown(store_url) == []


def test_a_receipt_of_what_the_library_does_not_hold_is_not_kept(store: SqlStore, store_url: str) -> None:
    with pytest.raises(IntegrityError):
        store.note_receipt(Receipt(CHANNEL, "171.1", NOW, ((99, 1),)))
    assert _receipts(store_url) == []


def test_the_receipt_of_a_digest_shows_what_was_noted_for_it(store: SqlStore, store_url: str) -> None:
    (claim,) = _owed(store)
    with store.read() as library:
        store.note_shown(claim.delivery.id, claim.delivery.fence, library.facts_of(1), 2)
        store.note_shown(claim.delivery.id, claim.delivery.fence, [*library.facts_of(3), *library.facts_of(2)], 2)
    assert store.settle(claim, Settlement(DeliveryState.SENT, message_id="171.1"), NOW)
    assert _receipts(store_url) == [(claim.delivery.id, "C0", "", "", "171.1", NOW, True)]
    assert _shown(store_url) == [(5, 1), (6, 1)]


def test_a_digest_whose_id_the_platform_does_not_tell_has_a_receipt_too(store: SqlStore, store_url: str) -> None:
    (claim,) = _owed(store)
    assert store.settle(claim, Settlement(DeliveryState.SENT, message_id=""), NOW)
    assert _receipts(store_url) == [(claim.delivery.id, "C0", "", "", "", NOW, False)]


def test_a_digest_that_was_not_posted_has_none(store: SqlStore, store_url: str) -> None:
    (claim,) = _owed(store)
    assert store.settle(claim, Settlement(DeliveryState.FAILED, "too long", still_owed=True), NOW)
    assert _receipts(store_url) == _shown(store_url) == []
