"""How the core speaks first in Discord: digests, and notices to the owners of subscriptions. It needs no gateway."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from adapters.discord import history
from adapters.discord.digest_page import fitting, for_digest
from adapters.discord.posting import Posting
from adapters.discord.rest import Rest
from bot.domain.digests import Attempt, Refused
from bot.domain.people import Address
from bot.messages.document import Block, Document, Entries, Entry
from bot.messages.fitting import Fitted
from bot.messages.kept import Kept
from bot.messages.names import Name, Named
from bot.wording.wording import wording

_ANY = "0"  # stands for a message's nonce, whose length makes no difference to what fits


class DiscordMessenger:
    """Posts to Discord, each message with its nonce, and finds a message again by that.

    Discord forgets nonces after some minutes and does not name them in a channel's history. So each message also bears
    its nonce where its author alone looks for it: in the custom_id of its buttons, or without those, in small letters
    under it.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._posting = Posting(rest)
        self._fitting: Kept[tuple[Document, Fitted]] = Kept()

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Post one message. What one person is told names channels as Discord shows them, and their server."""
        placed, found = self._fitted(address, document)
        page = for_digest(placed, nonce, private=address.user is not None, found=found)
        return await self._posting.post(address, page, nonce=nonce, fence=fence)

    def unshown(self, address: Address, document: Document) -> frozenset[int]:
        """Return the ids of the facts for which one message with embeds has no room."""
        return self._fitted(address, document)[1].unshown

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Return the id of the message that carries our nonce, None where none does. Since is by our clock: where
        Discord's is behind that, it looks further back.

        Raises LookupError where Discord will not let us look, or where too much was written since to look through.
        """
        channel = await self._posting.channel(address)
        if isinstance(channel, str):
            return await history.find(self._rest, channel, nonce, since, is_private=address.user is not None)
        if isinstance(channel, Refused):
            return None  # direct messages that cannot be opened hold nothing of ours
        raise LookupError(channel.reason)

    def _fitted(self, address: Address, document: Document) -> tuple[Document, Fitted]:
        """Return what is said at an address, and as much of it as fits: what one person is told has the server behind
        each channel, where its name is known.
        """
        private = address.user is not None
        server = self._rest.guild_name(address.space) if private else None

        def found() -> tuple[Document, Fitted]:
            placed = replace(document, blocks=tuple(_with_server(document, server))) if server else document
            return placed, fitting(placed, _ANY, private=private)

        return self._fitting.of(document, found, (private, server))


def _with_server(document: Document, server: str) -> Iterable[Block]:
    entry = Entry(wording(document.locale).say("Server"), server)
    for block in document.blocks:
        yield block
        if isinstance(block, Entries) and any(_is_channel(each.text) for each in block.entries):
            yield Entries((entry,))


def _is_channel(text: str) -> bool:
    return isinstance(text, Name) and text.named is Named.CHANNEL
