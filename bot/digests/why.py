"""Telling a channel the truth about its digests: what came of the last one, and what comes next."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.digests.covered import covered_by, covered_text
from bot.digests.reasons import may_not_look, reason_text, typed
from bot.digests.schedule import holiday_on, slots_between
from bot.digests.wishes import as_typed, wish_of
from bot.domain.digests import MERGED, SEEN, Delivery, DeliveryState, Digest, Subscription, SubscriptionState
from bot.ports import Library
from bot.wording.wording import Wording

WITHDRAWN = "withdrawn"

LOOKED_BACK = 10
_MOST_OPEN = 100  # far more than a subscription has at a time
_KEPT = (DeliveryState.OWED, DeliveryState.CLAIMED, DeliveryState.WAITING, DeliveryState.PAUSED)
_OPEN = (*_KEPT, DeliveryState.UNSURE)
_VERBS = ("resend", "arrived")
_LATE = timedelta(minutes=5)  # longer than a tick of ten thousand takes


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a channel is still to hear, as the library stands now, and the oldest delivery that was to say some of it
    and has not been posted.
    """

    digest: Digest
    kept: Delivery | None


def waiting_for(subscription: Subscription, library: Library) -> Waiting:
    """Return what a subscription is still to hear: what it is owed already, and what came since."""
    kept = library.deliveries_in(subscription.id, _KEPT, _MOST_OPEN)
    after = min(subscription.cursor, *(each.from_revision for each in kept)) if kept else subscription.cursor
    digest = library.digest(after, library.revision(), subscription.topics, subscription.id, subscription.excluded)
    return Waiting(digest, kept[-1] if kept else None)


def lost_of(subscription: Subscription, library: Library) -> Delivery | None:
    """Return the newest delivery of which nobody knows whether it was posted, however old it is."""
    return next(iter(library.deliveries_in(subscription.id, (DeliveryState.UNKNOWN,), 1)), None)


def why_text(
    subscription: Subscription, library: Library, words: Wording, now: datetime, *, here: bool = True
) -> list[str]:
    """Return in sentences: the last run and its outcome, what is unfinished, that none comes today for a holiday, the
    next run, and what waits. It is read in the channel itself, or (not `here`) elsewhere.
    """
    lines = [*_last(subscription, library, words, now)]
    lines += [
        line for delivery, line in unfinished(subscription, library, words) if delivery.slot != subscription.last_due
    ]
    if subscription.state is SubscriptionState.PAUSED:
        lines.append(_paused(subscription, words, here=here))
    else:
        lines += _next(subscription, words, now)
    lines.append(_waiting(waiting_for(subscription, library), words))
    return lines


def _paused(subscription: Subscription, words: Wording, *, here: bool) -> str:
    parts = {
        "reason": reason_text(subscription.note, words),
        "line": typed(f"subscribe {as_typed(wish_of(subscription))}", subscription.address.platform),
    }
    if here:
        return words.say("The subscription is paused: {reason}. Type “{line}” to take it up again.", **parts)
    return words.say("The subscription is paused: {reason}. Type “{line}” there to take it up again.", **parts)


def _next(subscription: Subscription, words: Wording, now: datetime) -> Iterator[str]:
    schedule, due = subscription.schedule, subscription.next_due
    holiday = holiday_on(schedule, now, words.locale)
    if holiday:
        parts = {"calendar": schedule.holidays, "holiday": holiday}
        yield words.say("Today is a public holiday ({calendar}: {holiday}), and no digest comes on those.", **parts)
    if now - due <= _LATE:
        yield words.say("Next run: {time}.", time=words.next_run(schedule, due))
        return
    time = words.moment(due, schedule.zone)
    yield words.say(
        "A run was due at {time}, but no process of tipfacts has looked since: whoever runs it starts “{line}”.",
        time=time,
        line="python -m bot run",
    )
    missed = 1 + slots_between(schedule, due, now)
    if missed > 1:
        yield words.say_many(
            "{count} run was due since then; one digest will cover it.",
            "{count} runs were due since then; one digest will cover them.",
            missed,
        )


def _waiting(waiting: Waiting, words: Wording) -> str:
    if waiting.kept:
        return _kept(waiting, waiting.kept, words)
    count = size(waiting.digest)
    if waiting.digest.left_out:
        return words.say("More than {count} facts are waiting for it.", count=words.number(count))
    if count:
        return words.say_many("{count} fact is waiting for it.", "{count} facts are waiting for it.", count)
    return words.say("Nothing new is waiting for it.")


def _kept(waiting: Waiting, kept: Delivery, words: Wording) -> str:
    time, count = _run(kept, words), size(waiting.digest)
    if waiting.digest.left_out:
        return words.say(
            "More than {count} facts are waiting since the run of {time}.", count=words.number(count), time=time
        )
    if not count:
        return nothing_left(kept, words)
    return words.say_many(
        "{count} fact is waiting since the run of {time}.",
        "{count} facts are waiting since the run of {time}.",
        count,
        time=time,
    )


def nothing_left(kept: Delivery, words: Wording) -> str:
    """Return in a sentence that a delivery which is kept will say nothing."""
    return words.say("Nothing is left to say of what waited since the run of {time}.", time=_run(kept, words))


def size(digest: Digest) -> int:
    """Return how many facts a digest has something to tell of."""
    return sum(len(new.facts) for new in digest.statements) + len(digest.changes)


def unfinished(subscription: Subscription, library: Library, words: Wording) -> list[tuple[Delivery, str]]:
    """Return the deliveries that did not end well lately, or have not ended, the newest first, each with a sentence."""
    states = (*_OPEN, DeliveryState.UNKNOWN)
    found = list(library.deliveries_in(subscription.id, states, LOOKED_BACK))
    recent = library.deliveries(subscription.id, LOOKED_BACK)
    found += [each for each in recent if each.state is DeliveryState.FAILED]
    found.sort(key=lambda each: each.slot, reverse=True)
    outcomes = [_outcome(each, found, words) for each in found]
    return [
        (each, words.say("Run of {time}: {outcome}", time=_run(each, words), outcome=outcome))
        for each, outcome in zip(found, outcomes, strict=True)
    ]


def _outcome(delivery: Delivery, others: Iterable[Delivery], words: Wording) -> str:
    """Return where a delivery stands; a channel reads its digests in order, so that one may keep others back."""
    unsure = any(each.state is DeliveryState.UNSURE and each.slot < delivery.slot for each in others)
    if unsure and delivery.state in (DeliveryState.OWED, DeliveryState.WAITING):
        return words.say("It waits until it is known what became of the run before it.")
    return delivery_text(delivery, words)


def _run(delivery: Delivery, words: Wording) -> str:
    return words.moment(delivery.slot, delivery.subscription.schedule.zone)


def _last(subscription: Subscription, library: Library, words: Wording, now: datetime) -> Iterator[str]:
    if subscription.last_due is None:
        if now - subscription.next_due <= _LATE:
            yield words.say("No run was due yet.")
        return
    when = words.moment(subscription.last_due, subscription.schedule.zone)
    recent = library.deliveries(subscription.id, LOOKED_BACK)
    last = next((delivery for delivery in recent if delivery.slot == subscription.last_due), None)
    if last is None:
        yield words.say("Last run: {time}. Nothing was new, so nothing was posted.", time=when)
        return
    unsure = library.deliveries_in(subscription.id, (DeliveryState.UNSURE,), LOOKED_BACK)
    yield words.say("Last run: {time}. {outcome}", time=when, outcome=_outcome(last, unsure, words))
    covered = covered_by(last, library, now)
    if covered.runs > 1:
        yield covered_text(covered, subscription.schedule.zone, words)


def delivery_text(delivery: Delivery, words: Wording) -> str:
    """Return in a sentence where a delivery stands."""
    zone = delivery.subscription.schedule.zone
    reason = reason_text(delivery.reason, words)
    match delivery.state:
        case DeliveryState.OWED | DeliveryState.CLAIMED:
            return words.say("It is owed and about to be posted.")
        case DeliveryState.SENT:
            return _sent_text(delivery, words)
        case DeliveryState.EMPTY:
            return _empty_text(delivery, words)
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


def _sent_text(delivery: Delivery, words: Wording) -> str:
    if delivery.reason == SEEN:
        return words.say("It was posted: somebody looked for it, and found it.")
    at = delivery.settled_at or delivery.slot
    return words.say("It was posted at {time}.", time=words.moment(at, delivery.subscription.schedule.zone))


def _empty_text(delivery: Delivery, words: Wording) -> str:
    if delivery.reason == WITHDRAWN:
        return words.say("What was new was withdrawn before sending, so nothing was posted.")
    if delivery.reason == MERGED:
        return words.say("It could not be posted in time, and went into the next digest.")
    return words.say("Nothing new on this channel’s topics, so nothing was posted.")


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
    lines = {verb: typed(f"digest {verb} D{delivery.id}", delivery.subscription.address.platform) for verb in _VERBS}
    told = words.say(
        "If it does not stand in the channel, “{resend}” sends it again; if it does, “{arrived}” says so.", **lines
    )
    return f"{text} {told}"
