"""The composition root: opens the store, the core and the adapters, and hands each what it needs."""

import sys
from datetime import UTC, datetime

from adapters.console.cli import Rooms, command_line
from bot.core import Bot
from bot.digests.report import TickReport
from bot.domain.people import Platform
from bot.installation import Installation, load_seeds
from bot.operator import Operator
from bot.ports import Messenger
from bot.settings import read_settings
from store.store import SqlStore


def open_installation() -> Installation:
    """Open the store that the settings name, migrated and seeded, with the core over it."""
    settings = read_settings()
    store = SqlStore(settings.database_url)
    store.prepare(migrate=True)
    load_seeds(store, settings, datetime.now(UTC))
    return Installation(Bot(store, settings), Operator(store), store)


def upgrade() -> tuple[str | None, str]:
    """Bring the database's schema up to date and load the seeds; return the revisions before and after."""
    from store.upgrade import upgrade as migrate  # noqa: PLC0415 (Alembic is loaded only to migrate)

    revisions = migrate(read_settings().database_url)
    open_installation().close()
    return revisions


def tick(installation: Installation, at: datetime, messenger: Messenger) -> TickReport:
    """Enqueue and send, through the console, what is due at an instant."""
    import asyncio  # noqa: PLC0415 (a question needs no loop)

    from bot.digests.sender import Sender  # noqa: PLC0415

    return asyncio.run(Sender(installation.store, {Platform.CONSOLE: messenger}, lambda: at).tick())


def run(installation: Installation, messenger: Messenger) -> None:
    """Serve until stopped."""
    import asyncio  # noqa: PLC0415 (a question needs no loop)
    import logging  # noqa: PLC0415

    from adapters.scheduler import Metronome  # noqa: PLC0415 (nor a scheduler)
    from bot.digests.sender import Sender  # noqa: PLC0415
    from bot.runtime import Runtime  # noqa: PLC0415

    async def serve() -> None:
        await Runtime(Sender(installation.store, {Platform.CONSOLE: messenger}), Metronome()).serve()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every beat
    asyncio.run(serve())


if __name__ == "__main__":
    sys.exit(command_line(Rooms(open=open_installation, upgrade=upgrade, tick=tick, run=run))())
