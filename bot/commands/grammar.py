"""Reading a typed line: which command it is, if any, and what follows the command's name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.commands.command import Command
from bot.desk.plain import joined_surrogates, visible

MAX_LINE = 1000
_FEW_WORDS = 3
_PREFIX = re.compile(r"^(?:/tipfacts|@tipfacts|tipfacts)(?:\s+|$)", re.IGNORECASE)
_ESCAPED = re.compile(r"<([#@])!?([A-Za-z0-9]+)(?:\|[^>]*)?>")
_STRAIGHT = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "、": ",", "。": "."}
)


@dataclass(frozen=True, slots=True)
class Line:
    """A typed line as understood.

    `command` is None for a question. `fits` is False where the line begins with a command's name but what follows is
    not what that command takes. `rest` is what follows the name; `text` is the whole line, normalised.
    """

    text: str
    command: Command | None = None
    rest: str = ""
    fits: bool = True


def normalise(text: str) -> str:
    """Return the line with what keyboards and platforms put in taken out.

    Full-width letters, digits and punctuation become plain ones, curly quotes and long dashes straight ones, invisible
    and control characters go, `<#C1|name>` and `<@U1>` become #C1 and @U1, and runs of space one space.
    """
    text = unicodedata.normalize("NFKC", joined_surrogates(text)).translate(_STRAIGHT)
    return " ".join(_as_typed(text).split())


def raw_rest(text: str, words: int) -> str:
    """Return what follows the first `words` words of a line just as it was typed, for text that is kept.

    Only what nobody types goes: the program's own name in front, invisible and control characters, outer space.
    """
    typed = _as_typed(text)
    named = _PREFIX.match(normalise(typed)) is not None
    parts = typed.split(maxsplit=words + named)
    return "".join(parts[words + named :]).strip()


def parse(text: str, commands: Iterable[Command]) -> Line:
    """Return what a line says. An unknown first word makes the line a question; an empty line has an empty text.

    A reader's verb followed by words it does not take ("source of the report?") is a question too; so is any verb
    followed by a sentence.
    """
    line = _PREFIX.sub("", normalise(text), count=1)
    first, _, rest = line.partition(" ")
    command = next((c for c in commands if first.casefold().rstrip("?!.") in c.names), None)
    if command is None:
        return Line(line)
    if command.takes(rest):
        return Line(line, command, rest)
    is_sentence = rest.endswith("?") or len(rest.split()) > _FEW_WORDS
    if rest and (is_sentence or command.asks):
        return Line(line)
    return Line(line, command, rest, fits=False)


def _as_typed(text: str) -> str:
    """Return the text without invisible and control characters, and with mentions as they were typed: #C1, @U1."""
    return _ESCAPED.sub(r"\1\2", visible(text))
