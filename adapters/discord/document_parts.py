"""A Document's blocks as parts: each fits on a page, whatever it says, and no part cuts a citation.

Text that is too long goes on in the next part. A fact goes on with its citation repeated. Choices are buttons; where a
sentence introduces a few, they are listed under it too, so that it is not followed by nothing where it is read aloud.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum, auto
from itertools import chain
from typing import assert_never

from adapters.discord.cards import card_parts, cited, escaped, quotation_parts, worded
from adapters.discord.components import NOTHING, Button, Press
from adapters.discord.escape import escape, heading, labelled, link, plain, prose, small
from adapters.discord.limits import BUTTON_LABEL, ROW, TEXT, TITLE, size
from adapters.discord.part import Part, Run
from bot.domain.people import Platform
from bot.messages.cutting import ELLIPSIS, clip, pieces
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
from bot.messages.spelling import SPELLINGS
from bot.messages.visible import one_line

COMMAND = "/tipfacts"
_TITLE = 1_000
_SOURCE = 300
_QUERY = 1_000
_LABEL = 200
_MOST_LISTED = 10  # choices under a sentence; more are told by their buttons alone
_INTRODUCING = (":", "：", "?", "？")
_SIGNS = {Named.PERSON: "@", Named.CHANNEL: "#"}
_ID = re.compile(r"[0-9]{1,20}")


class Choosing(Enum):
    """What becomes of choices."""

    BUTTONS = auto()  # what is too long for one is parked
    BUTTONS_THAT_FIT = auto()  # lines to type where that is too long
    LINES = auto()


def document_parts(
    document: Document, choosing: Choosing = Choosing.BUTTONS, token: str = "", *, private: bool = False
) -> list[Part]:
    """Return the document in order. `token` is what its buttons carry besides. Where it is `private` only one person
    reads it, and people and channels stand in it as Discord shows them by name.
    """
    found: list[Part] = []
    before: Block | None = None
    for block in _headed(document.blocks):
        if found and isinstance(block, Choices) and choosing is not Choosing.LINES and _introduces(before, block):
            found[-1] = replace(found[-1], leads=True)
            found += _choices(block.options, choosing, token, listed=True)
        else:
            found += block_parts(block, choosing, token, private=private)
        before = block
    return found


def block_parts(
    block: Block, choosing: Choosing = Choosing.BUTTONS, token: str = "", *, private: bool = False
) -> Iterator[Part]:
    """Yield a block's parts; one that says nothing has none."""
    match block:
        case Heading(text):
            yield from _heading(text)
        case Paragraph(text):
            yield from _paragraph(text)
        case Footnote(text):
            yield from _footnote(text)
        case Quotation():
            yield from quotation_parts(block)
        case FactCard():
            yield from card_parts(block)
        case FactLine():
            yield from _fact_line(block)
        case Entries(entries):
            yield from chain.from_iterable(_entry(entry, private=private) for entry in entries)
        case Table(header, rows):
            yield from chain.from_iterable(_row(Table(header, (row,)), private=private) for row in rows)
        case Choices(options):
            yield from map(_typed, options) if choosing is Choosing.LINES else _choices(options, choosing, token)
        case _:
            assert_never(block)


def _headed(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks; a heading over a fact without a headline becomes that, so that they share an embed."""
    before: Heading | None = None
    for block in blocks:
        if before and isinstance(block, FactCard) and not one_line(block.headline) and escaped(before.text) <= TITLE:
            yield replace(block, headline=before.text)
            before = None
            continue
        if before:
            yield before
        before = block if isinstance(block, Heading) else None
        if before is None:
            yield block
    if before:
        yield before


def _heading(text: str) -> Iterator[Part]:
    found = list(pieces(one_line(text), _TITLE, escaped))
    yield from (Part(heading(escape(piece)), leads=len(found) == 1, block=Heading(piece)) for piece in found)


def _paragraph(text: str) -> Iterator[Part]:
    yield from (Part(prose(piece), block=Paragraph(piece)) for piece in pieces(text, TEXT, worded))


def _footnote(text: str) -> Iterator[Part]:
    for piece in pieces(text, TEXT, _small_size):
        said = small(prose(piece))
        if said:
            yield Part(said, block=Footnote(piece))


def _small_size(text: str) -> int:
    return size(small(prose(text)))


def _fact_line(line: FactLine) -> Iterator[Part]:
    whole = _line(line)
    if size(whole.text) <= TEXT:
        yield whole
        return
    source, url = clip(one_line(line.source), _SOURCE, escaped), cited(line.url, _SOURCE)
    for piece in pieces(one_line(line.text), TEXT - 3 * _SOURCE, worded) if one_line(line.text) else ("",):
        yield _line(replace(line, text=piece, source=source, url=url))


def _line(line: FactLine) -> Part:
    source = link(line.url, line.source) if line.url else escape(one_line(line.source))
    return Part(f"- {prose(one_line(line.text)) or NOTHING} ({source})", run=Run.BULLETS, block=line)


def _entry(entry: Entry, *, private: bool) -> Iterator[Part]:
    term, said = escape(one_line(entry.term)), _shown(entry.text, private=private).strip()
    if not term and not said:
        return
    part = Part(labelled(term, said or NOTHING), run=Run.TERMS, block=Entries((entry,)))
    yield from (part,) if size(part.text) <= TEXT else _paragraph(f"{one_line(entry.term)}: {entry.text}")


def _shown(text: str, *, private: bool) -> str:
    """Return a cell's text escaped; a person or channel of Discord's as what Discord shows by name. Nobody is rung: no
    message of ours allows that.
    """
    if private and isinstance(text, Name) and text.platform is Platform.DISCORD and _ID.fullmatch(text.id):
        return f"<{_SIGNS[text.named]}{text.id}>"
    return prose(text)


def _cell(text: str) -> str:
    return text if isinstance(text, Name) else one_line(text)


def _row(table: Table, *, private: bool) -> Iterator[Part]:
    """Yield the one row of a table, which names each cell: so it is understood on a phone and when read aloud."""
    (row,) = table.rows
    cells = [(one_line(title), _cell(cell)) for title, cell in zip(table.header, row, strict=False)]
    shown = [(escape(title), _shown(cell, private=private)) for title, cell in cells]
    text = " · ".join(labelled(title, cell or NOTHING) for title, cell in shown)
    if not cells:
        return
    part = Part(f"- {text}", run=Run.BULLETS, block=table)
    if size(part.text) <= TEXT:
        yield part
        return
    yield from _paragraph("\n".join(f"{title}: {cell or NOTHING}" for title, cell in cells))


def _introduces(before: Block | None, choices: Choices) -> bool:
    """Whether what stands before choices is a sentence that is not whole without them."""
    if not isinstance(before, Paragraph) or len(choices.options) > _MOST_LISTED:
        return False
    return one_line(before.text).endswith(_INTRODUCING)


def _choices(options: Iterable[Choice], choosing: Choosing, token: str, *, listed: bool = False) -> Iterator[Part]:
    """Yield rows of buttons; a label too long for a button is a line besides, and each is where they are `listed`."""
    row: list[tuple[Choice, Button]] = []
    for option in options:
        if not one_line(option.label):
            continue
        button = Button(option.label, Press.CHOICE, option.query, token=token)
        if choosing is Choosing.BUTTONS_THAT_FIT and not button.fits:
            yield _typed(option)
            continue
        if listed or plain(option.label, BUTTON_LABEL).endswith(ELLIPSIS):
            yield Part(f"- {escape(clip(one_line(option.label), _TITLE, escaped))}", run=Run.BULLETS)
        row.append((option, button))
        if len(row) == ROW:
            yield _pressed(row)
            row = []
    if row:
        yield _pressed(row)


def _pressed(row: Iterable[tuple[Choice, Button]]) -> Part:
    options, buttons = zip(*row, strict=True)
    return Part("", buttons=buttons, block=Choices(options))


def _typed(option: Choice) -> Part:
    """Return what a choice is for, and the line that asks for it when typed."""
    label = escape(clip(one_line(option.label), _LABEL, escaped))
    query = clip(one_line(option.query), _QUERY, escaped)
    typed = escape(SPELLINGS[Platform.DISCORD].of(query))
    text = labelled(label, typed) if label not in ("", escape(query), typed) else typed
    return Part(text, run=Run.TERMS, block=Choices((option,)))
