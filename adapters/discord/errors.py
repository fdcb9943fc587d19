"""What became of a call that Discord did not confirm: refused, to be tried later, or nobody knows.

The codes are those of Discord's reference, "Opcodes and Status Codes", JSON Error Codes. A code is also the reason that
is kept; bot/digests/reasons.py words those that people meet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

import aiohttp

from bot.domain.digests import Attempt, Refused, TryLater, Unsure

# Whatever a call can raise that tells what became of it.
CallError = aiohttp.ClientError | TimeoutError | OSError
CALL_ERRORS = (aiohttp.ClientError, TimeoutError, OSError)


class ClosedError(ConnectionError):
    """The connections were ended by us: nothing was sent."""


class NoTokenError(ConnectionError):
    """What is held for the bot's token is none: nothing was sent."""


UNREACHED = "Discord cannot be reached"
_BEFORE_ANYTHING = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
    ClosedError,
)
UNKNOWN_MESSAGE = 10_008
NO_REPLY = 160_002  # without permission to read the history of a channel, nothing there can be replied to
MISSING_PERMISSIONS = 50_013  # which one, Discord does not say

_SOON = timedelta(minutes=1)
_UNTIL_MENDED = timedelta(hours=1)  # the operator has to do something first
_UNTOLD_WAIT = timedelta(seconds=30)  # where a 429 names no time
_BANNED_WAIT = timedelta(minutes=10)  # the same where the proxy in front of Discord answers: in ten it counts anew
_SHORTEST_WAIT, _LONGEST_WAIT = 1.0, 3_600.0  # seconds

# What a channel is lost by that is not said with 403, 404 or 410: no text channel, a locked thread, nobody to write to.
_CHANNEL_LOST = frozenset((50_008, 50_024, 50_033, 50_083, 160_005))
# What 403 says of the app rather than of a channel: its user agent, its account, the way it calls.
_ABOUT_THE_APP = frozenset((20_001, 40_002, 40_333))
# What 403 says of the message rather than of the channel: links and words that a filter takes for harmful.
_ABOUT_THE_MESSAGE = frozenset((200_000, 200_001, 240_000))
_NOT_TAKEN = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a call: the HTTP status, the headers, and the JSON of the body, None where it was none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    data: object = None

    @property
    def taken(self) -> bool:
        """Whether the call was done."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def code(self) -> int:
        """Discord's own code for what is wrong, 0 where it says none."""
        code = self.data.get("code") if isinstance(self.data, Mapping) else None
        return code if isinstance(code, int) else 0

    @property
    def id(self) -> str:
        """The id of what was made, empty where none is told."""
        made = self.data.get("id") if isinstance(self.data, Mapping) else None
        return made if isinstance(made, str) else ""

    @property
    def reason(self) -> str:
        """What is wrong, in one word: Discord's code, or the status."""
        return str(self.code) if self.code else f"Discord answered {self.status}"

    @property
    def finds_fault(self) -> bool:
        """Whether plainer text may do: Discord finds fault with the message itself, or may take no embeds there."""
        if self.code in _CHANNEL_LOST:
            return False
        about_it = self.status in _NOT_TAKEN or self.code in _ABOUT_THE_MESSAGE
        return about_it or self.code == MISSING_PERMISSIONS

    @property
    def attempt(self) -> Attempt:
        """What became of a post that was answered so, where it was not taken."""
        if self.status == HTTPStatus.TOO_MANY_REQUESTS:
            return TryLater(self.wait, self.reason)
        if self._is_gone:
            return Refused(self.reason, gone=True)
        if self.status in _NOT_TAKEN or self.code in _ABOUT_THE_MESSAGE:
            return Refused(self.reason, gone=False)
        if HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return TryLater(_UNTIL_MENDED, self.reason)  # 401, and what is answered in front of Discord
        return Unsure(self.reason)

    @property
    def is_for_all(self) -> bool:
        """Whether a 429 is one for every route: of the whole app, or of the proxy, which has no JSON and no Via."""
        told = self.data if isinstance(self.data, Mapping) else {}
        return bool(told.get("global")) or not told or "Via" not in self.headers

    @property
    def wait(self) -> timedelta:
        """How long a 429 asks to wait: between a second and an hour."""
        told = self.data.get("retry_after") if isinstance(self.data, Mapping) else None
        seconds = told if isinstance(told, int | float) else seconds_in(self.headers.get("Retry-After"))
        if seconds is None:
            return _BANNED_WAIT if "Via" not in self.headers else _UNTOLD_WAIT
        return timedelta(seconds=min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT))

    @property
    def _is_gone(self) -> bool:
        """Whether the channel is lost. Without a code of Discord's, a 403 or 404 is that of something in between."""
        if self.status == HTTPStatus.GONE or self.code in _CHANNEL_LOST:
            return True
        about_us = self.code in _ABOUT_THE_APP or self.code in _ABOUT_THE_MESSAGE
        return self.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND) and bool(self.code) and not about_us


def attempt_of(error: CallError) -> Attempt:
    """Return what became of a post whose call ended in this error."""
    if isinstance(error, NoTokenError):
        return TryLater(_UNTIL_MENDED, "Discord answered 401")  # as it would have
    if was_not_sent(error):
        return TryLater(_SOON, UNREACHED)
    return Unsure("Discord did not reply")


def before_the_post(answer: Answer) -> TryLater | Refused:
    """Return what a post comes to when a call that had to precede it was answered so: nothing was posted."""
    attempt = answer.attempt
    return attempt if isinstance(attempt, TryLater | Refused) else TryLater(_SOON, answer.reason)


def unreached() -> TryLater:
    """Return what a post comes to when a call that had to precede it was not answered."""
    return TryLater(_SOON, UNREACHED)


def was_not_sent(error: CallError) -> bool:
    """Whether a call ended before anything of it went out."""
    return isinstance(error, _BEFORE_ANYTHING)


def seconds_in(header: str | None) -> float | None:
    """Return the seconds that a header names, None where it names none that can be meant."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
