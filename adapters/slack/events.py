"""Mentions and direct messages, answered where they stand."""

from dataclasses import replace

from adapters.slack.blocks import Page
from adapters.slack.layout import page_of
from adapters.slack.posting import Posting
from adapters.slack.replies import Replies, apology, unopened
from bot.commands.command import Group
from bot.commands.grammar import parse
from bot.commands.table import COMMANDS
from bot.core import locale_of
from bot.domain.digests import Attempt
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Audience, Form, FormErrors, Kind, Message, Reply, Request
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
            request, reply = await self._decided(request)
            message = await self._message(request, reply)
            if message:
                await self._say(request, message)
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            request = await self._replies.in_own_language(request)
            await self._say(request, apology(locale_of(request), error))
        await self._service.finish(key)

    async def _decided(self, request: Request) -> tuple[Request, Reply]:
        """Return the reply, and the request in its language.

        What all read is in the channel's language; where it has none, in that of the question's script. What the asker
        alone is shown is in theirs: so nothing is changed before it is clear which it is.
        """
        if not request.address.user:
            public = replace(request, locale=await self._service.public_locale(request.address))
            may_tell_all = public.locale is not None and _is_about_digests(request)
            if may_tell_all:
                public = replace(public, zone=(await self._replies.in_own_language(request)).zone)
            reply = await self._service.handle(public, read_only=not may_tell_all)
            if _is_for_all(reply):
                return public, reply
        own = await self._replies.in_own_language(request)
        return own, await self._service.handle(own)

    async def _message(self, request: Request, reply: Reply) -> Message | None:
        if isinstance(reply, Form | FormErrors):
            return unopened(reply if isinstance(reply, Form) else reply.form, request.text)
        return await self._replies.for_asker(request, reply)

    async def _say(self, request: Request, message: Message) -> None:
        page = page_of(request.text, message)
        place = request.conversation or request.address
        if not place.user and message.kind not in _FOR_ALL:
            await self._posting.insist(lambda: self._whisper(request, page))
            return
        post = self._posting.surely(
            place,
            page,
            nonce=f"reply/{request.once_key}",
            since=request.received_at,
            lost=lambda: self._tell_of_loss(request),
        )
        await self._posting.insist(post)

    async def _tell_of_loss(self, request: Request) -> Attempt:
        own = await self._replies.in_own_language(request)
        return await self._whisper(request, page_of("", _lost(locale_of(own))))

    async def _whisper(self, request: Request, page: Page) -> Attempt:
        """Show a page to who asked alone; a thread that nobody has begun would hide it, so not in a new one."""
        return await self._posting.whisper(request.address, request.actor.user, page)


def _is_about_digests(request: Request) -> bool:
    command = parse(request.text, COMMANDS).command
    return command is not None and command.group is Group.DIGEST


def _is_for_all(reply: Reply) -> bool:
    """Whether all in a channel are shown a reply, or were told of what was done."""
    if not isinstance(reply, Message):
        return False
    return reply.kind in _FOR_ALL or reply.kind is Kind.DONE or reply.audience is Audience.CHANNEL


def _lost(locale: Locale) -> Message:
    say = wording(locale).say
    text = say(
        "Slack did not confirm my answer, and I may not look whether it is here. If you do not see it, ask again."
    )
    return Message(Kind.ERROR, Document(locale, (Paragraph(text),)))
