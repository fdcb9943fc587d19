"""The commands that keep an installation running: `tick`, `run`, `db upgrade` and `claim-code`."""

from datetime import UTC, datetime

import click

from adapters.console.output import standard_output
from adapters.console.rooms import Rooms
from bot.digests.report import TickReport
from bot.domain.digests import DeliveryState
from bot.ports import Messenger

_FIRST_YEAR, _LAST_YEAR = 1970, 9000  # dates near the calendar's end cannot be reckoned with
_EXAMPLE_INSTANT = "2026-11-23T01:00:00Z or 2026-11-23T09:00:00+08:00"

_TICK_HELP = """Post the digests that are due, once, and exit.

`run` does this every minute; `tick` is for cron. With --at it acts as if it were that instant: what is due by then is
really posted, and not again later. To look without posting, type `digest preview` in the console. The digests go to
standard output, the count of what was done to standard error. Running it twice posts nothing twice.

\b
Examples:
  python -m bot tick
  python -m bot tick --at 2026-11-23T01:00:00Z
"""
_RUN_HELP = """Serve until stopped: post digests when they are due.

\b
Example:
  python -m bot run
"""
_UPGRADE_HELP = """Bring the database to the newest revision.

SQLite is upgraded whenever it is opened; on PostgreSQL run this before starting a new version. Running it again does
nothing.

\b
Example:
  TIPFACTS_DATABASE_URL=postgresql:///tipfacts python -m bot db upgrade
"""
_CLAIM_CODE_HELP = """Print a one-time code that makes whoever claims it an admin.

Type it where you want to be admin, within an hour: `/tipfacts claim CODE` in Slack, `/tipfacts-desk claim CODE` in a
Discord server, not in its direct messages, `claim CODE` in the console. A new code ends the ones before it.

\b
Example:
  python -m bot claim-code
"""


def _read_instant(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is not an instant; write {_EXAMPLE_INSTANT}.") from error
    if instant.tzinfo is None:
        raise click.BadParameter(f"{text!r} does not say in which zone; write {_EXAMPLE_INSTANT}.")
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise click.BadParameter(f"{text!r} is too far away; write {_EXAMPLE_INSTANT}.")
    return instant.astimezone(UTC)


@click.command("tick", help=_TICK_HELP)
@click.option("--at", "instant", metavar="INSTANT", callback=_read_instant, help="ISO 8601, with zone.  [default: now]")
@click.pass_obj
def tick(rooms: Rooms, *, instant: datetime) -> None:
    """Post what is due."""
    with rooms.opened() as installation:
        report = rooms.tick(installation, instant, _messenger())
    click.echo(_report_line(report), err=True)


@click.command("run", help=_RUN_HELP, short_help="Serve until stopped.")
@click.pass_obj
def run(rooms: Rooms) -> None:
    """Serve until stopped."""
    with rooms.opened() as installation:
        rooms.run(installation, _messenger())


@click.group("db")
def database() -> None:
    """Look after the database."""


@database.command("upgrade", help=_UPGRADE_HELP)
@click.option("--quiet", is_flag=True, help="Print nothing unless it fails.")
@click.pass_obj
def upgrade(rooms: Rooms, *, quiet: bool) -> None:
    """Bring the database to the newest revision."""
    before, after = rooms.upgrade()
    if quiet:
        return
    moved = f"Upgraded from {before or 'an empty database'} to {after}."
    click.echo(moved if before != after else f"Already at the newest revision, {after}.")


@click.command("claim-code", help=_CLAIM_CODE_HELP, short_help="Print a one-time code that makes an admin.")
@click.pass_obj
def claim_code(rooms: Rooms) -> None:
    """Print a code that makes an admin."""
    with rooms.opened() as installation:
        code = installation.operator.issue_claim_code(datetime.now(UTC))
    click.echo(code)
    click.echo(
        f"Within an hour, type claim {code} in the console, /tipfacts claim {code} in Slack, or /tipfacts-desk claim"
        f" {code} in your Discord server.",
        err=True,
    )


def _messenger() -> Messenger:
    from adapters.console.messenger import ConsoleMessenger  # noqa: PLC0415 (only what posts needs it)

    return ConsoleMessenger(standard_output())


def _report_line(report: TickReport) -> str:
    ended = [(state, report.count(state)) for state in DeliveryState]
    shown = [f"{state} {number}" for state, number in ended if number or state is DeliveryState.SENT]
    return ", ".join([f"due {report.due}", *shown])
