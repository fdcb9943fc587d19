import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord_app import Guild, guild, serving, settings_of
from servers.discord import FakeDiscord
from servers.discord_commands import CommandRoutes
from serving import Unreachable

from adapters.discord import client, front
from adapters.discord.client import Turns
from adapters.discord.front import DiscordFront
from adapters.discord.tree import commands, fingerprint
from bot.service import Service

NAMES = {"tipfacts", "tipfacts-digest", "tipfacts-desk"}
PUT = "PUT /applications/{}/commands"
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
NOBODY: Any = Unreachable()


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        yield discord


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five seconds between two sessions are for tests of their own."""
    monkeypatch.setattr(client, "IDENTIFYING", 0.0)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Guild]:
    async with guild(tmp_path) as opened:
        yield opened


def front_of(fake: FakeDiscord) -> DiscordFront:
    return DiscordFront(settings_of(fake), Service(NOBODY, NOBODY))


async def told(fake: FakeDiscord) -> bool:
    return await fake.until(lambda: {each["name"] for each in fake.commands.held.get("", [])} == NAMES, 5)


async def test_discord_is_told_of_the_commands_once_and_not_again_while_they_are_the_same(fake: FakeDiscord) -> None:
    for _ in range(2):
        async with serving(front_of(fake)):
            await fake.connected()
            assert await told(fake)
            assert await fake.until(lambda: bool(fake.called("GET /applications/{}/commands")), 5)
            await asyncio.sleep(0.2)
    assert len(fake.called(PUT)) == 1
    assert fake.created() == len(NAMES)
    assert fake.violations == []


async def test_discord_is_told_anew_where_it_holds_other_commands(fake: FakeDiscord) -> None:
    async with serving(front_of(fake)):
        assert await told(fake)
    fake.commands.held[""][0]["description"] = "Of an older version"
    async with serving(front_of(fake)):
        assert await fake.until(lambda: len(fake.called(PUT)) == 2 and fake.called(PUT)[1].ok, 5)
    assert fake.commands.held[""][0]["description"] == commands()[0]["description"]
    assert fake.created() == len(NAMES)  # nothing was made that was there


async def told_anew(caplog: pytest.LogCaptureFixture, times: int) -> None:
    """Wait until Discord was told of the commands so often, and what it made of them is kept."""
    async with asyncio.timeout(5):
        while caplog.text.count("told of the commands anew") < times:  # noqa: ASYNC110 (nobody is told)
            await asyncio.sleep(0.02)


async def test_commands_that_discord_words_otherwise_are_told_once_and_again_only_where_either_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = CommandRoutes._made  # noqa: SLF001 (what Discord gives back)

    def reworded(self: CommandRoutes, scope: str, body: dict[str, Any]) -> dict[str, Any]:
        return made(self, scope, body) | {"description": f"{body['description']}."}

    caplog.set_level(logging.INFO)
    monkeypatch.setattr(CommandRoutes, "_made", reworded)
    async with guild(tmp_path) as room:
        await told_anew(caplog, 1)
        for _ in range(2):
            room.discord.calls.clear()
            await room.restart()
            assert await room.discord.until(lambda: bool(room.discord.called("GET /applications/{}/commands")), 5)
            await asyncio.sleep(0.2)
            assert room.discord.called(PUT) == []
        room.discord.commands.held[""][0]["description"] = "Of somebody else"
        await room.restart()
        await told_anew(caplog, 2)
        with monkeypatch.context() as patched:
            patched.setattr(client, "commands", lambda: commands()[:2])
            await room.restart()
            await told_anew(caplog, 3)
        await room.restart()  # and back again
        await told_anew(caplog, 4)
        assert len(room.discord.called(PUT)) == 3  # since it was held for told


async def test_where_another_process_was_telling_discord_and_did_not_end_it_is_told_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(client, "SYNC_AGAIN", 0.3)
    async with guild(tmp_path) as room:
        room.discord.commands.held[""][0]["description"] = "Of an older version"
        theirs = fingerprint(room.discord.commands.held[""])
        await told_anew(caplog, 1)
        key = f"discord/{room.discord.app_id}/commands/{fingerprint(commands())}/{theirs}"
        assert await room.service.begin(key)
        await room.restart()
        await asyncio.sleep(0.1)
        assert len(room.discord.called(PUT)) == 1
        room.clock.now += timedelta(minutes=1)
        assert await room.discord.until(lambda: len(room.discord.called(PUT)) == 2, 5)


async def test_commands_that_discord_does_not_take_now_are_told_later_and_nobody_waits_for_that(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(client, "SYNC_AGAIN", 0.05)
    fake.fail(PUT, status=400, code=30034, times=2)
    async with serving(front_of(fake)):
        await fake.connected()
        assert await told(fake)
    assert "did not take the commands" in caplog.text


async def test_no_privileged_intent_is_asked_for(fake: FakeDiscord) -> None:
    async with serving(front_of(fake)):
        await fake.connected()
        assert not fake.sessions.all[0].intents & PRIVILEGED


async def test_a_connection_that_is_cut_is_resumed_and_nothing_is_missed(room: Guild) -> None:
    room.discord.cut_gateway()
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert "approximately 11,000" in seen.words
    assert len(room.discord.sessions.all) == 1


@pytest.mark.parametrize("code", [4000, 1001])
async def test_a_connection_that_is_closed_comes_again(room: Guild, code: int) -> None:
    await room.discord.close_gateway(code)
    await room.discord.connected()
    assert "approximately" in (await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")).words


async def test_discord_may_ask_to_come_again(room: Guild) -> None:
    room.discord.ask_to_reconnect()
    assert await room.discord.until(lambda: len(room.discord.gateway.ready) == 0, 5)
    await room.discord.connected()
    assert "approximately" in (await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")).words


async def test_an_error_in_an_event_is_logged_and_ends_nothing(
    room: Guild, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object, work: Coroutine[Any, Any, None], __: str) -> None:
        work.close()
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(client.Client, "_take", broken)
        room.discord.patience = 0.2
        await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings", wait=0)
        room.discord.patience = 3
    assert "on_interaction failed" in caplog.text
    assert "RuntimeError: broken" in caplog.text
    room.discord.violations.clear()  # it was not acknowledged
    assert "approximately" in (await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")).words


async def test_shards_identify_one_after_the_other_within_their_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "IDENTIFYING", 0.2)
    turns, clock = Turns(), asyncio.get_running_loop().time
    turns.concurrency = 2
    began = clock()
    await turns.turn(0)
    await turns.turn(1)
    assert clock() - began < 0.15
    await turns.turn(2)
    assert clock() - began >= 0.19


async def test_as_many_shards_are_served_as_discord_names(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "IDENTIFYING", 0.4)
    fake.sessions.shards, fake.sessions.required, fake.sessions.window = 2, True, 0.2
    async with serving(front_of(fake)):
        await fake.connected(2)
        assert sorted(each.shard for each in fake.sessions.all) == [(0, 2), (1, 2)]
    assert fake.violations == []


@pytest.mark.parametrize(("left", "shards"), [(0, 1), (1, 2)])
async def test_no_session_is_begun_where_too_few_are_left_for_today(fake: FakeDiscord, left: int, shards: int) -> None:
    fake.sessions.starts, fake.sessions.shards = left, shards
    with pytest.raises(ConnectionError, match="no session may begin"):
        await asyncio.wait_for(front_of(fake).serve(), 5)
    assert fake.violations == []


async def test_nothing_that_is_logged_holds_the_token(
    fake: FakeDiscord, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "CONNECTING", 2.0)
    caplog.set_level(logging.DEBUG)
    async with serving(front_of(fake)):
        await fake.connected()
        fake.cut_gateway()
        await fake.connected()
    assert fake.token not in caplog.text
    assert all(each.levelno >= logging.INFO for each in caplog.records if each.name.startswith("discord"))
