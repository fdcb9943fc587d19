import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.console.person import Person
from adapters.console.prompting import PromptTerminal, history_file
from adapters.console.session import Session
from adapters.console.terminal import CancelledError
from bot.core import Bot
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Kind, Message, Reply, Request

Command = Callable[..., Result]
CTRL_C, CTRL_D, ENTER, TAB, PASTE = "\x03", "\x04", "\r", "\t", "\x1b[200~{}\x1b[201~"


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipeInput]:
    """What a person types at a terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        yield pipe


@pytest.fixture
def terminal(keys: PipeInput, bot: Bot) -> PromptTerminal:
    assert keys
    return PromptTerminal(Person(bot))


def texts(requests: list[Request]) -> list[str]:
    return [request.text for request in requests]


def test_a_pipe_gets_each_reply_and_an_empty_line(command: Command, requests: list[Request]) -> None:
    result = command("console", typed="screenings\n  tier \n")
    assert (result.exit_code, result.output) == (0, "screenings\n\n  tier \n\n")
    assert len({request.once_key for request in requests}) == 2


@pytest.mark.parametrize("word", ["exit", " QUIT ", "離開"])
def test_a_word_leaves(command: Command, requests: list[Request], word: str) -> None:
    assert command("console", "--plain", typed=f"a\n{word}\nb\n").exit_code == 0
    assert texts(requests) == ["a"]


def test_a_number_picks_what_the_last_reply_offered(
    command: Command, requests: list[Request], replies: list[Reply], document: Document
) -> None:
    replies.append(Message(Kind.CHOICE, document))
    result = command("console", typed="screenings\n 3\n3\n")
    assert texts(requests) == ["screenings", "source F12", "3"]
    assert "> source F12\n" in result.output


@pytest.mark.parametrize("typed", ["0", "4", "2023", "１a", "²", "9" * 5000])
def test_a_number_that_was_not_offered_is_a_question(
    command: Command, requests: list[Request], replies: list[Reply], document: Document, typed: str
) -> None:
    replies.append(Message(Kind.CHOICE, document))
    command("console", typed=f"screenings\n{typed}\n")
    assert texts(requests)[1] == typed


def test_a_person_is_greeted_with_the_way_out_and_what_an_empty_line_gets(
    terminal: PromptTerminal, keys: PipeInput, bot: Bot, requests: list[Request], capsys: pytest.CaptureFixture[str]
) -> None:
    keys.send_text(f"tier{ENTER}{CTRL_D}")
    Session(Person(bot), terminal).run()
    greeting = capsys.readouterr().out
    assert "sourced facts" in greeting
    assert "Ctrl-D" in greeting
    assert texts(requests) == ["", "tier"]


def test_ctrl_c_drops_the_line_and_goes_on(
    terminal: PromptTerminal, keys: PipeInput, bot: Bot, requests: list[Request]
) -> None:
    keys.send_text(f"wro{CTRL_C}tier{ENTER}exit{ENTER}")
    Session(Person(bot), terminal).run()
    assert texts(requests) == ["", "tier"]


def test_a_default_can_be_edited_where_it_stands(terminal: PromptTerminal, keys: PipeInput) -> None:
    keys.send_text(f"!{ENTER}")
    assert terminal.ask("Title", "Old") == "Old!"


def test_a_long_answer_keeps_the_empty_lines_of_a_paste(terminal: PromptTerminal, keys: PipeInput) -> None:
    keys.send_text(PASTE.format("one\n\ntwo") + ENTER + "three" + ENTER + ENTER)
    assert terminal.ask("Text", multiline=True) == "one\n\ntwo\nthree"


@pytest.mark.parametrize("typed", [CTRL_C, CTRL_D, f".cancel{ENTER}"])
@pytest.mark.parametrize("multiline", [True, False])
def test_a_question_can_be_cancelled(
    terminal: PromptTerminal,
    keys: PipeInput,
    typed: str,
    multiline: bool,  # noqa: FBT001
) -> None:
    keys.send_text(typed)
    with pytest.raises(CancelledError):
        terminal.ask("Title", multiline=multiline)


def test_the_history_is_the_persons_own_and_keeps_no_claim_code(
    terminal: PromptTerminal, keys: PipeInput, tmp_path: Path
) -> None:
    keys.send_text(f"tier{ENTER}claim AB12{ENTER}/tipfacts claim AB12{ENTER}")
    for _ in range(3):
        terminal.line()
    file = tmp_path / "tipfacts" / "history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "tier" in file.read_text()
    assert "AB12" not in file.read_text()


def test_no_place_for_a_history_is_no_error(
    keys: PipeInput, bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    keys.send_text(f"tier{ENTER}")
    assert PromptTerminal(Person(bot)).line() == "tier"


def test_the_history_falls_back_to_the_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert history_file() == Path.home() / ".local/state/tipfacts/history"


def test_what_may_follow_comes_from_the_core(terminal: PromptTerminal) -> None:
    from prompt_toolkit.completion import CompleteEvent  # noqa: PLC0415
    from prompt_toolkit.document import Document as Typed  # noqa: PLC0415

    completer = terminal._commands.completer  # noqa: SLF001
    assert completer
    (completion,) = completer.get_completions(Typed("scr"), CompleteEvent())
    assert (completion.text, completion.start_position) == ("screenings", -3)
    assert completion.display_meta_text == "Initial screenings"


def test_replies_are_in_the_language_asked_for(command: Command, requests: list[Request]) -> None:
    command("console", "--locale", "zh-Hant", typed="x\n")
    assert requests[0].locale is Locale.ZH_HANT


def test_a_hostile_reply_does_not_reach_the_terminal(command: Command, replies: list[Reply]) -> None:
    replies.append(Message(Kind.ANSWER, Document(Locale.EN, (Paragraph("\x1b[2J[bold]"),))))
    assert command("console", typed="x\n").output == "␛[2J[bold]\n\n"
