"""What else keeps a digest from its channel, in words: hitches that pass, and messages that a platform does not take.

What is kept with a delivery is a platform's own error code, or a word of ours. Nobody in the channel can mend any of
these; those that somebody there can mend are in `bot.digests.reasons`.
"""

import re

from bot.wording.wording import Wording, marked

_ANSWERED = re.compile(r"(?P<platform>\w+) answered (?P<status>\d{3})")
_OUTPUT = "standard output: "
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500

_HURRIED = marked("the platform asks to wait, since much was posted at once")
_TROUBLED = marked("the platform has trouble of its own")
_SILENT = marked("no reply came in time")
_OURS = marked("an error of tipfacts’s own, which is in its log")
_SLOW = marked("it took too long, and the time for it was over")
_TOO_LONG = marked("the platform finds the message too long")
_MALFORMED = marked("the platform finds fault with how the message is made")
_NO_DIRECT = marked("direct messages from tipfacts are not taken there")
_UNSEEN = marked("more was written there since than can be looked through")
_PRINTED = marked("what is printed on the console cannot be looked for")
_NOT_INSTALLED = marked("tipfacts is not installed in the workspace")
_NOT_CONFIRMED = marked("Slack did not confirm it, and does not let tipfacts look for it")

# What chat.postMessage of Slack calls it; see "Errors" in its reference.
_SLACK = {
    "ratelimited rate_limited message_limit_exceeded": _HURRIED,
    "internal_error fatal_error service_unavailable": _TROUBLED,
    "request_timeout": _SILENT,
    "msg_too_long msg_blocks_too_long too_many_attachments attachment_payload_limit_exceeded": _TOO_LONG,
    "metadata_too_large": _TOO_LONG,
    "invalid_blocks invalid_blocks_format no_text markdown_text_conflict invalid_arguments": _MALFORMED,
    "invalid_arg_name invalid_array_arg invalid_form_data invalid_post_type invalid_charset": _MALFORMED,
    "invalid_metadata_format invalid_metadata_schema metadata_must_be_sent_from_app": _MALFORMED,
    "user_not_found cannot_dm_bot user_disabled messages_tab_disabled": _NO_DIRECT,
}
# Discord has numbers; see "JSON Error Codes" in its reference.
_DISCORD = {
    "20016 20028 20029 31001 31002 40062": _HURRIED,
    "130000": _TROUBLED,
    "40005": _TOO_LONG,
    "50006 50035 50109": _MALFORMED,
}
_OWN = {
    "rate limit": _HURRIED,
    "Slack cannot be reached": marked("Slack cannot be reached"),
    "Discord cannot be reached": marked("Discord cannot be reached"),
    "Slack did not reply": _SILENT,
    "Discord did not reply": _SILENT,
    "no reply in time": _SILENT,
    "internal error": _OURS,
    "internal error while posting": _OURS,
    "too slow": _SLOW,  # nothing was sent, because the time for it was over
    "another sender has taken over": _SLOW,  # what that was called before; mostly it was not so
    "too many messages since": _UNSEEN,
    "what was printed cannot be looked for": _PRINTED,
    "tipfacts is not installed in this workspace": _NOT_INSTALLED,
    "Slack did not confirm it, and does not let us look for it": _NOT_CONFIRMED,
}
_WHY = {code: text for codes, text in (_SLACK | _DISCORD).items() for code in codes.split()} | _OWN


def hitch_text(reason: str, words: Wording) -> str:
    """Return why, as part of a sentence. A code that is not known here is quoted."""
    known = _WHY.get(reason)
    if known:
        return words.say(known)
    answered = _ANSWERED.fullmatch(reason)
    if answered:
        return _answer_text(answered["platform"], int(answered["status"]), words)
    if reason.startswith(_OUTPUT):
        return words.say("it could not be printed: {error}", error=reason.removeprefix(_OUTPUT))
    return words.say("the platform says “{code}”", code=reason)


def _answer_text(platform: str, status: int, words: Wording) -> str:
    """Return what an answer means of which nothing but the HTTP status is known."""
    if status == _TOO_MANY_REQUESTS:
        return words.say(_HURRIED)
    if status >= _SERVER_ERROR:
        return words.say("{platform} has trouble of its own: error {status}", platform=platform, status=status)
    return words.say("{platform} answered with error {status}", platform=platform, status=status)
