"""Ticks that a cron starts while the one before still sends, for longer than a lease: each digest stands once."""

import asyncio
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from contracts.samples import EDITOR, load, statement_of_2022, subscription
from faults.nursery import ROOT
from faults.platforms import recording
from faults.stores import SQLITE, new_database
from servers.postgres import PostgresServer

from bot.domain.changes import Origin, SaveSubscription
from bot.domain.people import Platform
from store.store import SqlStore

CHANNELS = 118
LEASE, LATE = 4.0, 1.1  # seconds: the first tick takes longer than a lease, and what it posts shows in half of one
_OURS = ("SLACK_", "DISCORD_", "TIPFACTS_")


async def _tick(environment: Mapping[str, str]) -> None:
    outside = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "tick", cwd=ROOT, env={**outside, **environment}, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


@pytest.mark.parametrize("platform", [Platform.SLACK, Platform.DISCORD])
async def test_ticks_that_overlap_post_each_digest_once(
    platform: Platform, tmp_path: Path, postgres: PostgresServer
) -> None:
    url = new_database(SQLITE, tmp_path, "cron", lambda: postgres)
    store = SqlStore(url)
    load(store)
    async with recording(platform, CHANNELS) as channels:
        now = datetime.now(UTC)
        for address in channels.addresses:
            store.apply(SaveSubscription(subscription(address, due=now), keep_cursor=False), by=EDITOR, at=now)
            channels.spoil({"late": LATE})
        load(store, statement_of_2022(), Origin.EDITOR, at=now)
        ours = {"TIPFACTS_DATABASE_URL": url, "TIPFACTS_SEEDS": "none", "TIPFACTS_LEASE_SECONDS": str(LEASE)}
        environment = {**channels.environment, **ours}
        first = asyncio.create_task(_tick(environment))
        while not channels.calls():  # noqa: ASYNC110 (nobody tells)
            await asyncio.sleep(0.05)
        await asyncio.sleep(LEASE)
        assert not first.done(), "a tick that is over by now is no trial"
        await asyncio.gather(first, _tick(environment))
        posted = channels.posted()
    store.close()
    assert (len(posted), set(posted.values())) == (CHANNELS, {1})
