"""What became of a post that Slack did not confirm: refused, to be tried later, or nobody knows.

The error codes are those of docs.slack.dev/reference/methods/chat.postMessage, with the ones common to all methods. A
code is also the reason that is kept; bot/digests/reasons.py words those that people meet.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookResponse

from bot.domain.digests import Refused, TryLater, Unsure


class NotSlackError(Exception):
    """Something else answered in Slack's place: a proxy, or a network that wants a login first."""


# Whatever a call can raise that tells what became of it.
CallError = SlackApiError | NotSlackError | aiohttp.ClientError | TimeoutError | OSError
CALL_ERRORS = (SlackApiError, NotSlackError, aiohttp.ClientError, TimeoutError, OSError)

NOT_INSTALLED = "tipfacts is not installed in this workspace"
NotPosted = TryLater | Unsure | Refused

_SOON = timedelta(minutes=1)
_UNTIL_MENDED = timedelta(hours=1)  # the operator, or an admin of the workspace, has to do something first
_UNTOLD_WAIT = timedelta(seconds=30)  # where Slack names no Retry-After
_LONGEST_WAIT = 3_600  # seconds
_RESTRICTED = "restricted_action"  # begins several codes: for read-only channels, for threads


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHANNEL_LOST = _codes(
    "channel_not_found not_in_channel is_archived user_not_found cannot_dm_bot user_disabled messages_tab_disabled "
    "thread_not_found cannot_reply_to_message ekm_access_denied access_denied"
)
# What is wrong with the app or its token, and so says nothing of a channel: all goes on once that is mended.
_ABOUT_THE_APP = _codes(
    "account_inactive token_revoked token_expired team_access_not_granted invalid_auth not_authed missing_scope "
    "not_allowed_token_type"
)
_NOT_TAKEN = _codes(
    "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text too_many_attachments "
    "attachment_payload_limit_exceeded markdown_text_conflict invalid_arguments invalid_arg_name invalid_array_arg "
    "invalid_form_data invalid_post_type metadata_too_large invalid_metadata_format invalid_metadata_schema "
    "metadata_must_be_sent_from_app"
)
_ADDRESS_SPENT = _codes("used_url expired_url invalid_url")  # of a reply: five times, within half an hour
_BROKE_UNDER_WAY = _codes("internal_error fatal_error request_timeout service_unavailable")
RATE_LIMITED = _codes("ratelimited rate_limited")  # the first is what a wait is called where Slack says nothing


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answered: its word for what is wrong (empty where it says none), the HTTP status and the headers."""

    code: str
    status: int
    headers: object = None

    @property
    def finds_fault(self) -> bool:
        """Whether Slack finds fault with the message itself, so that plainer text may do."""
        return self.code in _NOT_TAKEN

    @property
    def is_about_the_app(self) -> bool:
        """Whether Slack finds fault with the app or its token, and so with whatever we post in the workspace."""
        return self.code in _ABOUT_THE_APP

    @property
    def asks_to_wait(self) -> bool:
        """Whether too much was posted."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.code in RATE_LIMITED

    @property
    def attempt(self) -> NotPosted:
        """What became of a post that was answered so."""
        if self.asks_to_wait:
            return TryLater(retry_after(self.headers), self.code or "ratelimited")
        if self.code in _CHANNEL_LOST or self.code.startswith(_RESTRICTED):
            return Refused(self.code, gone=True)
        if self.code in _NOT_TAKEN or self.code in _ADDRESS_SPENT:
            return Refused(self.code, gone=False)
        said_no = bool(self.code) and self.code not in _BROKE_UNDER_WAY and self.status == HTTPStatus.OK
        if said_no or HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return TryLater(_UNTIL_MENDED, self.code or f"Slack answered {self.status}")  # among them: about the app
        return Unsure(self.code or f"Slack answered {self.status}")


def answer_of(error: SlackApiError) -> Answer:
    """Return what Slack answered a call of the Web API that it did not do."""
    response = error.response  # of the SDK, or of aiohttp where the body was no JSON
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    known = status if isinstance(status, int) else HTTPStatus.INTERNAL_SERVER_ERROR
    return Answer(_code(getattr(response, "data", None)), known, getattr(response, "headers", None))


def reply_answer(response: WebhookResponse) -> Answer | None:
    """Return what Slack answered a reply to a response URL, None where it took it."""
    try:
        data = json.loads(response.body)
    except ValueError:
        data = None  # "ok" for one
    code = _code(data)
    taken = response.status_code == HTTPStatus.OK and not code
    return None if taken else Answer(code, response.status_code, response.headers)


def attempt_of(error: CallError) -> NotPosted:
    """Return what became of a post whose call ended in this error."""
    if isinstance(error, SlackApiError):
        return answer_of(error).attempt
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError | aiohttp.InvalidURL):
        return TryLater(_SOON, "Slack cannot be reached")  # nothing was sent
    return Unsure("Slack did not reply")


def before_the_post(error: CallError) -> TryLater:
    """Return what a post comes to when a call that had to precede it ended in this error: nothing was posted, and
    nothing was said of the channel.
    """
    match attempt_of(error):
        case TryLater() as attempt:
            return attempt
        case Refused(reason):
            return TryLater(_UNTIL_MENDED, reason)
        case Unsure(reason):
            return TryLater(_SOON, reason)


def retry_after(headers: object) -> timedelta:
    """Return how long the headers of an answer ask to wait: between a second and an hour, half a minute unasked."""
    text = headers.get("Retry-After") if isinstance(headers, Mapping) else None
    if not isinstance(text, str) or not text.isascii() or not text.isdecimal():
        return _UNTOLD_WAIT
    seconds = int(text) if len(text) <= len(str(_LONGEST_WAIT)) else _LONGEST_WAIT
    return timedelta(seconds=min(max(seconds, 1), _LONGEST_WAIT))


def _code(data: object) -> str:
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else ""
