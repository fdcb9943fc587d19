"""Looking for messages of ours by the nonce that each carries unseen, in the history of a channel or thread."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.calls import WebClient
from adapters.slack.errors import CALL_ERRORS, NOT_INSTALLED, answer_of
from adapters.slack.tokens import Clients
from bot.domain.people import Address
from bot.looking import earlier, platform_time

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

    Since is by our clock: where Slack's is behind that, it looks further back.

    Raises LookupError where Slack will not let us look, or where too much was written since to look through.
    """
    history = _History(await _client(clients, address.space), address)
    begin = since - CLOCK_TOLERANCE
    found = await history.bearing(nonce, begin)
    again = None if found else earlier(begin, history.told, datetime.now(UTC))
    return await history.bearing(nonce, again) if again else found


async def _client(clients: Clients, team: str) -> WebClient:
    try:
        return await clients.for_team(team)
    except CALL_ERRORS as error:
        raise LookupError(_why(error)) from None
    except LookupError:
        raise LookupError(NOT_INSTALLED) from None


class _History:
    """What stands in a channel or thread. `told` is what time it is by Slack's clock, as that told last."""

    def __init__(self, client: WebClient, address: Address) -> None:
        self.told: datetime | None = None
        self._client = client
        self._address = address

    async def bearing(self, nonce: str, since: datetime) -> str | None:
        """Return the timestamp of the message since an instant that carries a nonce. Raises LookupError."""
        async for message in self._messages(since):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get(NONCE) == nonce:
                return str(message["ts"])
        return None

    async def _messages(self, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._page(since, cursor)
            self.told = platform_time(answer.headers)
            for message in answer.get("messages") or ():
                yield message
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        raise LookupError("too many messages since")

    async def _page(self, since: datetime, cursor: str | None) -> AsyncSlackResponse:
        wanted: dict[str, Any] = {
            "channel": self._address.channel,
            "oldest": f"{since.timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor,
        }
        try:
            if self._address.thread:
                return await self._client.conversations_replies(ts=self._address.thread, **wanted)
            return await self._client.conversations_history(**wanted)
        except CALL_ERRORS as error:
            raise LookupError(_why(error)) from None


def _why(error: Exception) -> str:
    code = answer_of(error).code if isinstance(error, SlackApiError) else ""
    return code or "Slack did not reply"
