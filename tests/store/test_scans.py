"""What a tick reads of subscriptions to which nothing is to come: nothing, on SQLite by its own word."""

from dataclasses import replace
from datetime import time

import pytest
from contracts.samples import AT, CHANNEL, DAY, EDITOR, load, subscription
from sqlalchemy import Connection, event

from bot.domain.changes import SaveSubscription
from bot.domain.digests import Rhythm, Schedule
from store import outbox
from store.engine import open_writer, read_url
from store.store import SqlStore

AT_ONCE = Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")


def _plans(connection: Connection) -> list[str]:
    """How the statements of a tick find subscriptions."""
    seen: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(connection, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, text: str, values: tuple[object, ...], *_: object) -> None:
        if "FROM subscriptions" in text:
            seen.append((text, values))

    assert outbox.enqueue_due(connection, AT, lambda each: each.next_due, 500) == 0
    event.remove(connection, "before_cursor_execute", _note)
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).all() for text, values in seen]
    return [str(row[-1]) for plan in plans for row in plan if "subscriptions" in row[-1]]


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
        plans = _plans(connection)
    engine.dispose()
    assert plans == [
        "SEARCH subscriptions USING INDEX ix_subscriptions_state_next_due (state=? AND next_due<?)",
        "SEARCH subscriptions USING INDEX ix_subscriptions_state_rhythm_cursor (state=? AND rhythm=? AND cursor<?)",
    ]
