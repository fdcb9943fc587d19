"""Replies laid out as pages. Laying out costs as much as finding the answer, so what was laid out lately is kept."""

import json
import secrets
from collections import OrderedDict
from itertools import count

from adapters.slack.blocks import Page, carried, render
from adapters.slack.kit import Json
from bot.messages.document import Document
from bot.messages.exchange import Kind, Message

_MOST_KEPT = 256  # pages
_SHARE, _TURNING = "share", "page:"  # an action_id, and how those of the buttons that turn pages begin
_PROCESS = secrets.token_urlsafe(9)
_numbers = count(1)


def new_share() -> str:
    """Return what marks one answer that can be shared: it is shared once, however often its buttons are pressed."""
    return f"{_PROCESS}{next(_numbers):x}"


def page_of(query: str, message: Message, *, number: int = 0, share: str | None = None) -> Page:
    """Return a page of the reply to a line. With `share`, an answer can be shared in the channel."""
    if share is None or message.kind is not Kind.ANSWER:
        return _KEPT.page(message.document, query, number, can_share=False)
    page = _KEPT.page(message.document, query, number, can_share=True)
    blocks = (_marked(block, share) if block["type"] == "actions" else block for block in page.blocks)
    return Page([block for block in blocks if block.get("elements", True)], page.text)


class _Kept:
    """The pages that were laid out last. A document is known by its identity, which it keeps as long as it is here."""

    def __init__(self) -> None:
        self._pages: OrderedDict[tuple[int, str, int, bool], tuple[Document, Page]] = OrderedDict()

    def page(self, document: Document, query: str, number: int, *, can_share: bool) -> Page:
        key = (id(document), query, number, can_share)
        if key not in self._pages:
            page = render(document, query=query, share_token="" if can_share else None, page=number)
            self._pages[key] = (document, page)
            if len(self._pages) > _MOST_KEPT:
                self._pages.popitem(last=False)
        return self._pages[key][1]


_KEPT = _Kept()


def _marked(row: Json, share: str) -> Json:
    """Return a row of buttons in which sharing, and turning pages, brings this mark along."""
    buttons = []
    for button in row["elements"]:
        name = str(button["action_id"])
        if name == _SHARE or name.startswith(_TURNING):
            value = carried(**(json.loads(button["value"]) | {"t": share}))
            buttons += [button | {"value": value}] if value else []
        else:
            buttons.append(button)
    return row | {"elements": buttons}
