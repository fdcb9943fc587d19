"""The composition root: opens the store, the core and the adapters, and hands each what it needs."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.console.cli import Rooms, command_line
from bot.core import Bot
from bot.diagnosis import Finding
from bot.digests.report import TickReport
from bot.domain.people import Platform
from bot.installation import Installation, load_seeds
from bot.operator import Operator
from bot.ports import Front, Messenger
from bot.settings import read_settings
from store.store import SqlStore

if TYPE_CHECKING:  # it starts threads and a loop's tools, which a question does not need
    from bot.service import Service

_Messengers = dict[Platform, Messenger]


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
    """Enqueue and send what is due at an instant, on every platform that the settings name."""
    import asyncio  # noqa: PLC0415 (a question needs no loop)

    from bot.digests.sender import Sender  # noqa: PLC0415

    async def once() -> TickReport:
        async with _slack() as (slack, _):
            return await Sender(installation.store, {Platform.CONSOLE: messenger, **slack}, lambda: at).tick()

    return asyncio.run(once())


def run(installation: Installation, messenger: Messenger) -> None:
    """Serve until stopped."""
    import asyncio  # noqa: PLC0415 (a question needs none of these)
    import logging  # noqa: PLC0415

    from adapters.scheduler import Metronome  # noqa: PLC0415
    from bot.digests.sender import Sender  # noqa: PLC0415
    from bot.runtime import Runtime  # noqa: PLC0415
    from bot.service import Service  # noqa: PLC0415

    async def serve() -> None:
        service = Service(installation.bot, installation.store)
        async with _slack(service) as (slack, fronts):
            sender = Sender(installation.store, {Platform.CONSOLE: messenger, **slack})
            await Runtime(sender, Metronome(), fronts, service).serve()

    read_settings().refuse_half_set()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every beat
    asyncio.run(serve())


def manifest(url: str | None) -> str:
    """Return Slack's app manifest as JSON. Raises ValueError where the URL will not do."""
    from adapters.slack.manifest import manifest_text  # noqa: PLC0415 (a question needs no manifest)

    return manifest_text(url)


def diagnose() -> list[Finding]:
    """Check the settings, the installation and Slack."""
    from adapters.slack.doctor import diagnose as diagnose_slack  # noqa: PLC0415 (nor Slack's libraries)
    from bot.diagnosis import check_installation  # noqa: PLC0415

    settings = read_settings()
    return [*check_installation(open_installation, settings), *diagnose_slack(settings, lambda: datetime.now(UTC))]


@asynccontextmanager
async def _slack(service: "Service | None" = None) -> AsyncIterator[tuple[_Messengers, tuple[Front, ...]]]:
    """Open what posts to Slack and, with a service, what serves it; nothing where the settings name no Slack."""
    settings = read_settings().slack
    if settings is None:
        yield {}, ()
        return
    from adapters.slack.front import fronts  # noqa: PLC0415 (Slack's libraries, only where it is used)
    from adapters.slack.messenger import SlackMessenger  # noqa: PLC0415
    from adapters.slack.tokens import Clients  # noqa: PLC0415

    async with Clients(settings) as clients:
        yield {Platform.SLACK: SlackMessenger(clients)}, fronts(settings, clients, service) if service else ()


if __name__ == "__main__":
    rooms = Rooms(open=open_installation, upgrade=upgrade, tick=tick, run=run, manifest=manifest, diagnose=diagnose)
    sys.exit(command_line(rooms)())
