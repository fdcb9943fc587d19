"""How a line is typed where somebody is: what stands before it there, and what its command is called there."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import Platform


@dataclass(frozen=True, slots=True)
class Spelling:
    """What stands before the commands of each group, `read` also before topics and questions. `names` are the first
    words of lines, with what is typed in their place.
    """

    read: str = ""
    digest: str = ""
    desk: str = ""
    names: tuple[tuple[str, str], ...] = ()

    def of(self, line: str) -> str:
        """Return a line as it is typed there."""
        from bot.commands.table import command_named  # noqa: PLC0415 (the table holds handlers that spell lines)

        command = command_named(line.partition(" ")[0])
        before = self._before(command.group) if command else self.read
        words, name = self._renamed(line)
        return " ".join(filter(None, (before, name, line.removeprefix(words).strip())))

    def _before(self, group: str) -> str:
        return {"read": self.read, "digest": self.digest, "desk": self.desk}[group]

    def _renamed(self, line: str) -> tuple[str, str]:
        renamed = (each for each in self.names if f"{line} ".startswith(f"{each[0]} "))
        return max(renamed, key=lambda each: len(each[0]), default=("", ""))


_SLACK = "/tipfacts"
SPELLINGS: Mapping[Platform, Spelling] = {
    Platform.CONSOLE: Spelling(),
    Platform.SLACK: Spelling(_SLACK, _SLACK, _SLACK),
    Platform.DISCORD: Spelling(
        "/tipfacts", "/tipfacts-digest", "/tipfacts-desk", (("subscriptions", "list"), ("digest", ""))
    ),
}  # where a request says nothing else
