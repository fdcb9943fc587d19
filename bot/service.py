"""What a platform's app calls: the core and the store behind threads, for apps that live on a loop. Nothing it offers
raises; whoever asks gets an answer.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core import Bot, Decided, failed, locale_of
from bot.discreet import error_line, error_story
from bot.domain.people import Actor, Address
from bot.domain.text import Locale
from bot.keeping import Keeper
from bot.messages.document import Choice
from bot.messages.exchange import Message, Reply, Request
from bot.ports import Store
from bot.sharing import Poster, Sharing, public_locale
from bot.wording.wording import wording
from bot.workers import Workers

__all__ = ["Poster", "Service"]

EVENT_PATIENCE = timedelta(seconds=30)
CONVERSATION_LIFE = timedelta(hours=24)
_REMEMBERING = 1.0  # seconds that a reply waits until what it is about is written down
_CANCELLING = 1.0  # seconds that cancelled work has to end

log = logging.getLogger(__name__)


class Service:
    """The core for one process. `clock` gives the present instant, in UTC."""

    def __init__(self, bot: Bot, store: Store, clock: Callable[[], datetime] | None = None) -> None:
        self._bot = bot
        self._store = store
        self._workers = Workers()
        clock = clock or (lambda: datetime.now(UTC))
        self._keeper = Keeper(store, self._workers, clock)
        self._sharing = Sharing(bot, store, self._keeper, self._workers, clock)
        self._handed_over: set[asyncio.Task[None]] = set()

    async def handle(self, request: Request, *, read_only: bool = False) -> Reply:
        """Return the reply to a request, which goes on from what its conversation was about, if that was in the last 24
        hours; what the reply is about is remembered for the next one.
        """
        try:
            decided = await self._workers.read(self._decide, request, read_only=read_only)
            # Who waits for a turn to write waits among those, and keeps no answer waiting.
            change = self._workers.change
            reply = await change(self._bot.carry_out, decided) if isinstance(decided, Decided) else decided
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return failed(wording(locale_of(request)), error)
        if request.conversation and isinstance(reply, Message) and reply.context:
            remembering = self._keeper.remember(request.conversation, reply.context, request.received_at)
            await asyncio.wait({self.hand_over(remembering, "a conversation")}, timeout=_REMEMBERING)
        return reply

    async def home(self, request: Request) -> Message:
        """Return what the person's own page says."""
        try:
            return await self._workers.read(self._bot.home, request)
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return failed(wording(locale_of(request)), error)

    async def complete(self, line: str, locale: Locale | None = None) -> tuple[Choice, ...]:
        """Return what a partly typed line may become; nothing where that cannot be told now."""
        try:
            return await self._workers.read(self._bot.complete, line, locale)
        except Exception as error:  # noqa: BLE001 (what was typed can be sent all the same)
            log.warning("nothing can be offered for a line: %s", error_line(error))
            return ()

    async def begin(self, key: str) -> bool:
        """Whether a platform's event is to be acted on now: it was not finished, nor begun less than 30 seconds ago."""
        return await self._keeper.begin(f"event/{key}", EVENT_PATIENCE)

    async def finish(self, key: str) -> None:
        """Never act on this event again."""
        await self._keeper.finish(f"event/{key}")

    async def forget(self, key: str) -> None:
        """Let this event be begun anew: nothing came of it."""
        await self._keeper.forget(f"event/{key}")

    async def park(self, text: str, by: Actor) -> str:
        """Return the token under which this person finds a text again for a day."""
        return await self._keeper.park(text, by)

    async def parked(self, token: str, by: Actor) -> str | None:
        """Return what this person parked; None where it is not theirs, forgotten, never was or cannot be read now."""
        return await self._keeper.parked(token, by)

    async def share(self, request: Request, token: str, posters: Sequence[Poster]) -> Message:
        """Post the answer to the request's text in its channel, in the channel's language and with the name of whoever
        asks for it, by the first poster that is not refused; once for each token and space. Returns what to tell them.
        """
        try:
            return await self._sharing.share(request, token, posters)
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return _unclear(locale_of(request), error)

    async def announce(self, request: Request, message: Message, posters: Sequence[Poster]) -> Message | None:
        """Post a message that is meant for the request's channel, by the first poster that is not refused.

        Returns what to tell the asker: None where it was posted. A new subscription that the channel cannot be told of
        is ended; any other change holds, and the asker is told so. What changes nothing is posted once for each event.
        """
        try:
            return await self._sharing.announce(request, message, posters)
        except Exception as error:  # noqa: BLE001 (the seam: no exception crosses it)
            return _unclear(message.document.locale, error)

    async def public_locale(self, address: Address) -> Locale | None:
        """Return the language of the subscription at an address; None where there is none, or it cannot be read."""
        try:
            return await self._workers.read(public_locale, self._store, address)
        except Exception as error:  # noqa: BLE001 (the asker's own language will do)
            log.warning("the language of %s cannot be read: %s", address.name, error_line(error))
            return None

    def hand_over(self, work: Coroutine[Any, Any, None], what: str) -> "asyncio.Task[None]":
        """Let work go on by itself; what it raises is logged as that of `what`."""
        task = asyncio.create_task(work, name=what)
        self._handed_over.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, seconds: float) -> None:
        """Wait for what was handed over, but no longer than this, and cancel the rest."""
        clock = asyncio.get_running_loop().time
        give_up = clock() + seconds
        while self._handed_over and (left := give_up - clock()) > 0:
            await asyncio.wait(set(self._handed_over), timeout=left)
        rest = set(self._handed_over)
        for task in rest:
            log.warning("%s was not done in time", task.get_name())
            task.cancel()
        if rest:
            await asyncio.wait(rest, timeout=_CANCELLING)

    def _decide(self, request: Request, *, read_only: bool) -> Reply | Decided:
        if request.conversation and request.context is None:
            since = request.received_at - CONVERSATION_LIFE
            request = replace(request, context=self._keeper.recall(request.conversation, since))
        return self._bot.decide(request, read_only=read_only)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._handed_over.discard(task)
        error = None if task.cancelled() else task.exception()
        if error:
            log.error("%s failed\n%s", task.get_name(), error_story(error))


def _unclear(locale: Locale, error: Exception) -> Message:
    words = wording(locale)
    return failed(words, error, words.say("Something went wrong on our side. Look in the channel for what was posted."))
