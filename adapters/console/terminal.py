"""What a session needs of the place where a person types, and the plain kind of it."""

import sys
from collections.abc import Iterator, Sequence
from typing import Protocol

import click

from adapters.console.output import Output, PlainOutput, is_live
from adapters.console.visible import visible

PROMPT = "tipfacts> "
CANCEL = ".cancel"


class CancelledError(Exception):
    """The person stopped a form: typed .cancel, pressed Ctrl-C, or the input ended."""


class Terminal(Output, Protocol):
    """Where a person types and reads."""

    @property
    def is_live(self) -> bool:
        """Whether a person sits there, rather than a pipe."""

    def line(self) -> str:
        """Return the next line typed. Raises EOFError at the end, KeyboardInterrupt where the line was cancelled."""

    def ask(
        self,
        prompt: str,
        default: str = "",
        *,
        refused: bool = False,
        multiline: bool = False,
        options: Sequence[str] = (),
    ) -> str:
        """Return the answer to a question of a form. Raises CancelledError.

        An empty answer keeps the default, unless the core has `refused` it: then it is only there to be mended.
        """


class PlainTerminal(PlainOutput):
    """Lines in, lines out: works through pipes and with screen readers."""

    @property
    def is_live(self) -> bool:
        """Whether a person sits there, rather than a pipe."""
        return is_live(sys.stdin)

    def line(self) -> str:
        """Return the next line; a pipe is shown no prompt."""
        if self.is_live:
            click.echo(PROMPT, nl=False)
        return self._read()

    def ask(
        self,
        prompt: str,
        default: str = "",
        *,
        refused: bool = False,
        multiline: bool = False,
        options: Sequence[str] = (),  # noqa: ARG002 (the form has listed them)
    ) -> str:
        """Return the answer; an empty one keeps the default that stands in brackets."""
        kept = "" if refused else default
        shown = f"{prompt} [{kept}]: " if kept else f"{prompt}: "
        click.echo(visible(shown), nl=not self.is_live)
        try:
            lines = list(self._until_empty()) if multiline else [self._read()]
        except (EOFError, KeyboardInterrupt) as error:
            raise CancelledError from error
        if any(line.rstrip().endswith(CANCEL) for line in lines):
            raise CancelledError
        return "\n".join(lines) or kept

    def _until_empty(self) -> Iterator[str]:
        while line := self._read():
            yield line
            if line.rstrip().endswith(CANCEL):
                return

    def _read(self) -> str:
        line = sys.stdin.readline() if sys.stdin else ""
        if not line:
            raise EOFError
        return line.removesuffix("\n")
