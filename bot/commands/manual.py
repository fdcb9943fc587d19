"""The command table as a page of Markdown: docs/commands.md is what this returns."""

from collections.abc import Iterator

from bot.commands.command import Command, Group
from bot.commands.table import COMMANDS
from bot.domain.people import Role

_GROUPS = {
    Group.READ: "For everyone",
    Group.DIGEST: "Digests for a channel",
    Group.DESK: "For editors and admins",
}
_NEEDS = {
    Role.READER: "",
    Role.EDITOR: " Editors and admins only.",
    Role.ADMIN: " Admins only.",
}


def manual() -> str:
    """Return the manual of all commands, in English, as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Commands"
    yield ""
    yield "Type these in the console or after `/tipfacts`. Anything else is a topic or a question."
    for group, title in _GROUPS.items():
        yield from ("", f"## {title}")
        for command in COMMANDS:
            if command.group is group:
                yield from _command(command)


def _command(command: Command) -> Iterator[str]:
    yield from ("", f"### `{command.usage}`", "", f"{command.summary}.{_NEEDS[command.role]}")
    if command.parameters:
        yield ""
        yield from (f"- `{parameter.name}`: {parameter.summary}" for parameter in command.parameters)
    yield from ("", "For example: " + ", ".join(f"`{example}`" for example in command.examples))
    if command.aliases:
        yield from ("", "Also called: " + ", ".join(f"`{alias}`" for alias in command.aliases))
