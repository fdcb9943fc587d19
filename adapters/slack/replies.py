"""What is said back: the core's replies as pages, in the asker's language, and what is meant for all in the channel."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from adapters.slack.blocks import Page, for_digest
from adapters.slack.escape import one_line
from adapters.slack.locales import Locales
from adapters.slack.posting import Posting
from bot.commands.grammar import parse, raw_rest
from bot.commands.table import COMMANDS
from bot.core import failed
from bot.domain.digests import Attempt
from bot.domain.people import Address
from bot.domain.text import Locale
from bot.messages.document import Choice, Choices, Document, Paragraph
from bot.messages.exchange import Audience, Form, Kind, Message, Request
from bot.service import Poster, Service
from bot.wording.wording import wording

_LONGEST_LINE = 300  # characters of a line to type


class Replies:
    """Words and lays out replies, and posts what is meant for a channel."""

    def __init__(self, service: Service, posting: Posting, locales: Locales) -> None:
        self._service = service
        self._posting = posting
        self._locales = locales

    async def in_own_language(self, request: Request) -> Request:
        """Return the request with the asker's language and zone, where Slack says it soon enough."""
        told = await self._locales.of(request.address.space, request.actor.user)
        return replace(request, locale=told.locale, zone=told.zone)

    async def for_asker(self, request: Request, message: Message) -> Message | None:
        """Return what is left to tell the asker: None where the message was meant for the channel, and stands there."""
        if message.audience is Audience.ASKER:
            return message
        request = replace(request, address=replace(request.address, thread=None))  # all are to read it
        nonce = f"announce/{request.once_key}" if request.once_key else None
        return await self._service.announce(request, message, (self._poster(request, nonce, for_digest),))

    async def share(self, request: Request, token: str, response_url: str | None) -> Message:
        """Post the answer to the request for all; where the bot is no member, as a reply to who shares it."""
        page_of = partial(_shared_page, request)
        posters = [self._poster(request, f"share/{token}", page_of)]
        if response_url:
            posters.append(self._replier(response_url, request.address, page_of))
        return await self._service.share(request, token, posters)

    def _poster(self, request: Request, nonce: str | None, page_of: Callable[[Document], Page]) -> Poster:
        """Return what posts where the request came from, with a nonce once, even where Slack does not confirm it."""
        address, since = request.address, request.received_at

        async def post(document: Document) -> Attempt:
            page = page_of(document)
            if nonce is None:
                return await self._posting.post(address, page)
            return await self._posting.confirmed(address, page, nonce=nonce, since=since)

        return post

    def _replier(self, response_url: str, address: Address, page_of: Callable[[Document], Page]) -> Poster:
        async def post(document: Document) -> Attempt:
            page = page_of(document)
            return await self._posting.reply(response_url, page, in_channel=True, thread=address.thread)

        return post


def _shared_page(request: Request, document: Document) -> Page:
    """Return the answer to a request as one message for all; what it has no room for is shown where its line is typed.
    Of a history the newest are kept.
    """
    line = one_line(raw_rest(request.text, words=0))
    command = parse(request.text, COMMANDS).command
    is_history = command is not None and command.name == "history"
    return for_digest(document, line=line if len(line) <= _LONGEST_LINE else "", newest_last=is_history)


def unopened(form: Form, query: str) -> Message:
    """Return what to say where a form cannot be put before the person now: a press lets us try again."""
    say = wording(form.locale).say
    text = Paragraph(say("This needs a form. If it is not in front of you, press the button to open it."))
    return Message(Kind.HELP, Document(form.locale, (text, Choices((Choice(form.title, query),)))))


def apology(locale: Locale, error: Exception) -> Message:
    """Return what a person is told of an error that nobody expected, with a reference that finds it in the log."""
    words = wording(locale)
    return failed(words, error, words.say("Something went wrong on our side. Try again in a minute."))
