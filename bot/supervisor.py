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
        if _is_cancelled():
            if stopped:
                log.error("%s did not close well: %s", front.name, stopped)
            return
        if clock() - began >= patience.good:
            pause = patience.first
        log.error("%s stopped: %s; it is started again in %g s", front.name, stopped or "it came to an end", pause)
        await asyncio.sleep(pause)
        pause = min(2 * pause, patience.longest)


async def _served(front: Front) -> str:
    """Let the front serve, and return what it raised, in a line; nothing where it came to an end."""
    try:
        await front.serve()
    except asyncio.CancelledError as error:
        if _is_cancelled():
            raise
        return error_line(error)  # cancelled inside: a fault of the front's own
    except Exception as error:  # noqa: BLE001 (whatever it is, the others go on and this one is tried again)
        log.debug("%s: %s", front.name, error_story(error))
        return error_line(error)
    return ""


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
