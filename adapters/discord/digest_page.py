"""What is posted for everybody: one message within Discord's limits, never split, its citations whole."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.discord.cards import card_parts, cited, escaped, shortened, worded
from adapters.discord.document_parts import COMMAND, Choosing, document_parts
from adapters.discord.escape import escape, small
from adapters.discord.limits import PAGE_CHOICES, size
from adapters.discord.pages import Page, Source, page_of
from adapters.discord.part import Part, fits
from bot.commands.grammar import parse, raw_rest
from bot.commands.table import COMMANDS
from bot.domain.text import Locale
from bot.messages.cutting import clip
from bot.messages.document import (
    Block,
    Choices,
    Document,
    Entries,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
    Quotation,
    Table,
)
from bot.messages.fitting import Fitted, Leaving, fitted
from bot.messages.names import Name
from bot.messages.visible import one_line
from bot.wording.wording import wording

MARK = 25  # characters: as many as Discord takes of a nonce
_TITLE = 250
_TEXT = 900
_LONGEST_LINE = 300  # characters of a line to type
_HISTORY = "history"


def for_digest(
    document: Document, mark: str = "", *, line: str = "", private: bool = False, found: Fitted | None = None
) -> Page:
    """Return the document as one message that anyone may press: its buttons hold all that they stand for.

    `mark` is printable ASCII without spaces, of at most 40 characters. It comes back in the custom_id of the buttons,
    by which the message is found again, or where there are none, in small letters at the end. `line` is what was asked:
    see `leaving`. What is `private` only one person reads. `found` is what `fitting` found of the same.
    """
    found = found or fitting(document, mark, line=line, private=private)
    kept = _parts(found.document, mark, private=private)
    if not fits(kept):  # with a shorter mark a choice may be a button that else was a line, and need more room
        kept = _parts(found.document, _longest(mark), private=private)
    if mark and not any(part.buttons for part in kept):
        kept.append(marked(mark, document.locale))
    source = Source(document.blocks, line, mark, private)
    return replace(page_of(kept, wording(document.locale)), unshown=found.unshown, source=source)


def fitting(document: Document, mark: str = "", *, line: str = "", private: bool = False) -> Fitted:
    """Return as much of the document as fits into one message: the same for all marks of up to MARK characters."""
    longest = _longest(mark)

    def all_fit(each: Document) -> bool:
        return fits(_parts(each, longest, private=private))

    return fitted(document, cut, all_fit, leaving(line))


def _parts(document: Document, mark: str, *, private: bool) -> list[Part]:
    return document_parts(document, Choosing.BUTTONS_THAT_FIT, mark, private=private)


def _longest(mark: str) -> str:
    """Return a mark as long as any that a message has; none where it has none."""
    return mark.ljust(MARK, "0") if mark else ""


def leaving(line: str) -> Leaving:
    """Return what is left out first of the answer to a line, and what is typed to see it: the line, or where that is
    empty, what looks the facts up by their statements. Of a history the newest facts stay.
    """
    command, typed = parse(line, COMMANDS).command, one_line(raw_rest(line, words=0))
    is_history = command is not None and command.name == _HISTORY
    return Leaving(COMMAND, typed if size(typed) <= _LONGEST_LINE else "", newest_last=is_history)


def marked(mark: str, locale: Locale) -> Part:
    """Return what a message is found by, in small letters."""
    return Part(small(escape(wording(locale).say("Reference: {reference}", reference=mark))))


def cut(block: Block) -> Iterator[Block]:
    """Yield the block in pieces that can be left out one by one, each of bounded length."""
    match block:
        case Heading(text):
            yield Heading(clip(one_line(text), _TITLE, escaped))
        case Paragraph(text) | Footnote(text):
            yield replace(block, text=clip(text, _TEXT, worded))
        case Quotation(text, attribution):
            yield Quotation(clip(text, _TEXT, escaped), clip(attribution, _TITLE, escaped))
        case FactLine(_, text, source, url):
            said, where = clip(one_line(text), _TEXT, worded), clip(one_line(source), _TITLE, escaped)
            yield replace(block, text=said, source=where, url=cited(url, _TITLE))
        case FactCard():
            yield block if len(list(card_parts(block))) <= 1 else shortened(block)
        case Entries(entries):
            yield from (Entries((replace(each, text=_clipped(each.text, _TEXT)),)) for each in entries)
        case Table(header, rows):
            yield from (Table(header, (tuple(_clipped(cell, _TITLE) for cell in row),)) for row in rows)
        case Choices(options):
            yield Choices(options[:PAGE_CHOICES])


def _clipped(text: str, most: int) -> str:
    return text if isinstance(text, Name) else clip(text, most, worded)
