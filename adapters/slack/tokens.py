"""Who we are in each workspace: its token, the client that speaks with it, and the bot's own ids."""

import asyncio
import urllib.request
from dataclasses import dataclass
from typing import Protocol, Self
from urllib.parse import urlsplit

import aiohttp

from adapters.slack.calls import WebClient, WebhookClient
from adapters.slack.logs import quiet_logger
from adapters.slack.pacing import Pace
from adapters.slack.troubles import Troubles
from bot.settings import SlackSettings

TIMEOUT = 10  # seconds for a whole call; the sender's own patience with a post is longer
CONNECT_TIMEOUT = 5.0  # seconds; what runs out here was certainly not sent
WEB_LOGGER = "slack_sdk.web"


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot in one workspace: the workspace's id, the app's bot id (B...) and the bot's user id (U...)."""

    team_id: str
    bot_id: str
    bot_user_id: str


class Tokens(Protocol):
    """Where bot tokens are kept, by workspace."""

    async def token(self, team: str) -> str:
        """Return a workspace's bot token. Raises LookupError where the app is not installed there."""

    def lacks(self, team: str) -> bool:
        """Whether it is known already, without waiting for anybody, that the app is not installed in a workspace."""


class Clients:
    """Gives out what calls Slack. Without `tokens` there is one workspace: that of the settings' token.

    `pace` and `troubles` are shared by all who post. All calls share one session, which keeps no connection open: on
    one that has gone stale meanwhile nobody could tell whether a message was sent. `close` ends it.
    """

    def __init__(self, settings: SlackSettings, tokens: Tokens | None = None) -> None:
        self.pace = Pace()
        self.troubles = Troubles()
        self._settings = settings
        self._only = _OnlyToken(settings.bot_token, self._asked)
        self._tokens = tokens or self._only
        self._clients: dict[str, WebClient] = {}
        self._identities: dict[str, Identity] = {}
        self._asking = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections."""
        if self._session:
            await self._session.close()

    async def for_team(self, team: str) -> WebClient:
        """Return the client that speaks in a workspace.

        Raises LookupError where the app is not installed there; where that has to be asked first (once, of the
        settings' token), also what a call raises.
        """
        return self._speaking(await self._tokens.token(team))

    async def identity(self, team: str) -> Identity:
        """Return who we are in a workspace; asked once. Raises what `for_team` and a call raise."""
        return await self._asked(await self._tokens.token(team))

    def lacks(self, team: str) -> bool:
        """Whether it is known already, without waiting for anybody, that the app is not installed in a workspace."""
        return self._tokens.lacks(team)

    async def check(self) -> None:
        """Learn whose the settings' token is, unless that is known. Raises what a call raises."""
        await self._only.workspace()

    def opening(self) -> WebClient:
        """Return a new client without a token, for the call that opens a socket."""
        return self._client(None)

    def reply_to(self, response_url: str) -> WebhookClient:
        """Return what posts to the address that Slack gave for replying to something a person did."""
        client = WebhookClient(
            url=response_url,
            timeout=TIMEOUT,
            session=self._connections(),
            logger=quiet_logger("slack_sdk.webhook"),
            retry_handlers=[],  # as below
        )
        client.proxy = proxy_for(response_url)
        return client

    def _speaking(self, token: str) -> WebClient:
        if token not in self._clients:
            self._clients[token] = self._client(token)
        self._clients[token].session = self._connections()
        return self._clients[token]

    def _client(self, token: str | None) -> WebClient:
        client = WebClient(
            token=token,
            base_url=self._settings.api_url,
            timeout=TIMEOUT,
            session=self._connections(),
            logger=quiet_logger(WEB_LOGGER),
            retry_handlers=[],  # a call whose reply was lost would be made twice
        )
        client.proxy = proxy_for(self._settings.api_url)
        return client

    def _connections(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=CONNECT_TIMEOUT)
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), timeout=timeout)
        return self._session

    async def _asked(self, token: str) -> Identity:
        """Return whose a token is. Raises what a call raises."""
        async with self._asking:
            if token not in self._identities:
                answer = await self._speaking(token).auth_test()
                names = (answer.get(name) or "" for name in ("team_id", "bot_id", "user_id"))
                self._identities[token] = Identity(*names)
            return self._identities[token]


class _OnlyToken:
    """One token, which belongs to one workspace: Slack says to which."""

    def __init__(self, token: str, ask: "_Asks") -> None:
        self._token = token
        self._ask = ask
        self._team: str | None = None

    async def workspace(self) -> str:
        """Return the workspace; asked once. Raises what a call raises."""
        if self._team is None:
            self._team = (await self._ask(self._token)).team_id
        return self._team

    async def token(self, team: str) -> str:
        if team != await self.workspace():
            raise LookupError(f"not installed in workspace {team}")
        return self._token

    def lacks(self, team: str) -> bool:
        return self._team is not None and team != self._team


class _Asks(Protocol):
    async def __call__(self, token: str) -> Identity: ...


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for an address; unlike slack_sdk it heeds NO_PROXY."""
    parts = urlsplit(url)
    if not parts.hostname or urllib.request.proxy_bypass(parts.hostname):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get({"wss": "https", "ws": "http"}.get(parts.scheme, parts.scheme))
