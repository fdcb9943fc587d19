"""The slash command: one line in, one page out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.blocks import Page
from adapters.slack.forms import Forms
from adapters.slack.layout import new_share, page_of
from adapters.slack.replies import Replies, apology
from adapters.slack.requests import slash
from adapters.slack.tokens import Clients
from bot.core import locale_of
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Form, FormErrors, Kind, Message, Request
from bot.service import Service
from bot.wording.wording import wording


class Slash:
    """Answers slash commands."""

    def __init__(self, service: Service, clients: Clients, replies: Replies, forms: Forms) -> None:
        self._service = service
        self._clients = clients
        self._replies = replies
        self._forms = forms

    async def answer(self, body: Mapping[str, Any], at: datetime) -> Page | None:
        """Return what to show the asker; None where a form or the channel says it. Nothing is raised."""
        request: Request | None = None
        try:
            request = slash(body, at)
            if self._clients.lacks(request.address.space):
                return page_of("", _not_installed())
            request = await self._replies.in_own_language(request)
            return await self._answer(request, body.get("trigger_id") or "")
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            return page_of("", apology(locale_of(request) if request else Locale.EN, error))

    async def _answer(self, request: Request, trigger_id: str) -> Page | None:
        reply = await self._service.handle(request)
        match reply:
            case Form() | FormErrors(form=_):
                form = reply if isinstance(reply, Form) else reply.form
                return await self._forms.open(form, request, trigger_id)
            case Message():
                message = await self._replies.for_asker(request, reply)
                return page_of(request.text, message, share=new_share()) if message else None


def _not_installed() -> Message:
    text = wording(Locale.EN).say("tipfacts is not set up for this workspace. Ask whoever runs it to install it here.")
    return Message(Kind.ERROR, Document(Locale.EN, (Paragraph(text),)))
