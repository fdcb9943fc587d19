"""Putting pages before people: in a channel, to one person in it, or where Slack takes replies to what they did."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack import history
from adapters.slack.blocks import Page
from adapters.slack.calls import WebClient
from adapters.slack.errors import (
    CALL_ERRORS,
    NOT_INSTALLED,
    RATE_LIMITED,
    CallError,
    answer_of,
    attempt_of,
    before_the_post,
    reply_answer,
)
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt, Posted, Refused, TryLater, Unsure
from bot.domain.people import Address
from bot.fencing import FencedOutError, fenced

INSISTENCE = 300.0  # seconds in which a reply is tried again; whoever waits longer has asked again
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds between two tries
MOST_TRIES = 3  # of a post that somebody waits to hear of
_TOO_SLOW = TryLater(timedelta(minutes=1), "too slow")  # for whoever sends it again: the time for this post is over
_NOT_INSTALLED = TryLater(timedelta(hours=1), NOT_INSTALLED)
_NOWHERE_TO_LOOK = Unsure("Slack did not confirm it, and does not let us look for it")
_UNFURLING = {"unfurl_links": False, "unfurl_media": False}  # link cards bury what they stand under

log = logging.getLogger(__name__)


class Posting:
    """Posts pages and says of each what became of it; what a call raises is never raised further.

    Where Slack finds fault with a page's blocks, its text goes out alone.
    """

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    async def post(
        self, address: Address, page: Page, *, nonce: str | None = None, fence: Callable[[], bool] = lambda: True
    ) -> Attempt:
        """Post in a channel or thread, or to a person (the channel is then the user's id), at Slack's pace.

        `nonce` goes along unseen. `fence` is called right before anything is sent, and nothing is if it says false.
        """
        message: dict[str, Any] = {"channel": address.channel, "thread_ts": address.thread, **_UNFURLING}
        if nonce:
            message["metadata"] = history.carrying(nonce)
        attempt: Attempt = _NOT_INSTALLED
        for shown in _forms(page):
            client = await self._turn(address)
            if not isinstance(client, WebClient):
                return client
            if not fence():
                return _TOO_SLOW
            try:
                with fenced(fence):
                    answer = await client.chat_postMessage(**message, **shown, mrkdwn="blocks" in shown)
            except FencedOutError:
                return _TOO_SLOW
            except CALL_ERRORS as error:
                attempt = self._noted(address.space, error)
                if not _finds_fault(error):
                    break
            else:
                self._clients.troubles.are_over(address.space)
                return Posted(str(answer.get("ts") or ""), page.unshown)
        return attempt

    async def _turn(self, address: Address) -> WebClient | Attempt:
        """Return what may post there now, or why nothing does."""
        later = await self._clients.pace.turn(address.space, address.channel)
        if later:
            return later
        try:
            return await self._clients.for_team(address.space)
        except LookupError:
            return _NOT_INSTALLED
        except CALL_ERRORS as error:
            self._noted(address.space, error)
            return before_the_post(error)

    def _noted(self, team: str, error: CallError) -> Attempt:
        """Return what became of a post that ended in this error; what it says of the workspace is noted."""
        attempt = attempt_of(error)
        answer = answer_of(error) if isinstance(error, SlackApiError) else None
        if answer and answer.asks_to_wait and isinstance(attempt, TryLater):
            self._clients.pace.hold(team, attempt)
        if answer and answer.is_about_the_app:
            self._clients.troubles.has(team, answer.code)
        return attempt

    async def whisper(self, address: Address, user: str, page: Page) -> Attempt:
        """Show a page to one member of a channel; it is gone when they reload Slack."""
        attempt: Attempt = _NOT_INSTALLED
        for shown in _forms(page):
            try:
                client = await self._clients.for_team(address.space)
                await client.chat_postEphemeral(channel=address.channel, user=user, thread_ts=address.thread, **shown)
            except LookupError:
                return _NOT_INSTALLED
            except CALL_ERRORS as error:
                attempt = attempt_of(error)
                if not _finds_fault(error):
                    break
            else:
                return Posted("")
        return attempt

    async def tell(self, address: Address, user: str, page: Page) -> Attempt:
        """Show a page to one person: in the channel, or in their direct messages where we may not say it there."""
        attempt = await self.whisper(address, user, page)
        if isinstance(attempt, Posted | Unsure):
            return attempt
        return await self.post(replace(address, channel=user, thread=None, user=user), page)

    async def reply(
        self,
        response_url: str,
        page: Page,
        *,
        in_channel: bool = False,
        in_place: bool = False,
        thread: str | None = None,
    ) -> Attempt:
        """Reply to what a person did: to them alone, or `in_channel` to all; `in_place` of the message they pressed in.

        Slack takes five replies within half an hour, and does not say where one stands.
        """
        body = {
            "response_type": "in_channel" if in_channel else "ephemeral",
            "replace_original": in_place,
            **({"thread_ts": thread} if thread else {}),
            **_UNFURLING,
        }
        attempt: Attempt = Posted("")
        for shown in _forms(page):
            try:
                said = body | shown | {"mrkdwn": "blocks" in shown}
                refused = reply_answer(await self._clients.reply_to(response_url).send_dict(said))
            except CALL_ERRORS as error:
                return attempt_of(error)
            if refused is None:
                return Posted("", page.unshown)
            attempt = refused.attempt
            if not refused.finds_fault:
                break
        return attempt

    async def reply_or(
        self,
        response_url: str,
        page: Page,
        otherwise: Callable[[], Awaitable[Attempt]],
        *,
        in_channel: bool = False,
        in_place: bool = False,
        thread: str | None = None,
    ) -> Attempt:
        """Reply to what a person did; where that is refused or nobody knows whether they see it, do `otherwise`."""
        attempt = await self.reply(response_url, page, in_channel=in_channel, in_place=in_place, thread=thread)
        if not isinstance(attempt, Refused | Unsure):
            return attempt
        other = await otherwise()
        return other if isinstance(other, Posted) else attempt

    def surely(
        self, address: Address, page: Page, *, nonce: str, since: datetime, lost: Callable[[], Awaitable[Attempt]]
    ) -> Callable[[], Awaitable[Attempt]]:
        """Return what posts once, however often it is called.

        After a post of which nobody knows whether it stands, it looks in the history since then; where it may not look,
        it does what `lost` does.
        """
        is_unsure = False

        async def post() -> Attempt:
            nonlocal is_unsure
            if is_unsure:
                try:
                    found = await history.find(self._clients, address, nonce, since)
                except LookupError:
                    return await lost()
                if found:
                    return Posted(found)
            attempt = await self.post(address, page, nonce=nonce)
            is_unsure = is_unsure or isinstance(attempt, Unsure)
            return attempt

        return post

    async def confirmed(self, address: Address, page: Page, *, nonce: str, since: datetime) -> Attempt:
        """Post once, for somebody who waits to hear of it: where nobody knows whether a post stands, look for it in the
        history since then, and post again what is not there. Unsure where nobody may look, or it remains unknown.
        """

        async def lost() -> Attempt:
            return _NOWHERE_TO_LOOK

        post = self.surely(address, page, nonce=nonce, since=since, lost=lost)
        attempt, pause = await post(), FIRST_PAUSE
        for _ in range(MOST_TRIES - 1):
            if not isinstance(attempt, Unsure) or attempt is _NOWHERE_TO_LOOK:
                break
            await asyncio.sleep(pause)
            attempt, pause = await post(), 2 * pause
        return attempt

    async def insist(self, post: Callable[[], Awaitable[Attempt]]) -> None:
        """Have a reply posted, for some minutes if need be; what comes to nothing is logged.

        It is called again too where nobody knows what became of it: it is to do no harm twice.
        """
        clock = asyncio.get_running_loop().time
        give_up, pause = clock() + INSISTENCE, FIRST_PAUSE
        while not isinstance(attempt := await post(), Posted):
            wait = _wait(attempt, pause)
            if wait is None or clock() + wait > give_up:
                log.warning("a reply did not reach its channel: %s", attempt.reason)
                return
            await asyncio.sleep(wait)
            pause = min(2 * pause, LONGEST_PAUSE)


def _wait(attempt: Attempt, pause: float) -> float | None:
    """Return how many seconds to wait before the next try, `pause` where Slack asks for nothing; None for no other."""
    match attempt:
        case Unsure():
            return pause
        case TryLater(after, reason):
            seconds = after.total_seconds()
            if reason in RATE_LIMITED:
                return seconds
            return min(seconds, pause) if seconds <= INSISTENCE else None
        case _:
            return None


def _forms(page: Page) -> tuple[dict[str, Any], ...]:
    """Return what is sent of a page, and what is sent where Slack takes no blocks of it."""
    return {"text": page.text, "blocks": page.blocks}, {"text": page.text}


def _finds_fault(error: CallError) -> bool:
    return isinstance(error, SlackApiError) and answer_of(error).finds_fault
