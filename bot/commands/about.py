"""Help: what can be typed, and how each command is written."""

from collections.abc import Iterable, Sequence

from bot.commands.call import Call
from bot.commands.command import Command, Group
from bot.domain.people import Role
from bot.messages.document import Block, Choice, Choices, Entries, Entry, Footnote, Heading, Paragraph
from bot.messages.exchange import Kind, Message

TOPICS_SHOWN = 40
EXAMPLES = ("screenings", "how many victims were found in 2023?", "什麼是FDH")
_EXAMPLES = Choices(tuple(Choice(example, example) for example in EXAMPLES))


def help_(call: Call) -> Message:
    """Say what can be typed: all of it, or one command."""
    command = _named(call.rest)
    if command:
        return _command_help(call, command)
    say = call.wording.say
    blocks: list[Block] = [Heading(say("What you can type")), Paragraph(_how_to_ask(call)), _EXAMPLES]
    for group, title in _groups(call):
        entries = [
            Entry(call.typed(command.usage), say(command.summary))
            for command in _commands()
            if command.group is group and (call.role.covers(command.role))
        ]
        if entries:
            blocks += [Heading(title), Entries(tuple(entries))]
    more = call.typed("help COMMAND")
    blocks.append(Footnote(say("“{line}” says more about one of them.", line=more)))
    return call.message(Kind.HELP, *blocks)


def welcome(call: Call) -> Message:
    """Answer an empty line: three examples, the topics, and how much is held."""
    say, locale = call.wording.say, call.wording.locale
    labels = [topic.label.show(locale) for topic in call.vocabulary.topics.values()]
    held = say("Held: {counts}.", counts=held_counts(call))
    blocks: list[Block] = [Paragraph(held), Paragraph(say("Ask like this:")), _EXAMPLES]
    if labels:
        blocks += [Heading(say("Topics")), Paragraph(call.wording.join(labels[:TOPICS_SHOWN]))]
    line = call.typed("help")
    blocks.append(Footnote(say("“{line}” lists the commands.", line=line)))
    return call.message(Kind.HELP, *blocks)


def usage_error(call: Call, command: Command) -> Message:
    """Return an error that shows how a command is written."""
    say = call.wording.say
    text = say("Write it like this: {usage}", usage=call.typed(command.usage))
    more = Choice(say("More"), f"help {command.name}")
    if command.is_open:
        return call.error(text, Choice(say("Example"), next(iter(command.examples), command.name)), more)
    return call.message(Kind.ERROR, Paragraph(text), *_examples(call, command, most=1), Choices((more,)))


def held_counts(call: Call) -> str:
    """Return how much the library holds: 45 facts, 33 topics, 3 statements, 1 source."""
    counts, words = call.library.counts(), call.wording
    return words.join(
        (
            words.say_many("{count} fact", "{count} facts", counts.facts),
            words.say_many("{count} topic", "{count} topics", counts.topics),
            words.say_many("{count} statement", "{count} statements", counts.statements),
            words.say_many("{count} source", "{count} sources", counts.sources),
        )
    )


def _command_help(call: Call, command: Command) -> Message:
    say = call.wording.say
    usage = call.typed(command.usage)
    blocks: list[Block] = [Heading(usage), Paragraph(say(command.summary))]
    if command.parameters:
        blocks.append(Entries(tuple(Entry(p.name, say(p.summary)) for p in command.parameters)))
    if command.role is not Role.READER:
        blocks.append(Footnote(say("Needs the role {role}.", role=call.wording.role(command.role))))
    return call.message(Kind.HELP, *blocks, *_examples(call, command))


def _examples(call: Call, command: Command, most: int | None = None) -> Iterable[Block]:
    """Yield how a command looks used: to be pressed where that only asks, else as lines to type. A press does at once
    what an example says, and some name people or words that nobody meant.
    """
    examples = command.examples[:most]
    if command.is_open:
        yield Choices(tuple(Choice(example, example) for example in examples))
    elif examples:
        lines = (call.wording.say("“{line}”", line=call.typed(example)) for example in examples)
        yield Entries((Entry(call.wording.say("For example"), call.wording.join(lines)),))


def _how_to_ask(call: Call) -> str:
    say, command = call.wording.say, call.typed("").strip()
    if not command:
        return say("Type a topic, or ask a question in English or Chinese.")
    return say("Type “{command}” and a topic, or a question in English or Chinese.", command=command)


def _groups(call: Call) -> Iterable[tuple[Group, str]]:
    say = call.wording.say
    return (
        (Group.READ, say("For everyone")),
        (Group.DIGEST, say("Digests for a channel")),
        (Group.DESK, say("For editors and admins")),
    )


def _commands() -> Sequence[Command]:
    from bot.commands.table import COMMANDS  # noqa: PLC0415 (the table holds this very handler)

    return COMMANDS


def _named(name: str) -> Command | None:
    from bot.commands.table import command_named  # noqa: PLC0415 (the table holds this very handler)

    return command_named(name) if name else None
