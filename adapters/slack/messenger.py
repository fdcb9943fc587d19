"""How the core speaks first in Slack: digests, and notices to the owners of subscriptions."""

from collections.abc import Callable
from datetime import datetime

from adapters.slack import history
from adapters.slack.blocks import Page, for_digest
from adapters.slack.posting import Posting
from adapters.slack.tokens import Clients
from bot.domain.digests import Attempt
from bot.domain.people import Address
from bot.messages.document import Document
from bot.messages.kept import Kept


class SlackMessenger:
    """Posts to Slack, each message with a nonce in its metadata, and looks for nonces in the channel's history."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._posting = Posting(clients)
        self._pages: Kept[Page] = Kept()

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Post one message."""
        return await self._posting.post(address, self._page(document), nonce=nonce, fence=fence)

    def unshown(self, address: Address, document: Document) -> frozenset[int]:  # noqa: ARG002 (the port has it)
        """Return the ids of the facts for which one message has no room; its text, where it goes alone, has no less."""
        return self._page(document).unshown

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Return the timestamp, which is the id, of the message that carries our nonce; None where none does.

        Raises LookupError where Slack will not let us look, or where too much was written since to look through.
        """
        return await history.find(self._clients, address, nonce, since)

    def _page(self, document: Document) -> Page:
        return self._pages.of(document, lambda: for_digest(document))
