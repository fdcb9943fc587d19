"""Where replies are printed: as plain text, or laid out for a terminal."""

import os
import sys
from enum import StrEnum
from typing import Protocol, TextIO

import click

from adapters.console.visible import visible
from bot.messages.document import Document
from bot.messages.exchange import Kind
from bot.messages.plain import plain_text


class Tone(StrEnum):
    """How the console's own lines are meant; the value is the style a terminal shows them in."""

    PLAIN = "none"
    STRONG = "bold"
    QUIET = "dim"
    ALARM = "red"


class Output(Protocol):
    """Prints documents and the console's own lines; whatever steers a terminal is made visible first."""

    def show(self, document: Document, kind: Kind | None = None) -> None:
        """Print a document; `kind` may colour it."""

    def tell(self, line: str = "", tone: Tone = Tone.PLAIN) -> None:
        """Print a line of the console's own."""


class PlainOutput:
    """Prints words and nothing else, for pipes and screen readers."""

    def show(self, document: Document, kind: Kind | None = None) -> None:  # noqa: ARG002 (the words say it)
        """Print the document's plain text."""
        click.echo(visible(plain_text(document)))

    def tell(self, line: str = "", tone: Tone = Tone.PLAIN) -> None:  # noqa: ARG002 (the words say it)
        """Print the line."""
        click.echo(visible(line))


def is_terminal() -> bool:
    """Whether what is printed goes to a terminal that can lay it out."""
    return is_live(sys.stdout) and os.environ.get("TERM") != "dumb"


def is_live(stream: TextIO | None) -> bool:
    """Whether a person is at the other end of a standard stream; a closed one is None."""
    return stream is not None and stream.isatty()


def standard_output() -> Output:
    """Return the output that fits where the process prints to."""
    if not is_terminal():
        return PlainOutput()
    from adapters.console.rich_output import RichOutput  # noqa: PLC0415 (rich is loaded for a terminal only)

    return RichOutput()
