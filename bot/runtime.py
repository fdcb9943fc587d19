"""The long-running process: platforms are served, beats of the metronome become ticks, and a stop waits for what is
under way.
"""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from bot.digests.report import TickReport
from bot.discreet import error_story
from bot.health import Health
from bot.ports import Front
from bot.supervisor import Patience, supervise

CLOSING = 10.0  # seconds that fronts have to close, then again what they handed over, and then the tick under way

log = logging.getLogger(__name__)


class Beating(Protocol):
    """A metronome."""

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Begin to call `beat` again and again on the running loop."""

    def pause(self) -> None:
        """Begin no further call; one under way goes on."""

    def stop(self) -> None:
        """End, and cancel a call under way."""


class Ticking(Protocol):
    """Who sends what is due."""

    async def tick(self, stopping: Callable[[], bool]) -> TickReport:
        """Enqueue and send what is due now; begin to send nothing further once `stopping` says so."""


class Draining(Protocol):
    """Who holds work that was handed over."""

    async def drain(self, seconds: float) -> None:
        """Wait for it so long at most, and cancel the rest."""


class Runtime:
    """Serves an installation until it is told to stop. `service` is what the fronts hand work over to, `health` is told
    how they do.
    """

    def __init__(
        self,
        sender: Ticking,
        metronome: Beating,
        fronts: Sequence[Front] = (),
        service: Draining | None = None,
        patience: Patience | None = None,
        health: Health | None = None,
    ) -> None:
        self._sender = sender
        self._metronome = metronome
        self._fronts = fronts
        self._service = service
        self._patience = patience or Patience()
        self._health = health or Health()
        self._stopping = asyncio.Event()
        self._ticks: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Serve all fronts, and tick at once and at every beat, until `stop` or a SIGTERM or SIGINT.

        Then the fronts are closed, what they handed over is waited for, and so is what a tick is sending just then: but
        none of it for long.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        self._metronome.start(self.beat)
        fronts = [
            asyncio.create_task(supervise(front, self._patience, self._health), name=front.name)
            for front in self._fronts
        ]
        await self.beat()
        log.info("serving%s; stop with Ctrl-C or SIGTERM", "".join(f" {front.name}" for front in self._fronts))
        try:
            await self._stopping.wait()
        finally:
            self.stop()
            self._metronome.pause()
            await _close(fronts)
            if self._service:
                await self._service.drain(CLOSING)
            await self._end()
            log.info("stopped")

    def stop(self) -> None:
        """End `serve` once what is under way is done."""
        self._stopping.set()

    async def beat(self) -> None:
        """Begin a tick; one before it may still be sending."""
        if not self._stopping.is_set():
            tick = asyncio.create_task(self.tick())
            self._ticks.add(tick)
            tick.add_done_callback(self._ticks.discard)

    async def tick(self) -> None:
        """Enqueue and send what is due; an error is logged, and the next beat tries again."""
        try:
            report = await self._sender.tick(self._stopping.is_set)
        except Exception as error:  # noqa: BLE001 (the next beat tries again, whatever it was)
            log.error("the tick failed; the next beat tries again\n%s", error_story(error))  # noqa: TRY400 (without secrets)
            return
        if report.due or report.ended or report.told:
            ended = ", ".join(f"{count} {state}" for state, count in report.ended.items()) or "nothing to send"
            log.info("tick: %d due; %s; %d owners told", report.due, ended, report.told)

    async def _end(self) -> None:
        """End the ticks: what they are sending just now has so long to come to an end, and is else taken up again, and
        looked for first, when its lease has run out.
        """
        if self._ticks:
            _, left = await asyncio.wait(set(self._ticks), timeout=CLOSING)
            if left:
                log.warning("sending did not end in %g s; what was under way is taken up again later", CLOSING)
        self._metronome.stop()
        await _close(self._ticks)


async def _close(tasks: Iterable["asyncio.Task[None]"]) -> None:
    """Cancel tasks and wait for them to end; one that does not is left behind."""
    ending = set(tasks)
    for task in ending:
        task.cancel()
    if ending:
        _, left = await asyncio.wait(ending, timeout=CLOSING)
        for task in left:
            log.error("%s did not close in %g s", task.get_name(), CLOSING)
