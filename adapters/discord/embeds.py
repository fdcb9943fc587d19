"""A Document as Discord messages: content and embeds, and the buttons under them.

A long document has pages, turned by buttons that ask for it anew: nothing is held between two presses. What is posted
for everybody is one message, whatever is in it.
"""

from dataclasses import replace

from adapters.discord.components import Button, Press
from adapters.discord.digest_page import for_digest
from adapters.discord.document_parts import Choosing, document_parts
from adapters.discord.pages import Page, packed, paged, with_buttons
from bot.messages.document import Document
from bot.wording.wording import wording

__all__ = ["Page", "for_digest", "paged", "pages", "render"]


def render(document: Document, *, query: str, share_token: str | None = None, page: int = 0) -> Page:
    """Return one page of the document: number `page` (from 0), or the nearest there is.

    `query` is the line that asks for the document: it turns the pages and, with `share_token`, is what is shared. Where
    it is empty nothing leads to the other pages: send each of `pages` then.
    """
    found = paged(pages(document), page, query, share_token or "")
    if share_token is None or not query:
        return found
    words = wording(document.locale)
    return with_buttons(found, [Button(words.say("Share in channel"), Press.SHARE, query, token=share_token)])


def pages(document: Document, *, can_park: bool = True, private: bool = True) -> tuple[Page, ...]:
    """Return the document's pages, at least one, without buttons between them.

    A text is parked for one person. In a message that others may press, nothing `can_park`: what no button holds is a
    line to type there. What others may read is not `private`.
    """
    choosing = Choosing.BUTTONS if can_park else Choosing.BUTTONS_THAT_FIT
    found = packed(document_parts(document, choosing, private=private), wording(document.locale))
    return tuple(replace(page, source=replace(page.source, is_private=private)) for page in found)
