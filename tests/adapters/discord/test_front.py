import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord_app import guild, serving, settings_of
from servers.discord import FakeDiscord
from servers.discord_apps import DiscordWebSocket, KeepAliveHandler, Route
from serving import Unreachable

from adapters.discord import front
from adapters.discord.front import DiscordFront, pointed_at
from bot.service import Service
from bot.settings import DiscordSettings, SettingsError
from bot.supervisor import Patience

BASE, GATEWAY = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
ANSWER = "approximately 11,000 initial screenings"
NOBODY: Any = Unreachable()
TOKEN = "MTA.token.of-no-app"  # noqa: S105 (opens nothing)


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as discord:
        yield discord


def front_of(fake: FakeDiscord) -> DiscordFront:
    return DiscordFront(settings_of(fake), Service(NOBODY, NOBODY))


async def raised(serving: "DiscordFront", seconds: float = 10) -> BaseException:
    """What a front raises of itself."""
    with pytest.raises(Exception) as caught:
        await asyncio.wait_for(serving.serve(), seconds)
    assert not isinstance(caught.value, TimeoutError)
    return caught.value


def test_it_has_a_name_for_logs() -> None:
    assert DiscordFront(DiscordSettings(TOKEN), Service(NOBODY, NOBODY)).name == "Discord"


async def test_rest_and_gateway_are_where_the_settings_say_and_afterwards_where_they_were(fake: FakeDiscord) -> None:
    async with serving(front_of(fake)):
        await fake.connected()
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == fake.gateway.url
        assert fake.url == Route.BASE
    assert (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY) == (BASE, GATEWAY)


def test_discord_py_calls_discord_again_after_a_failure() -> None:
    with pytest.raises(RuntimeError), pointed_at("http://127.0.0.1:1/api/v10"):
        raise RuntimeError
    assert Route.BASE == BASE


async def test_a_token_that_discord_refuses_is_said_so_with_what_to_do(fake: FakeDiscord) -> None:
    fake.revoke_token()
    error = await raised(front_of(fake))
    assert type(error).__name__ == "LoginFailure"
    assert "DISCORD_TOKEN" in str(error)
    assert "python -m bot doctor" in str(error)
    assert fake.token not in str(error)


@pytest.mark.parametrize(
    ("token", "url", "named"),
    [
        ("hello", "http://127.0.0.1:9/api/v10", "DISCORD_TOKEN"),
        ("s3cret_" * 4 + "s3cr", "http://127.0.0.1:9/api/v10", "the client secret"),
        (f"Bot {TOKEN}", "http://127.0.0.1:9/api/v10", "DISCORD_TOKEN"),
        (TOKEN, "http://ann:s3cret@127.0.0.1:9/api/v10", "DISCORD_API_URL"),
        (TOKEN, "http://127.0.0.1:port/api/v10", "DISCORD_API_URL"),
        (TOKEN, "http:///api/v10", "DISCORD_API_URL"),
    ],
)
def test_settings_that_can_never_work_are_refused_at_once_without_a_secret(token: str, url: str, named: str) -> None:
    with pytest.raises(SettingsError) as refused:
        DiscordFront(DiscordSettings(token, url), Service(NOBODY, NOBODY))
    assert named in str(refused.value)
    assert "python -m bot doctor" in str(refused.value)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("code", "name"), [(4004, "ConnectionClosed"), (4013, "ConnectionClosed")])
async def test_a_connection_that_is_closed_for_good_is_given_up(fake: FakeDiscord, code: int, name: str) -> None:
    failing = asyncio.create_task(raised(front_of(fake)))
    await fake.connected()
    await asyncio.sleep(0.1)
    await fake.close_gateway(code)
    assert type(await failing).__name__ == name


@pytest.mark.parametrize("raw", [None, "no json", "[]", '{"op": 0, "t": "READY", "s": 9, "d": null}'])
async def test_an_event_that_cannot_be_read_is_given_up_on(fake: FakeDiscord, raw: str | None) -> None:
    failing = asyncio.create_task(raised(front_of(fake)))
    await fake.connected()
    await asyncio.sleep(0.1)
    fake.malformed_event(raw=raw)
    assert isinstance(await failing, Exception)


@pytest.mark.parametrize("status", [500, 503])
async def test_a_login_that_is_answered_with_an_error_is_given_up_on(
    fake: FakeDiscord, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurried = SimpleNamespace(**vars(asyncio) | {"sleep": lambda _: asyncio.sleep(0)})
    monkeypatch.setattr("discord.http.asyncio", hurried)  # it waits for 16 seconds in all
    fake.fail("GET /users/@me", status=status, times=100)
    error = await raised(front_of(fake))
    assert type(error).__name__ == "DiscordServerError"
    assert fake.token not in str(error)


async def test_what_answers_in_discord_s_place_is_given_up_on(fake: FakeDiscord) -> None:
    fake.fail("GET /gateway/bot", status=200)
    assert isinstance(await raised(front_of(fake)), Exception)


async def test_a_gateway_that_is_lost_and_does_not_come_again_is_given_up_on(
    fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "RECONNECTING", 0.5)
    failing = asyncio.create_task(raised(front_of(fake)))
    await fake.connected()
    await asyncio.sleep(0.1)
    fake.refuse_gateway(100)
    fake.cut_gateway()
    assert "does not come again" in str(await failing)


async def test_a_gateway_that_comes_again_is_kept(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "RECONNECTING", 0.5)
    task = asyncio.create_task(front_of(fake).serve())
    await fake.connected()
    await asyncio.sleep(0.1)
    for _ in range(2):
        fake.cut_gateway()
        await fake.until(lambda: not fake.gateway.ready, 5)
        await fake.connected()
        await asyncio.sleep(0.6)
        assert not task.done()
    assert len(fake.sessions.all) == 1  # resumed
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_discord_that_is_not_there_is_given_up_on(unused_url: str) -> None:
    assert isinstance(await raised(DiscordFront(DiscordSettings(TOKEN, unused_url), Service(NOBODY, NOBODY))), OSError)


@pytest.fixture
def unused_url() -> str:
    return "http://127.0.0.1:9/api/v10"  # the port that discards, where nothing listens


async def test_a_gateway_that_does_not_come_is_given_up_on(fake: FakeDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "CONNECTING", 0.5)
    fake.refuse_gateway(100)
    error = await raised(front_of(fake))
    assert "gateway cannot be reached" in str(error)


async def test_it_is_served_again_by_a_client_of_its_own_whatever_stopped_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.discord.client.IDENTIFYING", 0.1)
    async with guild(tmp_path, patience=Patience(first=0.05, longest=0.2)) as room:
        room.discord.malformed_event()
        assert await room.discord.until(lambda: not room.discord.gateway.ready, 5)
        await room.discord.connected()
        room.discord.fail("GET /gateway/bot", status=403)
        await room.discord.close_gateway(4010)
        assert await room.discord.until(lambda: not room.discord.gateway.ready, 5)
        await room.discord.connected()
        seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
        assert ANSWER in seen.words


async def test_mentions_are_answered(tmp_path: Path) -> None:
    async with guild(tmp_path) as room:
        seen = await room.discord.mention(room.ann, room.news, "how many screenings were there in 2023?")
        assert ANSWER in seen.words


class Beaten:
    """A connection that was being made when its client was closed: its heartbeat goes on."""

    HEARTBEAT = 1
    sequence = None
    _max_heartbeat_timeout = 60.0

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.thread_id = threading.get_ident()
        self.beats = 0

    async def send_heartbeat(self, _: dict[str, Any]) -> None:
        self.beats += 1


async def test_no_heartbeat_outlives_the_front(fake: FakeDiscord) -> None:
    connection = Beaten()
    left = KeepAliveHandler(ws=cast("Any", connection), interval=0.01, shard_id=0)
    async with serving(front_of(fake)):
        await fake.connected()
        left.start()
        async with asyncio.timeout(5):
            while not connection.beats:  # noqa: ASYNC110 (nobody is told)
                await asyncio.sleep(0.01)
    assert not left.is_alive()


async def test_no_socket_is_left_to_the_garbage_though_its_shard_waits_for_its_turn(fake: FakeDiscord) -> None:
    front = front_of(fake)
    async with serving(front):
        await fake.connected()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(6):  # what is left is garbage for a moment alone
            async with serving(front):
                assert await fake.until(lambda: bool(fake.gateway.links), 5)
                await asyncio.sleep(0.1)  # until it waits to identify, which nobody is told
            gc.collect()
    assert [str(one.message) for one in said] == []
