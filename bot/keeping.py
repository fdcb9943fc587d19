"""What platforms' apps keep in the store between two calls. Nothing is raised: what the store cannot take just now is
kept here for as long as the process lives, or is logged and lost where losing it does no harm.
"""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.discreet import error_line
from bot.domain.digests import Receipt
from bot.domain.people import Actor, Address
from bot.messages.exchange import Context
from bot.ports import Store
from bot.workers import Workers

MOST_BEGUN = 10_000  # events that are known here besides
MOST_PARKED = 100
_V = TypeVar("_V")

log = logging.getLogger(__name__)


class Keeper:
    """Keeps events, parked texts, conversations and receipts. `clock` gives the present instant, in UTC."""

    def __init__(self, store: Store, workers: Workers, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._workers = workers
        self._clock = clock
        self._begun = _Newest[datetime](MOST_BEGUN)
        self._parked = _Newest[tuple[str, str]](MOST_PARKED)

    async def begin(self, key: str, patience: timedelta) -> bool:
        """Whether an event is to be acted on now: nobody has finished it, or begun it within `patience`."""
        now = self._clock()
        try:
            begun = await self._workers.write(self._store.begin, key, now, patience)
        except Exception as error:  # noqa: BLE001 (a person gets an answer all the same)
            _lost("an event", error)
            begun = key not in self._begun
        if begun:
            self._begun[key] = now
        return begun

    async def finish(self, key: str) -> None:
        """Never act on this event again."""
        try:
            await self._workers.write(self._store.finish, key, self._clock())
        except Exception as error:  # noqa: BLE001 (it was begun, and that is known)
            _lost("the end of an event", error)

    async def forget(self, key: str) -> None:
        """Let this event be begun anew."""
        self._begun.pop(key, None)
        try:
            await self._workers.write(self._store.forget, key)
        except Exception as error:  # noqa: BLE001 (it can be begun anew when patience is over)
            _lost("that nothing came of an event", error)

    async def park(self, text: str, by: Actor) -> str:
        """Return the token under which this person finds a text again."""
        try:
            return await self._workers.write(self._store.park, text, by.name, self._clock())
        except Exception as error:  # noqa: BLE001 (a form goes on all the same)
            _lost("a parked text", error)
        token = secrets.token_urlsafe(16)
        self._parked[token] = (by.name, text)
        return token

    async def parked(self, token: str, by: Actor) -> str | None:
        """Return what this person parked, None where it is not theirs, forgotten, never was or cannot be read."""
        if token in self._parked:
            owner, text = self._parked[token]
            return text if owner == by.name else None
        try:
            return await self._workers.read(self._store.parked, token, by.name)
        except Exception as error:  # noqa: BLE001 (the person is asked to begin anew)
            _lost("a parked text", error)
            return None

    async def remember(self, conversation: Address, context: Context, at: datetime) -> None:
        """Keep what a conversation is about."""
        try:
            await self._workers.write(self._store.remember, conversation, context, at)
        except Exception as error:  # noqa: BLE001 (the next question has to stand by itself)
            _lost("a conversation", error)

    def recall(self, conversation: Address, since: datetime) -> Context | None:
        """Return what a conversation was about, None where that was before `since` or cannot be read. Blocks."""
        try:
            return self._store.recall(conversation, since)
        except Exception as error:  # noqa: BLE001 (the question has to stand by itself)
            _lost("a conversation", error)
            return None

    async def note_receipt(self, receipt: Receipt) -> None:
        """Keep where a public message stands and what it shows."""
        try:
            await self._workers.write(self._store.note_receipt, receipt)
        except Exception as error:  # noqa: BLE001 (the message stands, only we cannot find it again)
            _lost(f"the receipt of a message in {receipt.address.name}", error)


class _Newest(OrderedDict[str, _V], Generic[_V]):
    """Entries by key, of which the newest `most` are kept."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: str, value: _V) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        while len(self) > self._most:
            self.popitem(last=False)


def _lost(what: str, error: Exception) -> None:
    log.warning("%s could not be kept: %s", what, error_line(error))
