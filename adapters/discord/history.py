"""Looking for messages of ours by the nonce that each bears, in the history of a channel or thread."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from adapters.discord.errors import CALL_ERRORS, UNKNOWN_MESSAGE, Answer
from adapters.discord.rest import Rest, path_of
from bot.looking import earlier, platform_time

CLOCK_TOLERANCE = timedelta(minutes=5)  # a message may be stamped that much before its time by Discord's clock
PAGE = 100  # messages asked for at a time; Discord gives no more
MOST_PAGES = 25
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)  # of Discord's ids: they hold milliseconds since then
_TIME_BITS = 22


async def find(rest: Rest, channel: str, nonce: str, since: datetime, *, is_private: bool) -> str | None:
    """Return the id of the message that bears our nonce; None where none does. `is_private` are direct messages.

    Raises LookupError where Discord will not let us look, or where too much was written since to look through.
    """
    history = _History(rest, channel)
    begin = since - CLOCK_TOLERANCE
    found = await history.bearing(nonce, begin)
    again = None if found else earlier(begin, history.told, datetime.now(UTC))
    found = await history.bearing(nonce, again) if again else found
    if not found and not history.any_seen and not is_private:
        await history.refuse_unseen()
    return found


class _History:
    """What stands in a channel. `told` is what time it is by Discord's clock, as that told last; `any_seen` says
    whether it showed any message.
    """

    def __init__(self, rest: Rest, channel: str) -> None:
        self.told: datetime | None = None
        self.any_seen = False
        self._rest = rest
        self._path = ("channels", channel, "messages")
        self._channel = channel

    async def bearing(self, nonce: str, since: datetime) -> str | None:
        """Return the id of the message since an instant that bears a nonce. Raises LookupError."""
        async for message in self._messages(since):
            self.any_seen = True
            if _bears(message, nonce):
                return str(message["id"])
        return None

    async def refuse_unseen(self) -> None:
        """Raise LookupError where we may not read the history: Discord then shows an empty one.

        It does refuse to show a single message. The channel's own id is that of no message in it, or of its first.
        """
        answer = await self._asked(path_of(*self._path, self._channel))
        if not answer.taken and answer.code != UNKNOWN_MESSAGE:
            raise LookupError(answer.reason)

    async def _messages(self, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        """Yield the messages since an instant, oldest pages first. Raises LookupError."""
        after = max(0, int((since - _EPOCH).total_seconds() * 1_000)) << _TIME_BITS
        for _ in range(MOST_PAGES):
            answer = await self._asked(path_of(*self._path), {"after": str(after), "limit": str(PAGE)})
            self.told = platform_time(answer.headers)
            messages = _list(answer)
            for message in messages:
                yield message
            if len(messages) < PAGE:
                return
            after = max(int(message["id"]) for message in messages)
        raise LookupError("too many messages since")

    async def _asked(self, path: str, query: Mapping[str, str] | None = None) -> Answer:
        later = await self._rest.turn("GET", path)
        if later:
            raise LookupError(later.reason)
        try:
            return await self._rest.call("GET", path, query=query)
        except CALL_ERRORS:
            raise LookupError("Discord did not reply") from None


def _list(answer: Answer) -> Sequence[Mapping[str, Any]]:
    """Return the messages of an answer. Raises LookupError where it holds none."""
    if answer.status != HTTPStatus.OK or not isinstance(answer.data, list):
        raise LookupError(answer.reason)
    return answer.data


def _bears(message: Mapping[str, Any], nonce: str) -> bool:
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
