"""What pressing a button does: asks what it stands for, turns a page, shares an answer, or goes on with a form.

Whoever presses is who asks: their role counts. All that a press needs is in the button, or in the store.
"""

from dataclasses import replace

from adapters.discord.callback import Callback
from adapters.discord.components import Carried, Press, read_state
from adapters.discord.forms import Forms
from adapters.discord.replies import Answering, Replies
from adapters.discord.requests import Asked
from bot.messages.exchange import Audience, Message
from bot.service import Service


class Presses:
    """Answers presses of buttons."""

    def __init__(self, service: Service, replies: Replies, forms: Forms) -> None:
        self._service = service
        self._replies = replies
        self._forms = forms

    async def answer(self, carried: Carried | None, asked: Asked, callback: Callback) -> Answering:
        """Return the answer to a press."""
        state = await self._forms.state(carried, asked) if carried else None
        if carried is None or state is None:
            return await self._forms.lost(asked)
        token, query = read_state(state)
        asked = asked.about(query if carried.kind not in (Press.FORM, Press.SUBMIT) else "")
        match carried.kind:
            case Press.CHOICE:
                return await self._forms.answer(asked, query)
            case Press.PAGE:
                return await self._turned(query, carried.page, token, asked)
            case Press.SHARE:
                message = await self._replies.share(asked, query, token, callback)
                return await self._replies.show(message, "", asked)
            case Press.FORM:
                return await self._forms.reopen(state, asked)
            case Press.SUBMIT:
                return await self._forms.send(state, carried.page, asked)

    async def _turned(self, query: str, number: int, token: str, asked: Asked) -> Answering:
        reply = await self._service.handle(asked.request(query), read_only=True)
        if not isinstance(reply, Message):
            return await self._forms.lost(asked)
        page = replace(reply, audience=Audience.ASKER)  # the channel was told when it was asked
        return await self._replies.show(page, query, asked, number=number, token=token)
