"""What a tick reads, on SQLite by its own word: of subscriptions to which nothing is to come nothing, and of deliveries
that have come to their end nothing.
"""

from dataclasses import replace
from datetime import datetime, time

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, load, statement_of_2022, subscription
from sqlalchemy import Connection, event, insert, select

from bench.owing import sent
from bot.domain.changes import Origin, SaveSubscription
from bot.domain.digests import Rhythm, Schedule
from store.engine import open_writer, read_url
from store.enqueuing import enqueue_due
from store.store import SqlStore
from store.tables import deliveries

BY_CURSOR = "ix_subscriptions_state_rhythm_cursor"
AT_ONCE = Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")


def _plans(connection: Connection, now: datetime, clause: str) -> list[str]:
    """How those statements of a tick find their rows that have such a clause."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, text: str, values: tuple[object, ...], *_: object) -> None:
        if clause in text:
            seen.append((text, values))

    enqueue_due(connection, now, lambda _: now + DAY, 500)
    event.remove(connection, "before_cursor_execute", _note)
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in seen]
    return [str(row[-1]) for plan in plans for row in plan]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_counted", [False, True])
def test_a_tick_finds_what_is_due_by_an_index_and_looks_at_nothing_else(
    store: SqlStore, store_url: str, *, is_counted: bool
) -> None:
    load(store)
    for number in range(60):
        wanted = subscription(replace(CHANNEL, channel=f"C{number}"), due=AT + DAY)
        if number % 2:
            wanted = replace(wanted, schedule=AT_ONCE, next_due=AT + 9_999 * DAY)
        store.apply(SaveSubscription(wanted, keep_cursor=True), by=EDITOR, at=AT)
    engine = open_writer(read_url(store_url))
    with engine.begin() as connection:
        if is_counted:
            connection.exec_driver_sql("ANALYZE")
    with engine.begin() as connection:
        plans = _plans(connection, AT, "FROM subscriptions")
    engine.dispose()
    assert [plan for plan in plans if "subscriptions" in plan] == [
        "SEARCH subscriptions USING INDEX ix_subscriptions_state_next_due (state=? AND next_due<?)",
        f"SEARCH subscriptions USING COVERING INDEX {BY_CURSOR} (state=? AND rhythm=? AND cursor<?)",
    ]


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("is_counted", [False, True])
def test_a_tick_finds_what_waits_by_its_subscription_however_many_digests_this_has_had(
    store: SqlStore, store_url: str, *, is_counted: bool
) -> None:
    load(store)
    for number in range(60):
        wanted = subscription(replace(CHANNEL, channel=f"C{number}"), due=AT + (40 if number < 3 else 41) * DAY)
        store.apply(SaveSubscription(wanted, keep_cursor=False), by=EDITOR, at=AT)
    load(store, statement_of_2022(), Origin.EDITOR)
    engine = open_writer(read_url(store_url))
    with engine.begin() as connection:
        for day in range(1, 40):
            columns = sent(0, AT + day * DAY, f"-{day}")
            connection.execute(insert(deliveries).from_select(list(columns), select(*columns.values())))
        if is_counted:
            connection.exec_driver_sql("ANALYZE")
    with engine.begin() as connection:
        plans = _plans(connection, AT + 40 * DAY, "deliveries.from_revision \nFROM deliveries")
    engine.dispose()
    assert [plan for plan in plans if "deliveries" in plan] == [
        "SEARCH deliveries USING INDEX ix_deliveries_subscription_id_state (subscription_id=? AND state=?)"
    ]
