"""Keeping a platform's app serving: where it stops it is started again, and no other app notices."""

import asyncio
import logging
from dataclasses import dataclass

from bot.discreet import error_line, error_story
from bot.ports import Front

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds, a front is left alone before it is started again: `first`, then twice as long each time, at
    most `longest`; `first` again once it has served for `good`.
    """

    first: float = 1
    longest: float = 300
    good: float = 600


async def supervise(front: Front, patience: Patience) -> None:
    """Serve until cancelled, whatever the front raises."""
    clock = asyncio.get_running_loop().time
    pause = patience.first
    while True:
        began = clock()
        stopped = await _served(front)
        if clock() - began >= patience.good:
            pause = patience.first
        log.error("%s stopped: %s; it is started again in %g s", front.name, stopped or "it came to an end", pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, patience.longest)


async def _served(front: Front) -> str:
    """Let the front serve, and return what it raised, in a line; nothing where it came to an end.

    It serves in a task of its own: a task group of the front's cancels the task it is in and may leave it so marked
    (Python 3.11), which would pass for our own end.
    """
    serving = asyncio.create_task(front.serve(), name=front.name)
    try:
        await asyncio.wait({serving})
    except asyncio.CancelledError:
        await _closed(serving)
        raise
    return _raised(serving)


async def _closed(serving: "asyncio.Task[None]") -> None:
    """Have the front close, and wait for it as long as we are waited for."""
    serving.cancel()
    await asyncio.wait({serving})
    if not serving.cancelled() and (error := _raised(serving)):
        log.error("%s did not close well: %s", serving.get_name(), error)


def _raised(serving: "asyncio.Task[None]") -> str:
    """Return in a line what ended a task; nothing where it came to an end."""
    if serving.cancelled():
        return "it cancelled itself"
    error = serving.exception()
    if error is None:
        return ""
    log.debug("%s: %s", serving.get_name(), error_story(error))
    return error_line(error)
