"""What stands beside the sender in bench/digests.py: APScheduler with a job for each subscription, held in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger


async def one_job_each(count: int, job: Callable[[], Awaitable[None]]) -> float:
    """Start a scheduler with so many daily jobs that are due, and return how many seconds it takes until all have run.
    None is missed, however late it is.
    """
    clock = asyncio.get_running_loop().time
    left, done = count, asyncio.Event()
    scheduler = AsyncIOScheduler(timezone="UTC")

    async def run() -> None:
        nonlocal left
        await job()
        left -= 1
        if not left:
            done.set()

    now = datetime.now(UTC)
    for _ in range(count):
        daily = CronTrigger(hour=(now.hour + 12) % 24, timezone="UTC")
        scheduler.add_job(run, daily, next_run_time=now, misfire_grace_time=None)
    started = clock()
    scheduler.start()
    await done.wait()
    seconds = clock() - started
    scheduler.shutdown(wait=False)
    return seconds
