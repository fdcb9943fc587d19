"""The metronome: APScheduler beats once a minute and keeps no state of ours. What is due is a column in the store."""

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger


class Metronome:
    """Calls a coroutine on the running loop whenever the trigger fires, never twice at a time; missed beats become one.

    Without a number of seconds it beats as each minute begins, so that what is due at nine goes out at nine.
    """

    def __init__(self, seconds: float | None = None) -> None:
        every = CronTrigger(second=0, timezone="UTC")
        self._trigger = every if seconds is None else IntervalTrigger(seconds=seconds, timezone="UTC")
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    def start(self, beat: Callable[[], Awaitable[None]]) -> None:
        """Begin to beat. Must be called on a running loop."""
        self._scheduler.add_job(beat, self._trigger, coalesce=True, max_instances=1, misfire_grace_time=None)
        self._scheduler.start()

    def pause(self) -> None:
        """Begin no further beat; one under way goes on."""
        self._scheduler.pause()

    def stop(self) -> None:
        """End the scheduler. It cancels a beat under way: pause first, and wait for it."""
        self._scheduler.shutdown(wait=False)
