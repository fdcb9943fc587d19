"""Where lines break: English between words, Chinese between characters but never before a closing mark."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells
from rich.console import Console, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.text import Text

_OPENING = "「『（《〈【“‘"
_CLOSING = "，。、；：？！」』）》〉】”’…—％,.;:?!%)\ufe00-\ufe0f\U000e0100-\U000e01ef"
_WIDE = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u30ff\u3100-\ua4cf\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
_UNIT = re.compile(rf"[{_OPENING}]*(?:[{_WIDE}][{_CLOSING}]*|[^\s{_OPENING}{_WIDE}]+)\s*|[{_OPENING}]+\s*|\s+")
_PIECE = re.compile(r".+?[-/|](?=[A-Za-z])|.+", re.DOTALL)  # of a word too long for a line: an address, a usage


class Prose(Text):
    """Text that wraps the way both languages are printed; rich alone knows only spaces."""

    def wrap(
        self,
        console: Console,  # noqa: ARG002 (rich hands these; prose needs none of them)
        width: int,
        *,
        justify: JustifyMethod | None = None,  # noqa: ARG002
        overflow: OverflowMethod | None = None,  # noqa: ARG002
        tab_size: int = 8,
        no_wrap: bool | None = None,  # noqa: ARG002
    ) -> Lines:
        """Return the text as lines of at most `width` columns."""
        lines = Lines()
        for paragraph in self.split(allow_blank=True):
            paragraph.expand_tabs(tab_size)
            lines.extend(paragraph.divide(breaks(paragraph.plain, width)))
        for line in lines:
            line.rstrip()
        return lines


def breaks(text: str, width: int) -> Iterator[int]:
    """Return the offsets at which a line of text is broken to fit."""
    used = position = 0
    for unit in _units(_UNIT.findall(text), width):
        if used and used + cell_len(unit.rstrip()) > width:
            yield position
            used = 0
        used += cell_len(unit)
        position += len(unit)


def _units(found: Iterable[str], width: int) -> Iterator[str]:
    for unit in found:
        if cell_len(unit.rstrip()) <= width:
            yield unit
            continue
        for piece in _PIECE.findall(unit):
            yield from chop_cells(piece, width) if cell_len(piece) > width else [piece]
