"""How the core speaks first in Slack: digests, and notices to the owners of subscriptions."""

from collections.abc import Callable
from datetime import datetime

from adapters.slack import history
from adapters.slack.blocks import for_digest
from adapters.slack.posting import Posting
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt
from bot.domain.people import Address
from bot.messages.document import Document


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
        return await history.find(self._clients, address, nonce, since)
