"""Draining a lane: what is owed in it is claimed and delivered, several at a time, while its lease is held."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.digests.delivering import Delivering
from bot.digests.posting import Timing
from bot.discreet import error_line, error_story
from bot.domain.digests import DeliveryState
from bot.domain.lanes import Lane
from bot.ports import Claim, Store

AT_A_TIME = 24  # deliveries of a lane under way: enough for fifty a second where a platform takes half a second
log = logging.getLogger(__name__)
_UnderWay = set["asyncio.Task[DeliveryState | None]"]


class Draining:
    """Drains lanes as one `holder`. `ended` is told the state of each delivery that came to one."""

    def __init__(
        self,
        store: Store,
        delivering: Delivering,
        clock: Callable[[], datetime],
        timing: Timing,
        holder: str,
    ) -> None:
        self._store = store
        self._delivering = delivering
        self._clock = clock
        self._timing = timing
        self._holder = holder

    async def drain(self, lane: Lane, stopping: Callable[[], bool], ended: Callable[[DeliveryState], None]) -> None:
        """Deliver all that is owed in a lane now; nothing where another holder drains it. Once `stopping` says so, or
        the store fails, nothing further is claimed, and what is under way comes to its end.
        """
        under_way: _UnderWay = set()
        broken = False
        try:
            while True:
                room = AT_A_TIME - len(under_way)
                if room >= (AT_A_TIME + 1) // 2 and not broken and not stopping():
                    claims = await self._claimed(lane, room)
                    broken = claims is None
                    under_way |= {asyncio.create_task(self._delivering.deliver(claim)) for claim in claims or ()}
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for state in (task.result() for task in done):
                    if state:
                        ended(state)
        finally:
            await _cancelled(under_way)
            await self._let_go(lane)

    async def _claimed(self, lane: Lane, room: int) -> Sequence[Claim] | None:
        """Claim so many; None where the store fails: the next tick asks again."""
        claim = partial(self._store.claim, self._clock(), self._timing.lease, lane, room, self._holder)
        try:
            return await asyncio.to_thread(claim)
        except Exception as error:  # noqa: BLE001 (it must not end what is under way, nor other lanes)
            log.error("nothing could be claimed of %s\n%s", lane.name, error_story(error))  # noqa: TRY400
            return None

    async def _let_go(self, lane: Lane) -> None:
        try:
            await asyncio.to_thread(self._store.let_go, lane.name, self._holder)
        except Exception as error:  # noqa: BLE001 (it runs out by itself)
            log.warning("the lease of %s could not be given back: %s", lane.name, error_line(error))


async def _cancelled(tasks: _UnderWay) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
