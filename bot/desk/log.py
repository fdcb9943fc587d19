"""The editors' log: who did what, when, to what."""

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from bot.commands.call import Call
from bot.commands.people import heard_name, may_hear_of
from bot.domain.people import CONSOLE, Address, Platform
from bot.domain.text import LocalText
from bot.messages.document import Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message
from bot.messages.names import channel, person
from bot.ports import AuditEntry

SHOWN = 15
_LOOKED_THROUGH = 5_000  # entries, for those that may be shown
_STEP = 8
_NAMED = 3  # of many entries of one load


def log(call: Call) -> Message:
    """List the newest entries of the log, or those about one fact or statement. What was done to the subscriptions and
    people of another workspace or guild is left out, and what one file brought is one row.
    """
    say = call.wording.say
    rows = [_row(call, group) for group in _entries(call)]
    if not rows:
        return call.message(Kind.HELP, Paragraph(say("The log holds nothing on that.")))
    header = (say("When (UTC)"), say("Who"), say("What"), say("Which"), say("Revision"))
    return call.message(Kind.HELP, Heading(say("Log")), Table(header, tuple(rows)))


def _entries(call: Call) -> list[list[AuditEntry]]:
    """Return the newest entries that may be shown, those that make one row together."""
    target = call.rest.upper() or None
    limit = SHOWN
    while True:
        entries = call.library.log(limit, target)
        shown = [list(group) for _, group in groupby((e for e in entries if _may_hear_of(call, e)), _together)]
        # The last row may have more entries behind it, so there is one more than are shown.
        if len(shown) > SHOWN or len(entries) < limit or limit >= _LOOKED_THROUGH:
            return shown[:SHOWN]
        limit *= _STEP


def _may_hear_of(call: Call, entry: AuditEntry) -> bool:
    if entry.revision is not None:
        return True
    return may_hear_of(call, entry.target) and (":" in entry.target or may_hear_of(call, entry.actor))


def _together(entry: AuditEntry) -> object:
    """Return what entries have in common that make one row: all of one action that one load of a file took."""
    is_load = entry.actor != CONSOLE and ":" not in entry.actor and entry.revision is not None
    return (entry.actor, entry.action, entry.revision) if is_load else entry.id


def _row(call: Call, entries: Sequence[AuditEntry]) -> tuple[str, ...]:
    entry, words = entries[0], call.wording
    which = [_which(call, each) for each in entries[:_NAMED]]
    target = which[0] if len(entries) == 1 else words.join(which)
    if len(entries) > _NAMED:
        target = words.say_many(
            "{entries} and {count} more", "{entries} and {count} more", len(entries) - _NAMED, entries=target
        )
    who = heard_name(call, entry.actor) if entry.revision is None else entry.actor
    revision = "-" if entry.revision is None else str(entry.revision)
    return (f"{entry.at:%Y-%m-%d %H:%M}Z", person(who, call.request.actor), _what(call, entry), target, revision)


def _what(call: Call, entry: AuditEntry) -> str:
    """Return the action, with the reason that was given for it."""
    before, after = _state(entry.before), _state(entry.after)
    reason = after.get("reason")
    if not isinstance(reason, str) or not before or before.get("reason") == reason:
        return entry.action
    return call.wording.say("{action}: {reason}", action=entry.action, reason=reason)


def _which(call: Call, entry: AuditEntry) -> str:
    """Return what an entry is about: by its name where it has one that says more than its key."""
    state, locale = _state(entry.after or entry.before), call.wording.locale
    if "address" in state:
        return channel(entry.target, _address(**state["address"]))
    if "role" in state:
        return person(entry.target, call.request.actor)
    if "title" in state:
        return call.wording.say("“{title}”", title=state["title"])
    if "rejecting" in state:
        return call.wording.say("a dispute")
    if "name" in state:
        return LocalText(state["name"].get("en"), state["name"].get("zh-Hant")).show(locale)
    return entry.target


def _address(*, platform: str, space: str, channel: str, thread: str | None = None, user: str | None = None) -> Address:
    return Address(Platform(platform), space, channel, thread, user)


def _state(text: str | None) -> dict[str, Any]:
    state = json.loads(text) if text else None
    return state if isinstance(state, dict) else {}
