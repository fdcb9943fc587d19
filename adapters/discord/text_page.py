"""Text alone, for where Discord takes no embeds or finds fault with them."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.discord.cards import worded
from adapters.discord.components import Json
from adapters.discord.document_parts import COMMAND, Choosing, document_parts
from adapters.discord.escape import bold, escape, labelled, small
from adapters.discord.limits import CONTENT, PAGE_CONTENT, size
from adapters.discord.pages import Page, page_of
from adapters.discord.part import Part, text_of
from bot.messages.cutting import clip
from bot.messages.document import Block, Document, Footnote, Paragraph
from bot.messages.fitting import fitted
from bot.wording.wording import wording

_TEXT = 600
_ROOM_FOR_MARK = 60


def as_text(document: Document, mark: str = "") -> Page:
    """Return the document as one message without embeds and buttons: what they stand for are lines to type.

    `mark` is what the message is found by, in small letters at its end: printable ASCII without spaces, of at most 40
    characters.
    """
    room = PAGE_CONTENT - (_ROOM_FOR_MARK if mark else 0)
    found = fitted(document, _cut, lambda each: size(text_of(_parts(each))) <= room, COMMAND)
    parts = _parts(found.document)
    while size(text_of(parts)) > room:  # what must stay is longer than a message
        parts.pop()
    text = text_of([*parts, Part(small(escape(mark)))] if mark else parts)
    nothing = page_of((), wording(document.locale))
    return replace(nothing, text=text or nothing.text, unshown=found.unshown)


def bare(message: Json) -> Json:
    """Return a message with what its embeds say in its content, as far as that has room, and without buttons."""
    text = message.get("content") or ""
    for said in _said(message.get("embeds") or []):
        longer = f"{text}\n{said}".strip()
        if size(longer) > CONTENT:
            break
        text = longer
    return message | {"content": text or "…", "embeds": [], "components": []}


def _said(embeds: list[Json]) -> Iterator[str]:
    for embed in embeds:
        cited = " · ".join(labelled(field["name"], field["value"]) for field in embed.get("fields", ()))
        yield from filter(None, (bold(embed.get("title", "")), embed.get("description", ""), small(cited)))


def _parts(document: Document) -> list[Part]:
    return document_parts(document, Choosing.LINES)


def _cut(block: Block) -> list[Block]:
    if isinstance(block, Paragraph | Footnote):
        return [type(block)(clip(block.text, _TEXT, worded))]
    return [block]
