"""The one acknowledgement that an interaction takes, and what may follow it.

discord.com/developers/docs/interactions/receiving-and-responding: within three seconds, once; then its token may be
used for fifteen minutes. Ephemeral or not is settled by the acknowledgement. discord.py would wait a second and more
between two tries of a call, and be too late with the second: so the calls are made here.
"""

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from http import HTTPStatus
from itertools import chain, repeat
from typing import Any, Final, Self

import aiohttp
import discord

from adapters.discord.components import Json
from adapters.discord.errors import CALL_ERRORS, Answer, ClosedError, seconds_in
from adapters.discord.rest import USER_AGENT, proxy_for
from bot.settings import DiscordSettings

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9  # kinds of acknowledgement
EPHEMERAL: Final = 1 << 6
IN_TIME = 3.0  # seconds from when an interaction came: what acknowledges it later is refused
PATIENCE = 120.0  # seconds in which what follows is tried again; the token would do for longer
TRY, LONG_TRY = 1.2, 10.0  # seconds for one call: of several that are to be in time, and of any other
PAUSES, LONG_PAUSES = (0.1, 0.3, 0.6), (0.5, 1.0, 2.0, 5.0, 15.0)  # seconds before further tries; the last goes on
_ACKNOWLEDGED = 40_060
_MOST_TOLD = 500

log = logging.getLogger(__name__)


class FaultError(Exception):
    """Discord finds fault with what was sent: nothing was shown, and something plainer may be."""


class Hooks:
    """The connections on which interactions are answered. They are kept open, so that the next answer is there sooner,
    and do not end with the gateway's: `close` ends them.
    """

    def __init__(self, settings: DiscordSettings) -> None:
        self._url = settings.api_url
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._is_closed = True
        if self._session:
            await self._session.close()

    async def call(self, method: str, path: str, body: Json, seconds: float) -> Answer:
        """Make one call, which may take so long, and return what was answered. Raises CALL_ERRORS.

        A token of an interaction's in the path is all that it needs.
        """
        if self._is_closed:
            raise ClosedError("the connections are closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={"User-Agent": USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
            )
        url, timeout = f"{self._url}{path}", aiohttp.ClientTimeout(total=seconds)
        async with self._session.request(
            method, url, json=body, proxy=proxy_for(url), timeout=timeout, allow_redirects=False
        ) as reply:
            raw = await reply.read()
        data = None
        with suppress(ValueError):
            data = json.loads(raw)
        return Answer(reply.status, reply.headers, data)


class Callback:
    """Speaks to Discord about one interaction, which came just now. What a call raises is logged, and never raised
    further but by `post`.
    """

    def __init__(self, hooks: Hooks, interaction: "discord.Interaction[Any]") -> None:
        token = interaction.token
        self._hooks = hooks
        self._acknowledging = f"/interactions/{interaction.id}/{token}/callback"
        self._following = f"/webhooks/{interaction.application_id}/{token}"
        self._late_at = _now() + IN_TIME
        self.is_acknowledged = False
        self._free_at = 0.0

    async def acknowledge(self, kind: int, data: Json | None = None) -> bool:
        """Return whether Discord has this acknowledgement. Raises FaultError where it does not take what is in it."""
        body = {"type": kind} | ({"data": data} if data is not None else {})
        taken = await self._insist("POST", self._acknowledging, body, self._late_at, "an acknowledgement")
        self.is_acknowledged = self.is_acknowledged or taken
        return taken

    async def edit(self, message: Json) -> bool:
        """Put a message in place of the first answer. Raises FaultError likewise."""
        path = f"{self._following}/messages/@original"
        return await self._insist("PATCH", path, message, _now() + PATIENCE, "an answer")

    async def follow(self, message: Json) -> bool:
        """Post one more message for the asker alone: twice rather than not at all. Raises FaultError likewise."""
        return await self._insist("POST", self._following, message, _now() + PATIENCE, "a further message")

    async def post(self, message: Json) -> Answer:
        """Post one more message for all, once. Raises CALL_ERRORS."""
        return await self._call("POST", self._following, message, LONG_TRY)

    async def _insist(self, method: str, path: str, body: Json, give_up: float, what: str) -> bool:
        """Make a call, again where it broke or Discord asks for that, until it is taken or no time is left."""
        is_urgent = give_up == self._late_at
        pauses, most = _pauses(PAUSES if is_urgent else LONG_PAUSES), TRY if is_urgent else LONG_TRY
        problem = "it is too late"
        while (left := give_up - _now()) > 0:
            wait = next(pauses)
            try:
                answer = await self._call(method, path, body, min(left, most))
            except ClosedError:
                problem = "the connections are closed"
                break
            except CALL_ERRORS as error:
                problem = type(error).__name__
            else:
                if answer.taken or answer.code == _ACKNOWLEDGED:
                    return True  # in the second case an earlier try came through, and its reply did not
                _refuse_fault(answer, what)
                problem = answer.reason
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                    wait = answer.wait.total_seconds()
                elif answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                    break
            if _now() + wait >= give_up:
                break
            await asyncio.sleep(wait)
        log.warning("%s was not taken: %s", what, problem)
        return False

    async def _call(self, method: str, path: str, body: Json, seconds: float) -> Answer:
        if self._free_at > _now():
            await asyncio.sleep(self._free_at - _now())
        answer = await self._hooks.call(method, path, body, seconds)
        if path == self._following and answer.headers.get("X-RateLimit-Remaining") == "0":
            self._free_at = _now() + (seconds_in(answer.headers.get("X-RateLimit-Reset-After")) or 0.0)
        return answer


def _refuse_fault(answer: Answer, what: str) -> None:
    """Raise FaultError where Discord finds fault with what was sent."""
    if answer.finds_fault:
        log.warning("Discord finds fault with %s: %s", what, _told(answer))
        raise FaultError


def _told(answer: Answer) -> str:
    """Return Discord's words on what is wrong, which name the field."""
    data = answer.data if isinstance(answer.data, Mapping) else {}
    return " ".join(f"{answer.reason} {json.dumps(data.get('errors') or data.get('message'))}".split())[:_MOST_TOLD]


def _now() -> float:
    return asyncio.get_running_loop().time()


def _pauses(seconds: Iterable[float]) -> Iterator[float]:
    *first, last = seconds
    return chain(first, repeat(last))
