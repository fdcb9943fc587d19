"""Why a channel does not take a message, in words, and what a person can do about it.

What is kept with a delivery or a subscription is one word: the platform's own error code. It is worded when it is
shown.
"""

from enum import Enum, auto

from bot.digests.hitches import hitch_text
from bot.domain.people import Address, Platform
from bot.messages.document import Choice, Choices
from bot.messages.spelling import SPELLINGS
from bot.wording.wording import Wording, marked

_UNSEEN = ("too many messages since", "what was printed cannot be looked for")  # nobody can look through these


class Trouble(Enum):
    """What keeps a message from being posted."""

    NOT_MEMBER = auto()
    ARCHIVED = auto()
    UNINSTALLED = auto()
    FORBIDDEN = auto()
    THREAD_GONE = auto()
    HIDDEN = auto()
    NO_PERMISSION = auto()
    NOT_FOR_TEXT = auto()
    LOCKED = auto()
    CHANNEL_GONE = auto()
    LEFT = auto()
    NO_DIRECT = auto()
    FILTERED = auto()
    NOT_PERMITTED = auto()  # to tipfacts, anywhere: nobody in the channel can mend it
    TOKEN = auto()


# What chat.postMessage of Slack calls it; see "Errors" in its reference. Discord has numbers; see "JSON Error Codes" in
# its reference.
_CODES = {
    "not_in_channel": Trouble.NOT_MEMBER,
    "channel_not_found": Trouble.NOT_MEMBER,  # which is what a private channel says to those who are not in it
    "is_archived": Trouble.ARCHIVED,
    "account_inactive": Trouble.UNINSTALLED,
    "token_revoked": Trouble.TOKEN,
    "token_expired": Trouble.TOKEN,
    "team_access_not_granted": Trouble.UNINSTALLED,
    "ekm_access_denied": Trouble.FORBIDDEN,
    "access_denied": Trouble.FORBIDDEN,
    "thread_not_found": Trouble.THREAD_GONE,
    "cannot_reply_to_message": Trouble.THREAD_GONE,
    "missing_scope": Trouble.NOT_PERMITTED,
    "no_permission": Trouble.NOT_PERMITTED,
    "not_allowed_token_type": Trouble.NOT_PERMITTED,
    "invalid_auth": Trouble.TOKEN,
    "not_authed": Trouble.TOKEN,
    "10003": Trouble.CHANNEL_GONE,
    "10004": Trouble.LEFT,
    "50001": Trouble.HIDDEN,
    "50013": Trouble.NO_PERMISSION,
    "50008": Trouble.NOT_FOR_TEXT,
    "50024": Trouble.NOT_FOR_TEXT,
    "50083": Trouble.LOCKED,
    "160005": Trouble.LOCKED,
    "50007": Trouble.NO_DIRECT,
    "50033": Trouble.NO_DIRECT,
    "50278": Trouble.NO_DIRECT,  # no server in common any more
    "200000": Trouble.FILTERED,
    "200001": Trouble.FILTERED,
    "240000": Trouble.FILTERED,
    "20001": Trouble.NOT_PERMITTED,
    "40002": Trouble.NOT_PERMITTED,
    "40333": Trouble.NOT_PERMITTED,
    "Discord answered 401": Trouble.TOKEN,
}
_RESTRICTED = "restricted_action"  # begins several codes: for read-only channels, for threads

_WHY = {
    Trouble.NOT_MEMBER: marked("tipfacts is not in the channel, or the channel is gone"),
    Trouble.ARCHIVED: marked("the channel is archived"),
    Trouble.UNINSTALLED: marked("tipfacts was taken out of the workspace"),
    Trouble.FORBIDDEN: marked("the workspace does not let tipfacts post there"),
    Trouble.THREAD_GONE: marked("the thread is gone"),
    Trouble.HIDDEN: marked("tipfacts does not see the channel"),
    Trouble.NO_PERMISSION: marked("tipfacts may not post in the channel"),
    Trouble.NOT_FOR_TEXT: marked("nobody can post in a channel of that kind"),
    Trouble.LOCKED: marked("the thread is locked"),
    Trouble.CHANNEL_GONE: marked("the channel was deleted"),
    Trouble.LEFT: marked("tipfacts is not in the server any more"),
    Trouble.NO_DIRECT: marked("direct messages from tipfacts are not taken there"),
    Trouble.FILTERED: marked("a filter of the server’s did not let it pass"),
    Trouble.NOT_PERMITTED: marked("tipfacts lacks a permission that it needs"),
    Trouble.TOKEN: marked("the platform does not take the token of tipfacts"),
}
_REMEDIES: dict[Trouble | None, str] = {  # where the platform makes no difference
    Trouble.ARCHIVED: marked("Unarchive the channel, and invite me again where I am no member then."),
    Trouble.UNINSTALLED: marked("Whoever runs tipfacts has to install it in the workspace again."),
    Trouble.FORBIDDEN: marked("An admin of the workspace has to let me post there."),
    Trouble.THREAD_GONE: marked("Use the channel itself, or another thread."),
    Trouble.LOCKED: marked("Use the channel itself, or another thread."),
    Trouble.NOT_FOR_TEXT: marked("Use a text channel."),
    Trouble.CHANNEL_GONE: marked("Subscribe in another channel."),
    Trouble.LEFT: marked("Whoever manages the server has to add me to it again."),
    Trouble.NO_DIRECT: marked("Among your privacy settings, let members of a server that I am in write to you."),
    Trouble.FILTERED: marked("Whoever manages the server finds the filter in its settings, under AutoMod."),
    Trouble.NOT_PERMITTED: marked("Tell whoever runs tipfacts: only they can give it back."),
    Trouble.TOKEN: marked("Tell whoever runs tipfacts: only they can give it another one."),
}


_HIDE = (
    Trouble.NOT_PERMITTED,
    Trouble.NO_PERMISSION,
    Trouble.HIDDEN,
    Trouble.CHANNEL_GONE,
    Trouble.LEFT,
    Trouble.NOT_MEMBER,
    Trouble.ARCHIVED,
    Trouble.THREAD_GONE,
    Trouble.FORBIDDEN,
)
_OURS = (Trouble.UNINSTALLED, Trouble.NOT_PERMITTED, Trouble.TOKEN)


def trouble(reason: str | None) -> Trouble | None:
    """Return what a platform's error code means, None where it is not known."""
    if reason and reason.startswith(_RESTRICTED):
        return Trouble.FORBIDDEN
    return _CODES.get(reason or "")


def may_not_look(reason: str | None) -> bool:
    """Whether it is why nobody can look in a channel for a message, now or later."""
    return reason in _UNSEEN or trouble(reason) in _HIDE


def is_ours(reason: str | None) -> bool:
    """Whether it is the app's own trouble, in every channel: it passes once whoever runs tipfacts has mended it."""
    return trouble(reason) in _OURS


def is_deleted(reason: str | None) -> bool:
    """Whether it is that the channel is no more, so that nobody can type or look there."""
    return trouble(reason) is Trouble.CHANNEL_GONE


def reason_text(reason: str | None, words: Wording) -> str:
    """Return why, as part of a sentence: “the channel is archived”."""
    found = trouble(reason)
    if found:
        return words.say(_WHY[found])
    return hitch_text(reason, words) if reason else words.say("no reason was kept")


def remedy(reason: str | None, platform: Platform, words: Wording) -> str:
    """Return in a sentence what lets tipfacts post in the channel."""
    known = _REMEDIES.get(trouble(reason))
    if known:
        return words.say(known)
    if platform is Platform.SLACK:
        return words.say("Invite me to the channel: type “{command}” there.", command="/invite @tipfacts")
    if platform is Platform.DISCORD:
        return words.say(
            "In the channel’s settings, under Permissions, let me view it, send messages in it and embed links."
        )
    return words.say("See that I can read and post in the channel.")


def place(address: Address, words: Wording) -> str:
    """Return what an address is called: #C1, or the direct messages it is read in."""
    if address.user:
        return words.say("direct messages")
    return address.channel if address.platform is Platform.CONSOLE else f"#{address.channel}"


def typed(line: str, platform: Platform) -> str:
    """Return a line as it is typed on a platform."""
    return SPELLINGS[platform].of(line)


def lost_choices(delivery_id: int, words: Wording) -> Choices:
    """Return what whoever has looked for a digest may press: it is not there, or it is."""
    return Choices(
        (
            Choice(words.say("Send it again"), f"digest resend D{delivery_id}"),
            Choice(words.say("It is there"), f"digest arrived D{delivery_id}"),
        )
    )
