"""What is said of a subscription: what comes, where, when, and on which topics."""

from collections.abc import Iterable

from bot.commands.call import Call
from bot.digests.reasons import place, reason_text
from bot.domain.digests import Rhythm, Subscription, SubscriptionState
from bot.messages.names import channel


def confirmation(call: Call, subscription: Subscription) -> str:
    """Return what comes of a subscription now: which digests, where, and when."""
    say, schedule = call.wording.say, subscription.schedule
    parts = {
        "what": _what(call, subscription),
        "schedule": call.wording.schedule(schedule),
        "next": call.wording.first_run(schedule, subscription.next_due),
    }
    is_dm = subscription.address.user is not None
    if schedule.rhythm is Rhythm.IMMEDIATELY:
        at_once = say("{what} come here, to your direct messages, as soon as something is new.", what=parts["what"])
        return at_once if is_dm else say("{what} come to this channel as soon as something is new.", what=parts["what"])
    if is_dm:
        return say("{what} come here, to your direct messages, {schedule} (next: {next}).", **parts)
    return say("{what} come to this channel {schedule} (next: {next}).", **parts)


def _what(call: Call, subscription: Subscription) -> str:
    say, topics = call.wording.say, _labels(call, subscription.topics)
    excluded = _labels(call, subscription.excluded)
    if topics and excluded:
        return say("Digests on {topics}, but not on {excluded},", topics=topics, excluded=excluded)
    if topics:
        return say("Digests on {topics}", topics=topics)
    if excluded:
        return say("Digests on all topics but {excluded}", excluded=excluded)
    return say("Digests on all topics")


def subscription_row(call: Call, subscription: Subscription) -> tuple[str, ...]:
    """Return where a subscription stands, its topics and schedule, and when it runs next or why it does not."""
    words = call.wording
    paused = subscription.state is SubscriptionState.PAUSED
    return (
        channel(place(subscription.address, words), subscription.address),
        topics_text(call, subscription),
        words.schedule(subscription.schedule),
        words.say("paused: {reason}", reason=reason_text(subscription.note, words))
        if paused
        else words.next_run(subscription.schedule, subscription.next_due),
    )


def topics_text(call: Call, subscription: Subscription) -> str:
    """Return what a subscription follows: its topics or all, and which not."""
    say, excluded = call.wording.say, _labels(call, subscription.excluded)
    topics = _labels(call, subscription.topics)
    if topics and excluded:
        return say("{topics}, but not {excluded}", topics=topics, excluded=excluded)
    return say("all but {excluded}", excluded=excluded) if excluded else topics or say("all")


def _labels(call: Call, keys: Iterable[str]) -> str:
    topics = (call.vocabulary.topics.get(key) for key in keys)
    return call.wording.join(topic.label.show(call.wording.locale) for topic in topics if topic)
