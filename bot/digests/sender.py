"""Sending what is owed: the tick writes deliveries, and drains the lanes in which they are posted."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.digests.delivering import Delivering
from bot.digests.draining import Draining
from bot.digests.notices import Notices
from bot.digests.posting import Timing, never
from bot.digests.report import TickReport
from bot.digests.schedule import next_due, renewed_due
from bot.domain.digests import DeliveryState, Schedule, Subscription
from bot.domain.lanes import Lane
from bot.domain.people import Platform
from bot.domain.zones import schedule_data
from bot.ports import Messenger, Store

BATCH = 500
TICK = "tick"


class Sender:
    """Enqueues and drains the outbox. `clock` gives the present instant, in UTC. Of several senders one enqueues at a
    time, and one drains each lane.
    """

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        clock: Callable[[], datetime] | None = None,
        timing: Timing | None = None,
        *,
        sends_again: bool = False,
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._clock = clock or (lambda: datetime.now(UTC))
        self._timing = timing or Timing()
        self._holder = secrets.token_hex(8)
        delivering = Delivering(store, messengers, self._clock, self._timing, sends_again=sends_again)
        self._draining = Draining(store, delivering, self._clock, self._timing, self._holder)
        self._notices = Notices(store, messengers, self._clock, self._timing)
        self._renewed = ""
        self._drained: set[Lane] = set()
        self._telling = asyncio.Lock()

    async def tick(self, stopping: Callable[[], bool] = never) -> TickReport:
        """Write what is due now into the outbox, send all that is owed, and return what came of it.

        Lanes that an earlier tick still drains are left to that, so that a long one keeps no other waiting. Once
        `stopping` says so nothing further is claimed: what is left stays owed, for the next tick.
        """
        report = TickReport(due=await asyncio.to_thread(self._enqueue))

        def ended(state: DeliveryState) -> None:
            report.ended[state] = report.count(state) + 1

        waiting = await asyncio.to_thread(self._store.lanes, self._clock(), list(self._messengers))
        async with asyncio.TaskGroup() as tasks:
            for lane in waiting:
                if lane not in self._drained:
                    tasks.create_task(self._drain(lane, stopping, ended))
        async with self._telling:
            report.told = await self._notices.drain(stopping)
        return report

    async def _drain(self, lane: Lane, stopping: Callable[[], bool], ended: Callable[[DeliveryState], None]) -> None:
        self._drained.add(lane)
        try:
            await self._draining.drain(lane, stopping, ended)
        finally:
            self._drained.discard(lane)

    def _renew(self, now: datetime) -> None:
        """Once a day, let what was computed with other zones or holidays be due when these say, and what was computed
        by a clock that stood ahead, when this one says.
        """
        data = f"{schedule_data()} {now:%Y-%m-%d}"

        def renewed(subscription: Subscription) -> datetime:
            return renewed_due(subscription.schedule, subscription.next_due, now)

        last: int | None = None if data == self._renewed else 0
        while last is not None:
            last = self._store.renew_due(data, now, renewed, last, BATCH)
        self._renewed = data

    def _enqueue(self) -> int:
        now = self._clock()
        total = 0
        self._renew(now)

        def following(schedule: Schedule) -> datetime:
            return next_due(schedule, now)

        while self._store.hold(TICK, self._holder, self._clock(), self._timing.lease):
            due = self._store.enqueue_due(now, following, BATCH)
            total += due
            if due < BATCH:
                self._store.let_go(TICK, self._holder)
                break
        return total
