"""Calls of Discord's REST API, each made once: no waiting and no sending again between a decision and its bytes.

discord.py's own client sleeps through a 429 and sends a call again after a 5xx (decision 0015); what posts for the core
must know of every try. Answers to interactions go through discord.py.
"""

import json
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Self
from urllib.parse import quote, urlsplit

import aiohttp
from aiohttp.client_reqrep import ClientResponse
from aiohttp.connector import Connection

from adapters.discord.credentials import wrong_token
from adapters.discord.errors import Answer, ClosedError, NoTokenError
from adapters.discord.pacing import Pace
from bot.domain.digests import TryLater
from bot.fencing import pass_fence
from bot.settings import DiscordSettings

TIMEOUT = 10.0  # seconds for a whole call; the sender's own patience with a post is longer
CONNECT_TIMEOUT = 5.0  # seconds; what runs out here was certainly not sent
USER_AGENT = "DiscordBot (tipfacts, 1)"  # Discord, "User Agent": without one of this shape it answers 40333


class _Request(aiohttp.ClientRequest):
    """A request that asks the fence of whoever makes it once its connection stands."""

    async def send(self, conn: Connection) -> ClientResponse:
        pass_fence()
        return await super().send(conn)


class Rest:
    """Speaks with Discord as the settings' bot. `pace` is shared by all who call, and so is `guild_name`: it tells what
    the guild of an id is called, None where no gateway is there to know. `close` ends the connections.

    No connection is kept open between two calls: on one that has gone stale nobody could tell whether a message was
    sent.
    """

    def __init__(self, settings: DiscordSettings) -> None:
        self.pace = Pace()
        self.guild_name: Callable[[str], str | None] = nobody_knows
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections for good."""
        self._is_closed = True
        if self._session:
            await self._session.close()

    async def turn(self, method: str, path: str) -> TryLater | None:
        """Wait until this may be called; where that is not soon, return how long to wait instead."""
        return await self.pace.turn(f"{method} {path}")

    async def call(
        self, method: str, path: str, *, body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> Answer:
        """Make one call, whose turn it is, and return what was answered. Raises CALL_ERRORS.

        The parts of the path are made with `path_of`. What cannot be the bot's token is not sent.
        """
        if wrong_token(self._settings.token):
            raise NoTokenError("DISCORD_TOKEN holds no token")
        url = f"{self._settings.api_url}{path}"
        proxy = proxy_for(url)
        try:
            async with self._connections().request(
                method, url, json=body, params=query, proxy=proxy, allow_redirects=False
            ) as reply:
                raw = await reply.read()
        except ValueError:  # of an address that is none, or has a password in it
            raise aiohttp.InvalidURL(urlsplit(url).path) from None
        data = None
        with suppress(ValueError):
            data = json.loads(raw)
        answer = Answer(reply.status, reply.headers, data)
        self.pace.note(f"{method} {path}", answer)
        return answer

    def _connections(self) -> aiohttp.ClientSession:
        if self._is_closed:
            raise ClosedError("the connections are closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(force_close=True),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT),
                headers={"Authorization": f"Bot {self._settings.token}", "User-Agent": USER_AGENT},
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_Request,
            )
        return self._session


def nobody_knows(_: str) -> None:
    """Tell of no guild what it is called."""


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for an address; it heeds NO_PROXY."""
    parts = urlsplit(url)
    if not parts.hostname or urllib.request.proxy_bypass(parts.hostname):
        return None
    return urllib.request.getproxies().get(parts.scheme)


def path_of(*parts: str) -> str:
    """Return a path of the API; what is no id in it cannot lead elsewhere."""
    return "".join(f"/{quote(part, safe='@')}" for part in parts)
