"""A database from before topics could be left out, brought to the newest schema and back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from alembic import command
from contracts.samples import AT, EDITOR
from sqlalchemy import Connection, text

from bot.domain.changes import SaveSubscription
from bot.domain.digests import Rhythm, Schedule, Subscription
from bot.domain.people import Address, Platform
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.tables import HEAD
from store.upgrade import migration_config, upgrade

CHANNEL = Address(Platform.SLACK, "T1", "C1")
LATER = "2024-06-26 01:00:00.000000+00:00"
ROWS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("topics", {"id": 1, "key": "screenings", "label_en": "Screenings", "revision": 1}),
    ("topics", {"id": 2, "key": "training", "label_en": "Training", "revision": 1}),
    (
        "subscriptions",
        {
            "id": 1,
            "platform": "slack",
            "space": "T1",
            "channel": "C1",
            "thread": "",
            "dm_user": "",
            "owner": EDITOR,
            "rhythm": "weekdays",
            "wall_time": "09:00:00",
            "zone": "Asia/Hong_Kong",
            "locale": "en",
            "cursor": 1,
            "next_due": LATER,
            "state": "active",
            "live": True,
        },
    ),
    ("subscription_topics", {"subscription_id": 1, "position": 0, "topic_id": 2}),
    ("subscription_topics", {"subscription_id": 1, "position": 1, "topic_id": 1}),
)


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _insert(connection: Connection, table: str, row: Mapping[str, object]) -> None:
    columns = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({columns}) VALUES (:{', :'.join(row)})"), row)  # noqa: S608


def _held(store: SqlStore) -> Subscription:
    with store.read() as library:
        held = library.subscription_at(CHANNEL)
    assert held is not None
    return held


@pytest.fixture
def fourth_url(empty_url: str) -> str:
    """The URL of a database of the fourth version, with a subscription to two topics."""
    with _transaction(empty_url) as connection:
        command.upgrade(migration_config(connection), "0004")
        connection.execute(text("UPDATE library SET revision = 1"))
        for table, row in ROWS:
            _insert(connection, table, row)
    return empty_url


@pytest.fixture
def upgraded(fourth_url: str) -> Iterator[SqlStore]:
    """The same database at the newest schema."""
    assert upgrade(fourth_url) == ("0004", HEAD)
    store = SqlStore(fourth_url)
    yield store
    store.close()


def test_a_subscription_of_before_keeps_its_topics_and_goes_on_through_holidays(upgraded: SqlStore) -> None:
    held = _held(upgraded)
    assert (held.topics, held.excluded) == (("training", "screenings"), ())
    assert held.schedule == Schedule(Rhythm.WEEKDAYS, time(9), "Asia/Hong_Kong")


def test_a_database_can_be_taken_back_to_the_fourth_version(upgraded: SqlStore, fourth_url: str) -> None:
    at_once = Schedule(Rhythm.IMMEDIATELY, time(9), "Asia/Hong_Kong")
    changed = replace(_held(upgraded), topics=("screenings",), excluded=("training",), schedule=at_once)
    upgraded.apply(SaveSubscription(changed, keep_cursor=True), by=EDITOR, at=AT)
    upgraded.close()
    with _transaction(fourth_url) as connection:
        command.downgrade(migration_config(connection), "0004")
        assert connection.execute(text("SELECT topic_id FROM subscription_topics")).all() == [(1,)]
    assert upgrade(fourth_url) == ("0004", HEAD)
    store = SqlStore(fourth_url)
    back = _held(store)
    store.close()
    assert (back.topics, back.excluded, back.schedule.rhythm) == (("screenings",), (), Rhythm.DAILY)
    assert back.next_due <= datetime.now(UTC)
