"""Telling a channel the truth about its digests: what came of the last one, and what comes next."""

from bot.domain.digests import Delivery, DeliveryState, Subscription, SubscriptionState
from bot.ports import Library
from bot.wording.wording import Wording

WITHDRAWN = "withdrawn"


def why_text(subscription: Subscription, library: Library, words: Wording) -> list[str]:
    """Return in sentences: the last run and its outcome, the next run, and what waits to be told."""
    zone = subscription.schedule.zone
    lines = [_last(subscription, library, words)]
    if subscription.state is SubscriptionState.PAUSED:
        reason = subscription.note or words.say("no reason was kept")
        lines.append(words.say("The subscription is paused: {reason}.", reason=reason))
    else:
        lines.append(words.say("Next run: {time}.", time=words.moment(subscription.next_due, zone)))
    waiting = library.digest(subscription.cursor, library.revision(), subscription.topics)
    count = len(waiting.statements) + len(waiting.changes)
    lines.append(
        words.say_many("{count} item is waiting for it.", "{count} items are waiting for it.", count)
        if count
        else words.say("Nothing new is waiting for it.")
    )
    return lines


def _last(subscription: Subscription, library: Library, words: Wording) -> str:
    zone = subscription.schedule.zone
    if subscription.last_due is None:
        return words.say("No run was due yet.")
    last = next(iter(library.deliveries(subscription.id, 1)), None)
    when = words.moment(subscription.last_due, zone)
    if last is None or last.slot != subscription.last_due:
        return words.say("Last run: {time}. Nothing was new, so nothing was posted.", time=when)
    return words.say("Last run: {time}. {outcome}", time=when, outcome=delivery_text(last, words))


def delivery_text(delivery: Delivery, words: Wording) -> str:
    """Return in a sentence where a delivery stands."""
    zone = delivery.subscription.schedule.zone
    reason = delivery.reason or words.say("no reason was kept")
    match delivery.state:
        case DeliveryState.OWED | DeliveryState.CLAIMED:
            return words.say("It is owed and about to be posted.")
        case DeliveryState.SENT:
            at = delivery.settled_at or delivery.slot
            return words.say("It was posted at {time}.", time=words.moment(at, zone))
        case DeliveryState.EMPTY:
            if delivery.reason == WITHDRAWN:
                return words.say("What was new was withdrawn before sending, so nothing was posted.")
            return words.say("Nothing new on this channel’s topics, so nothing was posted.")
        case DeliveryState.WAITING:
            at = delivery.not_before or delivery.slot
            return words.say(
                "It waits ({reason}) and is tried again at {time}.", reason=reason, time=words.moment(at, zone)
            )
        case DeliveryState.UNSURE:
            return words.say(
                "It may or may not have been posted ({reason}); it is looked for before it is sent again.",
                reason=reason,
            )
        case DeliveryState.PAUSED:
            return words.say("It is kept until the subscription is resumed ({reason}).", reason=reason)
        case DeliveryState.FAILED:
            return words.say("It failed for good: {reason}.", reason=reason)
