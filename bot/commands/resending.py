"""Sending a digest again of which nobody knows whether it stands in its channel."""

import re
from dataclasses import replace

from bot.commands.call import Call, Do, Outcome
from bot.digests.why import LOOKED_BACK, delivery_text
from bot.domain.changes import Applied, SendAgain
from bot.domain.digests import Delivery, DeliveryState, Subscription, SubscriptionState
from bot.domain.people import Actor, Role
from bot.messages.document import Paragraph
from bot.messages.exchange import Kind, Message

_NUMBER = re.compile(r"[dD](\d{1,18})")


def send_again(call: Call, held: Subscription | None) -> Outcome:
    """Owe the delivery again that is named (D12) or, of this channel's subscription, the newest that may be lost. A
    delivery that is not the asker's business is told like one that there is not.
    """
    say = call.wording.say
    named = _NUMBER.search(call.rest)
    delivery = call.library.delivery(int(named[1])) if named else _lost(call, held)
    if delivery is None or not _may_send(call, delivery.subscription):
        return call.error(say("No digest of yours may be lost, so none is sent again."))
    if delivery.state is not DeliveryState.UNKNOWN:
        when = call.wording.moment(delivery.slot, delivery.subscription.schedule.zone)
        outcome = delivery_text(delivery, call.wording)
        return call.error(say("The digest of {time} is not sent again: {outcome}", time=when, outcome=outcome))
    if delivery.subscription.state is not SubscriptionState.ACTIVE:
        return call.error(say("That channel gets no digests now: subscribe it first."))

    def done(_: Applied) -> Message:
        when = call.wording.moment(delivery.slot, delivery.subscription.schedule.zone)
        return call.message(Kind.DONE, Paragraph(say("The digest of {time} is sent again within a minute.", time=when)))

    return Do(SendAgain(delivery.id), done)


def _lost(call: Call, held: Subscription | None) -> Delivery | None:
    recent = call.library.deliveries(held.id, LOOKED_BACK) if held else ()
    return next((each for each in recent if each.state is DeliveryState.UNKNOWN), None)


def _may_send(call: Call, subscription: Subscription) -> bool:
    """Whether the asker owns the subscription, manages its channel, or is an editor where it is."""
    actor, where = call.request.actor, subscription.address
    here = replace(call.request.address, thread=None) == where
    is_editor = call.role.covers(Role.EDITOR) and (where.platform, where.space) == (actor.platform, actor.space)
    return _owns(actor, subscription) or (here and actor.may_manage_channel) or (is_editor and not actor.is_nowhere)


def _owns(actor: Actor, subscription: Subscription) -> bool:
    """Whether somebody owns a subscription; who writes where no workspace or guild is has the same id in each."""
    if actor.name == subscription.owner:
        return True
    platform, _, rest = subscription.owner.partition(":")
    return actor.is_nowhere and platform == actor.platform and rest.rpartition("/")[2] == actor.user
