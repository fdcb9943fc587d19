"""The gateway client: what discord.py calls. Nothing that happens in it goes unsaid, and nothing in it ends the others.

It asks for no privileged intent: mentions and direct messages carry their text without (discord.com/developers/docs/
events/gateway, "Message Content Intent"). It keeps no members and no messages.
"""

import asyncio
import contextlib
import logging
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from math import inf
from typing import Any, cast

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket, KeepAliveHandler
from discord.http import Route

from adapters.discord.tree import commands, fingerprint
from bot.discreet import error_line, error_story
from bot.service import Service

IDENTIFYING = 5.5  # seconds between shards of one group; Discord says five, and counts from when they are heard
SYNC_AGAIN = 300.0  # seconds until Discord is told of the commands once more, where it did not take them
TakesInteraction = Callable[["discord.Interaction[Any]"], Coroutine[Any, Any, None]]
TakesMessage = Callable[[discord.Message, int], Coroutine[Any, Any, None]]

log = logging.getLogger(__name__)


class Turns:
    """When shards may identify, over several lives of a client: one of each group in so many seconds.

    A shard's group is its number modulo max_concurrency (discord.com/developers/docs/events/gateway, "Sharding").
    """

    def __init__(self) -> None:
        self.concurrency = 1
        self._last: dict[int, float] = {}

    async def turn(self, shard: int) -> None:
        """Wait until this shard may identify."""
        clock, group = asyncio.get_running_loop().time, shard % self.concurrency
        wait = self._last.get(group, -inf) + IDENTIFYING - clock()
        if wait > 0:
            await asyncio.sleep(wait)
        self._last[group] = clock()


class Client(discord.AutoShardedClient):
    """One life of the bot on the gateway, which `start` begins. `on_asked` takes interactions, `on_told` messages with
    the bot's own id.
    """

    def __init__(
        self, service: Service, turns: Turns, on_asked: TakesInteraction, on_told: TakesMessage, proxy: str | None
    ) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # there is no voice to miss
        super().__init__(
            intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.1,  # nobody waits until all guilds are known
            allowed_mentions=discord.AllowedMentions.none(),
            proxy=proxy,
        )
        self.connected = asyncio.Event()  # any shard is
        self.lost = asyncio.Event()  # all are
        self._shards_up: set[int] = set()
        self._service = service
        self._turns = turns
        self._on_asked = on_asked
        self._on_told = on_told
        self._working: set[asyncio.Task[None]] = set()
        self._syncing: asyncio.Task[None] | None = None
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []
        self._connect = self.http.ws_connect
        self.http.ws_connect = self._connect_and_remember  # type: ignore[method-assign]  # see leave_nothing

    async def setup_hook(self) -> None:
        """Learn where the gateway is, and tell Discord of the commands meanwhile. Raises what the call raises."""
        shards, url, limits = await self.http.get_bot_gateway()
        if limits["remaining"] < shards:
            raise ConnectionError(f"no session may begin for {limits['reset_after'] / 1_000:.0f} s")
        self._turns.concurrency = max(1, limits["max_concurrency"])
        self.shard_count = shards
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
        self._syncing = asyncio.create_task(self._keep_telling())

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002 (its name)
        """Wait for a shard's turn."""
        await self._turns.turn(shard_id or 0)

    def guild_name(self, guild: str) -> str | None:
        """Return what the guild of an id is called, None where that is not known."""
        found = self.get_guild(int(guild)) if guild.isascii() and guild.isdecimal() else None
        return found.name if found else None

    async def finish(self, seconds: float) -> None:
        """Wait for the answers that are under way, but no longer than this."""
        clock = asyncio.get_running_loop().time
        give_up = clock() + seconds
        if self._syncing:
            self._syncing.cancel()
        while self._working and (left := give_up - clock()) > 0:
            await asyncio.wait(set(self._working), timeout=left)

    async def leave_nothing(self, seconds: float) -> None:
        """Close what discord.py leaves of a connection that was being made when the client was closed: the socket, and
        the thread that sends heartbeats, which would go on in a loop that is no more. Takes `seconds` at most for each.
        """
        loop = asyncio.get_running_loop()
        for thread in threading.enumerate():
            if isinstance(thread, KeepAliveHandler) and thread.ws.loop is loop:
                thread.stop()
                await asyncio.to_thread(thread.join, seconds)
        for socket in self._sockets:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(socket.close(), seconds)

    async def on_shard_connect(self, shard_id: int) -> None:
        """Note that the gateway is there."""
        log.info("Discord is connected (shard %d of %d)", shard_id + 1, self.shard_count or 1)
        self._note(shard_id, is_up=True)

    async def on_shard_resumed(self, shard_id: int) -> None:
        """Note that it is there again, and nothing was missed."""
        log.info("Discord is connected again (shard %d)", shard_id + 1)
        self._note(shard_id, is_up=True)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        """Note that it is gone; discord.py connects again."""
        self._note(shard_id, is_up=False)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Take what somebody typed or pressed."""
        self._take(self._on_asked(interaction), "an interaction")

    async def on_message(self, message: discord.Message) -> None:
        """Take what somebody wrote."""
        if self.user:
            self._take(self._on_told(message, self.user.id), "a message")

    async def on_error(self, event_method: str, /, *_: object, **__: object) -> None:
        """Say what went wrong in an event; whoever caused it was told where they could be."""
        error = sys.exc_info()[1]
        log.error("%s failed\n%s", event_method, error_story(error) if error else "")

    async def _connect_and_remember(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        self._sockets = [socket for socket in self._sockets if not socket.closed]
        self._sockets.append(socket := await self._connect(url, compress=compress))
        return socket

    def _note(self, shard_id: int, *, is_up: bool) -> None:
        if is_up:
            self._shards_up.add(shard_id)
            self.connected.set()
            self.lost.clear()
            return
        self._shards_up.discard(shard_id)
        if not self._shards_up:
            self.connected.clear()
            self.lost.set()

    def _take(self, work: Coroutine[Any, Any, None], what: str) -> None:
        task = self._service.hand_over(work, what)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _keep_telling(self) -> None:
        """Tell Discord of the commands until it has them. Somebody else may be doing so, and not come to an end."""
        waited_for_others = False
        while True:
            try:
                if await tell_of_commands(self, self._service) or waited_for_others:
                    return
                waited_for_others = True
            except Exception as error:  # noqa: BLE001 (the commands of before still work)
                log.error("Discord did not take the commands: %s", error_line(error))  # noqa: TRY400 (without secrets)
            await asyncio.sleep(SYNC_AGAIN)


async def tell_of_commands(client: discord.Client, service: Service) -> bool:
    """Have Discord hold our commands, where it holds others: 200 a day may be made. Raises what a call raises.

    Discord may word commands otherwise than they were told. The hash of its wording is kept in the store with that of
    ours, so that they are not told again and again. Returns whether it holds them; False where it words them so, or
    where another process is telling it of them just now.
    """
    if client.application_id is None:
        raise ConnectionError("the bot has no application")
    ours = commands()
    before = _told_as(client, ours, await _held(client))
    if before is None:
        return True
    if not await service.begin(before):
        return False
    try:
        told = await client.http.bulk_upsert_global_commands(client.application_id, cast("list[Any]", ours))
    except BaseException:
        await service.forget(before)
        raise
    after = _told_as(client, ours, cast("list[dict[str, Any]]", told))
    if after:
        await service.finish(after)
    if after != before:
        await service.forget(before)
    log.info("Discord was told of the commands anew")
    return True


async def _held(client: discord.Client) -> list[dict[str, Any]]:
    """Return the commands that Discord holds."""
    route = Route("GET", "/applications/{application_id}/commands", application_id=client.application_id)
    asking = client.http.request(route, params={"with_localizations": "true"})
    return await cast("Awaitable[list[dict[str, Any]]]", asking)


def _told_as(client: discord.Client, ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> str | None:
    """Return the key under which it is known that Discord words our commands like this, None where that is plain."""
    own, other = fingerprint(ours), fingerprint(theirs)
    return None if own == other else f"discord/{client.application_id}/commands/{own}/{other}"
