"""Chains of replies: each message in one replies to the one before, and all of them are one conversation."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.errors import CALL_ERRORS
from adapters.discord.rest import Rest, path_of
from adapters.discord.written import replied_to

MOST_STEPS = 20  # messages that are looked up; a longer chain is one from there on
PATIENCE = 5.0  # seconds that an answer waits for it
_MOST_KNOWN = 10_000  # messages

log = logging.getLogger(__name__)


class Chains:
    """Knows with which message a chain began. After a restart it looks that up."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._begun_by: OrderedDict[str, str] = OrderedDict()

    async def first(self, message: discord.Message) -> str:
        """Return the id of the first message of the chain that a message stands in, its own where it begins one.

        Where Discord does not let us look, the chain begins with the earliest message that is known.
        """
        above = replied_to(message)
        if above is None:
            return str(message.id)
        earliest, channel = str(above), str(message.channel.id)
        resolved = message.reference.resolved if message.reference else None
        if isinstance(resolved, discord.Message) and resolved.type is discord.MessageType.default:
            return self._begun_by.get(earliest, earliest)  # it replies to nothing
        try:
            async with asyncio.timeout(PATIENCE):
                for _ in range(MOST_STEPS):
                    if earliest in self._begun_by:
                        return self._begun_by[earliest]
                    before = await self._before(channel, earliest)
                    if before is None:
                        break
                    earliest = before
        except TimeoutError:
            log.info("the beginning of a chain of replies was not found in time")
        return earliest

    def note(self, first: str, *messages: str) -> None:
        """Remember that these messages stand in the chain that `first` began."""
        for message in messages:
            self._begun_by[message] = first
            self._begun_by.move_to_end(message)
        while len(self._begun_by) > _MOST_KNOWN:
            self._begun_by.popitem(last=False)

    async def _before(self, channel: str, message: str) -> str | None:
        """Return what a message replies to, None where that is nothing, or cannot be known."""
        path = path_of("channels", channel, "messages", message)
        if await self._rest.turn("GET", path):
            return None
        try:
            answer = await self._rest.call("GET", path)
        except CALL_ERRORS:
            return None
        data: Mapping[str, Any] = answer.data if answer.taken and isinstance(answer.data, Mapping) else {}
        reference = data.get("message_reference") or {}
        found = reference.get("message_id")
        is_reply = data.get("type") == discord.MessageType.reply.value
        return found if is_reply and isinstance(found, str) else None
