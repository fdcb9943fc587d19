"""What stays together on a page: some blocks, and the plain text that says the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.slack.kit import Json, joined, section, texts
from adapters.slack.limits import size


class Run(StrEnum):
    """Parts of one run that follow each other stand in one section; the value is what parts them there."""

    LINES = "\n"
    ROWS = "\n\n"


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that are not separated, with their text. `text` is escaped, as are the blocks.

    A part with a `run` shares its section with others of that run where it is one section. One that `leads` stays with
    what follows it.
    """

    blocks: tuple[Json, ...]
    text: str
    run: Run | None = None
    leads: bool = False

    def goes_on_from(self, before: "Part | None") -> bool:
        """Whether it may stand in the section of the part before it."""
        if self.run is None or before is None or self.run is not before.run:
            return False
        return len(self.blocks) == 1 and self.blocks[0]["text"]["type"] == before.blocks[-1]["text"]["type"]

    @property
    def shown(self) -> int:
        """How many characters its blocks show."""
        return sum(size(text) for block in self.blocks for text in texts(block))

    @property
    def cost(self) -> int:
        """How many characters of a page it takes: of the blocks or of the text, whichever is more."""
        return max(self.shown, size(self.text)) + len(Run.ROWS)


def blocks_of(parts: Iterable[Part]) -> list[Json]:
    """Return the blocks of the parts in order, those of a run in as few sections as hold them."""
    blocks: list[Json] = []
    before: Part | None = None
    for part in parts:
        both: Json | None = None
        if part.run and part.goes_on_from(before):
            both = joined(blocks[-1]["text"], part.blocks[0]["text"], part.run)
        if both:
            blocks[-1] = section(both)
        else:
            blocks += part.blocks
        before = part
    return blocks


def text_of(parts: Sequence[Part]) -> str:
    """Return the text of the parts: an empty line between two, none within a list or after a heading."""
    return "".join(_texts(parts))


def _texts(parts: Sequence[Part]) -> Iterator[str]:
    for before, part in zip((None, *parts), parts, strict=False):
        if before is not None:
            listed = part.run is not None and part.run is before.run
            yield "\n" if before.leads or listed else "\n\n"
        yield part.text
