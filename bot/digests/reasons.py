"""Why a channel does not take a message, in words, and what a person can do about it.

What is kept with a delivery or a subscription is one word: the platform's own error code. It is worded when it is
shown, and a code that is not known here is shown as it is.
"""

from enum import Enum, auto

from bot.domain.people import Address, Platform
from bot.wording.wording import Wording


class Trouble(Enum):
    """What keeps a message from being posted."""

    NOT_MEMBER = auto()
    ARCHIVED = auto()
    UNINSTALLED = auto()
    FORBIDDEN = auto()
    THREAD_GONE = auto()
    NOT_PERMITTED = auto()  # to tipfacts, anywhere: nobody in the channel can mend it


# What chat.postMessage of Slack calls it; see "Errors" in its reference.
_CODES = {
    "not_in_channel": Trouble.NOT_MEMBER,
    "channel_not_found": Trouble.NOT_MEMBER,  # which is what a private channel says to those who are not in it
    "is_archived": Trouble.ARCHIVED,
    "account_inactive": Trouble.UNINSTALLED,
    "token_revoked": Trouble.UNINSTALLED,
    "token_expired": Trouble.UNINSTALLED,
    "team_access_not_granted": Trouble.UNINSTALLED,
    "ekm_access_denied": Trouble.FORBIDDEN,
    "access_denied": Trouble.FORBIDDEN,
    "thread_not_found": Trouble.THREAD_GONE,
    "cannot_reply_to_message": Trouble.THREAD_GONE,
    "missing_scope": Trouble.NOT_PERMITTED,
    "no_permission": Trouble.NOT_PERMITTED,
    "not_allowed_token_type": Trouble.NOT_PERMITTED,
    "invalid_auth": Trouble.NOT_PERMITTED,
    "not_authed": Trouble.NOT_PERMITTED,
}
_RESTRICTED = "restricted_action"  # begins several codes: for read-only channels, for threads


def trouble(reason: str | None) -> Trouble | None:
    """Return what a platform's error code means, None where it is not known."""
    if reason and reason.startswith(_RESTRICTED):
        return Trouble.FORBIDDEN
    return _CODES.get(reason or "")


def reason_text(reason: str | None, words: Wording) -> str:
    """Return why, as part of a sentence: “the channel is archived”."""
    match trouble(reason):
        case Trouble.NOT_MEMBER:
            return words.say("tipfacts is not in the channel, or the channel is gone")
        case Trouble.ARCHIVED:
            return words.say("the channel is archived")
        case Trouble.UNINSTALLED:
            return words.say("tipfacts was taken out of the workspace")
        case Trouble.FORBIDDEN:
            return words.say("the workspace does not let tipfacts post there")
        case Trouble.THREAD_GONE:
            return words.say("the thread is gone")
        case Trouble.NOT_PERMITTED:
            return words.say("tipfacts lacks a permission that it needs")
        case None:
            return reason or words.say("no reason was kept")


def remedy(reason: str | None, platform: Platform, words: Wording) -> str:
    """Return in a sentence what lets tipfacts post in the channel."""
    match trouble(reason):
        case Trouble.ARCHIVED:
            return words.say("Unarchive the channel, and invite me again where I am no member then.")
        case Trouble.UNINSTALLED:
            return words.say("Whoever runs tipfacts has to install it in the workspace again.")
        case Trouble.FORBIDDEN:
            return words.say("An admin of the workspace has to let me post there.")
        case Trouble.THREAD_GONE:
            return words.say("Use the channel itself, or another thread.")
        case Trouble.NOT_PERMITTED:
            return words.say("Tell whoever runs tipfacts: only they can give it back.")
        case _ if platform is Platform.SLACK:
            return words.say("Invite me to the channel: type “{command}” there.", command="/invite @tipfacts")
        case _:
            return words.say("See that I can read and post in the channel.")


def place(address: Address, words: Wording) -> str:
    """Return what an address is called: #C1, or the direct messages it is read in."""
    if address.user:
        return words.say("direct messages")
    return address.channel if address.platform is Platform.CONSOLE else f"#{address.channel}"


def typed(line: str, platform: Platform) -> str:
    """Return a line as it is typed on a platform."""
    return f"/tipfacts {line}" if platform is Platform.SLACK else line
