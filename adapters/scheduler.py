"""The metronome: APScheduler beats once a minute and keeps no state of ours. What is due is a column in the store."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

SECONDS_BETWEEN_BEATS = 60


class Metronome:
    """Calls a coroutine once a minute on the running loop, never twice at a time; missed beats become one."""

    def __init__(self, seconds: float = SECONDS_BETWEEN_BEATS) -> None:
        self._seconds = seconds
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Begin to beat. Must be called on a running loop."""
        self._scheduler.add_job(
            beat, "interval", seconds=self._seconds, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()

    def pause(self) -> None:
        """Begin no further beat; one under way goes on."""
        self._scheduler.pause()

    def stop(self) -> None:
        """End the scheduler. It cancels a beat under way: pause first, and wait for it."""
        self._scheduler.shutdown(wait=False)
