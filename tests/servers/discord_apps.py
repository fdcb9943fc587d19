"""Small apps of the real discord.py, for the tests of the fake Discord itself."""

import asyncio
import contextlib
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import aiohttp
import yarl
from servers.discord import FakeDiscord

with warnings.catch_warnings():  # discord.py imports a module of Python's that 3.13 no longer has
    warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning)
    import discord
    from discord import app_commands
    from discord.gateway import DiscordWebSocket, KeepAliveHandler
    from discord.http import Route

__all__ = [
    "App",
    "Commands",
    "DiscordWebSocket",
    "KeepAliveHandler",
    "Press",
    "Route",
    "app",
    "app_commands",
    "discord",
]
Press: TypeAlias = "discord.Interaction[App]"
OnPress: TypeAlias = Callable[[Press], Awaitable[object]]
OnMessage: TypeAlias = Callable[[discord.Message], Awaitable[object]]
Commands: TypeAlias = "app_commands.CommandTree[App]"
PLAIN = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)


class App(discord.AutoShardedClient):
    """`presses` hears of every interaction that no command of `tree` takes, `hears` of others' messages. `running` is
    its life, which ends with what ended it.
    """

    running: "asyncio.Task[None]"

    def __init__(self, presses: OnPress | None, hears: OnMessage | None, intents: discord.Intents) -> None:
        nobody = discord.AllowedMentions.none()
        super().__init__(intents=intents, allowed_mentions=nobody, guild_ready_timeout=0.05)
        self.tree: Commands = app_commands.CommandTree(self)
        self._presses, self._hears = presses, hears
        self.heard: list[str] = []
        self.troubles: list[BaseException] = []

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for nothing: discord.py's own is five seconds."""

    async def on_socket_event_type(self, name: str) -> None:
        self.heard.append(name)

    async def on_interaction(self, press: Press) -> None:
        if self._presses and press.type not in _TAKEN_BY_TREE:
            await self._presses(press)

    async def on_message(self, message: discord.Message) -> None:
        if self._hears and message.author != self.user:
            await self._hears(message)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 (discord.py's)
        _ = event_method, args, kwargs
        with contextlib.suppress(Exception):
            raise  # noqa: PLE0704 (discord.py calls this within its except)

    def room(self, channel_id: str) -> discord.TextChannel | discord.Thread:
        """Return a channel from the cache. Raises AssertionError."""
        found = self.get_channel(int(channel_id))
        assert isinstance(found, discord.TextChannel | discord.Thread)
        return found


_TAKEN_BY_TREE = (discord.InteractionType.application_command, discord.InteractionType.autocomplete)


@asynccontextmanager
async def app(
    fake: FakeDiscord,
    presses: OnPress | None = None,
    hears: OnMessage | None = None,
    *,
    register: Callable[[Commands], object] | None = None,
    intents: discord.Intents = PLAIN,
    shards: int = 1,
) -> AsyncIterator[App]:
    """Log the real client in, until the block ends. `register` fills its command tree."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = fake.url
    client = App(presses, hears, intents)
    if register:
        register(client.tree)
    running = client.running = asyncio.create_task(client.start(fake.token))
    try:
        ready = asyncio.ensure_future(fake.connected(shards))
        await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            ready.cancel()
            await running
        await client.wait_until_ready()
        yield client
    finally:
        await client.close()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await running
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


async def ask(fake: FakeDiscord, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
    """Call the REST API without any library. Returns the status and the JSON, or the text where it is none."""
    given = {"Authorization": f"Bot {fake.token}"} | headers
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{fake.url}{path}", json=body, headers=given) as answer,
    ):
        if answer.content_type == "application/json":
            return answer.status, await answer.json()
        return answer.status, await answer.text()
