"""The composition root: opens the store, the core and the adapters, and hands each what it needs."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
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
    from bot.digests.sender import Sender
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

    async def once() -> TickReport:
        async with _platforms() as (messengers, _):
            return await _sender(installation, messenger, messengers, _clock_from(at)).tick()

    return asyncio.run(once())


def _clock_from(at: datetime) -> Callable[[], datetime]:
    """Return a clock that shows this instant now, and goes on: leases run out while a long tick sends."""
    ahead = at - datetime.now(UTC)
    return lambda: datetime.now(UTC) + ahead


def run(installation: Installation, messenger: Messenger) -> None:
    """Serve until stopped."""
    import asyncio  # noqa: PLC0415 (a question needs none of these)
    import logging  # noqa: PLC0415

    from adapters.scheduler import Metronome  # noqa: PLC0415
    from bot.runtime import Runtime  # noqa: PLC0415
    from bot.service import Service  # noqa: PLC0415

    async def serve() -> None:
        service = Service(installation.bot, installation.store)
        async with _platforms(service) as (messengers, fronts):
            sender = _sender(installation, messenger, messengers, lambda: datetime.now(UTC))
            metronome = Metronome(settings.tick)
            await Runtime(sender, metronome, fronts, service, health=installation.bot.health).serve()

    settings = read_settings()
    settings.refuse_half_set()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it tells of every beat
    asyncio.run(serve())


def _sender(
    installation: Installation, messenger: Messenger, messengers: _Messengers, clock: Callable[[], datetime]
) -> "Sender":
    from bot.digests.posting import Timing  # noqa: PLC0415 (a question sends nothing)
    from bot.digests.sender import Sender  # noqa: PLC0415

    settings, everywhere = read_settings(), {Platform.CONSOLE: messenger, **messengers}
    timing = Timing(timedelta(seconds=settings.lease))
    return Sender(installation.store, everywhere, clock, timing, sends_again=settings.sends_again)


def manifest(url: str | None) -> str:
    """Return Slack's app manifest as JSON. Raises ValueError where the URL will not do."""
    from adapters.slack.manifest import manifest_text  # noqa: PLC0415 (a question needs no manifest)

    return manifest_text(url)


def invite(application: str | None) -> str:
    """Return Discord's invitation link. Raises ValueError, LookupError or SettingsError."""
    from adapters.discord.invite import invite as invitation  # noqa: PLC0415 (nor Discord's library)

    return invitation(read_settings().discord, application)


def diagnose() -> list[Finding]:
    """Check the settings, the installation and the platforms."""
    from adapters.discord.doctor import diagnose as diagnose_discord  # noqa: PLC0415 (nor any platform's libraries)
    from adapters.slack.doctor import diagnose as diagnose_slack  # noqa: PLC0415
    from bot.diagnosis import check_installation  # noqa: PLC0415

    settings = read_settings()
    findings = check_installation(open_installation, settings)
    for platform in (diagnose_slack, diagnose_discord):
        findings += platform(settings, lambda: datetime.now(UTC))
    return findings


@asynccontextmanager
async def _platforms(service: "Service | None" = None) -> AsyncIterator[tuple[_Messengers, tuple[Front, ...]]]:
    """Open what posts to each platform that the settings name and, with a service, what serves it."""
    messengers: _Messengers = {}
    fronts: tuple[Front, ...] = ()
    async with AsyncExitStack() as stack:
        for opening in (_slack, _discord):
            posting, serving = await stack.enter_async_context(opening(service))
            messengers |= posting
            fronts += serving
        yield messengers, fronts


@asynccontextmanager
async def _slack(service: "Service | None") -> AsyncIterator[tuple[_Messengers, tuple[Front, ...]]]:
    settings = read_settings().slack
    if settings is None:
        yield {}, ()
        return
    from adapters.slack.front import fronts  # noqa: PLC0415 (Slack's libraries, only where it is used)
    from adapters.slack.messenger import SlackMessenger  # noqa: PLC0415
    from adapters.slack.tokens import Clients  # noqa: PLC0415

    async with Clients(settings) as clients:
        yield {Platform.SLACK: SlackMessenger(clients)}, fronts(settings, clients, service) if service else ()


@asynccontextmanager
async def _discord(service: "Service | None") -> AsyncIterator[tuple[_Messengers, tuple[Front, ...]]]:
    settings = read_settings().discord
    if settings is None:
        yield {}, ()
        return
    from adapters.discord.front import DiscordFront  # noqa: PLC0415 (Discord's library, only where it is used)
    from adapters.discord.messenger import DiscordMessenger  # noqa: PLC0415
    from adapters.discord.rest import Rest  # noqa: PLC0415

    async with Rest(settings) as rest:
        fronts = (DiscordFront(settings, service, rest=rest),) if service else ()
        yield {Platform.DISCORD: DiscordMessenger(rest)}, fronts


def main() -> None:
    """Do what the command line says, and exit."""
    sys.exit(command_line(Rooms(open_installation, upgrade, tick, run, manifest, diagnose, invite))())


if __name__ == "__main__":
    main()
