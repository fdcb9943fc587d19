"""What a command is: one row of the command table that every platform's commands are derived from."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.commands.call import Handler
from bot.domain.people import Role


class Group(StrEnum):
    """Which of a platform's commands a command belongs to."""

    READ = "read"
    DIGEST = "digest"
    DESK = "desk"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing that follows a command's name. `summary` is worded through the catalogue."""

    name: str
    summary: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its names (the first is shown), what it does, what follows it, who may use it, and how it looks used.

    `pattern` is what may follow the name. `asks` marks verbs that a question may begin with. `changes` marks those that
    change or post something in the asker's name, `of_place` those about the people of a workspace or guild, which are
    of no use where none is.
    """

    name: str
    group: Group
    summary: str
    handler: Handler
    role: Role = Role.READER
    parameters: tuple[Parameter, ...] = ()
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    pattern: str = ""
    asks: bool = False
    changes: bool = False
    of_place: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every word the command is called by."""
        return frozenset((self.name, *self.aliases))

    @property
    def usage(self) -> str:
        """How the command is written: history TOPIC, log [F12|S3]."""
        return " ".join([self.name, *(p.name if p.required else f"[{p.name}]" for p in self.parameters)])

    @property
    def is_open(self) -> bool:
        """Whether anybody may use it, and nothing comes of it but a reply."""
        return self.role is Role.READER and not self.changes

    def takes(self, rest: str) -> bool:
        """Whether the command may be followed by this text."""
        return re.fullmatch(self.pattern, rest, re.IGNORECASE) is not None
