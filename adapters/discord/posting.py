"""Putting pages before people: in a channel, as a reply to what somebody wrote there, or in direct messages."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from adapters.discord.digest_page import for_digest
from adapters.discord.errors import (
    CALL_ERRORS,
    MISSING_PERMISSIONS,
    NO_REPLY,
    UNREACHED,
    Answer,
    attempt_of,
    before_the_post,
    unreached,
)
from adapters.discord.pages import NO_MENTIONS, Page
from adapters.discord.rest import Rest, path_of
from adapters.discord.text_page import as_text
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address
from bot.fencing import FencedOutError, fenced
from bot.messages.document import Document
from bot.service import Poster

INSISTENCE = 120.0  # seconds in which a reply is tried again; as long Discord knows its nonce
WAITED_FOR = 5.0  # seconds for what somebody waits for, who is told what came of it
NONCE = 25  # characters that Discord takes of one
_TOO_SLOW = TryLater(timedelta(minutes=1), "too slow")  # for whoever sends it again: the time for this post is over
_PAUSES = (1.0, 3.0, 10.0, 30.0, 60.0)  # seconds before a reply that was not confirmed is posted again
_MOST_KNOWN = 10_000  # direct messages that were opened lately

log = logging.getLogger(__name__)


class Posting:
    """Posts pages and says of each what became of it; what a call raises is never raised further.

    Where Discord finds fault with a page, what it says goes out as text alone: once more, and no more than that.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._direct: OrderedDict[str, str] = OrderedDict()
        self._is_refused = False

    async def post(
        self,
        address: Address,
        page: Page,
        *,
        nonce: str | None = None,
        fence: Callable[[], bool] = lambda: True,
        reply_to: str | None = None,
        tokens: Mapping[str, str] | None = None,
    ) -> Attempt:
        """Post in a channel or thread, or to a person (where the channel is the user's id), at Discord's pace.

        `nonce` (25 characters at most) keeps Discord from taking the message twice within minutes. `fence` is called
        right before anything is sent, and nothing is if it says false. `reply_to` is the id of a message there, whose
        author is not rung. `tokens` are those of what was parked for the page's buttons.
        """
        channel = await self.channel(address)
        if not isinstance(channel, str):
            return channel
        path, beside = path_of("channels", channel, "messages"), _beside(nonce)
        whole, reply = page.message(tokens) | beside, _replying(reply_to)
        came_of_it = await self._sent(path, whole | reply, page.unshown, fence)
        if reply and isinstance(came_of_it, Answer) and came_of_it.code == NO_REPLY:
            reply = {}
            came_of_it = await self._sent(path, whole, page.unshown, fence)
        if isinstance(came_of_it, Answer) and came_of_it.finds_fault:
            plain = as_text(page)
            reply = reply if came_of_it.code == MISSING_PERMISSIONS else {}  # else that may be the fault
            came_of_it = await self._sent(path, {"content": plain.text} | beside | reply, plain.unshown, fence)
        return came_of_it.attempt if isinstance(came_of_it, Answer) else came_of_it

    async def _sent(
        self, path: str, message: Mapping[str, Any], unshown: frozenset[int], fence: Callable[[], bool]
    ) -> Attempt | Answer:
        """Return what came of a message, or how Discord refused it."""
        later = await self._rest.turn("POST", path)
        if later:
            return later
        if not fence():
            return _TOO_SLOW
        try:
            with fenced(fence):
                answer = self._noted(await self._rest.call("POST", path, body=message))
        except FencedOutError:
            return _TOO_SLOW
        except CALL_ERRORS as error:
            return attempt_of(error)
        if not answer.taken:
            return answer
        return Posted(answer.id, unshown) if answer.id else Unsure(answer.reason)

    def _noted(self, answer: Answer) -> Answer:
        """Return an answer. What it says of the token is logged, once, and not for every post that it keeps back."""
        is_refused = answer.status == HTTPStatus.UNAUTHORIZED
        if is_refused and not self._is_refused:
            log.error("nothing can be posted: Discord refuses DISCORD_TOKEN; python -m bot doctor says what to do")
        self._is_refused = is_refused or (self._is_refused and not answer.taken)
        return answer

    async def channel(self, address: Address) -> str | TryLater | Refused:
        """Return the id of the channel that an address means, opening direct messages; or why that is not known."""
        user = address.user
        if user is None or address.channel != user:
            return address.thread or address.channel  # a thread is a channel to Discord
        if user not in self._direct:
            opened = await self._open(user)
            if not isinstance(opened, str):
                return opened
            self._direct[user] = opened
            if len(self._direct) > _MOST_KNOWN:
                self._direct.popitem(last=False)
        return self._direct[user]

    async def insist(self, post: Callable[[], Awaitable[Attempt]], seconds: float = INSISTENCE) -> Attempt:
        """Have something posted, again where Discord asks to wait a little, or does not confirm it: by its nonce it
        still stands there once. It takes no longer than so many seconds, and a call. Returns what became of it.
        """
        clock = asyncio.get_running_loop().time
        give_up = clock() + seconds
        attempt = await post()
        for pause in _PAUSES:
            wait = pause
            if isinstance(attempt, TryLater) and attempt.reason != UNREACHED:
                wait = attempt.after.total_seconds()
            if isinstance(attempt, Posted | Refused) or clock() + wait > give_up:
                break
            await asyncio.sleep(wait)
            attempt = await post()
        return attempt

    async def say(
        self,
        address: Address,
        pages: Sequence[Page],
        *,
        nonce: str,
        reply_to: str | None = None,
        tokens: Mapping[str, str] | None = None,
    ) -> Attempt:
        """Post the pages of a reply one after the other, and return what became of the first.

        `nonce` begins that of each. What comes to nothing is logged.
        """
        attempts: list[Attempt] = []
        for number, page in enumerate(pages):

            async def post(page: Page = page, nonce: str = f"{nonce}{number}") -> Attempt:
                return await self.post(address, page, nonce=nonce, reply_to=reply_to, tokens=tokens)

            attempts.append(await self.insist(post))
            if not isinstance(attempts[-1], Posted):
                log.warning("a reply did not reach its channel: %s", attempts[-1].reason)
                break
        return attempts[0]

    def poster(self, address: Address, nonce: str, reply_to: str | None = None, line: str = "") -> Poster:
        """Return what posts a document for everybody, and insists on it for as long as somebody may wait. `line` is
        what was asked, where it is an answer.
        """

        async def post(document: Document) -> Attempt:
            page = for_digest(document, line=line)
            attempt = await self.insist(lambda: self.post(address, page, nonce=nonce, reply_to=reply_to), WAITED_FOR)
            if isinstance(attempt, Unsure):
                log.warning("a message for all did not reach its channel, as far as is known: %s", attempt.reason)
            return attempt

        return post

    async def _open(self, user: str) -> str | TryLater | Refused:
        path = path_of("users", "@me", "channels")
        later = await self._rest.turn("POST", path)
        if later:
            return later
        try:
            answer = self._noted(await self._rest.call("POST", path, body={"recipient_id": user}))
        except CALL_ERRORS:
            return unreached()
        if answer.taken:
            return answer.id or unreached()
        return before_the_post(answer)


def _beside(nonce: str | None) -> dict[str, Any]:
    """Return what a message says beside its page."""
    nobody: dict[str, Any] = {"allowed_mentions": NO_MENTIONS | {"replied_user": False}}
    return nobody | ({"nonce": nonce, "enforce_nonce": True} if nonce else {})


def _replying(message: str | None) -> dict[str, Any]:
    """Return what makes a message a reply to another one, or where that is gone, one by itself."""
    return {"message_reference": {"message_id": message, "fail_if_not_exists": False}} if message else {}
