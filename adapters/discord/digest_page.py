"""What is posted for everybody: one message within Discord's limits, never split, its citations whole."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.discord.cards import card_parts, cited, escaped, shortened, worded
from adapters.discord.document_parts import COMMAND, Choosing, document_parts
from adapters.discord.escape import escape, small
from adapters.discord.limits import PAGE_CHOICES
from adapters.discord.pages import Page, page_of
from adapters.discord.part import Part, fits
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
from bot.messages.fitting import fitted
from bot.messages.visible import one_line
from bot.wording.wording import wording

_TITLE = 250
_TEXT = 900


def for_digest(document: Document, mark: str = "") -> Page:
    """Return the document as one message that anyone may press: its buttons hold all that they stand for.

    `mark` is printable ASCII without spaces, of at most 40 characters. It comes back in the custom_id of the buttons,
    by which the message is found again, or where there are none, in small letters at the end.
    """

    def parts(each: Document) -> list[Part]:
        return document_parts(each, Choosing.BUTTONS_THAT_FIT, mark)

    found = fitted(document, _cut, lambda each: fits(parts(each)), COMMAND)
    kept = parts(found.document)
    if mark and not any(part.buttons for part in kept):
        kept.append(Part(small(escape(mark))))
    return replace(page_of(kept, wording(document.locale)), unshown=found.unshown)


def _cut(block: Block) -> Iterator[Block]:
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
            yield from (Entries((replace(each, text=clip(each.text, _TEXT, worded)),)) for each in entries)
        case Table(header, rows):
            yield from (Table(header, (tuple(clip(cell, _TITLE, worded) for cell in row),)) for row in rows)
        case Choices(options):
            yield Choices(options[:PAGE_CHOICES])
