"""The terminal with line editing, history and completion."""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter, WordCompleter
from prompt_toolkit.document import Document as TypedText
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from adapters.console.person import Person
from adapters.console.rich_output import RichOutput
from adapters.console.terminal import CANCEL, PROMPT, CancelledError
from adapters.console.visible import visible
from bot.messages.document import Choice
from bot.ports import StoreUnavailableError

_SECRET = "claim"  # noqa: S105 (the command whose argument is a secret)


class PromptTerminal(RichOutput):
    """Where a person types with all the comforts."""

    is_live = True

    def __init__(self, person: Person) -> None:
        super().__init__()
        self._commands: PromptSession[str] = PromptSession(
            history=_history(),
            auto_suggest=AutoSuggestFromHistory(),
            completer=ThreadedCompleter(_CoreCompleter(person)),
            complete_while_typing=True,
        )

    def line(self) -> str:
        """Return the next line typed."""
        return self._commands.prompt(_styled(PROMPT))

    def ask(
        self,
        prompt: str,
        default: str = "",
        *,
        refused: bool = False,  # noqa: ARG002 (what stands there can be edited either way)
        multiline: bool = False,
        options: Sequence[str] = (),
    ) -> str:
        """Return the answer; the default stands there to be edited."""
        question: PromptSession[str] = PromptSession(
            _styled(f"{visible(prompt)}: "),
            multiline=multiline,
            prompt_continuation="  ",
            completer=WordCompleter(list(options), ignore_case=True, sentence=True) if options else None,
            key_bindings=_ends_with_empty_line() if multiline else None,
        )
        try:
            answer = question.prompt(default=default)
        except (EOFError, KeyboardInterrupt) as error:
            raise CancelledError from error
        if any(line.rstrip().endswith(CANCEL) for line in answer.splitlines()):
            raise CancelledError
        return answer.removesuffix("\n")


class _CoreCompleter(Completer):
    """Completes a line from what the core says may follow."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def get_completions(self, document: TypedText, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002 (the base class has it)
        """Return whole lines that the beginning may mean."""
        typed = document.text_before_cursor
        for choice in self._choices(typed):
            meta = "" if choice.label == choice.query else visible(choice.label)
            query = visible(choice.query)
            yield Completion(query, start_position=-len(typed), display=query, display_meta=meta)

    def _choices(self, typed: str) -> tuple[Choice, ...]:
        try:
            return self._person.may_type(typed)
        except StoreUnavailableError:
            return ()  # the line can be typed without help; the reply will say what is wrong


class _DiscreetHistory(FileHistory):
    """Lines typed before, without the secret ones; a disk that is full or gone costs no more than the history."""

    def store_string(self, string: str) -> None:
        if _SECRET not in string.casefold().split()[:2]:  # also after /tipfacts
            with suppress(OSError):
                super().store_string(string)


def history_file() -> Path:
    """Return where the history is kept: in the user's state folder."""
    state = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (state if state.is_absolute() else Path.home() / ".local" / "state") / "tipfacts" / "history"


def _history() -> History:
    try:
        path = history_file()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except (OSError, RuntimeError):  # Path.home() raises the latter where there is none
        return InMemoryHistory()
    return _DiscreetHistory(str(path))


def _ends_with_empty_line() -> KeyBindings:
    """Return what Enter does in a long answer: it ends on an empty line, so that pasted empty lines stay in."""
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        line, at_end = buffer.document.current_line.strip(), buffer.document.is_cursor_at_the_end
        if at_end and line in ("", CANCEL):
            buffer.validate_and_handle()
        else:
            buffer.newline(copy_margin=False)

    return keys


def _styled(prompt: str) -> FormattedText:
    return FormattedText([("bold ansicyan", prompt)])
