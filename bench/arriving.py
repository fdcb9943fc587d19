"""Commands that arrive at the core at a steady pace, whatever becomes of those before them."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from bot.domain.people import Actor, Address, Platform
from bot.messages.exchange import Kind, Message, Request
from bot.service import Service

PER_SECOND = 20
LINES = (
    "screenings",
    "how many screenings were there in 2023?",
    "history F12",
    "digest preview",
    "how many victims were identified in 2023?",
    "what does a pineapple cost?",  # which is counted
    "help",
)
IN_CONVERSATION = 4  # one in so many goes on from what was said, and what it is about is remembered
_GUILD, _CHANNEL = "2001", "3001"


@asynccontextmanager
async def arriving(service: Service) -> AsyncIterator[list[float]]:
    """Have commands come in for as long as the block lasts; the list has how long each was in being answered, in
    seconds from when it was to come, and is whole when the block has ended.
    """
    taken: list[float] = []
    stop = asyncio.Event()
    coming = asyncio.create_task(_come(service, stop, taken))
    try:
        yield taken
    finally:
        stop.set()
        await coming


async def _come(service: Service, stop: asyncio.Event, taken: list[float]) -> None:
    clock = asyncio.get_running_loop().time
    due = clock()
    async with asyncio.TaskGroup() as tasks:
        for number in itertools.count():
            if stop.is_set():
                return
            tasks.create_task(_ask(service, number, due, taken))
            due += 1 / PER_SECOND
            await asyncio.sleep(due - clock())


async def _ask(service: Service, number: int, due: float, taken: list[float]) -> None:
    where = Address(Platform.DISCORD, _GUILD, _CHANNEL)
    actor = Actor(Platform.DISCORD, _GUILD, str(4000 + number % 50), "asker")
    request = Request(LINES[number % len(LINES)], actor, where, datetime.now(UTC), once_key=f"bench/{number}")
    if number % IN_CONVERSATION == 0:
        request = replace(request, conversation=replace(where, thread=actor.user))
    reply = await service.handle(request)
    taken.append(asyncio.get_running_loop().time() - due)
    assert isinstance(reply, Message), request.text
    assert reply.kind is not Kind.ERROR, reply.document
