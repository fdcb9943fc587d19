from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

import pytest
from click.testing import CliRunner, Result

from adapters.console.cli import command_line
from adapters.console.rooms import Rooms
from bot.diagnosis import Finding, Verdict
from bot.settings import SettingsError

OK = Finding(Verdict.OK, "Database", "SQLite, tipfacts.db, is open.")
WARNING = Finding(Verdict.WARNING, "Admins", "Nobody is admin.", "Run python -m bot claim-code.")
FAILED = Finding(
    Verdict.FAILED,
    "Scope im:history",
    "It is not granted: Slack says nothing of direct messages to the bot, so that it does not answer them.",
    "Add it at https://api.slack.com/apps, your app, OAuth & Permissions, and install the app again.",
)
Check = Callable[..., Result]


@pytest.fixture
def doctor(rooms: Rooms) -> Check:
    def run(*findings: Finding) -> Result:
        return CliRunner().invoke(command_line(replace(rooms, diagnose=lambda: list(findings))), ["doctor"])

    return run


@pytest.mark.parametrize("name", ["doctor", "slack manifest", "discord invite"])
def test_every_command_explains_itself_by_example(rooms: Rooms, name: str) -> None:
    result = CliRunner().invoke(command_line(rooms), [*name.split(), "--help"])
    assert result.exit_code == 0
    assert f"python -m bot {name}" in result.output


def test_the_manifest_is_printed_as_it_came_with_or_without_an_address(rooms: Rooms) -> None:
    told: list[str | None] = []

    def manifest(url: str | None) -> str:
        told.append(url)
        return '{"display_information": "…"}'

    line = command_line(replace(rooms, manifest=manifest))
    for arguments in ([], ["--url", "https://tipfacts.example.org"]):
        result = CliRunner().invoke(line, ["slack", "manifest", *arguments])
        assert (result.exit_code, result.stdout) == (0, '{"display_information": "…"}\n')
    assert told == [None, "https://tipfacts.example.org"]


def test_an_address_that_will_not_do_is_wrong_usage(rooms: Rooms) -> None:
    def manifest(_url: str | None) -> NoReturn:
        raise ValueError("write the public one\x1b[2J")

    result = CliRunner().invoke(command_line(replace(rooms, manifest=manifest)), ["slack", "manifest", "--url", "x"])
    assert result.exit_code == 2
    assert "Invalid value for --url: write the public one␛[2J" in result.stderr


def test_without_slack_there_is_no_manifest(rooms: Rooms) -> None:
    result = CliRunner().invoke(command_line(rooms), ["slack", "manifest"])
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: This command line was put together without Slack.\n",
    )


def test_the_invitation_is_printed_for_the_application_that_is_named_or_meant(rooms: Rooms) -> None:
    told: list[str | None] = []

    def invite(application: str | None) -> str:
        told.append(application)
        return "https://discord.com/oauth2/authorize?client_id=1"

    line = command_line(replace(rooms, invite=invite))
    for arguments in ([], ["--application", "1"]):
        result = CliRunner().invoke(line, ["discord", "invite", *arguments])
        assert (result.exit_code, result.stdout) == (0, "https://discord.com/oauth2/authorize?client_id=1\n")
    assert told == [None, "1"]


def test_what_keeps_an_invitation_from_being_made_is_said_in_a_line(rooms: Rooms) -> None:
    def no_id(_application: str | None) -> NoReturn:
        raise ValueError("'x' is no application id\x1b[2J")

    wrong = CliRunner().invoke(command_line(replace(rooms, invite=no_id)), ["discord", "invite", "--application", "x"])
    assert wrong.exit_code == 2
    assert "Invalid value for --application: 'x' is no application id␛[2J" in wrong.stderr
    without = CliRunner().invoke(command_line(rooms), ["discord", "invite"])
    assert (without.exit_code, without.stderr) == (
        1,
        "Error: This command line was put together without Discord.\n",
    )


def test_the_doctor_says_of_each_check_how_it_ended_and_what_to_do(doctor: Check) -> None:
    assert doctor(OK, WARNING, FAILED).stdout.splitlines() == [
        "ok       Database: SQLite, tipfacts.db, is open.",
        "warning  Admins: Nobody is admin.",
        "         What to do: Run python -m bot claim-code.",
        "failed   Scope im:history: It is not granted: Slack says nothing of direct messages to the bot, so",
        "         that it does not answer them.",
        "         What to do: Add it at https://api.slack.com/apps, your app, OAuth & Permissions, and",
        "         install the app again.",
        "1 ok, 1 warning, 1 failed",
    ]


def test_the_doctor_ends_with_1_where_something_failed_and_else_with_0(doctor: Check) -> None:
    assert doctor(OK, FAILED).exit_code == 1
    assert doctor(OK, WARNING).exit_code == 0
    assert (doctor().exit_code, doctor().stdout) == (0, "0 ok, 0 warnings, 0 failed\n")


def test_what_would_steer_the_terminal_is_made_visible(doctor: Check) -> None:
    assert "@evil␛[2J" in doctor(replace(OK, text="@evil\x1b[2J")).stdout


def test_an_address_is_never_broken_over_lines(doctor: Check) -> None:
    address = f"https://example.org/{'a-' * 60}"
    assert address in doctor(replace(WARNING, advice=f"See {address}")).stdout


def test_a_wrong_setting_is_one_line_without_a_traceback(rooms: Rooms) -> None:
    def fail() -> NoReturn:
        raise SettingsError("PORT: 'x' is not a port")

    result = CliRunner().invoke(command_line(replace(rooms, diagnose=fail)), ["doctor"])
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "Error: PORT: 'x' is not a port\n")
