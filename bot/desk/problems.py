"""What is wrong with a library file."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_PROBLEMS = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a library file; `line` counts from 1, None where it is the whole file."""

    file: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" if self.line else f"{self.file}: {self.reason}"


class LibraryFileError(Exception):
    """A library file is refused whole. The text has a line for each problem: file, line and reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        shown = [str(problem) for problem in problems[:MAX_PROBLEMS]]
        left = len(problems) - MAX_PROBLEMS
        super().__init__("\n".join([*shown, f"... and {left} more problems"] if left > 0 else shown))
        self.problems = tuple(problems)
