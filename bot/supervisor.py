"""Keeping a platform's app serving: where it stops it is started again, and no other app notices."""

import asyncio
import logging
import random
from dataclasses import dataclass

from bot.discreet import error_line, error_story
from bot.health import Health
from bot.ports import Front

JITTER = 0.25  # of a pause, at most, that it is longer: what stopped together is not started together

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds, a front is left alone before it is started again: `first`, then twice as long each time, at
    most `longest`; `first` again once it has served for `good`. It is said to serve again when it has for `well`.
    """

    first: float = 1
    longest: float = 300
    good: float = 600
    well: float = 120


async def supervise(front: Front, patience: Patience, health: Health | None = None) -> None:
    """Serve until cancelled, whatever the front raises. `health` is told of it."""
    health = health or Health()
    clock = asyncio.get_running_loop().time
    pause = patience.first
    while True:
        began = clock()
        stopped = await _served(front, patience, health) or "it came to an end"
        health.stopped(front.name, stopped)
        if clock() - began >= patience.good:
            pause = patience.first
        log.error("%s stopped: %s; it is started again in %g s or a little later", front.name, stopped, pause)
        await asyncio.sleep(pause * random.uniform(1, 1 + JITTER))  # noqa: S311 (no secret)
        pause = min(2 * pause, patience.longest)


async def _served(front: Front, patience: Patience, health: Health) -> str:
    """Let the front serve, and return what it raised, in a line; nothing where it came to an end.

    It serves in a task of its own: a task group of the front's cancels the task it is in and may leave it so marked
    (Python 3.11), which would pass for our own end.
    """
    serving = asyncio.create_task(front.serve(), name=front.name)
    try:
        done, _ = await asyncio.wait({serving}, timeout=patience.well)
        if not done:
            health.serves(front.name)
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
