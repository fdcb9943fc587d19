"""Bringing a database to the newest schema with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.ports import StoreUnavailableError
from store.engine import is_sqlite, make_folder, open_writer, reaching, read_url
from store.index import rebuild_outdated
from store.tables import HEAD

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 7_404_225  # any number that nobody else in the database uses


def upgrade(url: str) -> tuple[str | None, str]:
    """Bring a database to the newest schema and its search index to the newest way of cutting words, all in one
    transaction; two callers at once take turns.

    Returns the schema's version before (None: it was empty) and after. Raises StoreUnavailableError where the database
    cannot be reached or was made by a newer tipfacts.
    """
    target = read_url(url)
    make_folder(target)
    engine = open_writer(target)
    try:
        with reaching(target), engine.begin() as connection:
            if not is_sqlite(target):
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
            versions = upgrade_within(connection)
            rebuild_outdated(connection)
            return versions
    finally:
        engine.dispose()


def upgrade_within(connection: Connection) -> tuple[str | None, str]:
    """Do the same in a transaction of the caller's."""
    before = MigrationContext.configure(connection).get_current_revision()
    refuse_newer(before)
    config = migration_config(connection)
    head = str(ScriptDirectory.from_config(config).get_current_head())
    if before != head:
        command.upgrade(config, "head")
    return before, head


def refuse_newer(found: str | None) -> None:
    """Raise StoreUnavailableError where a schema is none that this version knows."""
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if found is not None and found not in known:
        raise StoreUnavailableError(
            f"The database was made by a newer tipfacts (its schema is {found}, this one knows up to {HEAD}): "
            "install the newer version, or use another database"
        )


def migration_config(connection: Connection) -> Config:
    """Return what Alembic needs to know: where the migrations are, and the connection to run them on."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
