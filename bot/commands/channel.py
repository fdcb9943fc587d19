"""Commands about a channel's subscription: subscribe, stop and list."""

import re
from dataclasses import replace

from bot.commands.call import Call, Do, Outcome
from bot.commands.describing import confirmation, subscription_row, topics_text
from bot.commands.typed_wish import typed_wish
from bot.commands.wish_form import Wanted, read_wish_form, wish_form
from bot.digests.schedule import next_due
from bot.digests.wishes import as_typed, wish_of
from bot.domain.changes import Applied, SaveSubscription, SetSubscriptionState
from bot.domain.digests import Subscription, SubscriptionState
from bot.domain.people import Address, Platform, Role
from bot.messages.document import Block, Choice, Choices, Document, Entries, Entry, Footnote, Heading, Paragraph, Table
from bot.messages.exchange import Audience, FormErrors, Kind, Message
from bot.messages.names import person
from bot.wording.wording import wording

_CHANNEL = re.compile(r"(?:\b(?:in|to)\s+)?(?<!\S)#\S+")


def subscribe(call: Call) -> Outcome:
    """Subscribe this channel, or change its subscription; the confirmation is meant for the channel.

    A bare `subscribe` puts a form where one can be put.
    """
    held = held_here(call)
    if held and not may_change(call, held):
        return _not_yours(call, held)
    if call.request.form:
        wanted = read_wish_form(call, held)
        return wanted if isinstance(wanted, FormErrors) else _take(call, wanted, held)
    if call.request.can_pop_up and not call.rest:
        return wish_form(call, held)
    if _CHANNEL.search(call.rest):
        return _elsewhere(call)
    wish = typed_wish(call)
    if isinstance(wish, Message):
        return wish
    return _take(replace(call, wording=wording(wish.locale)) if wish.locale else call, wish, held)


def _take(call: Call, wanted: Wanted, held: Subscription | None) -> Do:
    subscription = _subscription(call, wanted, held)
    return Do(
        SaveSubscription(subscription, keep_cursor=held is not None),
        lambda _: _subscribed(call, subscription, held),
    )


def unsubscribe(call: Call) -> Outcome:
    """End this channel's subscription."""
    held = held_here(call)
    if held is None:
        return no_subscription(call)
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
        return no_subscription(call)
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


def may_change(call: Call, subscription: Subscription) -> bool:
    """Whether the asker may change a subscription: its owner, an editor or admin, or who manages the channel."""
    actor = call.request.actor
    return actor.name == subscription.owner or actor.may_manage_channel or call.role.covers(Role.EDITOR)


def this_channel(call: Call) -> Address:
    """Return the channel that the request is about. What is said in a thread of it is about the channel: digests come
    there, and a slash command, which no thread takes, ends what a mention in a thread began.
    """
    return replace(call.request.address, thread=None)


def held_here(call: Call) -> Subscription | None:
    """Return the subscription of the channel that the request is about."""
    return call.library.subscription_at(this_channel(call))


def _may_see(call: Call, subscription: Subscription) -> bool:
    """Whether the asker may hear of a subscription: those of other channels, private ones among them, are told to
    owners and editors only. Who manages a channel manages the one the request came from. Direct messages that belong
    to no workspace or guild have nobody else's.
    """
    actor = call.request.actor
    is_editor = call.role.covers(Role.EDITOR) and not actor.is_nowhere
    return actor.name == subscription.owner or subscription.address == this_channel(call) or is_editor


def _subscription(call: Call, wanted: Wanted, held: Subscription | None) -> Subscription:
    return Subscription(
        address=this_channel(call),
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
        note = _instead(call, subscription, before)
    steps = Choices((Choice(say("Unsubscribe"), "unsubscribe"), Choice(say("Show a test digest"), "digest test")))
    document = Document(call.wording.locale, (Paragraph(text), Footnote(note), steps))
    return Message(Kind.DONE, document, Audience.CHANNEL, unless_posted=None if before else subscription)


def _instead(call: Call, subscription: Subscription, before: Subscription) -> str:
    """Return what a subscription replaces, or that one that was paused goes on, or both."""
    say, schedule = call.wording.say, call.wording.schedule(before.schedule)
    replaced = say("This replaces: {topics}, {schedule}.", topics=topics_text(call, before), schedule=schedule)
    if before.state is not SubscriptionState.PAUSED:
        return replaced
    goes_on = say("Taken up again: what is new since the last digest comes with the next one.")
    return goes_on if _wants_the_same(subscription, before) else f"{goes_on} {replaced}"


def _wants_the_same(one: Subscription, other: Subscription) -> bool:
    same_topics = set(one.topics) == set(other.topics) and set(one.excluded) == set(other.excluded)
    return same_topics and one.schedule == other.schedule


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


def no_subscription(call: Call) -> Message:
    """Say that there is no subscription here, and offer one."""
    say = call.wording.say
    is_dm = call.request.address.user is not None
    text = Paragraph(say("There is no subscription here.") if is_dm else say("This channel has no subscription."))
    options = Choices((Choice(say("Subscribe"), "subscribe daily at 09:00"),))
    return call.message(Kind.HELP, text, options)
