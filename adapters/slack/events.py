"""Mentions and direct messages, answered where they stand."""

from dataclasses import replace

from adapters.slack.blocks import Page
from adapters.slack.layout import page_of
from adapters.slack.posting import Posting
from adapters.slack.replies import Replies, apology, unopened
from bot.core import locale_of
from bot.domain.digests import Attempt
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Form, FormErrors, Kind, Message, Request
from bot.service import Service
from bot.wording.wording import wording

_FOR_ALL = (Kind.ANSWER, Kind.CHOICE, Kind.ABSTENTION)  # help, errors and what was done are nobody else's business


class Events:
    """Answers what people write to the bot, each message once however often Slack tells of it."""

    def __init__(self, service: Service, replies: Replies, posting: Posting) -> None:
        self._service = service
        self._replies = replies
        self._posting = posting

    async def answer(self, request: Request) -> None:
        """Answer a mention in its thread, a direct message where it was written."""
        key = f"slack/{request.address.space}/{request.once_key}"
        if not await self._service.begin(key):
            return
        try:
            request = await self._in_language(request)
            message = await self._reply(request)
            if message:
                await self._say(request, message)
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            await self._say(request, apology(locale_of(request), error))
        await self._service.finish(key)

    async def _reply(self, request: Request) -> Message | None:
        reply = await self._service.handle(request)
        if isinstance(reply, Form | FormErrors):
            return unopened(reply if isinstance(reply, Form) else reply.form, request.text)
        return await self._replies.for_asker(request, reply)

    async def _in_language(self, request: Request) -> Request:
        """Return the request in the channel's language, where it has one: all read the answer."""
        public = None if request.address.user else await self._service.public_locale(request.address)
        return replace(request, locale=public) if public else await self._replies.in_own_language(request)

    async def _say(self, request: Request, message: Message) -> None:
        page = page_of(request.text, message)
        place = request.conversation or request.address
        if not place.user and message.kind not in _FOR_ALL:
            await self._posting.insist(lambda: self._whisper(request, page))
            return
        lost = page_of("", _lost(locale_of(request)))
        post = self._posting.surely(
            place,
            page,
            nonce=f"reply/{request.once_key}",
            since=request.received_at,
            lost=lambda: self._whisper(request, lost),
        )
        await self._posting.insist(post)

    async def _whisper(self, request: Request, page: Page) -> Attempt:
        """Show a page to who asked alone; a thread that nobody has begun would hide it, so not in a new one."""
        return await self._posting.whisper(request.address, request.actor.user, page)


def _lost(locale: Locale) -> Message:
    say = wording(locale).say
    text = say(
        "Slack did not confirm my answer, and I may not look whether it is here. If you do not see it, ask again."
    )
    return Message(Kind.ERROR, Document(locale, (Paragraph(text),)))
