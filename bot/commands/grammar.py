"""Reading a typed line: which command it is, if any, and what follows the command's name."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.answering.terms import INVISIBLE
from bot.commands.command import Command

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
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_STRAIGHT)
    text = _ESCAPED.sub(r"\1\2", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


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
