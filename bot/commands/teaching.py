"""Phrases that an editor types for a topic or a word list: reading them, and wording what was done with them."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.answering.terms import words
from bot.commands.call import Call
from bot.commands.command import Command
from bot.commands.grammar import MAX_LINE, normalise, parse
from bot.messages.document import Block, Choice, Choices, Footnote, Paragraph
from bot.messages.exchange import Kind, Message
from bot.wording.wording import Wording

MAX_PHRASE = 100
MAX_PHRASES = 50
ADDING = r"add|新增|加入"
REMOVING = r"remove|drop|delete|移除|刪除"
_PROBLEMS_SHOWN = 10
_START_SHOWN = 40
_MARKS = re.compile(r"[,;]")  # what other marks mean the same is one of these in a normalised line
_QUOTED = re.compile(r'["「『](.+)["」』]')


def read_phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a normalised line, each once whatever its case, and without quotation marks around them.

    They are kept normalised, because so is every question that they are looked for in: "don’t" is kept as "don't".
    """
    found: dict[str, str] = {}
    for part in _MARKS.split(text):
        quoted = _QUOTED.fullmatch(part.strip())
        phrase = quoted[1].strip() if quoted else part.strip()
        if phrase:
            found.setdefault(phrase_key(phrase), phrase)
    return tuple(found.values())


def phrase_key(phrase: str) -> str:
    """Return the form in which phrases are compared: case, kind of apostrophe and punctuation do not count."""
    return " ".join(words(normalise(phrase))) or phrase.casefold()


def like(phrases: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return those of the phrases that are the same as one of the others."""
    keys = {phrase_key(other) for other in others}
    return tuple(phrase for phrase in phrases if phrase_key(phrase) in keys)


def unlike(phrases: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return those of the phrases that are the same as none of the others."""
    keys = {phrase_key(other) for other in others}
    return tuple(phrase for phrase in phrases if phrase_key(phrase) not in keys)


def phrase_problems(phrases: Sequence[str], wording: Wording) -> list[str]:
    """Return what is wrong with the phrases of a line, in sentences; nothing where all is well."""
    say = wording.say
    if len(phrases) > MAX_PHRASES:
        count, most = wording.number(len(phrases)), wording.number(MAX_PHRASES)
        return [say("{count} phrases are too many for one line; at most {most} fit.", count=count, most=most)]
    return [problem for phrase in phrases if (problem := phrase_problem(phrase, wording))]


def phrase_problem(phrase: str, wording: Wording) -> str:
    """Return what is wrong with a phrase or label, in a sentence; empty where nothing is."""
    if len(phrase) > MAX_PHRASE:
        return wording.say(
            "“{phrase}” has {count} characters; at most {most} fit.",
            phrase=f"{phrase[:_START_SHOWN]}…",
            count=wording.number(len(phrase)),
            most=wording.number(MAX_PHRASE),
        )
    if not words(phrase):
        return wording.say("“{phrase}” holds no letter and no number, so no question could hold it.", phrase=phrase)
    return ""


def refusal(call: Call, problems: Sequence[str], *options: Choice) -> Message:
    """Return an error that says all that is wrong, and that nothing was changed."""
    blocks: list[Block] = [Paragraph(problem) for problem in problems[:_PROBLEMS_SHOWN]]
    blocks.append(Footnote(call.wording.say("Nothing was changed.")))
    if options:
        blocks.append(Choices(options))
    return call.message(Kind.ERROR, *blocks)


def nothing_to_do(call: Call, notes: Iterable[str], show: str) -> Message:
    """Return a reply for a line whose phrases are as they should be already."""
    blocks: list[Block] = [Paragraph(note) for note in notes]
    blocks.append(Paragraph(call.wording.say("Nothing was changed.")))
    return call.message(Kind.DONE, *blocks, Choices((Choice(call.wording.say("Show it"), show),)))


def edited(call: Call, done: str, notes: Iterable[str], undo: Iterable[str], show: str) -> Message:
    """Return a reply that says what was done, what else is to know, and the lines that undo it."""
    say = call.wording.say
    silent = Footnote(say("Nothing is announced: channels hear of facts, not of words."))
    back = tuple(Choice(say("Undo"), line) for line in undo)
    blocks: list[Block] = [Paragraph(done), *(Footnote(note) for note in notes), silent]
    return call.message(Kind.DONE, *blocks, Choices((*back, Choice(say("Show it"), show))))


def lines_of(begin: str, phrases: Iterable[str]) -> Iterator[str]:
    """Return the lines that begin so and hold these phrases; more than one where they do not fit in one."""
    line = ""
    for phrase in phrases:
        longer = f"{line}, {phrase}" if line else f"{begin} {phrase}"
        if line and len(longer) > MAX_LINE:
            yield line
            longer = f"{begin} {phrase}"
        line = longer
    if line:
        yield line


def is_command(name: str) -> bool:
    """Whether a name typed alone is a command, so that it never reaches a topic of that name."""
    line = parse(name, _commands())
    return line.command is not None and not line.rest


def ask_line(text: str) -> str:
    """Return the line that asks for a topic or question, even where it begins like a command."""
    return text if parse(text, _commands()).command is None else f"find {text}"


def _commands() -> Sequence[Command]:
    from bot.commands.table import COMMANDS  # noqa: PLC0415 (the table holds the handlers that ask)

    return COMMANDS
