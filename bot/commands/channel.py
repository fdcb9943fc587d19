"""Commands about a channel's digests: subscribe, stop, list, and ask why nothing came."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.commands.call import Call, Do, Outcome
from bot.commands.reading import unknown_topic
from bot.commands.wish_form import Wanted, read_wish_form, schedule_refusal, topics_named, wish_form
from bot.digests.reasons import place, reason_text
from bot.digests.schedule import ScheduleError, Wish, as_typed, next_due, read_wish
from bot.digests.why import LOOKED_BACK, UNFINISHED, delivery_text, why_text
from bot.digests.wording import digest_document
from bot.domain.changes import Applied, SaveSubscription, SetSubscriptionState
from bot.domain.digests import Delivery, DeliveryState, Subscription, SubscriptionState
from bot.domain.facts import Topic
from bot.domain.people import Address, Platform, Role
from bot.messages.document import Block, Choice, Choices, Document, Entries, Entry, Footnote, Heading, Paragraph, Table
from bot.messages.exchange import Audience, FormErrors, Kind, Message
from bot.messages.names import channel, person
from bot.wording.wording import wording

_CHANNEL = re.compile(r"(?:\b(?:in|to)\s+)?(?<!\S)#\S+")
_CHINESE_VERBS = {"預覽": "preview", "原因": "why", "測試": "test"}


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
    return unknown_topic(call, unknown[0]) if unknown else _take(call, Wanted(topics, wish.schedule), held)


def _take(call: Call, wanted: Wanted, held: Subscription | None) -> Do:
    subscription = _subscription(call, wanted, held)
    return Do(
        SaveSubscription(subscription, keep_cursor=held is not None),
        lambda _: _subscribed(call, subscription, wanted.topics, held),
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
        back = Choices((Choice(say("Subscribe again"), f"subscribe {as_typed(Wish(held.topics, held.schedule))}"),))
        return Message(Kind.DONE, Document(held.locale, (text, back)), Audience.CHANNEL)

    return Do(SetSubscriptionState(held.id, SubscriptionState.ENDED), ended)


def subscriptions(call: Call) -> Message:
    """List the subscriptions of this workspace, guild or console that are the asker's business."""
    say = call.wording.say
    here = call.library.subscriptions(call.request.actor.platform, call.request.actor.space)
    held = [each for each in here if _may_see(call, each)]
    if not held:
        return _no_subscription(call)
    rows = tuple((*subscription_row(call, each), person(each.owner, call.request.actor)) for each in held)
    header = (say("Channel"), say("Topics"), say("Schedule"), say("Next run"), say("Owner"))
    blocks: list[Block] = [Heading(say("Subscriptions")), Table(header, rows)]
    if not call.role.covers(Role.EDITOR):
        blocks.append(Footnote(say("Shown are this channel’s subscription and yours; editors see all.")))
    return call.message(Kind.HELP, *blocks)


def digest(call: Call) -> Message:
    """Preview the digest, say why none came, or post a test if the asker may change the subscription."""
    held = _held(call)
    if held is None:
        return _no_subscription(call)
    match _CHINESE_VERBS.get(call.rest, call.rest.casefold()):
        case "why":
            lines = why_text(held, call.library, call.wording)
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
    owners and editors only. Who manages a channel manages the one the request came from.
    """
    is_own = call.request.actor.name == subscription.owner
    return is_own or subscription.address == _channel(call) or call.role.covers(Role.EDITOR)


def _subscription(call: Call, wanted: Wanted, held: Subscription | None) -> Subscription:
    return Subscription(
        address=_channel(call),
        owner=held.owner if held else call.request.actor.name,
        schedule=wanted.schedule,
        locale=call.wording.locale,
        topics=tuple(topic.key for topic in wanted.topics),
        cursor=held.cursor if held else 0,
        next_due=next_due(wanted.schedule, call.request.received_at),
        last_due=held.last_due if held else None,
        id=held.id if held else 0,
    )


def _subscribed(
    call: Call, subscription: Subscription, topics: Sequence[Topic], before: Subscription | None
) -> Message:
    say = call.wording.say
    labels = call.wording.join(topic.label.show(call.wording.locale) for topic in topics)
    what = say("Digests on {topics}", topics=labels) if topics else say("Digests on all topics")
    parts = {
        "what": what,
        "schedule": call.wording.schedule(subscription.schedule),
        "next": call.wording.moment(subscription.next_due, subscription.schedule.zone),
    }
    if subscription.address.user:
        text = say("{what} come here, to your direct messages, {schedule} (next: {next}).", **parts)
    else:
        text = say("{what} come to this channel {schedule} (next: {next}).", **parts)
    note = say("Only what is new from now on is posted, and nothing when nothing is new.")
    if before:
        labels = _labels(call, before) or say("all")
        note = say(
            "This replaces: {topics}, {schedule}.", topics=labels, schedule=call.wording.schedule(before.schedule)
        )
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


def subscription_row(call: Call, subscription: Subscription) -> tuple[str, ...]:
    """Return where a subscription stands, its topics and schedule, and when it runs next or why it does not."""
    words = call.wording
    paused = subscription.state is SubscriptionState.PAUSED
    return (
        channel(place(subscription.address, words), subscription.address),
        _labels(call, subscription) or words.say("all"),
        words.schedule(subscription.schedule),
        words.say("paused: {reason}", reason=reason_text(subscription.note, words))
        if paused
        else words.moment(subscription.next_due, subscription.schedule.zone),
    )


def _labels(call: Call, subscription: Subscription) -> str:
    topics = (call.vocabulary.topics.get(key) for key in subscription.topics)
    return call.wording.join(topic.label.show(call.wording.locale) for topic in topics if topic)


def _preview(call: Call, held: Subscription) -> Message:
    recent = call.library.deliveries(held.id, LOOKED_BACK)
    lost = next((each for each in recent if each.state is DeliveryState.UNKNOWN), None)
    notes = [delivery_text(each, call.wording) for each in recent[:1] if each.state in UNFINISHED and each != lost]
    blocks: list[Block] = [Paragraph(note) for note in notes]
    waiting = call.library.digest(held.cursor, call.library.revision(), held.topics, held.id)
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
    what = call.library.digest(lost.from_revision, lost.to_revision, held.topics)
    when = words.moment(lost.slot, held.schedule.zone)
    yield Paragraph(words.say("The digest of {time} may or may not stand here. This is what it said:", time=when))
    if what.is_empty:
        yield Paragraph(words.say("What was new was withdrawn since."))
    else:
        yield from digest_document(what, held.locale, held, footer=False).blocks


def _test(call: Call, held: Subscription) -> Message:
    everything = call.library.digest(0, call.library.revision(), held.topics)
    if everything.is_empty:
        return call.message(Kind.HELP, Paragraph(call.wording.say("The library holds nothing on these topics yet.")))
    document = digest_document(everything, held.locale, held, test=True, footer=may_change(call, held))
    if may_change(call, held):
        return Message(Kind.HELP, document, Audience.CHANNEL)
    note = Footnote(
        call.wording.say("Only you see this. Whoever may change the subscription can post a test digest here.")
    )
    return Message(Kind.HELP, replace(document, blocks=(note, *document.blocks)))
