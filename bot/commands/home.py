"""A person's own page: what they can type, what they may do, and the digests they take care of."""

from bot.commands.about import EXAMPLES, held_counts
from bot.commands.call import Call
from bot.commands.describing import subscription_row
from bot.domain.people import Role
from bot.messages.document import Block, Entries, Entry, Footnote, Heading, Paragraph, Table
from bot.messages.exchange import Kind, Message

SHOWN = 20  # of a person's subscriptions


def home(call: Call) -> Message:
    """Return the page of the asker. It offers nothing to press: there is no channel in which it would be answered."""
    say = call.wording.say
    blocks: list[Block] = [
        Heading(say("What you can type")),
        Paragraph(say("In a channel or here in messages: a topic, or a question in English or Chinese.")),
        Entries(tuple(_entries(call))),
        Footnote(say("Held: {counts}.", counts=held_counts(call))),
        Heading(say("Your role")),
        Paragraph(_role(call)),
        Heading(say("Your digests")),
        *_digests(call),
    ]
    return call.message(Kind.HELP, *blocks)


def _entries(call: Call) -> list[Entry]:
    say = call.wording.say
    lines = [
        (EXAMPLES[0], say("All that is held on a topic")),
        (EXAMPLES[1], say("One fact, with who said it, when and where")),
        ("help", say("Everything else that can be typed")),
        ("subscribe", say("Send a channel a digest of what is new: type it there")),
    ]
    if call.role.covers(Role.EDITOR):
        lines.append(("add", say("Add an official statement with its facts")))
    return [Entry(call.typed(line), text) for line, text in lines]


def _role(call: Call) -> str:
    say, role = call.wording.say, call.wording.role(call.role)
    match call.role:
        case Role.READER:
            return say("You are a {role}: you can ask, and subscribe channels.", role=role)
        case Role.EDITOR:
            return say("You are an {role}: you can also add, correct and withdraw statements.", role=role)
        case Role.ADMIN:
            return say("You are an {role}: you can also name editors and admins.", role=role)


def _digests(call: Call) -> list[Block]:
    say, actor = call.wording.say, call.request.actor
    here = call.library.subscriptions(actor.platform, actor.space)
    own = [subscription for subscription in here if subscription.owner == actor.name]
    if not own:
        return [Paragraph(say("You have subscribed no channel yet."))]
    header = (say("Channel"), say("Topics"), say("Schedule"), say("Next run"))
    table = Table(header, tuple(subscription_row(call, each) for each in own[:SHOWN]))
    more = len(own) - SHOWN
    return [table] if more <= 0 else [table, Footnote(_more(call, more))]


def _more(call: Call, count: int) -> str:
    line = call.typed("subscriptions")
    return call.wording.say_many(
        "{count} more is not shown: type “{line}”.", "{count} more are not shown: type “{line}”.", count, line=line
    )
