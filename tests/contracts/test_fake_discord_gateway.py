"""The gateway of the Discord of our tests: the real discord.py logs in, loses its connection and comes again."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from servers.discord import FakeDiscord, User
from servers.discord_apps import PLAIN, App, app, discord


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def mei(fake: FakeDiscord) -> User:
    return fake.add_user("mei", locale="zh-TW")


class Heard:
    """What the app heard others say."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    async def __call__(self, message: discord.Message) -> None:
        self.texts.append(message.content)


async def back(fake: FakeDiscord, client: App, event: str) -> None:
    """Wait until the app is connected again and was told so."""
    await told(lambda: event in client.heard and bool(fake.gateway.ready), 10)


async def told(holds: Callable[[], object], seconds: float = 5) -> None:
    """Wait until the app knows of something, of which the server is not told. Raises AssertionError."""
    for _ in range(int(seconds * 100)):
        if holds():
            return
        await asyncio.sleep(0.01)
    assert holds()


async def test_the_app_logs_in_and_learns_what_there_is(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    thread, hidden = fake.add_thread(news, "today"), fake.add_channel("hidden", bot=False)
    async with app(fake) as client:
        assert client.user is not None
        assert str(client.user.id) == fake.bot.id
        assert [guild.name for guild in client.guilds] == ["Fake Desk"]
        me = client.guilds[0].me
        assert client.room(news.id).permissions_for(me).send_messages
        assert not client.room(hidden.id).permissions_for(me).view_channel
        assert client.room(thread.id).name == "today"
    assert fake.sessions.all == []
    assert fake.violations == []


@pytest.mark.parametrize("compress", [False, True])
async def test_events_reach_the_app_plain_or_packed(fake: FakeDiscord, mei: User, compress: bool) -> None:  # noqa: FBT001
    fake.gateway.compress = compress
    heard = Heard()
    async with app(fake, hears=heard):
        await fake.mention(mei, fake.add_channel("news"), "問" * 500, wait=0)
        await fake.dm(mei, "hi", wait=0)
        await told(lambda: len(heard.texts) == 2)
    assert heard.texts == [f"{fake.bot.mention} {'問' * 500}", "hi"]


async def test_a_wrong_token_is_turned_away_by_the_gateway_too(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        assert await close_code(session, fake, identify(fake, token="another")) == 4004  # noqa: S106


async def test_privileged_intents_are_refused_until_they_are_granted(fake: FakeDiscord) -> None:
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with app(fake, intents=wanted):
            pass
    assert "privileged intent" in fake.violations[0]
    fake.grant("content")
    async with app(fake, intents=wanted) as client:
        assert client.application_flags.gateway_message_content_limited


async def test_a_cut_connection_is_resumed_and_nothing_is_missed(fake: FakeDiscord, mei: User) -> None:
    news, heard = fake.add_channel("news"), Heard()
    async with app(fake, hears=heard) as client:
        fake.cut_gateway()
        assert await fake.until(lambda: not fake.gateway.ready, 5)
        await fake.mention(mei, news, "while away", wait=0)
        await back(fake, client, "RESUMED")
        assert len(fake.sessions.all) == 1
        await fake.mention(mei, news, "back again", wait=0.2)
    assert [text.split(maxsplit=1)[1] for text in heard.texts] == ["while away", "back again"]


@pytest.mark.parametrize(("resumable", "event"), [(True, "RESUMED"), (False, "READY")])
async def test_an_invalid_session_is_resumed_or_begun_anew(fake: FakeDiscord, resumable: bool, event: str) -> None:  # noqa: FBT001
    async with app(fake) as client:
        client.heard.clear()
        fake.invalidate_session(resumable=resumable)
        await back(fake, client, event)


async def test_the_app_comes_again_when_asked_and_when_closed(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        client.heard.clear()
        fake.ask_to_reconnect()
        await back(fake, client, "RESUMED")
        client.heard.clear()
        await fake.close_gateway(4000)
        await back(fake, client, "RESUMED")
        client.heard.clear()
        fake.forget_sessions()
        fake.cut_gateway()
        await back(fake, client, "READY")


async def test_some_codes_are_the_end(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        await fake.close_gateway(4004)
        with pytest.raises(discord.ConnectionClosed) as ended:
            await asyncio.wait_for(client.running, 5)
    assert ended.value.code == 4004


async def test_a_malformed_event_ends_the_client(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        fake.malformed_event()
        assert await fake.until(lambda: not fake.gateway.ready, 5)
        assert client.is_closed()


async def test_a_gateway_that_does_not_answer_is_tried_again(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        client.heard.clear()
        fake.refuse_gateway(2)  # aiohttp tries once more by itself
        fake.cut_gateway()
        await back(fake, client, "READY")


async def test_each_shard_is_told_of_its_own_guilds(fake: FakeDiscord, mei: User) -> None:
    fake.sessions.shards, fake.sessions.max_concurrency = 2, 2
    other = fake.add_guild("Elsewhere")
    while {int(guild.id) >> 22 & 1 for guild in fake.world.guilds.values()} != {0, 1}:
        other = fake.add_guild("Elsewhere")
    fake.join(mei, other)
    heard = Heard()
    async with app(fake, hears=heard, shards=2) as client:
        assert client.shard_count == 2
        sessions = {session.shard[0]: session for session in fake.sessions.all}
        assert all(sessions[int(guild.id) >> 22 & 1].sequence > 1 for guild in (fake.guild, other))
        await fake.mention(mei, fake.add_channel("far", guild=other), "hi", wait=0.2)
        await fake.dm(mei, "hi", wait=0.2)
    assert len(heard.texts) == 2


async def test_shards_that_identify_too_fast_are_sent_away(fake: FakeDiscord) -> None:
    fake.sessions.window = 60.0
    async with aiohttp.ClientSession() as session:
        assert (await second_word(session, fake, identify(fake)))["t"] == "READY"
        said = await second_word(session, fake, identify(fake))
    assert (said["op"], said["d"]) == (9, False)
    assert "identified" in fake.violations[0]


def identify(fake: FakeDiscord, **more: object) -> dict[str, Any]:
    data = {"token": fake.token, "intents": PLAIN.value, "properties": {}, **more}
    return {"op": 2, "d": data}


async def second_word(session: aiohttp.ClientSession, fake: FakeDiscord, said: object) -> dict[str, Any]:
    """Return what the gateway says after its hello."""
    async with session.ws_connect(f"{fake.gateway.url}?v=10&encoding=json") as socket:
        assert (await socket.receive_json(timeout=5))["op"] == 10
        await socket.send_str(said if isinstance(said, str) else json.dumps(said))
        found: dict[str, Any] = await socket.receive_json(timeout=5)
        return found


async def close_code(session: aiohttp.ClientSession, fake: FakeDiscord, *said: object, version: int = 10) -> int | None:
    """Return the code with which the gateway closes when this is said."""
    async with session.ws_connect(f"{fake.gateway.url}?v={version}&encoding=json") as socket:
        for one in said:
            await socket.send_str(one if isinstance(one, str) else json.dumps(one))
        async with asyncio.timeout(5):
            async for _ in socket:
                pass
        return socket.close_code


async def test_what_no_gateway_takes_closes_it_with_its_code(fake: FakeDiscord) -> None:
    good = identify(fake)
    said: list[tuple[int, tuple[object, ...]]] = [
        (4001, (good, {"op": 99})),
        (4002, ("no json",)),
        (4002, (identify(fake, properties="x" * 5_000),)),
        (4003, ({"op": 3, "d": {}},)),
        (4005, (good, good)),
        (4010, (identify(fake, shard=[2, 2]),)),
        (4013, (identify(fake, intents=1 << 40),)),
    ]
    async with aiohttp.ClientSession() as session:
        for code, words in said:
            assert await close_code(session, fake, *words) == code, code
        assert await close_code(session, fake, version=9) == 4012
        fake.sessions.shards, fake.sessions.required = 2, True
        assert await close_code(session, fake, good) == 4011


async def test_heartbeats_are_acknowledged_unless_they_are_not(fake: FakeDiscord) -> None:
    async with aiohttp.ClientSession() as session:
        assert (await second_word(session, fake, {"op": 1, "d": None}))["op"] == 11
        fake.gateway.acks = False
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(second_word(session, fake, {"op": 1, "d": None}), 0.1)


async def test_a_session_start_is_counted(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        limits = await client.fetch_session_start_limits()
        assert (limits.total, limits.remaining) == (1_000, 999)


async def test_the_app_hears_of_guilds_and_channels_that_come_and_go(fake: FakeDiscord) -> None:
    async with app(fake) as client:
        other = fake.add_guild("Elsewhere")
        news = fake.add_channel("news")
        fake.deny(news, fake.bot, "send_messages")
        fake.delete_channel(fake.add_channel("gone"))
        await told(lambda: len(client.guilds) == 2)
        await told(lambda: not client.room(news.id).permissions_for(client.room(news.id).guild.me).send_messages)
        await told(lambda: [channel.name for channel in client.room(news.id).guild.text_channels] == ["news"])
        fake.uninstall(other)
        await told(lambda: [guild.name for guild in client.guilds] == ["Fake Desk"])
