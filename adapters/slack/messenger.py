"""How the core speaks first in Slack: digests, and notices to the owners of subscriptions."""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.blocks import for_digest
from adapters.slack.errors import CALL_ERRORS, answer_of
from adapters.slack.posting import EVENT_TYPE, NONCE, Posting
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt
from bot.domain.people import Address
from bot.messages.document import Document

CLOCK_TOLERANCE = timedelta(minutes=5)  # a message may be stamped that much before its slot by Slack's clock
PAGE = 200  # messages asked for at a time; the reference recommends no more
MOST_PAGES = 25


class SlackMessenger:
    """Posts to Slack, each message with a nonce in its metadata, and looks for nonces in the channel's history."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._posting = Posting(clients)

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Post one message."""
        return await self._posting.post(address, for_digest(document), nonce=nonce, fence=fence)

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Return the timestamp, which is the id, of the message that carries our nonce; None where none does.

        Raises LookupError where Slack will not let us look, or where too much was written since to look through.
        """
        client = await self._client(address.space)
        async for message in _messages(client, address, since - CLOCK_TOLERANCE):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get(NONCE) == nonce:
                return str(message["ts"])
        return None

    async def _client(self, team: str) -> AsyncWebClient:
        try:
            return await self._clients.for_team(team)
        except CALL_ERRORS as error:
            raise LookupError(_why(error)) from None


async def _messages(client: AsyncWebClient, address: Address, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
    """Yield the messages of a channel or thread since an instant. Raises LookupError."""
    wanted: dict[str, Any] = {
        "channel": address.channel,
        "oldest": f"{since.timestamp():.6f}",
        "include_all_metadata": True,
        "limit": PAGE,
    }
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        try:
            if address.thread:
                answer = await client.conversations_replies(ts=address.thread, cursor=cursor, **wanted)
            else:
                answer = await client.conversations_history(cursor=cursor, **wanted)
        except CALL_ERRORS as error:
            raise LookupError(_why(error)) from None
        for message in answer.get("messages") or ():
            yield message
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
    raise LookupError("too many messages since")


def _why(error: Exception) -> str:
    code = answer_of(error).code if isinstance(error, SlackApiError) else ""
    return code or "Slack did not reply"
