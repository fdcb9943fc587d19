"""Commands about a channel's digests: subscribe, stop, list, and ask why nothing came."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.commands.call import Call, Do, Outcome
from bot.commands.describing import confirmation, subscription_row, topics_text
from bot.commands.reading import unknown_topic
from bot.commands.resending import send_again
from bot.commands.wish_form import Wanted, in_and_out, read_wish_form, schedule_refusal, topics_named, wish_form
from bot.digests.schedule import next_due
from bot.digests.typed_parts import ScheduleError
from bot.digests.why import LOOKED_BACK, UNFINISHED, delivery_text, why_text
from bot.digests.wishes import as_typed, read_wish, wish_of
from bot.digests.wording import digest_document
from bot.domain.changes import Applied, SaveSubscription, SetSubscriptionState
from bot.domain.digests import Delivery, DeliveryState, Subscription, SubscriptionState
from bot.domain.people import Address, Platform, Role
from bot.messages.document import Block, Choice, Choices, Document, Entries, Entry, Footnote, Heading, Paragraph, Table
from bot.messages.exchange import Audience, FormErrors, Kind, Message
from bot.messages.names import person
from bot.wording.wording import wording

_CHANNEL = re.compile(r"(?:\b(?:in|to)\s+)?(?<!\S)#\S+")
_CHINESE_VERBS = {"預覽": "preview", "原因": "why", "測試": "test", "重發": "resend"}


def subscribe(call: Call) -> Outcome:
    """Subscribe this channel, or change its subscription; the confirmation is meant for the channel.

    A bare `subscribe` puts a form where one can be put.
    """
    held = _held(call)
    if held and not may_change(call, held):
        return _not_yours(call, held)
    if call.request.form:
        wanted = read_wish_form(call, held)
        return wanted if isinstance(wanted, FormErrors) else _take(call, wanted, held)
    if call.request.can_pop_up and not call.rest:
        return wish_form(call, held)
    if _CHANNEL.search(call.rest):
        return _elsewhere(call)
    try:
        wish = read_wish(call.rest)
    except ScheduleError as error:
        return call.error(schedule_refusal(error, call.wording), Choice(call.wording.say("Help"), "help subscribe"))
    topics, unknown = topics_named(call, wish.topics)
    excluded, unknown_too = topics_named(call, wish.excluded)
    if unknown or unknown_too:
        return unknown_topic(call, (*unknown, *unknown_too)[0])
    wanted = Wanted(topics, wish.schedule, excluded)
    if torn := in_and_out(call, wanted):
        return call.error(torn, Choice(call.wording.say("Help"), "help subscribe"))
    return _take(call, wanted, held)


def _take(call: Call, wanted: Wanted, held: Subscription | None) -> Do:
    subscription = _subscription(call, wanted, held)
    return Do(
        SaveSubscription(subscription, keep_cursor=held is not None),
        lambda _: _subscribed(call, subscription, held),
    )


def unsubscribe(call: Call) -> Outcome:
    """End this channel's subscription."""
    held = _held(call)
    if held is None:
        return _no_subscription(call)
    if not may_change(call, held):
        return _not_yours(call, held)

    def ended(_: Applied) -> Message:
        say = wording(held.locale).say
        is_dm = held.address.user is not None
        text = Paragraph(say("No more digests come here.") if is_dm else say("This channel gets no more digests."))
        back = Choices((Choice(say("Subscribe again"), f"subscribe {as_typed(wish_of(held))}"),))
        return Message(Kind.DONE, Document(held.locale, (text, back)), Audience.CHANNEL)

    return Do(SetSubscriptionState(held.id, SubscriptionState.ENDED), ended)


def subscriptions(call: Call) -> Message:
    """List the subscriptions of this workspace, guild or console that are the asker's business."""
    say = call.wording.say
    held = subscriptions_seen(call)
    if not held:
        return _no_subscription(call)
    rows = tuple((*subscription_row(call, each), person(each.owner, call.request.actor)) for each in held)
    header = (say("Channel"), say("Topics"), say("Schedule"), say("Next run"), say("Owner"))
    blocks: list[Block] = [Heading(say("Subscriptions")), Table(header, rows)]
    if call.request.actor.is_nowhere:
        line = call.typed("subscriptions")
        note = say(
            "Shown is what comes to your direct messages. For a server’s, type “{line}” in that server.", line=line
        )
        blocks.append(Footnote(note))
    elif not call.role.covers(Role.EDITOR):
        blocks.append(Footnote(say("Shown are this channel’s subscription and yours; editors see all.")))
    return call.message(Kind.HELP, *blocks)


def subscriptions_seen(call: Call) -> list[Subscription]:
    """Return the subscriptions of this workspace, guild or console that are the asker's business."""
    here = call.library.subscriptions(call.request.actor.platform, call.request.actor.space)
    return [each for each in here if _may_see(call, each)]


def digest(call: Call) -> Outcome:
    """Preview the digest, say why none came, post a test if the asker may change the subscription, or send one again
    that may be lost.
    """
    held = _held(call)
    verb, _, rest = call.rest.partition(" ")
    verb = _CHINESE_VERBS.get(verb, verb.casefold())
    if verb == "resend":
        return send_again(replace(call, rest=rest), held)
    if held is None:
        return _no_subscription(call)
    match verb:
        case "why":
            lines = why_text(held, call.library, call.wording, call.request.received_at)
            return call.message(Kind.HELP, *(Paragraph(line) for line in lines))
        case "test":
            return _test(call, held)
        case _:
            return _preview(call, held)


def may_change(call: Call, subscription: Subscription) -> bool:
    """Whether the asker may change a subscription: its owner, an editor or admin, or who manages the channel."""
    actor = call.request.actor
    return actor.name == subscription.owner or actor.may_manage_channel or call.role.covers(Role.EDITOR)


def _channel(call: Call) -> Address:
    """Return the channel that the request is about. What is said in a thread of it is about the channel: digests come
    there, and a slash command, which no thread takes, ends what a mention in a thread began.
    """
    return replace(call.request.address, thread=None)


def _held(call: Call) -> Subscription | None:
    return call.library.subscription_at(_channel(call))


def _may_see(call: Call, subscription: Subscription) -> bool:
    """Whether the asker may hear of a subscription: those of other channels, private ones among them, are told to
    owners and editors only. Who manages a channel manages the one the request came from. Direct messages that belong
    to no workspace or guild have nobody else's.
    """
    actor = call.request.actor
    is_editor = call.role.covers(Role.EDITOR) and not actor.is_nowhere
    return actor.name == subscription.owner or subscription.address == _channel(call) or is_editor


def _subscription(call: Call, wanted: Wanted, held: Subscription | None) -> Subscription:
    return Subscription(
        address=_channel(call),
        owner=held.owner if held else call.request.actor.name,
        schedule=wanted.schedule,
        locale=call.wording.locale,
        topics=tuple(topic.key for topic in wanted.topics),
        excluded=tuple(topic.key for topic in wanted.excluded),
        cursor=held.cursor if held else 0,
        next_due=next_due(wanted.schedule, call.request.received_at),
        last_due=held.last_due if held else None,
        id=held.id if held else 0,
    )


def _subscribed(call: Call, subscription: Subscription, before: Subscription | None) -> Message:
    say = call.wording.say
    text = confirmation(call, subscription)
    note = say("Only what is new from now on is posted, and nothing when nothing is new.")
    if before:
        schedule = call.wording.schedule(before.schedule)
        note = say("This replaces: {topics}, {schedule}.", topics=topics_text(call, before), schedule=schedule)
    steps = Choices((Choice(say("Unsubscribe"), "unsubscribe"), Choice(say("Show a test digest"), "digest test")))
    document = Document(call.wording.locale, (Paragraph(text), Footnote(note), steps))
    return Message(Kind.DONE, document, Audience.CHANNEL, unless_posted=None if before else subscription)


def _not_yours(call: Call, held: Subscription) -> Message:
    say = call.wording.say
    if call.request.actor.platform is Platform.SLACK:  # which tells of nobody whether they manage a channel
        text = say("This channel’s subscription belongs to somebody else. Ask them or an editor.")
    else:
        text = say(
            "This channel’s subscription belongs to somebody else. Ask them, an editor, or whoever manages the channel."
        )
    owner = Entry(say("Owner"), person(held.owner, call.request.actor))
    return call.message(Kind.ERROR, Paragraph(text), Entries((owner,)))


def _elsewhere(call: Call) -> Message:
    """Return an error for a channel that was named: a subscription is that of the channel it is typed in."""
    rest = " ".join(_CHANNEL.sub(" ", call.rest).split())
    line = call.typed(f"subscribe {rest}".strip())
    text = call.wording.say(
        "“subscribe” is for the channel it is typed in, and takes no other’s name. Type this in that one: “{line}”.",
        line=line,
    )
    return call.error(text, Choice(call.wording.say("Help"), "help subscribe"))


def _no_subscription(call: Call) -> Message:
    say = call.wording.say
    is_dm = call.request.address.user is not None
    text = Paragraph(say("There is no subscription here.") if is_dm else say("This channel has no subscription."))
    options = Choices((Choice(say("Subscribe"), "subscribe daily at 09:00"),))
    return call.message(Kind.HELP, text, options)


def _preview(call: Call, held: Subscription) -> Message:
    recent = call.library.deliveries(held.id, LOOKED_BACK)
    lost = next((each for each in recent if each.state is DeliveryState.UNKNOWN), None)
    notes = [delivery_text(each, call.wording) for each in recent[:1] if each.state in UNFINISHED and each != lost]
    blocks: list[Block] = [Paragraph(note) for note in notes]
    waiting = call.library.digest(held.cursor, call.library.revision(), held.topics, held.id, held.excluded)
    if not waiting.is_empty:
        blocks += digest_document(waiting, held.locale, held).blocks
    elif not notes:
        blocks.append(Paragraph(call.wording.say("Nothing new is waiting, so nothing would be posted.")))
    blocks += _lost(call, lost) if lost else []
    locale = call.wording.locale if waiting.is_empty else held.locale
    return Message(Kind.HELP, Document(locale, tuple(blocks)))


def _lost(call: Call, lost: Delivery) -> Iterable[Block]:
    """Say what a digest was to say of which nobody knows whether it was posted, as the library stands now."""
    held, words = lost.subscription, call.wording
    what = call.library.digest(lost.from_revision, lost.to_revision, held.topics, excluded=held.excluded)
    when = words.moment(lost.slot, held.schedule.zone)
    yield Paragraph(words.say("The digest of {time} may or may not stand here. This is what it said:", time=when))
    if what.is_empty:
        yield Paragraph(words.say("What was new was withdrawn since."))
    else:
        yield from digest_document(what, held.locale, held, footer=False).blocks


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
