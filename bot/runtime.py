"""The long-running process: beats of the metronome become ticks, and a stop waits for what is under way."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.digests.report import TickReport

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

    async def tick(self) -> TickReport:
        """Enqueue and send what is due now."""


class Runtime:
    """Serves an installation until it is told to stop."""

    def __init__(self, sender: Ticking, metronome: Beating) -> None:
        self._sender = sender
        self._metronome = metronome
        self._stopping = asyncio.Event()
        self._ticking = asyncio.Lock()

    async def serve(self) -> None:
        """Tick at once and at every beat, until `stop` or a SIGTERM or SIGINT; a tick under way is finished first."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        self._metronome.start(self.tick)
        log.info("serving; stop with Ctrl-C or SIGTERM")
        try:
            await self.tick()
            await self._stopping.wait()
        finally:
            self.stop()
            self._metronome.pause()
            async with self._ticking:
                self._metronome.stop()
            log.info("stopped")

    def stop(self) -> None:
        """End `serve` once the tick under way is done."""
        self._stopping.set()

    async def tick(self) -> None:
        """Enqueue and send what is due; an error is logged, and the next beat tries again."""
        async with self._ticking:
            if self._stopping.is_set():
                return
            try:
                report = await self._sender.tick()
            except Exception:
                log.exception("the tick failed; the next beat tries again")
                return
        if report.due or report.ended:
            ended = ", ".join(f"{count} {state}" for state, count in report.ended.items()) or "nothing to send"
            log.info("tick: %d due; %s", report.due, ended)
