"""Forms as modals: put before a person, taken back from them, and offered again with what is wrong.

Discord closes a modal when it is sent and opens none for it; what goes on after that goes on with a button.
"""

from collections.abc import Mapping
from typing import Any

from adapters.discord.components import Carried
from adapters.discord.drafts import Draft, read, sent_by, write
from adapters.discord.form_pages import draft_of, form_pages, next_page, refusal_pages, refused_draft
from adapters.discord.modals import modal, taken
from adapters.discord.replies import Answering, Open, Replies, Say, said
from adapters.discord.requests import Asked
from bot.messages.exchange import Form, FormErrors, Kind, Message, Reply, Request
from bot.service import Service
from bot.wording.wording import wording


class Forms:
    """Answers lines, and the forms that some of them ask for."""

    def __init__(self, service: Service, replies: Replies) -> None:
        self._service = service
        self._replies = replies

    async def answer(self, asked: Asked, line: str) -> Answering:
        """Return the answer to a line."""
        asked = asked.about(line)
        reply = await self._replies.to(asked, asked.request(line))
        if isinstance(reply, Message):
            return await self._replies.show(reply, line, asked)
        return await self._open(reply if isinstance(reply, Form) else reply.form, asked, asked.key)

    async def reopen(self, state: str, asked: Asked) -> Answering:
        """Return the modal that a button of a form opens."""
        draft = read(state)
        return await self._modal(draft, asked) if draft else await self.lost(asked)

    async def take(self, carried: Carried, data: Mapping[str, Any], asked: Asked) -> Answering:
        """Return the answer to a modal that was sent; `data` is what came with it."""
        state = await self.state(carried, asked)
        draft = read(state) if state is not None else None
        if draft is None:
            return await self.lost(asked)
        draft = taken(draft, data)
        if not draft.is_filled_in:
            return await self._replies.say((next_page(draft),), asked)
        return await self._send(draft, asked)

    async def send(self, state: str, number: int, asked: Asked) -> Answering:
        """Return the answer to the press of a button that sends a form; `number` is which of its ways that is."""
        draft = read(state)
        if draft is None:
            return await self.lost(asked)
        return await self._send(sent_by(draft, number), asked, can_open=True)

    async def state(self, carried: Carried, asked: Asked) -> str | None:
        """Return what a button or modal carries, None where it was parked for somebody else, or too long ago."""
        return carried.state if carried.state is not None else await self._service.parked(carried.parked, asked.actor)

    async def unopened(self, draft: Draft, asked: Asked) -> Say:
        """Return what is said in place of a modal, where it is too late to open one: a press opens it."""
        return await self._replies.say(form_pages(draft.form, draft), asked)

    async def lost(self, asked: Asked) -> Say:
        """Return what is said where what a button stands for is not held any more."""
        text = wording(asked.locale).say("This no longer works: what it stands for was kept for a day. Ask again.")
        return await self._replies.show(said(asked.locale, Kind.ERROR, text), "", asked)

    async def _send(self, draft: Draft, asked: Asked, *, can_open: bool = False) -> Answering:
        request: Request = asked.request("", draft.sent, draft.key)
        reply: Reply = await self._replies.to(asked, request)
        match reply:
            case Message():
                return await self._replies.show(reply, "", asked)
            case Form():
                if can_open:
                    return await self._open(reply, asked, draft.key)
                return await self._replies.say(form_pages(reply, draft_of(reply, draft.key)), asked)
            case FormErrors():
                return await self._replies.say(refusal_pages(reply, refused_draft(reply, draft)), asked)

    async def _open(self, form: Form, asked: Asked, key: str) -> Answering:
        draft = draft_of(form, key)
        if form.fields:
            return await self._modal(draft, asked)
        return await self._replies.say(form_pages(form, draft), asked)

    async def _modal(self, draft: Draft, asked: Asked) -> Open:
        return Open(modal(draft, await self._service.park(write(draft), asked.actor)), draft)
