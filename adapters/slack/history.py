"""Looking for messages of ours by the nonce that each carries unseen, in the history of a channel or thread."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.calls import WebClient
from adapters.slack.errors import CALL_ERRORS, answer_of
from adapters.slack.tokens import Clients
from bot.domain.people import Address

EVENT_TYPE = "tipfacts_digest"  # of a message's metadata
NONCE = "nonce"
CLOCK_TOLERANCE = timedelta(minutes=5)  # a message may be stamped that much before its time by Slack's clock
PAGE = 200  # messages asked for at a time; the reference recommends no more
MOST_PAGES = 25


def carrying(nonce: str) -> dict[str, Any]:
    """Return the metadata of a message that carries a nonce."""
    return {"event_type": EVENT_TYPE, "event_payload": {NONCE: nonce}}


async def find(clients: Clients, address: Address, nonce: str, since: datetime) -> str | None:
    """Return the timestamp, which is the id, of the message that carries our nonce; None where none does.

    Raises LookupError where Slack will not let us look, or where too much was written since to look through.
    """
    client = await _client(clients, address.space)
    async for message in _messages(client, address, since - CLOCK_TOLERANCE):
        metadata = message.get("metadata") or {}
        if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get(NONCE) == nonce:
            return str(message["ts"])
    return None


async def _client(clients: Clients, team: str) -> WebClient:
    try:
        return await clients.for_team(team)
    except CALL_ERRORS as error:
        raise LookupError(_why(error)) from None


async def _messages(client: WebClient, address: Address, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
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
