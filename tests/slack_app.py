"""tipfacts in the Slack that tests play: a real installation whose front is served in the loop of the test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from servers.slack import FakeSlack

from adapters.slack.front import SlackFront
from adapters.slack.messenger import SlackMessenger
from adapters.slack.tokens import Clients
from bot.core import Bot
from bot.installation import load_seeds
from bot.service import Service
from bot.settings import Settings, SlackSettings
from store.store import SqlStore


@dataclass
class SlackApp:
    """What serves the workspace of `slack`; `admin` may write the library."""

    slack: FakeSlack
    store: SqlStore
    bot: Bot
    service: Service
    clients: Clients
    front: SlackFront
    messenger: SlackMessenger


@asynccontextmanager
async def slack_app(
    slack: FakeSlack, folder: Path, *, http: bool = False, admins: frozenset[str] = frozenset()
) -> AsyncIterator[SlackApp]:
    """Serve an installation with the seeds, over signed HTTP or else over Socket Mode, until the block ends."""
    settings = settings_of(slack, http=http)
    store = SqlStore(f"sqlite:///{folder / 'tipfacts.db'}")
    await asyncio.to_thread(store.prepare, migrate=True)
    await asyncio.to_thread(load_seeds, store, Settings(), datetime.now(UTC))
    bot = Bot(store, Settings(admins=admins))
    service = Service(bot, store)
    async with Clients(settings) as clients:
        front = SlackFront(settings, clients, service)
        serving = asyncio.create_task(front.serve())
        try:
            if http:
                slack.over_http(f"http://127.0.0.1:{await asyncio.wait_for(front.listening(), 5)}/slack/events")
            else:
                await slack.connected()
            yield SlackApp(slack, store, bot, service, clients, front, SlackMessenger(clients))
        finally:
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving
            await service.drain(5)
    store.close()


def settings_of(slack: FakeSlack, *, http: bool) -> SlackSettings:
    """Return the settings of an app that is reached in one of the two ways."""
    return SlackSettings(
        bot_token=slack.bot_token,
        app_token=None if http else slack.app_token,
        signing_secret=slack.signing_secret if http else None,
        api_url=slack.url,
        port=0,
    )
