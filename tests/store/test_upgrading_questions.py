"""A database from before questions were kept by where they were asked, brought to the newest schema and back."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest
from alembic import command
from contracts.samples import AT
from sqlalchemy import Connection, text

from bot.domain.changes import CountUnanswered
from bot.domain.text import Locale
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.tables import HEAD
from store.upgrade import migration_config, upgrade

DAY = "2024-06-25"
THEN = "2024-06-25 01:00:00.000000+00:00"
LATER = "2024-06-26 01:00:00.000000+00:00"
PLACE = {"platform": "slack", "space": "T1", "channel": "C1", "thread": "", "dm_user": ""}
WRITTEN = {"revision": 1, "origin": "seeds", "created_at": THEN}
SHOWN = {"standing": "current", "announced": True, **WRITTEN}
SOURCE = {"title": "A", "publisher": "P", "published_on": DAY, "language": "en"}
SUBSCRIPTION = {
    "owner": "slack:T1/U1",
    "rhythm": "daily",
    "wall_time": "09:00:00",
    "zone": "Asia/Hong_Kong",
    "locale": "en",
    "cursor": 1,
    "next_due": LATER,
    "state": "active",
    "live": True,
}
DELIVERY = {"subscription_id": 1, "from_revision": 0, "to_revision": 1, "fence": 9, "tries": 10, "reason": "why"}
ROWS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("sources", {"id": 1, "key": "article", "version": 1}),
    ("source_versions", {"id": 1, "version": 1, **SOURCE, **WRITTEN}),
    ("speakers", {"id": 1, "key": "government", "name_en": "Government", "revision": 1}),
    ("statements", {"id": 1, "key": "said", "version": 1}),
    ("statement_versions", {"id": 1, "version": 1, "speaker_id": 1, "source_id": 1, "said_on": DAY, **SHOWN}),
    ("facts", {"id": 1, "key": "screened", "statement_id": 1, "version": 1}),
    ("fact_versions", {"id": 1, "version": 1, "text_en": "T", "qualifier": "exact", "voice": "outlet", **SHOWN}),
    ("subscriptions", {"id": 1, **PLACE, **SUBSCRIPTION}),
    ("deliveries", {**DELIVERY, "id": 1, "slot": THEN, "nonce": "n1", "state": "failed"}),
    ("deliveries", {**DELIVERY, "id": 2, "slot": LATER, "nonce": "n2", "state": "failed"}),
    ("delivery_facts", {"delivery_id": 2, "fact_id": 1, "version": 1}),
    ("unanswered", {"question": "how many?", "locale": "en", "times": 2, "first_at": THEN, "last_at": LATER}),
    ("unanswered", {"question": "幾多？", "locale": "zh-Hant", "times": 1, "first_at": THEN, "last_at": THEN}),
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
def third_url(empty_url: str) -> str:
    """The URL of a database of the third version, with questions, and digests of which one may be lost."""
    with _transaction(empty_url) as connection:
        command.upgrade(migration_config(connection), "0003")
        connection.execute(text("UPDATE library SET revision = 1"))
        for table, row in ROWS:
            _insert(connection, table, row)
    return empty_url


@pytest.fixture
def upgraded(third_url: str) -> Iterator[SqlStore]:
    """The same database at the newest schema."""
    assert upgrade(third_url) == ("0003", HEAD)
    store = SqlStore(third_url)
    yield store
    store.close()


def test_questions_of_before_are_the_consoles_and_count_on_there(upgraded: SqlStore) -> None:
    for person in ("console", "slack:T1/U1"):
        upgraded.apply(CountUnanswered("how many?", Locale.EN), by=person, at=AT)
    with upgraded.read() as library:
        found = [
            [(each.question, each.times) for each in library.unanswered(9, who)] for who in ("console", "slack:T1/U")
        ]
    assert found == [[("how many?", 4), ("幾多？", 1)], [("how many?", 1)]]


def test_a_digest_that_failed_and_may_stand_is_told_from_one_that_does_not(upgraded: SqlStore, third_url: str) -> None:
    with _transaction(third_url) as connection:
        assert _all(connection, "id, state FROM deliveries ORDER BY id") == [(1, "failed"), (2, "unknown")]
        assert _all(connection, "slot FROM notices") == []
    upgraded.close()


def test_a_database_can_be_taken_back_to_the_third_version_and_keeps_its_questions(
    upgraded: SqlStore, third_url: str
) -> None:
    for person in ("slack:T1/U1", "slack:T2/U1"):
        upgraded.apply(CountUnanswered("how many?", Locale.EN), by=person, at=AT)
    upgraded.close()
    owed = {**PLACE, "subscription_id": 1, "state": "owed", "fence": 0, "tries": 0, "created_at": THEN}
    with _transaction(third_url) as connection:
        for nonce, slot in (("m1", THEN), ("m2", None)):
            _insert(connection, "notices", {**owed, "nonce": nonce, "slot": slot})
        _insert(connection, "delivery_transitions", {"delivery_id": 2, "at": LATER, "after": "unknown"})
        command.downgrade(migration_config(connection), "0003")
        assert _all(connection, "question, times FROM unanswered ORDER BY times") == [("幾多？", 1), ("how many?", 4)]
        assert _all(connection, "state FROM deliveries") == [("failed",)] * 2
        assert _all(connection, '"after" FROM delivery_transitions') == [("failed",)]
        assert _all(connection, "nonce FROM notices") == [("m2",)]
    assert upgrade(third_url) == ("0003", HEAD)
