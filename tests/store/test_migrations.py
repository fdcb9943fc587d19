from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.ports import StoreUnavailableError
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.tables import HEAD, metadata
from store.upgrade import migration_config, upgrade


@pytest.fixture
def connection(store_url: str) -> Iterator[Connection]:
    """A transaction in a database at the newest schema."""
    engine = open_writer(read_url(store_url))
    with engine.begin() as begun:
        yield begun
    engine.dispose()


def test_an_empty_database_is_brought_to_the_newest_schema_once(empty_url: str) -> None:
    assert upgrade(empty_url) == (None, HEAD)
    assert upgrade(empty_url) == (HEAD, HEAD)


def test_the_schema_a_start_looks_for_is_the_newest_migration(connection: Connection) -> None:
    assert ScriptDirectory.from_config(migration_config(connection)).get_current_head() == HEAD


def test_all_migrations_together_make_the_tables_of_the_metadata(connection: Connection) -> None:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    assert compare_metadata(context, metadata) == []


def test_every_constraint_is_named_as_the_metadata_names_it(connection: Connection) -> None:
    found = inspect(connection)
    for table in metadata.sorted_tables:
        keys = found.get_foreign_keys(table.name)
        names = [*(key["name"] for key in keys), found.get_pk_constraint(table.name)["name"]]
        assert sorted(map(str, names)) == sorted(
            str(constraint.name) for constraint in (*table.foreign_key_constraints, table.primary_key)
        )


def test_postings_hold_nothing_but_their_key_on_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'postings'"))
        assert str(made).rstrip().endswith("WITHOUT ROWID")


def test_a_database_can_be_taken_back_to_nothing_and_up_again(connection: Connection) -> None:
    config = migration_config(connection)
    command.downgrade(config, "base")
    assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    inspect(connection).clear_cache()
    command.upgrade(config, "head")
    assert connection.scalar(text("SELECT revision FROM library")) == 0


def test_a_database_that_was_taken_back_to_nothing_is_brought_up_again(store_url: str) -> None:
    engine = open_writer(read_url(store_url))
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
    engine.dispose()
    assert upgrade(store_url) == (None, HEAD)


def test_a_database_of_a_newer_tipfacts_is_refused_and_left_alone(store_url: str) -> None:
    engine = open_writer(read_url(store_url))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    store = SqlStore(store_url)
    with pytest.raises(StoreUnavailableError, match=r"made by a newer tipfacts \(its schema is 9999"):
        store.prepare(migrate=True)
    store.close()
    with pytest.raises(StoreUnavailableError, match="install the newer version"):
        upgrade(store_url)
