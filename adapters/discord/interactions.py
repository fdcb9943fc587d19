"""Interactions, acknowledged in time: with the answer where it is there soon, else with a promise of one.

Discord waits for three seconds, and shows that an interaction failed then. Choices for a line cannot be promised.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import discord

from adapters.discord import requests
from adapters.discord.callback import (
    CHOICES,
    DEFERRED,
    DEFERRED_UPDATE,
    EPHEMERAL,
    MESSAGE,
    MODAL,
    UPDATE,
    Callback,
    FaultError,
    Hooks,
)
from adapters.discord.components import Json, Press
from adapters.discord.embeds import Page, pages
from adapters.discord.escape import plain
from adapters.discord.forms import Forms
from adapters.discord.limits import OPTION_TEXT, OPTION_VALUE, OPTIONS, size
from adapters.discord.posting import Posting
from adapters.discord.presses import Presses
from adapters.discord.replies import Answering, Open, Replies, Say, apology, said
from adapters.discord.requests import Asked
from adapters.discord.text_page import as_text
from adapters.discord.tree import is_for_readers, line_of
from bot.domain.text import Locale
from bot.messages.document import Choice
from bot.messages.exchange import Kind
from bot.service import Service
from bot.wording.wording import wording

BUDGET = 1.5  # seconds until an acknowledgement goes out, with the answer or without
_MOST_KNOWN = 1_000  # interactions that were told of lately
_Work = Coroutine[Any, Any, Answering]

log = logging.getLogger(__name__)


class Interactions:
    """Answers interactions. `clock` gives the present instant, in UTC."""

    def __init__(self, service: Service, hooks: Hooks, posting: Posting, clock: Callable[[], datetime]) -> None:
        self._service = service
        self._hooks = hooks
        self._clock = clock
        self._replies = Replies(service, posting)
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._forms = Forms(service, self._replies)
        self._presses = Presses(service, self._replies, self._forms)

    async def take(self, interaction: discord.Interaction) -> None:
        """Answer an interaction, whatever happens, and once however often Discord tells of it."""
        if interaction.id in self._taken:
            return
        self._taken[interaction.id] = None
        if len(self._taken) > _MOST_KNOWN:
            self._taken.popitem(last=False)
        callback = Callback(self._hooks, interaction)
        try:
            await self._take(interaction, callback)
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            (page,) = pages(apology(Locale.EN, error).document)
            await _tried(_sending(callback), page, more=_EPHEMERAL)

    async def _take(self, interaction: discord.Interaction, callback: Callback) -> None:
        asked = requests.asked(interaction, self._clock())
        data = requests.data_of(interaction)
        own = requests.is_own_copy(interaction)
        match interaction.type:
            case discord.InteractionType.autocomplete:
                await self._complete(callback, data, asked)
            case discord.InteractionType.application_command:
                await self._answer(callback, asked, self._command(data, asked))
            case discord.InteractionType.component:
                await self._press(callback, interaction, asked, own=own)
            case discord.InteractionType.modal_submit:
                in_place = own and requests.is_from_form(interaction)
                await self._answer(callback, asked, self._modal(interaction, asked), in_place=in_place)
            case _:
                log.info("an interaction of type %s is not known here", interaction.type)

    async def _command(self, data: Mapping[str, Any], asked: Asked) -> Answering:
        line = line_of(data)
        if line is None:
            text = wording(asked.locale).say("This command is not known any more. Reload Discord, or use /tipfacts.")
            return await self._replies.show(said(asked.locale, Kind.ERROR, text), "", asked)
        return await self._forms.answer(asked, line)

    async def _modal(self, interaction: discord.Interaction, asked: Asked) -> Answering:
        carried = requests.pressed(interaction)
        if carried is None:
            return await self._forms.lost(asked)
        return await self._forms.take(carried, requests.data_of(interaction), asked)

    async def _press(self, callback: Callback, interaction: discord.Interaction, asked: Asked, *, own: bool) -> None:
        carried = requests.pressed(interaction)
        work = self._presses.answer(carried, asked, callback)
        kind = carried.kind if carried else None
        if kind is Press.SHARE:  # where it is posted as a reply, that must not become the reply to the press
            await self._afterwards(callback, asked, work)
        else:
            await self._answer(callback, asked, work, in_place=own and kind in (Press.PAGE, Press.SUBMIT))

    async def _complete(self, callback: Callback, data: Mapping[str, Any], asked: Asked) -> None:
        line = requests.typed_so_far(data)
        offering = asyncio.create_task(self._service.complete(line, asked.about(line).locale))
        done, _ = await asyncio.wait((offering,), timeout=BUDGET)
        try:
            await callback.acknowledge(CHOICES, {"choices": _offered(offering.result() if done else ())})
        except FaultError:
            await callback.acknowledge(CHOICES, {"choices": []})

    async def _answer(self, callback: Callback, asked: Asked, work: _Work, *, in_place: bool = False) -> None:
        """Answer at once, or promise to and do it when the answer is there; `in_place` of the message pressed in."""
        answering = asyncio.create_task(self._ended(work, asked))
        done, _ = await asyncio.wait((answering,), timeout=BUDGET)
        if done:
            await self._show(callback, asked, answering.result(), in_place=in_place)
            return
        kind, data = (DEFERRED_UPDATE, None) if in_place else (DEFERRED, None if asked.is_direct else _EPHEMERAL)
        promised = await callback.acknowledge(kind, data)
        answer = await answering
        if promised:
            await self._show_late(callback, asked, answer)
        else:
            await self._replies.tell_directly(asked, answer)

    async def _afterwards(self, callback: Callback, asked: Asked, work: _Work) -> None:
        """Acknowledge first, and answer with a message of its own."""
        promised = await callback.acknowledge(DEFERRED_UPDATE)
        answer = await self._ended(work, asked)
        if promised and isinstance(answer, Say):
            await self._follow(callback, asked, answer.pages, answer.tokens)
        else:
            await self._replies.tell_directly(asked, answer)

    async def _ended(self, work: _Work, asked: Asked) -> Answering:
        """Return the answer, or an apology."""
        try:
            return await work
        except Exception as error:  # noqa: BLE001 (nobody gets silence)
            return await self._replies.show(apology(asked.locale, error), "", asked)

    async def _show(self, callback: Callback, asked: Asked, answer: Answering, *, in_place: bool) -> None:
        if isinstance(answer, Open):
            try:
                taken = await callback.acknowledge(MODAL, answer.modal)
            except FaultError as error:
                sorry = await self._replies.show(apology(asked.locale, error), "", asked)
                await self._show(callback, asked, sorry, in_place=False)
                return
            if not taken:
                await self._replies.tell_directly(asked, answer)
            return
        first, *rest = answer.pages
        kind, more = (UPDATE, None) if in_place else (MESSAGE, _beside(asked))
        if await _tried(lambda message: callback.acknowledge(kind, message), first, answer.tokens, more):
            await self._follow(callback, asked, rest, answer.tokens)
        else:
            await self._replies.tell_directly(asked, answer)

    async def _show_late(self, callback: Callback, asked: Asked, answer: Answering) -> None:
        if isinstance(answer, Open):
            answer = await self._forms.unopened(answer.draft, asked)
        first, *rest = answer.pages
        await _tried(callback.edit, first, answer.tokens)
        await self._follow(callback, asked, rest, answer.tokens)

    async def _follow(
        self, callback: Callback, asked: Asked, further: Sequence[Page], tokens: Mapping[str, str]
    ) -> None:
        for page in further:
            await _tried(callback.follow, page, tokens, _beside(asked))


_EPHEMERAL: Json = {"flags": EPHEMERAL}


def _sending(callback: Callback) -> Callable[[Json], Coroutine[Any, Any, bool]]:
    """Return what sends a message to who did something, whether or not that was acknowledged."""
    if callback.is_acknowledged:
        return callback.follow
    return lambda message: callback.acknowledge(MESSAGE, message)


def _beside(asked: Asked) -> Json:
    """Return what makes a message one that only who asked is shown; in direct messages that goes without saying, and
    it stays.
    """
    return {} if asked.is_direct else _EPHEMERAL


async def _tried(
    send: Callable[[Json], Coroutine[Any, Any, bool]],
    page: Page,
    tokens: Mapping[str, str] | None = None,
    more: Json | None = None,
) -> bool:
    """Return whether a page was taken: as it is, or where Discord finds fault with that, what it says as text alone."""
    with suppress(FaultError):
        return await send(page.message(tokens) | (more or {}))
    with suppress(FaultError):
        return await send(as_text(page).message() | (more or {}))
    return False


def _offered(choices: tuple[Choice, ...]) -> list[Json]:
    """Return choices as Discord takes them; what is too long to be sent as a value can still be typed."""
    fitting = (each for each in choices if is_for_readers(each.query) and 0 < size(each.query) <= OPTION_VALUE)
    return [{"name": plain(each.label, OPTION_TEXT) or each.query, "value": each.query} for each in fitting][:OPTIONS]
