"""Mentions and direct messages, answered where they stand."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import discord

from adapters.discord.chains import Chains
from adapters.discord.components import to_park
from adapters.discord.embeds import Page, for_digest, paged, pages, render
from adapters.discord.posting import Posting
from adapters.discord.replies import apology, not_offered, preceded, said, sets_up_digests
from adapters.discord.rest import Rest
from adapters.discord.written import request_of
from bot.core import locale_of
from bot.domain.digests import Attempt, Posted, Refused
from bot.domain.people import DIRECT, Address
from bot.messages.document import Choice, Choices, Document, Paragraph
from bot.messages.exchange import Audience, Form, FormErrors, Kind, Message, Request
from bot.service import Service
from bot.sharing import for_everyone
from bot.wording.wording import wording

_FOR_ALL = (Kind.ANSWER, Kind.CHOICE, Kind.ABSTENTION)  # help, errors and what was done are nobody else's business
_CHANGED = (Kind.DONE, Kind.ERROR)  # their pages are all sent at once: turning one would ask for the change again


class Events:
    """Answers what people write to the bot, each message once however often Discord tells of it. `clock` gives UTC."""

    def __init__(self, service: Service, rest: Rest, posting: Posting, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._posting = posting
        self._clock = clock
        self._chains = Chains(rest)

    async def take(self, message: discord.Message, own: int) -> None:
        """Answer a message, where it speaks to the bot, as a reply to it; `own` is the bot's id."""
        request = request_of(message, own, self._clock())
        if request is None:
            return
        key = f"discord/{request.address.space}/{request.once_key}"
        if not await self._service.begin(key):
            return
        try:
            await self._answer(await self._in_conversation(request, message))
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            await self._say(request, apology(locale_of(request), error))
        await self._service.finish(key)

    async def _in_conversation(self, request: Request, message: discord.Message) -> Request:
        """Return the request with the chain of replies it stands in, and in the channel's language where it has one."""
        if request.address.user is None:
            locale = await self._service.public_locale(request.address) or request.locale
            request = replace(request, locale=locale)
        if request.conversation is None:
            first = await self._chains.first(message)
            self._chains.note(first, str(message.id))
            request = replace(request, conversation=replace(request.address, thread=first))
        return request

    async def _answer(self, request: Request) -> None:
        reply = await self._reply_to(request)
        if reply.audience is Audience.CHANNEL:
            left = await self._announced(request, reply)
            if left is None:
                return
            reply = left
        await self._say(request, reply)

    async def _announced(self, request: Request, message: Message) -> Message | None:
        """Tell a channel what all of it are to read, not only a thread's; return what is left to tell who asked."""
        channel = replace(request.address, thread=None)
        reply_to = request.once_key if channel == request.address else None
        poster = self._posting.poster(channel, f"{request.once_key}-a", reply_to)
        return await self._service.announce(replace(request, address=channel), message, (poster,))

    async def _reply_to(self, request: Request) -> Message:
        is_offered = request.address.user or request.actor.may_manage_channel
        if not is_offered and sets_up_digests(request.text):
            return not_offered(request)
        reply = await self._service.handle(request)
        if isinstance(reply, Form | FormErrors):
            return _unopened(reply if isinstance(reply, Form) else reply.form, request.text)
        return reply if request.address.user else _for_everyone(reply)

    async def _say(self, request: Request, message: Message) -> None:
        """Reply for all to read, or where that is nobody else's business or we may not write there, directly."""
        if request.address.user or message.kind in _FOR_ALL:
            if not isinstance(await self._reply(request, message), Refused) or request.address.user:
                return
            say = wording(message.document.locale).say
            message = preceded(message, say("I may not write in that channel, so I answer you here."))
        direct = Address(request.address.platform, DIRECT, request.actor.user, user=request.actor.user)
        found = pages(message.document, can_park=False)  # who presses there is somebody else to the core than here
        if isinstance(await self._posting.say(direct, found, nonce=f"{request.once_key}-d"), Refused):
            say = wording(message.document.locale).say
            text = say(
                "I cannot write to you directly. Type {command} here instead: only you see what it answers.",
                command="/tipfacts",
            )
            await self._reply(request, said(message.document.locale, Kind.ERROR, text))

    async def _reply(self, request: Request, message: Message) -> Attempt:
        found = _pages(request, message, await self._line(request, message))
        tokens = await self._parked(request, found)
        nonce = f"{request.once_key}-r"
        attempt = await self._posting.say(request.address, found, nonce=nonce, reply_to=request.once_key, tokens=tokens)
        if isinstance(attempt, Posted) and request.conversation and request.conversation.thread:
            self._chains.note(request.conversation.thread, attempt.message_id)
        return attempt

    async def _line(self, request: Request, message: Message) -> str:
        """Return the line that asks for a message anew, empty where none does: what changed something is not asked for
        twice, and a question that went on from another one is a different one by itself.
        """
        if message.kind in _CHANGED:
            return ""
        if message.context is None:
            return request.text  # it is no question
        if len(pages(message.document)) == 1:
            return ""  # there is nothing to turn to
        alone = replace(request, conversation=None, context=None, once_key=None)
        reply = await self._service.handle(alone, read_only=True)
        is_same = isinstance(reply, Message) and reply.document.facts == message.document.facts
        return request.text if is_same else ""

    async def _parked(self, request: Request, found: Sequence[Page]) -> dict[str, str]:
        states = dict.fromkeys(state for page in found for state in to_park(page.buttons))
        return {state: await self._service.park(state, request.actor) for state in states}


def _pages(request: Request, message: Message, line: str) -> tuple[Page, ...]:
    """Return the messages that say something, one with buttons to others where the line can be asked anew.

    What all may press holds all that it stands for; what does not fit so is cut to one message.
    """
    document = message.document
    if request.address.user:
        return (render(document, query=line),) if line else pages(document)
    found = pages(document, can_park=False, private=False)
    page = paged(found, 0, line)
    is_whole = (line or len(found) == 1) and not to_park(page.buttons)
    return (page if is_whole else for_digest(document, line=line),)


def _for_everyone(message: Message) -> Message:
    """Return a message as all may read it, where all are to."""
    if message.kind not in _FOR_ALL:
        return message
    document = message.document
    return replace(message, document=replace(document, blocks=tuple(for_everyone(document.blocks))))


def _unopened(form: Form, query: str) -> Message:
    """Return what to say where a form would be: a press opens it, for whoever presses."""
    text = Paragraph(
        wording(form.locale).say("This needs a form. If it is not in front of you, press the button to open it.")
    )
    return Message(Kind.CHOICE, Document(form.locale, (text, Choices((Choice(form.title, query),)))))
