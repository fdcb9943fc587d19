"""How much is held, and how tipfacts is doing."""

from collections.abc import Iterable

from bot.commands.about import held_counts
from bot.commands.call import Call
from bot.commands.channel import subscriptions_seen
from bot.commands.people import own_entries
from bot.domain.digests import SubscriptionState
from bot.domain.people import Role
from bot.messages.document import Entries, Entry, Heading
from bot.messages.exchange import Kind, Message


def status(call: Call) -> Message:
    """Say how much is held and since when, who asks, and what of it all is at a standstill."""
    say = call.wording.say
    entries = [Entry(say("Held"), held_counts(call)), Entry(say("Revision"), _revision(call)), *own_entries(call)]
    entries += [*_said(call), *_subscriptions(call), Entry(say("Digests"), _promise(call))]
    if call.role.covers(Role.ADMIN):
        down = sorted(call.troubles.items())
        entries += [Entry(name, say("It stopped and is started again: {reason}", reason=why)) for name, why in down]
    return call.message(Kind.HELP, Heading(say("Status")), Entries(tuple(entries)))


def _revision(call: Call) -> str:
    return call.wording.number(call.library.revision())


def _promise(call: Call) -> str:
    """Return what holds of a digest whose posting nobody confirms."""
    if call.sends_again:
        return call.wording.say(
            "Each is posted once. One that nobody confirms is looked for; where I may not look it is posted again, and "
            "may then stand there twice."
        )
    return call.wording.say(
        "Each is posted once. One that nobody confirms is looked for; where I may not look it is not posted again, and "
        "its owner is told."
    )


def _said(call: Call) -> Iterable[Entry]:
    words, counts = call.wording, call.library.counts()
    if counts.first_said and counts.last_said:
        first, last = words.date(counts.first_said), words.date(counts.last_said)
        said = first if first == last else words.say("{start} to {end}", start=first, end=last)
        yield Entry(words.say("Said"), said)


def _subscriptions(call: Call) -> Iterable[Entry]:
    """Yield how many subscriptions an editor may see, and to anybody how many of those that they may see are paused,
    and of how many others the last digest failed or may be lost.
    """
    words, seen = call.wording, subscriptions_seen(call)
    served = [each.id for each in seen if each.state is SubscriptionState.ACTIVE]
    paused, troubled = len(seen) - len(served), len(call.library.troubled(served))
    if call.role.covers(Role.EDITOR):
        yield Entry(words.say("Subscriptions here"), words.number(len(seen)))
    if paused:
        parts = {"count": words.number(paused), "line": call.typed("subscriptions")}
        yield Entry(words.say("Paused subscriptions"), words.say("{count}; “{line}” says why", **parts))
    if troubled:
        parts = {"count": words.number(troubled), "line": call.typed("digest why")}
        yield Entry(
            words.say("Last digest failed or may be lost"),
            words.say("{count}; “{line}” in the channel says why", **parts),
        )
