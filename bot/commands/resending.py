"""Deciding about a digest of which nobody knows whether it stands in its channel: it is sent again, or it is there."""

import re
from dataclasses import replace

from bot.commands.call import Call, Do, Outcome
from bot.digests.why import delivery_text, lost_of
from bot.domain.changes import Applied, SendAgain, TakeAsPosted
from bot.domain.digests import Delivery, DeliveryState, Subscription, SubscriptionState
from bot.domain.people import Actor, Role
from bot.messages.document import Paragraph
from bot.messages.exchange import Kind, Message

_NUMBER = re.compile(r"[dD](\d{1,18})")


def send_again(call: Call, held: Subscription | None) -> Outcome:
    """Owe the delivery again that is named (D12) or, of this channel's subscription, the newest that may be lost."""
    delivery = _in_doubt(call, held)
    if not isinstance(delivery, Delivery):
        return delivery
    if delivery.subscription.state is not SubscriptionState.ACTIVE:
        return call.error(call.wording.say("That channel gets no digests now: subscribe it first."))

    def done(_: Applied) -> Message:
        text = call.wording.say("The digest of {time} is sent again within a minute.", time=_time(call, delivery))
        return call.message(Kind.DONE, Paragraph(text))

    return Do(SendAgain(delivery.id), done)


def take_as_posted(call: Call, held: Subscription | None) -> Outcome:
    """End the same delivery as posted: somebody has seen it."""
    delivery = _in_doubt(call, held)
    if not isinstance(delivery, Delivery):
        return delivery

    def done(_: Applied) -> Message:
        text = call.wording.say(
            "Noted: the digest of {time} is there. It is not sent again.", time=_time(call, delivery)
        )
        return call.message(Kind.DONE, Paragraph(text))

    return Do(TakeAsPosted(delivery.id), done)


def is_business_of(call: Call, subscription: Subscription) -> bool:
    """Whether the asker owns the subscription, manages its channel, or is an editor where it is."""
    actor, where = call.request.actor, subscription.address
    here = replace(call.request.address, thread=None) == where
    is_editor = call.role.covers(Role.EDITOR) and (where.platform, where.space) == (actor.platform, actor.space)
    return _owns(actor, subscription) or (here and actor.may_manage_channel) or (is_editor and not actor.is_nowhere)


def _in_doubt(call: Call, held: Subscription | None) -> Delivery | Message:
    """Return the delivery that is meant, or what there is to say where none is in doubt. One that is not the asker's
    business is told like one that there is not.
    """
    say = call.wording.say
    named = _NUMBER.search(call.rest)
    if named:
        delivery = call.library.delivery(int(named[1]))
        if delivery is None or not is_business_of(call, delivery.subscription):
            return call.error(say("There is no digest {number} of yours.", number=named[0].upper()))
    else:
        delivery = lost_of(held, call.library) if held and is_business_of(call, held) else None
        if delivery is None:
            return call.error(say("No digest of yours that was to come here may be lost."))
    if delivery.state is not DeliveryState.UNKNOWN:
        outcome = delivery_text(delivery, call.wording)
        return call.error(
            say(
                "Nothing is to be decided about the digest of {time}: {outcome}",
                time=_time(call, delivery),
                outcome=outcome,
            )
        )
    return delivery


def _time(call: Call, delivery: Delivery) -> str:
    return call.wording.moment(delivery.slot, delivery.subscription.schedule.zone)


def _owns(actor: Actor, subscription: Subscription) -> bool:
    """Whether somebody owns a subscription; who writes where no workspace or guild is has the same id in each."""
    if actor.name == subscription.owner:
        return True
    platform, _, rest = subscription.owner.partition(":")
    return actor.is_nowhere and platform == actor.platform and rest.rpartition("/")[2] == actor.user
