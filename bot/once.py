"""Changes that are made at most once for a platform's event, and what is said of one that was made before."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.changes import Applied, Once
from bot.messages.document import Choices, Document, Paragraph
from bot.messages.exchange import Kind, Message, Request
from bot.messages.plain import plain_text
from bot.wording.wording import Wording


def once_key(request: Request) -> str | None:
    """Return the event's id with who caused it: ids are one platform's, and nobody may read another's reply. None where
    the platform names no event.
    """
    return f"{request.actor.name}/{request.once_key}" if request.once_key else None


def once(request: Request, then: Callable[[Applied], Message]) -> Once | None:
    """Return what makes a change at most once, with how its reply is kept; None where the request is of no event."""
    key = once_key(request)
    return Once(key, lambda applied: _kept(then(applied).document)) if key else None


def said_before(reply: str, words: Wording) -> Message:
    """Return what was kept of a reply, as the reply to the same event."""
    return Message(Kind.DONE, Document(words.locale, (Paragraph(reply),)))


def _kept(document: Document) -> str:
    """Return a reply as text, without its choices: as text they are numbered lines, which only the console takes."""
    blocks = tuple(block for block in document.blocks if not isinstance(block, Choices))
    return plain_text(replace(document, blocks=blocks))
