"""A database from before there were platforms' apps, with digests that were sent, brought to the newest schema."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta

import pytest
from alembic import command
from contracts.samples import AT, claimed
from sqlalchemy import Connection, text

from bot.domain.digests import DeliveryState, Receipt
from bot.domain.people import Address, Platform
from bot.messages.exchange import Context
from bot.ports import Settlement
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.tables import HEAD
from store.upgrade import migration_config, upgrade

DAY = "2024-06-25"
THEN = "2024-06-25 01:00:00.000000+00:00"
CHANNEL = Address(Platform.SLACK, "T1", "C1", thread="7.1")
PLACE = {"platform": "slack", "space": "T1", "channel": "C1", "thread": "7.1", "dm_user": ""}
WRITTEN = {"revision": 1, "origin": "seeds", "created_at": THEN}
SHOWN = {"standing": "current", "announced": True, **WRITTEN}
FACT = {"statement_id": 1, "version": 1}
SAID = {"version": 1, "text_en": "They screened 11,000", "qualifier": "exact", "voice": "outlet", **SHOWN}
SUBSCRIPTION = {
    **PLACE,
    "id": 1,
    "owner": "slack:T1/U1",
    "rhythm": "daily",
    "wall_time": "09:00:00",
    "zone": "Asia/Hong_Kong",
    "locale": "en",
    "cursor": 0,
    "next_due": THEN,
    "state": "active",
    "live": True,
}
DELIVERY = {"subscription_id": 1, "from_revision": 0, "to_revision": 1, "fence": 1, "tries": 1}
RECEIPT = {**PLACE, "posted_at": THEN}
ROWS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("sources", {"id": 1, "key": "article", "version": 1}),
    (
        "source_versions",
        {"id": 1, "version": 1, "title": "A", "publisher": "P", "published_on": DAY, "language": "en", **WRITTEN},
    ),
    ("speakers", {"id": 1, "key": "government", "name_en": "Government", "revision": 1}),
    ("statements", {"id": 1, "key": "said", "version": 1}),
    ("statement_versions", {"id": 1, "version": 1, "speaker_id": 1, "source_id": 1, "said_on": DAY, **SHOWN}),
    ("facts", {"id": 1, "key": "screened", **FACT}),
    ("facts", {"id": 2, "key": "trained", **FACT}),
    ("fact_versions", {"id": 1, **SAID}),
    ("fact_versions", {"id": 2, **SAID}),
    ("subscriptions", SUBSCRIPTION),
    ("deliveries", {**DELIVERY, "id": 1, "slot": THEN, "nonce": "n1", "state": "sent"}),
    ("deliveries", {**DELIVERY, "id": 2, "slot": "2024-06-26 01:00:00.000000+00:00", "nonce": "n2", "state": "sent"}),
    (
        "deliveries",
        {
            **DELIVERY,
            "id": 3,
            "slot": "2024-06-27 01:00:00.000000+00:00",
            "nonce": "n3",
            "state": "claimed",
            "lease_until": THEN,
        },
    ),
    ("delivery_facts", {"delivery_id": 1, "fact_id": 1, "version": 1}),
    ("delivery_facts", {"delivery_id": 1, "fact_id": 2, "version": 1}),
    ("delivery_facts", {"delivery_id": 3, "fact_id": 2, "version": 1}),
    ("receipts", {**RECEIPT, "delivery_id": 1, "message_id": "171.1"}),
    ("receipts", {**RECEIPT, "delivery_id": 2, "message_id": ""}),
)


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _insert(connection: Connection, table: str, row: Mapping[str, object]) -> None:
    names = ", ".join(row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{each}' for each in row)})"), row)  # noqa: S608


def _all(connection: Connection, what: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(f"SELECT {what}"))]


@pytest.fixture
def second_url(empty_url: str) -> str:
    """The URL of a database of the second version, with digests that were sent and one that is being sent."""
    with _transaction(empty_url) as connection:
        command.upgrade(migration_config(connection), "0002")
        connection.execute(text("UPDATE library SET revision = 1"))
        for table, row in ROWS:
            _insert(connection, table, row)
        if connection.dialect.name == "postgresql":  # ids were given by hand
            for table in ("subscriptions", "deliveries"):
                connection.execute(text(f"SELECT setval('{table}_id_seq', 3)"))
    return empty_url


@pytest.fixture
def upgraded(second_url: str) -> Iterator[SqlStore]:
    """The same database at the newest schema."""
    assert upgrade(second_url) == ("0002", HEAD)
    store = SqlStore(second_url)
    yield store
    store.close()


def test_receipts_say_what_they_show_and_whether_they_can_be_edited(upgraded: SqlStore, second_url: str) -> None:
    with _transaction(second_url) as connection:
        kept = "delivery_id, channel, thread, message_id, editable FROM receipts ORDER BY id"
        assert _all(connection, kept) == [(1, "C1", "7.1", "171.1", True), (2, "C1", "7.1", "", False)]
        shown = "delivery_id, fact_id, version FROM receipt_facts JOIN receipts ON receipts.id = receipt_id ORDER BY 2"
        assert _all(connection, shown) == [(1, 1, 1), (1, 2, 1)]
    upgraded.close()


def test_the_references_between_tables_hold_afterwards(upgraded: SqlStore, second_url: str) -> None:
    with _transaction(second_url) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        for wrong in ("UPDATE receipts SET delivery_id = 99", "UPDATE receipt_facts SET version = 9"):
            with pytest.raises(Exception, match=r"(?i)foreign key"), connection.begin_nested():
                connection.execute(text(wrong))
    upgraded.close()


def test_nobody_is_told_of_what_was_paused_before(second_url: str) -> None:
    with _transaction(second_url) as connection:
        connection.execute(text("UPDATE subscriptions SET state = 'paused', note = 'is_archived'"))
    upgrade(second_url)
    store = SqlStore(second_url)
    assert store.claim_notices(AT, timedelta(minutes=2), list(Platform), 9) == []
    store.close()


def test_a_digest_that_was_being_sent_is_sent_and_an_app_can_work(upgraded: SqlStore, second_url: str) -> None:
    now = AT + timedelta(days=7)
    (claim,) = claimed(upgraded, now)
    assert upgraded.settle(claim, Settlement(DeliveryState.SENT, message_id="171.3"), now)
    upgraded.note_receipt(Receipt(CHANNEL, "171.4", now, ((1, 1),)))
    upgraded.remember(CHANNEL, Context("how many"), now)
    assert upgraded.recall(CHANNEL, now) == Context("how many")
    assert upgraded.begin("Ev1", now, timedelta(seconds=30))
    with _transaction(second_url) as connection:
        shown = "message_id, fact_id FROM receipt_facts JOIN receipts ON receipts.id = receipt_id ORDER BY 1, 2"
        assert _all(connection, shown) == [("171.1", 1), ("171.1", 2), ("171.3", 2), ("171.4", 1)]


def test_a_database_can_be_taken_back_to_the_second_version_and_keeps_its_receipts(
    upgraded: SqlStore, second_url: str
) -> None:
    now = AT + timedelta(days=7)
    upgraded.note_receipt(Receipt(CHANNEL, "171.4", now, ((1, 1),)))
    (claim,) = claimed(upgraded, now)
    assert upgraded.settle(claim, Settlement(DeliveryState.PAUSED, "is_archived", pause=True), now)
    upgraded.close()
    with _transaction(second_url) as connection:
        command.downgrade(migration_config(connection), "0002")
        kept = "delivery_id, message_id FROM receipts ORDER BY id"
        assert _all(connection, kept) == [(1, "171.1"), (2, ""), (None, "171.4")]
        assert _all(connection, "state, note FROM subscriptions") == [("paused", "is_archived")]
    assert upgrade(second_url) == ("0002", HEAD)
    with _transaction(second_url) as connection:
        assert _all(connection, "fact_id FROM receipt_facts ORDER BY 1") == [(1,), (2,)]
