"""Text alone, for where Discord takes no embeds or finds fault with them."""

from dataclasses import replace

from adapters.discord.digest_page import cut, leaving, marked
from adapters.discord.document_parts import Choosing, document_parts
from adapters.discord.limits import PAGE_CONTENT, size
from adapters.discord.pages import Page, page_of
from adapters.discord.part import Part, text_of
from bot.messages.document import Document
from bot.messages.fitting import fitted
from bot.wording.wording import wording

_ROOM_FOR_MARK = 80


def as_text(page: Page) -> Page:
    """Return what a page says as one message without embeds and buttons: what they stand for are lines to type.

    What it has no room for is left out with a remark, as of a digest.
    """
    source = page.source
    document = Document(page.locale, source.blocks)
    room = PAGE_CONTENT - (_ROOM_FOR_MARK if source.mark else 0)

    def parts(each: Document) -> list[Part]:
        return document_parts(each, Choosing.LINES, private=source.is_private)

    found = fitted(document, cut, lambda each: size(text_of(parts(each))) <= room, leaving(source.line))
    kept = parts(found.document)
    while size(text_of(kept)) > room:  # what must stay is longer than a message
        kept.pop()
    text = text_of([*kept, marked(source.mark, page.locale)] if source.mark else kept)
    nothing = page_of((), wording(page.locale))
    return replace(nothing, text=text or nothing.text, unshown=found.unshown, source=source)
