"""Draining a lane: what is owed in it is claimed and delivered, several at a time, while its lease is held."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.digests.delivering import Delivering
from bot.digests.posting import Timing
from bot.domain.digests import DeliveryState
from bot.domain.lanes import Lane
from bot.ports import Claim, Store

AT_A_TIME = 24  # deliveries of a lane under way: enough for fifty a second where a platform takes half a second
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
        """Deliver all that is owed in a lane now; nothing where another holder drains it. Once `stopping` says so
        nothing further is claimed, and what is under way comes to its end.
        """
        under_way: _UnderWay = set()
        try:
            while True:
                room = AT_A_TIME - len(under_way)
                if room >= (AT_A_TIME + 1) // 2 and not stopping():
                    claims = await asyncio.to_thread(self._claim, lane, room)
                    under_way |= {asyncio.create_task(self._delivering.deliver(claim)) for claim in claims}
                if not under_way:
                    return
                done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                for state in (task.result() for task in done):
                    if state:
                        ended(state)
        finally:
            await _cancelled(under_way)
            await asyncio.to_thread(self._store.let_go, lane.name, self._holder)

    def _claim(self, lane: Lane, room: int) -> list[Claim]:
        return list(self._store.claim(self._clock(), self._timing.lease, lane, room, self._holder))


async def _cancelled(tasks: _UnderWay) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
