"""A database of an older tipfacts, with content, brought to the newest schema."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest
from alembic import command
from contracts.samples import AT, EDITOR
from sqlalchemy import Connection, text

from bot.domain.changes import EditTopic, LoadLibrary, Origin, TopicPart
from bot.domain.facts import LibraryContent, Topic
from bot.domain.text import LocalText
from bot.domain.words import WordList
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.tables import HEAD
from store.upgrade import migration_config, upgrade

DAY = "2024-06-25"
THEN = "2024-06-25 01:00:00.000000+00:00"
ROWS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("sources", {"id": 1, "key": "article", "version": 1}),
    ("statements", {"id": 1, "key": "said", "version": 1}),
    ("speakers", {"id": 1, "key": "government", "name_en": "Government", "revision": 1}),
    ("speakers", {"id": 2, "key": "x-typed", "name_en": "Some Office", "revision": 3}),
    ("topics", {"id": 1, "key": "screenings", "label_en": "Screenings", "revision": 1}),
    ("topics", {"id": 2, "key": "visas", "label_en": "Visas", "revision": 2}),
    ("topic_terms", {"topic_id": 1, "kind": "alias", "position": 0, "term": "screened"}),
    ("light_words", {"position": 0, "word": "how many"}),
    ("light_words", {"position": 1, "word": "please"}),
    ("facts", {"id": 1, "key": "screened", "statement_id": 1, "version": 2}),
    ("terms", {"id": 1, "term": "cut-long-ago", "df": 1}),
    ("postings", {"term_id": 1, "fact_id": 1}),
    *(
        ("audit", {"at": THEN, "actor": actor, "action": "add", "target": target, "revision": revision})
        for actor, target, revision in (
            ("seeds", "screenings", 1),
            ("operator", "visas", 2),
            ("operator", "light words", 2),
            ("slack:T1/UED", "S1", 3),
            ("slack:T1/UED", "C1", None),
        )
    ),
)
SUBSCRIPTION = {
    "id": 1,
    "platform": "slack",
    "space": "T1",
    "channel": "C1",
    "thread": "",
    "dm_user": "",
    "owner": "U1",
    "rhythm": "daily",
    "wall_time": "09:00:00",
    "zone": "Asia/Hong_Kong",
    "locale": "en",
    "cursor": 0,
    "next_due": THEN,
    "state": "active",
    "live": True,
}
WRITTEN = {"revision": 1, "origin": "seeds", "created_at": THEN}
SHOWN = {"standing": "current", "announced": True, **WRITTEN}
FACT = {"id": 1, "topic_id": 1, "text_en": "They screened 11,000", "value": "11000", "qualifier": "exact"}
DELIVERY = {"id": 1, "subscription_id": 1, "slot": THEN, "from_revision": 0, "to_revision": 1, "nonce": "n"}
VERSIONS: Sequence[tuple[str, Mapping[str, object]]] = (
    (
        "source_versions",
        {"id": 1, "version": 1, "title": "A", "publisher": "P", "published_on": DAY, "language": "en", **WRITTEN},
    ),
    ("statement_versions", {"id": 1, "version": 1, "speaker_id": 1, "source_id": 1, "said_on": DAY, **SHOWN}),
    ("fact_versions", {"version": 1, "voice": "outlet", **FACT, **SHOWN}),
    ("fact_versions", {"version": 2, "voice": "outlet", **FACT, **SHOWN, "revision": 3}),
    ("subscriptions", SUBSCRIPTION),
    ("deliveries", {**DELIVERY, "state": "sent", "fence": 1, "tries": 1}),
    ("delivery_facts", {"delivery_id": 1, "fact_id": 1, "version": 1}),
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


@pytest.fixture
def first_url(empty_url: str) -> str:
    """The URL of a database of the first version, with one fact that a channel was shown."""
    with _transaction(empty_url) as connection:
        command.upgrade(migration_config(connection), "0001")
        connection.execute(text("UPDATE library SET revision = 3, seeds_digest = 'old'"))
        for table, row in (*ROWS, *VERSIONS):
            _insert(connection, table, row)
    return empty_url


@pytest.fixture
def upgraded(first_url: str) -> Iterator[SqlStore]:
    """The same database at the newest schema."""
    assert upgrade(first_url) == ("0001", HEAD)
    store = SqlStore(first_url)
    yield store
    store.close()


def test_light_words_become_a_word_list_and_all_else_is_kept(upgraded: SqlStore) -> None:
    with upgraded.read() as library:
        assert library.word_lists() == [WordList("light", ("how many", "please"))]
        assert [(each.key, each.aliases) for each in library.topics()] == [("screenings", ("screened",)), ("visas", ())]
        assert [each.version for each in library.versions(1)] == [1, 2]
        assert library.revision() == 3
        assert len(library.deliveries(1, 10)) == 1
    assert upgraded.seeds_digest() == "old"


def test_the_references_between_tables_hold_afterwards(upgraded: SqlStore, first_url: str) -> None:
    with _transaction(first_url) as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        with pytest.raises(Exception, match=r"(?i)foreign key"), connection.begin_nested():
            connection.execute(text("UPDATE delivery_facts SET version = 9"))
        assert connection.execute(text("SELECT fact_id, version FROM delivery_facts")).all() == [(1, 1)]
    upgraded.close()


def test_who_wrote_speakers_topics_and_words_is_found_in_the_log(upgraded: SqlStore, first_url: str) -> None:
    with _transaction(first_url) as connection:
        tables = {"speakers": "id", "topics": "id", "word_lists": "kind"}
        found = {
            table: [*connection.scalars(text(f"SELECT origin FROM {table} ORDER BY {key}"))]  # noqa: S608
            for table, key in tables.items()
        }
    assert found == {"speakers": ["seeds", "editor"], "topics": ["seeds", "import"], "word_lists": ["import"]}
    upgraded.close()


def test_seeds_change_their_own_topics_and_no_longer_what_was_imported_or_edited(upgraded: SqlStore) -> None:
    upgraded.apply(EditTopic("screenings", TopicPart.WORDS, add=("vetted",)), by=EDITOR, at=AT)
    newer = LibraryContent(
        topics=tuple(Topic(key, LocalText("Another label")) for key in ("screenings", "visas")),
        word_lists=(WordList("light", ("so",)),),
    )
    assert upgraded.apply(LoadLibrary(newer, Origin.SEEDS), by="seeds", at=AT).kept == (
        *("screenings", "visas"),
        "light",
    )


def test_the_index_is_made_anew_by_an_upgrade(upgraded: SqlStore) -> None:
    with upgraded.read() as library:
        assert library.candidates(["cut-long-ago"], 9).facts == []
        assert [fact.id for fact in library.candidates(["11000"], 9).facts] == [1]


def test_a_database_can_be_taken_back_to_the_first_version_and_keeps_its_light_words(
    upgraded: SqlStore, first_url: str
) -> None:
    upgraded.close()
    with _transaction(first_url) as connection:
        connection.execute(text("UPDATE fact_versions SET topic_id = NULL WHERE version = 2"))
        command.downgrade(migration_config(connection), "0001")
        assert [*connection.scalars(text("SELECT word FROM light_words ORDER BY position"))] == ["how many", "please"]
        named = "SELECT key FROM fact_versions JOIN topics ON topics.id = topic_id ORDER BY version"
        assert [*connection.scalars(text(named))] == ["screenings", "no-topic"]
