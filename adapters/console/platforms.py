"""The commands that set up platforms: `slack manifest`, `discord invite`, and `doctor`, which says what is wrong."""

import textwrap
from collections.abc import Iterator, Sequence

import click

from adapters.console.rooms import Rooms
from adapters.console.visible import visible
from bot.diagnosis import Finding, Verdict

_FAILED = 1  # the exit status where a check failed
_WIDTH = 100  # longer lines are hard to read
_VERDICT_WIDTH = max(len(verdict) for verdict in Verdict) + 2

_MANIFEST_HELP = """Print the app manifest to paste into Slack (https://api.slack.com/apps, Create New App, From a
manifest).

Without --url the app uses Socket Mode, which needs no public address. With it Slack sends signed requests there, to
/slack/events. docs/slack.md goes through it step by step.

\b
Examples:
  python -m bot slack manifest
  python -m bot slack manifest --url https://tipfacts.example.org
"""
_INVITE_HELP = """Print the link that brings the bot into a server, with the fewest permissions it needs.

It is for the application that DISCORD_TOKEN belongs to, or for the one named with --application. docs/discord.md goes
through it step by step.

\b
Examples:
  python -m bot discord invite
  python -m bot discord invite --application 1234567890123456789
"""
_DOCTOR_HELP = """Check the settings and what they lead to, and say what to do about each fault.

It looks at the database, the library and the admins; where Slack is set up at its tokens and their scopes, Socket Mode,
the signing secret, the port and the clock; where Discord is, at its token and application, the intents, the gateway,
the servers and the clock. It posts nothing, and prints no token, secret or password.

\b
Example:
  python -m bot doctor

\b
Exit status: 0 where nothing failed (there may be warnings); 1 where something did.
"""


@click.group("slack")
def slack() -> None:
    """Set up Slack."""


@slack.command("manifest", help=_MANIFEST_HELP, short_help="Print the app manifest to paste into Slack.")
@click.option("--url", metavar="URL", help="The public https address of this installation, for HTTP.")
@click.pass_obj
def manifest(rooms: Rooms, *, url: str | None) -> None:
    """Print Slack's app manifest."""
    try:
        text = rooms.manifest(url)
    except ValueError as error:
        raise click.BadParameter(visible(str(error)), param_hint="--url") from error
    except LookupError as error:
        raise click.ClickException(visible(str(error))) from error
    click.echo(text)


@click.group("discord")
def discord() -> None:
    """Set up Discord."""


@discord.command("invite", help=_INVITE_HELP, short_help="Print the link that brings the bot into a server.")
@click.option("--application", metavar="ID", help="The application’s id, where no token is set.")
@click.pass_obj
def invite(rooms: Rooms, *, application: str | None) -> None:
    """Print Discord's invitation link."""
    try:
        link = rooms.invite(application)
    except ValueError as error:
        raise click.BadParameter(visible(str(error)), param_hint="--application") from error
    except LookupError as error:
        raise click.ClickException(visible(str(error))) from error
    click.echo(link)


@click.command("doctor", help=_DOCTOR_HELP, short_help="Check the settings, and say what to do about each fault.")
@click.pass_obj
@click.pass_context
def doctor(context: click.Context, rooms: Rooms) -> None:
    """Check the settings and what they lead to."""
    findings = rooms.diagnose()
    for finding in findings:
        for line in _lines(finding):
            click.echo(line)
    click.echo(_summary(findings))
    if any(finding.verdict is Verdict.FAILED for finding in findings):
        context.exit(_FAILED)


def _lines(finding: Finding) -> Iterator[str]:
    """Return the finding as a row of the table: the verdict, what was found, and below it what to do."""
    label = finding.verdict.ljust(_VERDICT_WIDTH)
    indent = " " * _VERDICT_WIDTH
    yield from _wrapped(f"{finding.subject}: {finding.text}", label, indent)
    if finding.advice:
        yield from _wrapped(f"What to do: {finding.advice}", indent, indent)


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        visible(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,  # addresses are to be copied
        break_on_hyphens=False,
    )


def _summary(findings: Sequence[Finding]) -> str:
    ok, warnings, failed = (sum(finding.verdict is verdict for finding in findings) for verdict in Verdict)
    return f"{ok} ok, {warnings} {'warning' if warnings == 1 else 'warnings'}, {failed} failed"
