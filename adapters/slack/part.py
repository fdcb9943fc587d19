"""What stays together on a page: some blocks, and the plain text that says the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from adapters.slack.kit import Json, section, texts
from adapters.slack.limits import SECTION_TEXT, size


class Run(StrEnum):
    """Parts of one run that follow each other stand in one section; the value is what parts them there."""

    LINES = "\n"
    ROWS = "\n\n"


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that are not separated, with their text. `text` is escaped, as are the blocks.

    A part with a `run` is one section. One that `leads` stays with what follows it.
    """

    blocks: tuple[Json, ...]
    text: str
    run: Run | None = None
    leads: bool = False

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
    run: Run | None = None
    for part in parts:
        if part.run and part.run is run:
            joined = blocks[-1]["text"]["text"] + part.run + part.blocks[0]["text"]["text"]
            if size(joined) <= SECTION_TEXT:
                blocks[-1] = section(joined)
                continue
        blocks += part.blocks
        run = part.run
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
