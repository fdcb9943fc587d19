"""tipfacts in Discord: a gateway client, started anew by whoever supervises it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime

from discord import LoginFailure
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.callback import Hooks
from adapters.discord.client import Client, Turns
from adapters.discord.credentials import wrong_settings
from adapters.discord.events import Events
from adapters.discord.interactions import Interactions
from adapters.discord.logs import quieten
from adapters.discord.posting import Posting
from adapters.discord.rest import Rest, nobody_knows, proxy_for
from bot.service import Service
from bot.settings import DiscordSettings, SettingsError

CONNECTING = 90.0  # seconds in which the gateway has to be there; discord.py would try for ever, and say little
RECONNECTING = 180.0  # seconds until it begins anew where no shard came back; discord.py would wait for up to 17 min
DOCTOR = "Run python -m bot doctor: it says what to do."
FINISHING = 6.0  # seconds that answers under way have, when it ends

log = logging.getLogger(__name__)


class DiscordFront:
    """Takes in what people type and press in Discord. `clock` gives UTC. `rest` posts, where others post by it too, and
    is closed by whoever made it.

    Raises SettingsError where the settings cannot ever work: nothing is sent to Discord then.
    """

    def __init__(
        self,
        settings: DiscordSettings,
        service: Service,
        clock: Callable[[], datetime] | None = None,
        rest: Rest | None = None,
    ) -> None:
        wrong = wrong_settings(settings)
        if wrong:
            raise SettingsError(f"{wrong} {DOCTOR}")
        self._settings = settings
        self._service = service
        self._clock = clock or (lambda: datetime.now(UTC))
        self._rest = rest
        self._turns = Turns()

    @property
    def name(self) -> str:
        """How logs call it."""
        return "Discord"

    async def serve(self) -> None:
        """Serve until cancelled, with a client of its own each time.

        Raises what discord.py raises where the token is refused, the gateway is lost for good or an event cannot be
        read, and ConnectionError where the gateway cannot be reached, at first or again.
        """
        quieten()
        async with self._calls() as rest, Hooks(self._settings) as hooks:
            posting = Posting(rest)
            interactions = Interactions(self._service, hooks, posting, self._clock)
            events = Events(self._service, rest, posting, self._clock)
            with pointed_at(self._settings.api_url):
                proxy = proxy_for(self._settings.api_url)
                client = Client(self._service, self._turns, interactions.take, events.take, proxy)
                rest.guild_name = client.guild_name
                try:
                    await self._serve(client)
                finally:
                    rest.guild_name = nobody_knows

    async def _serve(self, client: Client) -> None:
        try:
            async with client:
                try:
                    async with asyncio.TaskGroup() as tasks:
                        tasks.create_task(_started(client, self._settings.token))
                        tasks.create_task(_watched(client))
                finally:
                    closing = asyncio.create_task(client.close())  # nothing more is to come in
                    await client.finish(FINISHING)
                    await closing
                    await client.leave_nothing(FINISHING)
        except ExceptionGroup as group:
            raise group.exceptions[0] from None

    @asynccontextmanager
    async def _calls(self) -> AsyncIterator[Rest]:
        if self._rest:
            yield self._rest
            return
        async with Rest(self._settings) as rest:
            yield rest


async def _started(client: Client, token: str) -> None:
    try:
        await client.start(token)
    except LoginFailure:
        raise LoginFailure(f"Discord refuses DISCORD_TOKEN: it was reset, or copied wrongly. {DOCTOR}") from None
    raise ConnectionError("Discord closed the connection")


async def _watched(client: Client) -> None:
    """Raise ConnectionError where the gateway does not come in time, or once it is gone, not again."""
    await _reached(client, CONNECTING, "Discord's gateway cannot be reached")
    while True:
        await client.lost.wait()
        await _reached(client, RECONNECTING, "the connection to Discord's gateway was lost and does not come again")


async def _reached(client: Client, seconds: float, otherwise: str) -> None:
    try:
        async with asyncio.timeout(seconds):
            await client.connected.wait()
    except TimeoutError:
        raise ConnectionError(otherwise) from None


@contextmanager
def pointed_at(api_url: str) -> Iterator[None]:
    """Have discord.py call this address, and the gateway that it names; as before when it is over."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = api_url
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
