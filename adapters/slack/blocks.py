"""A Document as Slack messages: blocks, and the plain text beside them that says the same.

A long document has pages, turned by buttons that ask for it anew: nothing is held between two presses. What is posted
for everybody is one message, whatever is in it.
"""

from collections.abc import Iterator

from adapters.slack.digest_page import for_digest
from adapters.slack.document_parts import document_parts
from adapters.slack.escape import escape
from adapters.slack.kit import Json, button, carried
from adapters.slack.pages import Page, packed, with_buttons, with_note
from bot.messages.document import Document
from bot.wording.wording import Wording, wording

__all__ = ["Page", "carried", "for_digest", "paged", "pages", "render"]


def render(document: Document, *, query: str, share_token: str | None = None, page: int = 0) -> Page:
    """Return one page of the document: number `page` (from 0), or the nearest there is.

    `query` is the line that asks for the document: it turns the pages and, with `share_token`, is what is shared. Where
    it is empty nothing leads to the other pages: send each of `pages` then.
    """
    share = None if share_token is None else carried(q=query, t=share_token)
    return paged(pages(document, share), page, query)


def pages(document: Document, share: str | None = None) -> tuple[Page, ...]:
    """Return the document's pages, at least one; the first with a button to share it that carries `share`, if that is
    given: what is shared is not the page in front, but as much of the whole as one message holds.

    `share` is a button's value, as `carried` makes it.
    """
    words = wording(document.locale)
    buttons = list(button("share", words.say("Share in channel"), share))
    first, *others = packed(document_parts(document), words)
    return with_buttons(first, buttons), *others


def paged(pages: tuple[Page, ...], index: int, query: str) -> Page:
    """Return the page nearest to number `index` (from 0), with buttons to the ones beside it and which one it is."""
    last = len(pages) - 1
    index = max(0, min(index, last))
    page = pages[index]
    if not last or not query:
        return page
    words = wording(page.locale)
    note = words.say("Page {number} of {count}", number=words.number(index + 1), count=words.number(last + 1))
    return with_note(with_buttons(page, list(_turning(index, last, query, words))), escape(note))


def _turning(index: int, last: int, query: str, words: Wording) -> Iterator[Json]:
    if index > 0:
        yield from button("page:back", words.say("Back"), carried(q=query, p=index - 1))
    if index < last:
        yield from button("page:next", words.say("Next"), carried(q=query, p=index + 1))
