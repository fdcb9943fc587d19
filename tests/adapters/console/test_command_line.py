import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from adapters.console.cli import command_line
from adapters.console.rooms import Rooms
from bot.desk.problems import LibraryFileError, Problem
from bot.messages.exchange import Request
from bot.ports import StoreUnavailableError
from bot.settings import SettingsError

Command = Callable[..., Result]
ROOT = Path(__file__).parents[3]
COMMANDS = ["console", "ask", "import", "export", "tick", "run", "db upgrade", "claim-code"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_by_example(command: Command, name: str) -> None:
    result = command(*name.split(), "--help")
    assert result.exit_code == 0
    assert "python -m bot" in result.output


def test_the_help_lists_every_command(command: Command) -> None:
    output = command("--help").output
    assert all(name.split()[0] in output for name in COMMANDS)


def test_without_a_command_the_console_opens(command: Command, requests: list[Request]) -> None:
    assert command(typed="tier\n", TIPFACTS_LOCALE="en").exit_code == 0
    assert [request.text for request in requests] == ["tier"]


@pytest.mark.parametrize(
    "error",
    [
        StoreUnavailableError("cannot reach the database"),
        SettingsError("TIPFACTS_ADMINS: wrong"),
        LibraryFileError((Problem("a.yaml", 3, "no source"),)),
        OSError("no space left"),
    ],
)
def test_what_the_operator_must_mend_is_one_line_without_a_traceback(rooms: Rooms, error: Exception) -> None:
    def fail() -> NoReturn:
        raise error

    broken = replace(rooms, open=fail, upgrade=fail)
    for arguments in (["ask", "x"], ["console"], ["tick"], ["db", "upgrade"]):
        result = CliRunner().invoke(command_line(broken), arguments)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {error}\n")


def test_importing_says_what_it_did(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(b"12345")
    result = command("import", str(file))
    assert result.stdout.splitlines() == [
        "Added 5, changed 2, left 3 as they were.",
        "Kept what an editor wrote: facts.yaml",
    ]


def test_a_dry_run_says_that_nothing_was_written(command: Command) -> None:
    result = command("import", "-", "--dry-run", typed=b"12")
    assert result.stdout.splitlines() == [
        "Would add 2, change 2, leave 3 as they are.",
        "Kept what an editor wrote: <stdin>",
        "Nothing was written.",
    ]


def test_importing_a_file_that_is_not_there_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    assert command("import", str(tmp_path / "none.yaml")).exit_code == 2


def test_the_export_goes_to_standard_output(command: Command) -> None:
    assert command("export").stdout == "facts: []\n"
    assert command("export", "--format", "json").stdout == "{}\n"


def test_the_export_takes_its_format_from_the_file_name(command: Command, tmp_path: Path) -> None:
    for name, text in (("a.json", "{}\n"), ("a.yaml", "facts: []\n")):
        assert command("export", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).read_text() == text


def test_the_export_overwrites_only_when_forced(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "library.yaml"
    file.write_text("mine")
    refused = command("export", str(file))
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert file.read_text() == "mine"
    assert command("export", str(file), "--force").exit_code == 0
    assert file.read_text() == "facts: []\n"


def test_an_export_into_no_folder_is_one_clear_line(command: Command, tmp_path: Path) -> None:
    result = command("export", str(tmp_path / "none" / "library.yaml"))
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: Could not open file")


def test_a_tick_posts_to_standard_output_and_counts_on_standard_error(command: Command) -> None:
    result = command("tick", "--at", "2026-11-23T09:00:00+08:00")
    assert result.exit_code == 0
    assert result.stdout.startswith("Posted to console:local/2026-11-23T01:00:00+00:00:\nInitial screenings\n")
    assert result.stderr == "due 2, sent 1, waiting 1\n"


@pytest.mark.parametrize(("instant", "why"), [("2026-11-23T09:00", "zone"), ("tomorrow", "not an instant")])
def test_an_instant_without_a_zone_is_refused(command: Command, instant: str, why: str) -> None:
    result = command("tick", "--at", instant)
    assert result.exit_code == 2
    assert why in result.stderr
    assert "2026-11-23T01:00:00Z" in result.stderr


def test_a_tick_without_an_instant_is_now(command: Command) -> None:
    assert command("tick").exit_code == 0


def test_ctrl_c_ends_quietly_with_130(command: Command, closed: list[str]) -> None:
    result = command("run")
    assert (result.exit_code, result.output) == (130, "")
    assert closed == ["closed"]


def test_upgrading_says_from_where_to_where(command: Command, rooms: Rooms) -> None:
    assert command("db", "upgrade").stdout == "Upgraded from an empty database to 0001.\n"
    assert command("db", "upgrade", "--quiet").output == ""
    again = CliRunner().invoke(command_line(replace(rooms, upgrade=lambda: ("0001", "0001"))), ["db", "upgrade"])
    assert again.stdout == "Already at the newest revision, 0001.\n"


def test_a_claim_code_is_alone_on_standard_output(command: Command) -> None:
    result = command("claim-code")
    assert result.stdout == "AB12-CD34\n"
    assert "claim AB12-CD34" in result.stderr


def test_a_question_loads_nothing_that_only_a_terminal_the_sender_or_a_file_needs() -> None:
    script = """
import sys
from types import SimpleNamespace
from adapters.console.cli import Rooms, command_line
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Kind, Message

message = Message(Kind.ABSTENTION, Document(Locale.EN, (Paragraph("I hold no fact on that."),)))
bot = SimpleNamespace(handle=lambda request, read_only: message)
opened = SimpleNamespace(bot=bot, close=lambda: None)
try:
    command_line(Rooms(lambda: opened, None, None, None))(["ask", "x"])
except SystemExit as end:
    heavy = "rich prompt_toolkit asyncio yaml adapters.console.as_json adapters.console.session".split()
    print(end.code, [name for name in heavy if name in sys.modules])
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("I hold no fact on that.\n3 []\n", "")
