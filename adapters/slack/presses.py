"""What pressing a button does: asks what it stands for, turns a page, or shares an answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from adapters.slack.blocks import Page
from adapters.slack.forms import Forms
from adapters.slack.home import Home
from adapters.slack.layout import new_share, page_of
from adapters.slack.posting import Posting
from adapters.slack.replies import Replies, apology
from adapters.slack.requests import Press, Pressed, pressed
from bot.core import locale_of
from bot.domain.digests import Attempt
from bot.messages.exchange import Form, FormErrors, Kind, Message, Request
from bot.service import Service


class Presses:
    """Answers presses of buttons in messages and on the Home tab. Whoever presses is who asks: their role counts."""

    def __init__(self, service: Service, replies: Replies, forms: Forms, posting: Posting, home: Home) -> None:
        self._service = service
        self._replies = replies
        self._forms = forms
        self._posting = posting
        self._home = home

    async def act(self, body: Mapping[str, Any], at: datetime) -> None:
        """Do what a press stands for, and show the reply to who pressed."""
        press = pressed(body, at)
        if press is None:
            return  # a link, or nothing of ours
        request = press.request
        try:
            request = await self._replies.in_own_language(request)
            await self._answer(press, request)
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            await self._show(press, request, apology(locale_of(request), error))

    async def _answer(self, press: Pressed, request: Request) -> None:
        if press.press is Press.SHARE:
            await self._show(press, request, await self._replies.share(request, press.token, press.response_url))
            return
        reply = await self._service.handle(request)
        if isinstance(reply, FormErrors):
            reply = reply.form
        if isinstance(reply, Form):
            page = await self._forms.open(reply, request, press.trigger_id)
            if page:
                await self._reply(press, page)
            return
        message = await self._replies.for_asker(request, reply)
        if message:
            await self._show(press, request, message)
        if press.view and reply.kind is Kind.DONE:
            await self._home.publish(request)

    async def _show(self, press: Pressed, request: Request, message: Message) -> None:
        if press.response_url is None and await self._forms.tell(message, request, press.trigger_id):
            return
        can_share = press.response_url and not press.is_direct
        share = (press.token or new_share()) if can_share else None
        await self._reply(press, page_of(request.text, message, number=press.page, share=share))

    async def _reply(self, press: Pressed, page: Page) -> None:
        """Show a page to who pressed; in their direct messages so that it stays, and so from a Home tab."""
        address, user = press.request.address, press.request.actor.user

        async def beside() -> Attempt:
            if press.response_url is None or press.is_direct:
                return await self._posting.post(address, page)
            return await self._posting.tell(address, user, page)

        async def reply() -> Attempt:
            if press.response_url is None:
                return await beside()
            return await self._posting.reply_or(
                press.response_url,
                page,
                beside,
                in_channel=press.is_direct,
                in_place=press.press is Press.PAGE and (press.is_private or press.is_direct),
                thread=address.thread,
            )

        await self._posting.insist(reply)
