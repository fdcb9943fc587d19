"""The command about the digests themselves: preview the next, ask why none came, test, and decide on lost ones."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.commands.call import Call, Outcome
from bot.commands.channel import held_here, may_change, no_subscription, this_channel
from bot.commands.resending import is_business_of, send_again, take_as_posted
from bot.digests.reasons import lost_choices, place
from bot.digests.why import lost_of, nothing_left, unfinished, waiting_for, why_text
from bot.digests.wording import digest_document
from bot.domain.digests import Delivery, DeliveryState, Subscription
from bot.messages.document import Block, Choice, Document, Entries, Entry, Footnote, Paragraph
from bot.messages.exchange import Audience, Kind, Message
from bot.messages.names import channel

_ON_A_CHANNEL = r"(?:preview|why|預覽|原因)(?:\s+#\S+)?"
_ON_A_DIGEST = r"(?:resend|arrived|重發|已到)(?:\s+[dD]\d{1,18})?"
PATTERN = rf"test|測試|{_ON_A_CHANNEL}|{_ON_A_DIGEST}"  # what may follow `digest`
_CHINESE_VERBS = {"預覽": "preview", "原因": "why", "測試": "test", "重發": "resend", "已到": "arrived"}
_CHANNEL = re.compile(r"#(\S+)")


def digest(call: Call) -> Outcome:
    """Preview the digest, say why none came, post a test if the asker may change the subscription, or decide on one
    that may be lost.
    """
    verb, _, rest = call.rest.partition(" ")
    verb = _CHINESE_VERBS.get(verb, verb.casefold())
    if verb == "resend":
        return send_again(replace(call, rest=rest), held_here(call))
    if verb == "arrived":
        return take_as_posted(replace(call, rest=rest), held_here(call))
    named = _CHANNEL.search(rest)
    held = _named(call, named[1]) if named else held_here(call)
    if held is None:
        return _none_there(call) if named else no_subscription(call)
    match verb:
        case "why":
            return _why(call, held)
        case "test":
            return _test(call, held)
        case _:
            return _preview(call, held)


def _named(call: Call, name: str) -> Subscription | None:
    """Return the subscription of a channel that is named by its id, as platforms hand over channels that are picked:
    this one's, or that of another where it is the asker's business.
    """
    if name == this_channel(call).channel:
        return held_here(call)
    found = call.library.subscriptions_to(call.request.actor.platform, name)
    of_channels = (each for each in found if each.address.user is None and each.address.thread is None)
    return next((each for each in of_channels if is_business_of(call, each)), None)


def _none_there(call: Call) -> Message:
    text = call.wording.say("I know of no subscription of yours there.")
    return call.error(text, Choice(call.wording.say("Subscriptions"), "subscriptions"))


def _where(call: Call, held: Subscription) -> Iterator[Block]:
    """Name the channel, where it is asked about from elsewhere."""
    if not _is_here(call, held):
        name = channel(place(held.address, call.wording), held.address)
        yield Entries((Entry(call.wording.say("Channel"), name),))


def _is_here(call: Call, held: Subscription) -> bool:
    return held.address == this_channel(call)


def _why(call: Call, held: Subscription) -> Message:
    is_here, now = _is_here(call, held), call.request.received_at
    lines = why_text(held, call.library, call.wording, now, here=is_here)
    lost = lost_of(held, call.library)
    blocks = [*_where(call, held), *map(Paragraph, lines), *(_decided(call, lost) if lost else ())]
    return call.message(Kind.HELP, *blocks)


def _decided(call: Call, lost: Delivery) -> Iterator[Block]:
    """Offer to decide on a digest that may be lost, to whoever may."""
    if is_business_of(call, lost.subscription):
        yield lost_choices(lost.id, call.wording)


def _preview(call: Call, held: Subscription) -> Message:
    lost, waiting = lost_of(held, call.library), waiting_for(held, call.library)
    notes = _notes(call, held, lost)
    blocks = [*_where(call, held), *map(Paragraph, notes)]
    if not waiting.digest.is_empty:
        blocks += digest_document(waiting.digest, held.locale, held, footer=_is_here(call, held)).blocks
    elif waiting.kept:
        blocks.append(Paragraph(nothing_left(waiting.kept, call.wording)))
    elif not notes:
        blocks.append(Paragraph(call.wording.say("Nothing new is waiting, so nothing would be posted.")))
    blocks += _lost(call, lost) if lost else ()
    locale = call.wording.locale if waiting.digest.is_empty else held.locale
    return Message(Kind.HELP, Document(locale, tuple(blocks)))


def _notes(call: Call, held: Subscription, lost: Delivery | None) -> list[str]:
    """Return where those deliveries stand that are not done, and the last one where it failed."""
    newest = next(iter(call.library.deliveries(held.id, 1)), None)
    return [
        line
        for delivery, line in unfinished(held, call.library, call.wording)
        if delivery != lost and (delivery.state is not DeliveryState.FAILED or delivery == newest)
    ]


def _lost(call: Call, lost: Delivery) -> Iterable[Block]:
    """Say what a digest was to say of which nobody knows whether it was posted. What it did say may have been other
    words: the library has moved on.
    """
    held, words = lost.subscription, call.wording
    what = call.library.digest(lost.from_revision, lost.to_revision, held.topics, excluded=held.excluded)
    when = words.moment(lost.slot, held.schedule.zone)
    yield Paragraph(
        words.say(
            "The digest of {time} may or may not stand in the channel. This is what it was to say, as the library "
            "stands now:",
            time=when,
        )
    )
    if what.is_empty:
        yield Paragraph(words.say("What was new was withdrawn since."))
    else:
        yield from digest_document(what, held.locale, held, footer=False).blocks
    yield from _decided(call, lost)


def _test(call: Call, held: Subscription) -> Message:
    everything = call.library.digest(0, call.library.revision(), held.topics, excluded=held.excluded)
    if everything.is_empty:
        return call.message(Kind.HELP, Paragraph(call.wording.say("The library holds nothing on these topics yet.")))
    document = digest_document(everything, held.locale, held, test=True, footer=may_change(call, held))
    if may_change(call, held):
        return Message(Kind.HELP, document, Audience.CHANNEL)
    note = Footnote(
        call.wording.say("Only you see this. Whoever may change the subscription can post a test digest here.")
    )
    return Message(Kind.HELP, replace(document, blocks=(note, *document.blocks)))
