"""A Document laid out for a terminal.

Text from the store becomes Text objects, never markup, after what would steer the terminal was made visible.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import assert_never

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.table import Table as Grid
from rich.text import Text

from adapters.console.visible import visible
from adapters.console.wrapping import Prose
from bot.answering.composing import shown_standing
from bot.domain.facts import Standing
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Detail,
    Document,
    Entries,
    Entry,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)

_LINKED = re.compile(r"https?://[!-~]+")
_TERM_WIDTH = 36
_TIGHT = (FactLine, Footnote)


@dataclass(frozen=True, slots=True)
class Barred:
    """A body with a coloured bar down its left side."""

    body: RenderableType
    style: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Render the body two columns narrower, each line behind the bar."""
        bar = Segment("▎ ", console.get_style(self.style))
        narrower = options.update(width=max(1, options.max_width - 2))
        for line in console.render_lines(self.body, narrower, pad=False):
            yield bar
            yield from line
            yield Segment.line()


def render(document: Document) -> Group:
    """Return the document's blocks in order; choices are numbered through the whole of it."""
    numbers = count(1)
    parts: list[RenderableType] = []
    before: Block | None = None
    for block in document.blocks:
        if before is not None and not _belongs_to(before, block):
            parts.append(Text())
        parts.append(_render_block(block, numbers))
        before = block
    return Group(*parts)


def _belongs_to(before: Block, block: Block) -> bool:
    return isinstance(before, Heading) or (isinstance(block, _TIGHT) and type(before) is type(block))


def _render_block(block: Block, numbers: Iterator[int]) -> RenderableType:
    match block:
        case Heading(text):
            return _text(text, "bold")
        case Paragraph(text):
            return _text(text)
        case Quotation():
            return _quotation(block)
        case FactCard():
            return _card(block)
        case FactLine(_, text, source, url):
            return _pairs([(_text("•", "cyan"), _text(text).append(" ").append_text(_linked(source, url, "dim")))])
        case Entries(entries):
            return _pairs(map(_entry, entries))
        case Table(header, rows):
            return _table(header, rows)
        case Choices(options):
            return _pairs((_text(f"{next(numbers)}.", "bold cyan"), _choice(option)) for option in options)
        case Footnote(text):
            return _text(text, "dim")
        case _:
            assert_never(block)


def _card(card: FactCard) -> Panel:
    parts: list[RenderableType] = [_text(card.headline, "bold cyan")] if card.headline else []
    parts.append(_text(card.sentence))
    if card.quotation:
        parts += [Text(), Padding(_quotation(card.quotation), (0, 0, 0, 2))]
    if card.details:
        parts += [Text(), _pairs((_text(detail.label, "dim"), _detail(detail)) for detail in card.details)]
    border = "cyan" if shown_standing(card.fact) is Standing.CURRENT else "yellow"
    return Panel(Group(*parts), box=box.ROUNDED, border_style=border, padding=(0, 1))


def _quotation(quotation: Quotation) -> Barred:
    return Barred(Group(_text(f"“{quotation.text}”"), _text(f"— {quotation.attribution}", "dim")), "cyan")


def _detail(detail: Detail) -> Text:
    text = _text(detail.text)
    return text.append("\n").append_text(_linked(detail.url, detail.url, "cyan")) if detail.url else text


def _entry(entry: Entry) -> tuple[Text, Text]:
    return _text(entry.term, "bold"), _text(entry.text)


def _choice(choice: Choice) -> Text:
    label = _text(choice.label)
    return label if choice.query == choice.label else label.append("  ").append_text(_text(choice.query, "dim"))


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Grid:
    table = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, border_style="dim")
    for title in header:
        table.add_column(_text(title, "bold"), overflow="fold")
    for row in rows:
        table.add_row(*map(_text, row))
    return table


def _pairs(pairs: Iterable[tuple[Text, Text]]) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=_TERM_WIDTH, overflow="fold")
    grid.add_column(overflow="fold")
    for left, right in pairs:
        grid.add_row(left, right)
    return grid


def _text(text: str, style: str = "") -> Prose:
    return Prose(visible(text), style=style)


def _linked(text: str, url: str | None, style: str) -> Text:
    """Return the text as a link where the address is one that cannot steer the terminal."""
    linked = _text(text, style)
    if url and _LINKED.fullmatch(url):
        linked.stylize(Style(link=url))
    return linked
