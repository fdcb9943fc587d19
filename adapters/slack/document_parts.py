"""A Document's blocks as parts: each fits on a page, whatever it says, and no part cuts a citation.

Text that is too long goes on in the next part. A fact goes on with its citation repeated.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from typing import assert_never

from adapters.slack.cards import card_parts, cited, cited_lines, quoted
from adapters.slack.cutting import clip, pieces
from adapters.slack.escape import bold, escape, has_markup, labelled, link, one_line, prose, visible
from adapters.slack.kit import (
    NOTHING,
    Json,
    actions,
    button,
    carried,
    context,
    literal,
    mrkdwn,
    plain,
    section,
    sections,
    written,
)
from adapters.slack.limits import ACTIONS, CONTEXT_TEXT, HEADER_TEXT, SECTION_TEXT, size
from adapters.slack.part import Part, Run
from bot.domain.people import Platform
from bot.messages.document import (
    Block,
    Choice,
    Choices,
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
from bot.messages.names import Name, Named

COMMAND = "/tipfacts"
_LINKS = 5 / 4  # links add two characters to every ten at most
_PROSE = int(SECTION_TEXT / _LINKS)
_REMARK = int(CONTEXT_TEXT / _LINKS)
_TITLE = 1_000
_SOURCE = 300
_QUERY = 1_000
_LABEL = 200
_CHOICES_TEXT = 2_500
_SIGNS = {Named.PERSON: "@", Named.CHANNEL: "#"}
_ID = re.compile(r"[A-Z0-9]+")


def document_parts(document: Document, *, pressed: bool = True) -> list[Part]:
    """Return the document in order. Choices are buttons where they can be `pressed`, else lines to type."""
    numbers = count(1)
    return [part for block in document.blocks for part in block_parts(block, numbers, pressed=pressed)]


def block_parts(block: Block, numbers: Iterator[int], *, pressed: bool = True) -> Iterator[Part]:
    """Yield a block's parts; one that says nothing has none. `numbers` number the buttons."""
    match block:
        case Heading(text):
            yield from _heading(text)
        case Paragraph(text):
            yield from _paragraph(text)
        case Footnote(text):
            yield from (Part((context(written(said)),), prose(said)) for said in pieces(text, _REMARK))
        case Quotation():
            yield from quoted(block)
        case FactCard():
            yield from card_parts(block)
        case FactLine():
            yield from _fact_line(block)
        case Entries(entries):
            yield from chain.from_iterable(map(_entry, entries))
        case Table(header, rows):
            yield from chain.from_iterable(_row(header, row) for row in rows)
        case Choices(options):
            yield from _buttons(options, numbers) if pressed else map(_typed, options)
        case _:
            assert_never(block)


def _heading(text: str) -> Iterator[Part]:
    title = one_line(text)
    if 0 < size(escape(title)) <= HEADER_TEXT:
        yield Part(({"type": "header", "text": plain(title, HEADER_TEXT)},), escape(title), leads=True)
        return
    for piece in pieces(title, _TITLE):
        yield Part((section(literal(escape(piece)) if has_markup(piece) else bold(escape(piece))),), escape(piece))


def _paragraph(text: str) -> Iterator[Part]:
    for said in pieces(text, _PROSE):
        yield Part((section(written(said)),), prose(said))


def _fact_line(line: FactLine) -> Iterator[Part]:
    whole = _line(line)
    if whole.cost <= SECTION_TEXT:
        yield whole
        return
    source, url = clip(line.source, _SOURCE), cited(line.url, _SOURCE)
    for piece in pieces(line.text, _PROSE - 2 * _SOURCE) if line.text.strip() else ("",):
        yield _line(replace(line, text=piece, source=source, url=url))


def _line(line: FactLine) -> Part:
    said, source = prose(line.text).strip() or NOTHING, one_line(line.source)
    text = f"- {said} [{escape(source)}]" + (f" {link(line.url)}" if line.url else "")
    if has_markup(line.text) or has_markup(source):
        plain_line = literal(f"• {escape(line.text).strip() or NOTHING}")
        return Part(tuple(sections((plain_line, *cited_lines("", source, line.url)))), text, Run.LINES)
    shown = f"• {said} [{link(line.url, source) if line.url else escape(source)}]"
    return Part((section(shown),), text, Run.LINES)


def _entry(entry: Entry) -> Iterator[Part]:
    term, said = one_line(entry.term), _cell(entry.text)
    if not term and not said:
        return
    text = f"{escape(term)}: {_shown(said) or NOTHING}"
    part = Part((section(_labelled(term, said)),), text, Run.LINES)
    yield from (part,) if part.cost <= SECTION_TEXT else _paragraph(f"{term}: {said}")


def _labelled(label: str, text: str) -> Json:
    """Return a line that says a text behind its label."""
    if has_markup(f"{label}:") or has_markup(text):
        return literal(escape(f"{label}: {text or NOTHING}" if label else text))
    return mrkdwn(labelled(escape(label), _shown(text) or NOTHING))


def _cell(text: str) -> str:
    return text if isinstance(text, Name) else visible(text).strip()


def _shown(text: str) -> str:
    """Return a cell's text escaped; a person or channel of Slack's as the sequence that Slack shows by name. Nobody is
    notified: what names people is shown to one person, or stands in their own messages and Home tab.
    """
    if isinstance(text, Name) and text.platform is Platform.SLACK and _ID.fullmatch(text.id):
        return f"<{_SIGNS[text.named]}{text.id}>"
    return prose(text)


def _row(header: Iterable[str], row: Iterable[str]) -> Iterator[Part]:
    """Yield a row that names each cell, so that it is understood on a phone and when read aloud."""
    cells = [(one_line(title), _cell(cell)) for title, cell in zip(header, row, strict=False)]
    text = ", ".join(f"{escape(title)}: {_shown(cell) or NOTHING}" for title, cell in cells)
    if not cells:
        return
    part = Part(tuple(sections(_labelled(title, cell) for title, cell in cells)), text, Run.ROWS)
    if part.cost <= SECTION_TEXT:
        yield part
        return
    yield from _paragraph("\n".join(f"{title}: {cell or NOTHING}" for title, cell in cells))


def _buttons(options: Iterable[Choice], numbers: Iterator[int]) -> Iterator[Part]:
    """Yield rows of buttons; a choice that no button can carry is a line to type."""
    row: list[Json] = []
    lines: list[str] = []
    for option in options:
        pressed = list(button(f"choice:{next(numbers)}", option.label, carried(q=option.query)))
        line = escape(_choice_line(option))
        if row and (not pressed or len(row) == ACTIONS or size("\n".join((*lines, line))) > _CHOICES_TEXT):
            yield Part((actions(row),), "\n".join(lines))
            row, lines = [], []
        if pressed:
            row, lines = row + pressed, [*lines, line]
        else:
            yield _typed(option)
    if row:
        yield Part((actions(row),), "\n".join(lines))


def _typed(option: Choice) -> Part:
    line = _choice_line(option)
    return Part((section(written(line)),), escape(line), Run.LINES)


def _choice_line(option: Choice) -> str:
    """Return what a choice is for, and the line that asks for it when typed."""
    label, query = (clip(one_line(text), most) for text, most in ((option.label, _LABEL), (option.query, _QUERY)))
    typed = f"{COMMAND} {query}".rstrip()
    return f"{label}: {typed}" if label and label != query else typed
