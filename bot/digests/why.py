"""Telling a channel the truth about its digests: what came of the last one, and what comes next."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.digests.reasons import may_not_look, reason_text, typed
from bot.digests.schedule import holiday_on
from bot.domain.digests import MERGED, Delivery, DeliveryState, Subscription, SubscriptionState
from bot.ports import Library
from bot.wording.wording import Wording

WITHDRAWN = "withdrawn"

UNFINISHED = tuple(set(DeliveryState) - {DeliveryState.SENT, DeliveryState.EMPTY})
LOOKED_BACK = 10


def why_text(subscription: Subscription, library: Library, words: Wording, now: datetime) -> list[str]:
    """Return in sentences: the last run and its outcome, what is unfinished, that none comes today for a holiday, the
    next run, and what waits.
    """
    recent = library.deliveries(subscription.id, LOOKED_BACK)
    lines = [_last(subscription, recent, words), *unfinished_text(subscription, recent, words)]
    if subscription.state is SubscriptionState.PAUSED:
        reason = reason_text(subscription.note, words)
        line = typed("subscribe", subscription.address.platform)
        paused = words.say(
            "The subscription is paused: {reason}. Type “{line}” to take it up again.", reason=reason, line=line
        )
        lines.append(paused)
    else:
        lines += _next(subscription, words, now)
    waiting = library.digest(
        subscription.cursor, library.revision(), subscription.topics, subscription.id, subscription.excluded
    )
    count = sum(len(new.facts) for new in waiting.statements) + len(waiting.changes)
    lines.append(_waiting(count, words, more=bool(waiting.left_out)))
    return lines


def _next(subscription: Subscription, words: Wording, now: datetime) -> Iterator[str]:
    schedule = subscription.schedule
    holiday = holiday_on(schedule, now, words.locale)
    if holiday:
        parts = {"calendar": schedule.holidays, "holiday": holiday}
        yield words.say("Today is a public holiday ({calendar}: {holiday}), and no digest comes on those.", **parts)
    yield words.say("Next run: {time}.", time=words.next_run(schedule, subscription.next_due))


def _waiting(count: int, words: Wording, *, more: bool) -> str:
    if more:
        return words.say("More than {count} facts are waiting for it.", count=words.number(count))
    if count:
        return words.say_many("{count} fact is waiting for it.", "{count} facts are waiting for it.", count)
    return words.say("Nothing new is waiting for it.")


def unfinished_text(subscription: Subscription, recent: Iterable[Delivery], words: Wording) -> list[str]:
    """Return in sentences what came of earlier runs that did not end well, or have not ended."""
    return [
        words.say(
            "Run of {time}: {outcome}",
            time=words.moment(delivery.slot, subscription.schedule.zone),
            outcome=delivery_text(delivery, words),
        )
        for delivery in recent
        if delivery.state in UNFINISHED and delivery.slot != subscription.last_due
    ]


def _last(subscription: Subscription, recent: Sequence[Delivery], words: Wording) -> str:
    zone = subscription.schedule.zone
    if subscription.last_due is None:
        return words.say("No run was due yet.")
    when = words.moment(subscription.last_due, zone)
    last = next((delivery for delivery in recent if delivery.slot == subscription.last_due), None)
    if last is None:
        return words.say("Last run: {time}. Nothing was new, so nothing was posted.", time=when)
    return words.say("Last run: {time}. {outcome}", time=when, outcome=delivery_text(last, words))


def delivery_text(delivery: Delivery, words: Wording) -> str:
    """Return in a sentence where a delivery stands."""
    zone = delivery.subscription.schedule.zone
    reason = reason_text(delivery.reason, words)
    match delivery.state:
        case DeliveryState.OWED | DeliveryState.CLAIMED:
            return words.say("It is owed and about to be posted.")
        case DeliveryState.SENT:
            at = delivery.settled_at or delivery.slot
            return words.say("It was posted at {time}.", time=words.moment(at, zone))
        case DeliveryState.EMPTY:
            if delivery.reason == WITHDRAWN:
                return words.say("What was new was withdrawn before sending, so nothing was posted.")
            if delivery.reason == MERGED:
                return words.say("It could not be posted in time, and went into the next digest.")
            return words.say("Nothing new on this channel’s topics, so nothing was posted.")
        case DeliveryState.WAITING:
            at = delivery.not_before or delivery.slot
            return words.say(
                "It waits ({reason}) and is tried again at {time}.", reason=reason, time=words.moment(at, zone)
            )
        case DeliveryState.UNSURE | DeliveryState.UNKNOWN:
            return _unsure_text(delivery, reason, words)
        case DeliveryState.PAUSED:
            return words.say("It is kept until the subscription is resumed ({reason}).", reason=reason)
        case DeliveryState.FAILED:
            return words.say("It failed for good: {reason}.", reason=reason)


def _unsure_text(delivery: Delivery, reason: str, words: Wording) -> str:
    """Return what is said of a digest that may have been posted. Nobody is promised a look that is not permitted."""
    is_over = delivery.state is DeliveryState.UNKNOWN
    if may_not_look(delivery.reason):
        text = words.say("It may or may not have been posted, and I may not look: {reason}.", reason=reason)
    elif is_over:
        text = words.say("It may or may not have been posted, and I could not find out: {reason}.", reason=reason)
    else:
        text = words.say(
            "It may or may not have been posted ({reason}); it is looked for before it is sent again.", reason=reason
        )
    if not is_over:
        return text
    line = typed("digest resend", delivery.subscription.address.platform)
    return text + " " + words.say("If it does not stand here, “{line}” sends it again.", line=line)
