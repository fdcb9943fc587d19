"""What is said back: the core's replies as messages, and what is meant for all in the channel."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from adapters.discord.callback import Callback
from adapters.discord.components import Json, Press, to_park
from adapters.discord.drafts import Draft
from adapters.discord.embeds import Page, for_digest, pages, render
from adapters.discord.errors import CALL_ERRORS, attempt_of
from adapters.discord.posting import NONCE, Posting
from adapters.discord.requests import Asked
from adapters.discord.text_page import as_text
from bot.commands.command import Group
from bot.commands.grammar import parse
from bot.commands.table import COMMANDS, command_named
from bot.core import failed, locale_of
from bot.domain.digests import Attempt, Posted, Unsure
from bot.domain.people import DIRECT, Address, Platform
from bot.domain.text import Locale
from bot.messages.document import Document, Paragraph
from bot.messages.exchange import Audience, Kind, Message, Reply, Request
from bot.messages.spelling import SPELLINGS
from bot.service import Poster, Service
from bot.sharing import shared_document
from bot.wording.wording import wording

_CHANGED = (Kind.DONE, Kind.ERROR)  # their pages are all sent at once: turning one would ask for the change again


@dataclass(frozen=True, slots=True)
class Say:
    """Messages to answer with, one after the other. `tokens` are those of what was parked for their buttons."""

    pages: tuple[Page, ...]
    tokens: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Open:
    """A modal to answer with, and the draft that it shows."""

    modal: Json
    draft: Draft


Answering = Say | Open


class Replies:
    """Words and lays out replies, and posts what is meant for a channel."""

    def __init__(self, service: Service, posting: Posting) -> None:
        self._service = service
        self._posting = posting

    async def to(self, asked: Asked, request: Request) -> Reply:
        """Return the core's reply. What a command about digests tells the channel is in the guild's language and names
        commands as everybody's Discord does; what is for the asker alone, and what that asks of them, as theirs does.
        """
        if not asked.may_subscribe and sets_up_digests(request.text):
            return not_offered(request)
        for_all = replace(request, locale=asked.public or request.locale, spelling=None)
        if for_all != request and not asked.is_direct and _is_about_digests(request):
            public = await self._service.handle(for_all)
            if isinstance(public, Message) and (public.audience is Audience.CHANNEL or public.kind is Kind.DONE):
                return public
        return await self._service.handle(request)

    async def say(self, found: Sequence[Page], asked: Asked) -> Say:
        """Return pages as messages to this person, with what their buttons do not hold parked for them."""
        states = dict.fromkeys(state for page in found for state in to_park(page.buttons))
        return Say(tuple(found), {state: await self._service.park(state, asked.actor) for state in states})

    async def show(self, message: Message, query: str, asked: Asked, *, number: int = 0, token: str = "") -> Say:
        """Return what there is to tell the asker: an answer to their line is one page, turned to others and shared.

        What is meant for the channel is posted there first, for all of it, and not only for those in a thread; in
        direct messages the asker is all there is. `token` is that of a share, where there is one already.
        """
        if message.audience is Audience.CHANNEL and not asked.is_direct:
            request = asked.request(query)
            request = replace(request, address=replace(request.address, thread=None))
            poster = self._posting.poster(request.address, f"{asked.key}-c")
            message = await self._service.announce(request, message, (poster,)) or _told(asked.locale)
        if not query or message.kind in _CHANGED:
            return await self.say(pages(message.document), asked)
        can_share = message.kind is Kind.ANSWER and asked.may_write and not asked.is_direct
        share = (token or secrets.token_urlsafe(9)) if can_share else None
        page = render(message.document, query=query, share_token=share, page=number)
        return await self.say((page,), asked)

    async def share(self, asked: Asked, query: str, token: str, callback: Callback) -> Message:
        """Post the answer to a line for all, in their language; where the bot may not, as a reply to who shares it."""
        if not asked.may_write:
            return _may_not_share(asked.locale)
        request = asked.request(query)
        public = await self._service.public_locale(asked.address) or asked.public
        posters = (self._posting.poster(asked.address, token[:NONCE], line=query), _replier(callback, query))
        return await self._service.share(request, token, [self._worded(each, request, public) for each in posters])

    async def tell_directly(self, asked: Asked, answer: "Answering") -> None:
        """Write to somebody directly what came of what they did, where Discord took no answer to that."""
        words, user = wording(asked.locale), asked.actor.user
        text = words.say("Discord did not take my answer in time, and tells you that something failed. Here it is:")
        if isinstance(answer, Open):
            text = words.say("Discord did not take my answer in time. Nothing was changed: please try again.")
        found = [*pages(said(asked.locale, Kind.ERROR, text).document)]
        found += map(_not_to_share, answer.pages) if isinstance(answer, Say) else []
        direct = Address(Platform.DISCORD, DIRECT, user, user=user)
        await self._posting.say(direct, found, nonce=f"{asked.key}-l")  # what was parked is for who asked elsewhere

    def _worded(self, poster: Poster, request: Request, public: Locale | None) -> Poster:
        """Return a poster of the same answer in this language, or as it is without one."""

        async def post(document: Document) -> Attempt:
            if public and document.locale is not public:
                anew = replace(request, locale=public, once_key=None, can_pop_up=False, spelling=None)
                reply = await self._service.handle(anew, read_only=True)
                if isinstance(reply, Message) and reply.document.facts == document.facts:
                    document = shared_document(anew, reply.document)
            return await poster(document)

        return post


def said(locale: Locale, kind: Kind, text: str) -> Message:
    """Return a message of one sentence."""
    return Message(kind, Document(locale, (Paragraph(text),)))


def preceded(message: Message, text: str) -> Message:
    """Return a message with a sentence before it."""
    document = message.document
    return replace(message, document=replace(document, blocks=(Paragraph(text), *document.blocks)))


def not_offered(request: Request) -> Message:
    """Return what is said to who sets up digests where Discord does not let them."""
    locale, spelling = locale_of(request), request.spelling or SPELLINGS[Platform.DISCORD]
    text = wording(locale).say(
        "Who sets up digests here is decided in this server: type {command}. Where Discord does not offer you that, "
        "ask whoever manages the channel.",
        command=spelling.of("subscribe"),
    )
    return said(locale, Kind.ERROR, text)


def _may_not_share(locale: Locale) -> Message:
    text = wording(locale).say("You may not write in this channel, so you cannot share an answer in it.")
    return said(locale, Kind.ERROR, text)


def _not_to_share(page: Page) -> Page:
    """Return a page without what shares it: in direct messages nobody else would read it."""
    return replace(page, buttons=tuple(button for button in page.buttons if button.kind is not Press.SHARE))


def sets_up_digests(line: str) -> bool:
    """Whether a line begins digests, or changes which come: Discord offers the command for it to whom a server lets."""
    command = parse(line, COMMANDS).command
    return command is not None and command.name == "subscribe"


def apology(locale: Locale, error: Exception) -> Message:
    """Return what a person is told of an error that nobody expected, with a reference that finds it in the log."""
    words = wording(locale)
    return failed(words, error, words.say("Something went wrong on our side. Try again in a minute."))


def _told(locale: Locale) -> Message:
    return said(locale, Kind.DONE, wording(locale).say("Done. The channel has been told."))


def _is_about_digests(request: Request) -> bool:
    command = command_named(request.form.command) if request.form else parse(request.text, COMMANDS).command
    return command is not None and command.group is Group.DIGEST


def _replier(callback: Callback, line: str) -> Poster:
    """Return what posts the answer to a line as a reply to an interaction, which needs no permission in the channel."""

    async def post(document: Document) -> Attempt:
        page = for_digest(document, line=line)
        try:
            answer = await callback.post(page.message())
            if answer.finds_fault:
                page = as_text(page)
                answer = await callback.post(page.message())
        except CALL_ERRORS as error:
            return attempt_of(error)
        if not answer.taken:
            return answer.attempt
        return Posted(answer.id, page.unshown) if answer.id else Unsure(answer.reason)

    return post
