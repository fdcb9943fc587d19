"""The Discord of our tests goes wrong as Discord does: rate limits, failures, lost replies, commands beyond number."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from servers.discord import FakeDiscord
from servers.discord_apps import Commands, Press, app, ask, discord

MESSAGES = "POST /channels/{}/messages"
NOBODY: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


async def headers_of(fake: FakeDiscord, path: str) -> dict[str, str]:
    given = {"Authorization": f"Bot {fake.token}"}
    async with aiohttp.ClientSession() as session, session.get(f"{fake.url}{path}", headers=given) as answer:
        return dict(answer.headers)


def command(number: int = 0, **more: object) -> dict[str, Any]:
    return {"name": f"c{number}", "description": "d", "type": 1, **more}


async def test_every_answer_tells_its_rate_limit(fake: FakeDiscord) -> None:
    fake.limit("GET /users/@me", 5, 60.0)
    headers = await headers_of(fake, "/users/@me")
    assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("5", "4")
    assert 0 < float(headers["X-RateLimit-Reset-After"]) <= 60
    assert headers["Via"]


async def test_a_limit_is_kept_for_each_channel_and_the_library_waits(fake: FakeDiscord) -> None:
    fake.limit(MESSAGES, 2, 0.2)
    news, other = fake.add_channel("news"), fake.add_channel("other")
    async with app(fake) as client:
        for number in range(5):
            await client.room(news.id).send(str(number))
        await client.room(other.id).send("at once")
    assert len(fake.messages(news)) == 5
    assert [call.status for call in fake.called(MESSAGES)] == [200] * 6
    for _ in range(3):
        status, body = await ask(fake, "POST", f"/channels/{news.id}/messages", {"content": "x", **NOBODY})
    assert (status, body["global"]) == (429, False)
    assert 0 < body["retry_after"] <= 0.2


async def test_a_limit_over_all_routes_leaves_interactions_out(fake: FakeDiscord) -> None:
    fake.rates.per_second = 2
    answers = [await ask(fake, "GET", "/users/@me") for _ in range(3)]
    assert [status for status, _ in answers] == [200, 200, 429]
    assert answers[2][1]["global"] is True
    assert (await ask(fake, "POST", "/interactions/1/x/callback", {"type": 1}))[0] == 404


async def test_the_library_waits_out_what_discord_itself_limits(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    fake.fail(MESSAGES, retry_after=0.05, global_=True)
    async with app(fake) as client:
        await client.room(news.id).send("hi")
        assert [call.status for call in fake.called(MESSAGES)] == [429, 200]
        fake.fail(MESSAGES, retry_after=60, via=False)
        with pytest.raises(discord.HTTPException) as refused:
            await client.room(news.id).send("hi")
    assert refused.value.status == 429


async def test_who_fails_too_often_is_banned(fake: FakeDiscord) -> None:
    fake.rates.ban_after = 3
    for _ in range(3):
        await ask(fake, "GET", "/users/@me", Authorization="Bot another")
    status, page = await ask(fake, "GET", "/users/@me")
    assert (status, page.startswith("<html>")) == (429, True)
    fake.pass_time(600)
    assert (await ask(fake, "GET", "/users/@me"))[0] == 200


async def test_a_call_fails_as_often_as_asked_and_only_where_asked(fake: FakeDiscord) -> None:
    news, other = fake.add_channel("news"), fake.add_channel("other")
    fake.fail(MESSAGES, status=403, code=50013, times=2, where=lambda call: call.params == {} and news.id in call.path)
    fake.fail("/users/{}", status=503)
    answers = [await ask(fake, "POST", f"/channels/{n.id}/messages", {"content": "x", **NOBODY}) for n in (other, news)]
    assert [(status, answer.get("code")) for status, answer in answers] == [(200, None), (403, 50013)]
    assert [(await ask(fake, "GET", "/users/@me"))[0] for _ in range(2)] == [503, 200]
    assert (fake.calls[0].failed, fake.calls[1].failed) == (False, True)


async def test_a_lost_reply_has_acted_and_a_dropped_call_has_not(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    path = f"/channels/{news.id}/messages"
    for how in ("lose_reply", "drop"):
        fake.fail(MESSAGES, **{how: True})
        with pytest.raises(aiohttp.ClientError):
            await ask(fake, "POST", path, {"content": how, **NOBODY})
    fake.fail(MESSAGES, status=502, acts=True)
    fake.fail(MESSAGES, delay=30)
    assert (await ask(fake, "POST", path, {"content": "acts", **NOBODY}))[0] == 502
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(fake, "POST", path, {"content": "delay", **NOBODY}), 0.1)
    assert [held.content for held in fake.messages(news)] == ["lose_reply", "acts", "delay"]


async def test_commands_are_registered_listed_and_taken_back(fake: FakeDiscord) -> None:
    def register(tree: Commands) -> None:
        @tree.command(name="tipfacts", description="Ask")
        async def tipfacts(_press: Press, query: str) -> None:
            raise NotImplementedError(query)

    async with app(fake, register=register) as client:
        (held,) = await client.tree.fetch_commands()
        assert (held.name, held.options[0].name) == ("tipfacts", "query")
        await client.tree.sync()
        assert fake.created() == 1
        await held.delete()
    assert fake.commands.held[""] == []
    assert fake.violations == []


async def test_a_command_keeps_its_id_and_changes_its_version_with_its_content(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.app_id}/commands"
    first, same, changed = [
        (await ask(fake, "PUT", path, [command(description=told, description_localizations={"zh-TW": "問"})]))[1][0]
        for told in ("a", "a", "b")
    ]
    assert first["id"] == same["id"] == changed["id"]
    assert first["version"] == same["version"] != changed["version"]
    assert "description_localizations" not in (await ask(fake, "GET", path))[1][0]
    assert (await ask(fake, "GET", f"{path}?with_localizations=true"))[1][0]["description_localizations"]


async def test_two_hundred_commands_a_day_may_be_created_in_a_guild(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.app_id}/guilds/{fake.guild.id}/commands"
    for turn in range(2):
        assert (await ask(fake, "PUT", path, [command(100 * turn + n) for n in range(100)]))[0] == 200
    assert fake.created(fake.guild) == 200
    status, error = await ask(fake, "PUT", path, [command(500)])
    assert (status, error["code"]) == (400, 30034)
    fake.pass_time(86_400)
    assert (await ask(fake, "PUT", path, [command(500)]))[0] == 200
    assert [(await ask(fake, "POST", path, command(501)))[0] for _ in range(2)] == [201, 200]


async def test_a_command_beyond_its_limits_is_refused(fake: FakeDiscord) -> None:
    path = f"/applications/{fake.app_id}/commands"
    status, error = await ask(fake, "PUT", path, [command(), command(1, description="d" * 101)])
    assert (status, error["code"]) == (400, 50035)
    assert error["errors"]["1"]["description"]["_errors"][0]["message"] == "101 characters, from 1 to 100"
    assert (await ask(fake, "PUT", "/applications/1/commands", []))[1]["code"] == 20012


async def test_another_version_of_the_api_is_refused(fake: FakeDiscord) -> None:
    url = fake.url.replace("v10", "v9")
    async with aiohttp.ClientSession() as session, session.get(f"{url}/users/@me") as answer:
        assert (await answer.json())["code"] == 50041
