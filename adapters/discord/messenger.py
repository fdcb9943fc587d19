"""How the core speaks first in Discord: digests, and notices to the owners of subscriptions. It needs no gateway."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from adapters.discord.embeds import for_digest
from adapters.discord.errors import CALL_ERRORS, UNKNOWN_MESSAGE, Answer
from adapters.discord.posting import Posting
from adapters.discord.rest import Rest, path_of
from bot.domain.digests import Attempt, Refused
from bot.domain.people import Address
from bot.messages.document import Block, Document, Entries, Entry
from bot.messages.names import Name, Named
from bot.wording.wording import wording

CLOCK_TOLERANCE = timedelta(minutes=5)  # a message may be stamped that much before its slot by Discord's clock
PAGE = 100  # messages asked for at a time; Discord gives no more
MOST_PAGES = 25
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # of Discord's ids: they hold milliseconds since then
_TIME_BITS = 22


class DiscordMessenger:
    """Posts to Discord, each message with its nonce, and finds a message again by that.

    Discord forgets nonces after some minutes and does not name them in a channel's history. So each message also bears
    its nonce where its author alone looks for it: in the custom_id of its buttons, or without those, in small letters
    under it.
    """

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._posting = Posting(rest)

    async def post(self, address: Address, document: Document, *, nonce: str, fence: Callable[[], bool]) -> Attempt:
        """Post one message. What one person is told names channels as Discord shows them, and their server."""
        page = for_digest(self._placed(address, document), nonce, private=address.user is not None)
        return await self._posting.post(address, page, nonce=nonce, fence=fence)

    async def find(self, address: Address, nonce: str, since: datetime) -> str | None:
        """Return the id of the message that carries our nonce, None where none does.

        Raises LookupError where Discord will not let us look, or where too much was written since to look through.
        """
        channel = await self._posting.channel(address)
        if not isinstance(channel, str):
            if isinstance(channel, Refused):
                return None  # direct messages that cannot be opened hold nothing of ours
            raise LookupError(channel.reason)
        any_seen = False
        async for message in self._messages(channel, since - CLOCK_TOLERANCE):
            any_seen = True
            if _carries(message, nonce):
                return str(message["id"])
        if not any_seen and not address.user:
            await self._refuse_unseen(channel)
        return None

    def _placed(self, address: Address, document: Document) -> Document:
        """Return a document with the server behind each channel that is told to a person, where its name is known."""
        server = self._rest.guild_name(address.space) if address.user else None
        return replace(document, blocks=tuple(_with_server(document, server))) if server else document

    async def _messages(self, channel: str, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages of a channel or thread since an instant, oldest pages first. Raises LookupError."""
        after = max(0, int((since - _EPOCH).total_seconds() * 1_000)) << _TIME_BITS
        for _ in range(MOST_PAGES):
            query = {"after": str(after), "limit": str(PAGE)}
            answer = await self._asked(path_of("channels", channel, "messages"), query)
            messages = _list(answer)
            for message in messages:
                yield message
            if len(messages) < PAGE:
                return
            after = max(int(message["id"]) for message in messages)
        raise LookupError("too many messages since")

    async def _refuse_unseen(self, channel: str) -> None:
        """Raise LookupError where we may not read the history: Discord then shows an empty one.

        It does refuse to show a single message. The channel's own id is that of no message in it, or of its first.
        """
        path = path_of("channels", channel, "messages", channel)
        answer = await self._asked(path)
        if not answer.taken and answer.code != UNKNOWN_MESSAGE:
            raise LookupError(answer.reason)

    async def _asked(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        later = await self._rest.turn("GET", path)
        if later:
            raise LookupError(later.reason)
        try:
            return await self._rest.call("GET", path, query=query)
        except CALL_ERRORS:
            raise LookupError("Discord did not reply") from None


def _with_server(document: Document, server: str) -> Iterable[Block]:
    entry = Entry(wording(document.locale).say("Server"), server)
    for block in document.blocks:
        yield block
        if isinstance(block, Entries) and any(_is_channel(each.text) for each in block.entries):
            yield Entries((entry,))


def _is_channel(text: str) -> bool:
    return isinstance(text, Name) and text.named is Named.CHANNEL


def _list(answer: Answer) -> Sequence[Mapping[str, Any]]:
    """Return the messages of an answer. Raises LookupError where it holds none."""
    if answer.status != HTTPStatus.OK or not isinstance(answer.data, list):
        raise LookupError(answer.reason)
    return answer.data


def _carries(message: Mapping[str, Any], nonce: str) -> bool:
    """Whether a message is ours and bears a nonce."""
    if not (message.get("author") or {}).get("bot"):
        return False
    return message.get("nonce") == nonce or any(nonce in text for text in _marked(message))


def _marked(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a message in which a mark may stand."""
    yield str(message.get("content") or "")
    for embed in message.get("embeds") or ():
        yield str(embed.get("description") or "")
        yield str((embed.get("footer") or {}).get("text") or "")
    for row in message.get("components") or ():
        for button in row.get("components") or ():
            yield str(button.get("custom_id") or "")
