"""Putting pages before people: in a channel, to one person in it, or where Slack takes replies to what they did."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.blocks import Page
from adapters.slack.errors import CALL_ERRORS, CallError, answer_of, attempt_of, reply_answer
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt, Posted, TryLater
from bot.domain.people import Address

EVENT_TYPE = "tipfacts_digest"
NONCE = "nonce"
_TAKEN_OVER = TryLater(timedelta(minutes=1), "another sender has taken over")
_NOT_INSTALLED = TryLater(timedelta(hours=1), "tipfacts is not installed in this workspace")
_A_LITTLE = timedelta(seconds=30)
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
            message["metadata"] = {"event_type": EVENT_TYPE, "event_payload": {NONCE: nonce}}
        attempt: Attempt = _NOT_INSTALLED
        for shown in _forms(page):
            await self._clients.pace.turn(address.space, address.channel)
            try:
                client = await self._clients.for_team(address.space)
                if not fence():
                    return _TAKEN_OVER
                answer = await client.chat_postMessage(**message, **shown)
            except LookupError:
                return _NOT_INSTALLED
            except CALL_ERRORS as error:
                attempt = attempt_of(error)
                if not _finds_fault(error):
                    break
            else:
                return Posted(str(answer.get("ts") or ""), page.unshown)
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
                refused = reply_answer(await self._clients.reply_to(response_url).send_dict(body | shown))
            except CALL_ERRORS as error:
                return attempt_of(error)
            if refused is None:
                return Posted("", page.unshown)
            attempt = refused.attempt
            if not refused.finds_fault:
                break
        return attempt

    async def insist(self, post: Callable[[], Awaitable[Attempt]]) -> None:
        """Have a reply posted, once more where Slack asks to wait a little; what comes to nothing is logged."""
        attempt = await post()
        if isinstance(attempt, TryLater) and attempt.after <= _A_LITTLE:
            await asyncio.sleep(attempt.after.total_seconds())
            attempt = await post()
        if not isinstance(attempt, Posted):
            log.warning("a reply did not reach its channel: %s", attempt.reason)


def _forms(page: Page) -> tuple[dict[str, Any], ...]:
    """Return what is sent of a page, and what is sent where Slack takes no blocks of it."""
    return {"text": page.text, "blocks": page.blocks}, {"text": page.text}


def _finds_fault(error: CallError) -> bool:
    return isinstance(error, SlackApiError) and answer_of(error).finds_fault
