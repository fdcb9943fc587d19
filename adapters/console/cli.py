"""The command line: `python -m bot`."""

import sys

import click

from adapters.console.asking import ask
from adapters.console.library import export_library, import_library
from adapters.console.locales import locale_option
from adapters.console.operating import claim_code, database, run, tick
from adapters.console.platforms import discord, doctor, slack
from adapters.console.rooms import Rooms
from adapters.console.visible import visible
from bot.desk.problems import LibraryFileError
from bot.domain.text import Locale
from bot.ports import StoreUnavailableError
from bot.settings import SettingsError

__all__ = ["Rooms", "command_line"]

INTERRUPTED = 130  # what a shell reports for a program stopped by Ctrl-C

_HELP = """Sourced facts, with who said them and when.

Without a command it opens the console.

\b
Examples:
  python -m bot
  python -m bot ask "how many screenings were there in 2023?"
  python -m bot COMMAND --help
"""
_CONSOLE_HELP = """Hold a conversation: ask, and edit the library.

Type `help` in it to see what it understands. Through a pipe it reads a line at a time and prints plain text.

\b
Examples:
  python -m bot
  python -m bot console --plain --locale zh-Hant
  printf 'screenings\\nsource F1\\n' | python -m bot console
"""


def command_line(rooms: Rooms) -> click.Group:
    """Return the whole command line, over these rooms."""
    commands = [console, ask, import_library, export_library, tick, run, database, claim_code, slack, discord, doctor]
    return _CommandLine("tipfacts", help=_HELP, commands=commands, context_settings=_settings(rooms))


def _settings(rooms: Rooms) -> dict[str, object]:
    return {"obj": rooms, "help_option_names": ["-h", "--help"], "max_content_width": 100}


class _CommandLine(click.Group):
    """Opens the console when no command is given; ends with one clear line where the operator must act."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (the base class has it)
        return list(self.commands)  # in the order a newcomer needs them

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, args or ["console"])

    def invoke(self, ctx: click.Context) -> object:
        _replace_what_an_encoding_lacks()
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise  # click ends with these as it should, and nothing below need be loaded for them
        except OSError as error:
            raise click.ClickException(visible(str(error))) from error
        except (StoreUnavailableError, SettingsError, LibraryFileError) as error:
            raise click.ClickException(visible(str(error))) from error


@click.command("console", help=_CONSOLE_HELP)
@click.option("--plain", is_flag=True, help="Plain lines: no colours, boxes or line editing; for screen readers.")
@locale_option
@click.pass_obj
def console(rooms: Rooms, *, plain: bool, locale: Locale | None) -> None:
    """Hold a conversation."""
    from adapters.console.person import Person  # noqa: PLC0415 (loaded with the conversation)
    from adapters.console.session import converse  # noqa: PLC0415 (loaded with the conversation)

    with rooms.opened() as installation:
        converse(Person(installation.bot, locale), plain=plain)


def _replace_what_an_encoding_lacks() -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
