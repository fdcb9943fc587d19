"""The conversation at the console: a line in, a reply out, until the person leaves."""

import sys

from adapters.console.forms import fill_in
from adapters.console.output import Tone, is_live, is_terminal
from adapters.console.person import Person
from adapters.console.terminal import PlainTerminal, Terminal
from bot.domain.text import Locale
from bot.messages.document import Choice
from bot.messages.exchange import Context, Message
from bot.wording.wording import wording

LEAVING = frozenset({"exit", "quit", "離開"})
_MOST_DIGITS = 2


def converse(person: Person, *, plain: bool) -> None:
    """Hold a conversation on standard input and output until it ends."""
    Session(person, _terminal(person, plain=plain)).run()


class Session:
    """One conversation; remembers what the last reply offered, so that a number picks it, and what was talked about."""

    def __init__(self, person: Person, terminal: Terminal) -> None:
        self._person = person
        self._terminal = terminal
        self._offered: tuple[Choice, ...] = ()
        self._context: Context | None = None

    def run(self) -> None:
        """Answer lines until the input ends or the person leaves."""
        if self._terminal.is_live:
            self._greet()
        while (line := self._next_line()) is not None:
            self._answer(line)

    def _next_line(self) -> str | None:
        """Return the next line, None at the end; Ctrl-C drops the line that a person was typing."""
        while True:
            try:
                line = self._terminal.line()
            except EOFError:
                return None
            except KeyboardInterrupt:
                if not self._terminal.is_live:
                    raise
                self._terminal.tell()
                continue
            return None if line.strip().casefold() in LEAVING else line

    def _greet(self) -> None:
        say = wording(self._person.locale or Locale.EN).say
        self._terminal.tell(say("tipfacts: sourced facts, with who said them and when."), Tone.STRONG)
        self._terminal.tell(say("Type exit or press Ctrl-D to leave."), Tone.QUIET)
        self._terminal.tell()
        self._answer("")

    def _answer(self, line: str) -> None:
        reply = self._person.types(self._picked(line), context=self._context)
        message = reply if isinstance(reply, Message) else fill_in(reply, self._person, self._terminal)
        if message:
            self._terminal.show(message.document, message.kind)
        self._terminal.tell()
        self._offered = message.document.choices if message else ()
        self._context = (message.context if message else None) or self._context

    def _picked(self, line: str) -> str:
        """Return the line that a number stands for, or the line itself."""
        typed = line.strip()
        if not typed.isdecimal() or len(typed) > _MOST_DIGITS or not 1 <= int(typed) <= len(self._offered):
            return line
        query = self._offered[int(typed) - 1].query
        self._terminal.tell(f"> {query}", Tone.QUIET)
        return query


def _terminal(person: Person, *, plain: bool) -> Terminal:
    if plain or not (is_live(sys.stdin) and is_terminal()):
        return PlainTerminal()
    from adapters.console.prompting import PromptTerminal  # noqa: PLC0415 (loaded for a terminal only)

    return PromptTerminal(person)
