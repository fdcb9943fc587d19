"""The Discord of our tests answers as Discord does, asked by the real discord.py and by hand."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from servers.discord import FakeDiscord, User
from servers.discord_apps import app, ask, discord

MESSAGES = "POST /channels/{}/messages"
NOBODY: dict[str, Any] = {"allowed_mentions": {"parse": []}}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as server:
        yield server


@pytest.fixture
def mei(fake: FakeDiscord) -> User:
    return fake.add_user("mei", locale="zh-TW")


async def post(fake: FakeDiscord, channel: str, content: str = "hi", **more: object) -> tuple[int, dict[str, object]]:
    return await ask(fake, "POST", f"/channels/{channel}/messages", {"content": content, **NOBODY, **more})


async def test_the_app_learns_who_it_is(fake: FakeDiscord) -> None:
    status, me = await ask(fake, "GET", "/users/@me")
    assert (status, me["id"], me["bot"], me["username"]) == (200, fake.bot.id, True, "tipfacts")
    for path in ("/applications/@me", "/oauth2/applications/@me"):
        assert (await ask(fake, "GET", path))[1]["id"] == fake.app_id
    assert [guild["name"] for guild in (await ask(fake, "GET", "/users/@me/guilds"))[1]] == ["Fake Desk"]


async def test_the_gateway_is_this_server(fake: FakeDiscord) -> None:
    _, told = await ask(fake, "GET", "/gateway/bot")
    assert told["url"].startswith("ws://127.0.0.1:")
    assert (told["shards"], told["session_start_limit"]["max_concurrency"]) == (1, 1)


async def test_a_wrong_token_opens_nothing(fake: FakeDiscord) -> None:
    answer = await ask(fake, "GET", "/users/@me", Authorization="Bot another")
    assert answer == (401, {"message": "401: Unauthorized", "code": 0})
    fake.revoke_token()
    assert (await ask(fake, "GET", "/users/@me"))[0] == 401
    assert fake.rates.invalid == 2


async def test_what_discord_does_not_have_is_not_found_and_recorded(fake: FakeDiscord) -> None:
    assert await ask(fake, "GET", "/made/up") == (404, {"message": "404: Not Found", "code": 0})
    assert (await ask(fake, "PUT", "/users/@me"))[0] == 405
    assert fake.violations == [
        "GET /made/up: no route of Discord's that this server knows",
        "PUT /users/@me: no route of Discord's that this server knows",
    ]


async def test_a_message_is_posted_read_changed_and_deleted(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    async with app(fake) as client:
        sent = await client.room(news.id).send("hi", embed=discord.Embed(title="t"))
        await sent.edit(content="ho")
        read = await client.room(news.id).fetch_message(sent.id)
        assert (read.content, read.embeds[0].title) == ("ho", "t")
        assert read.author == client.user
        assert read.edited_at is not None
        (held,) = fake.messages(news)
        assert (held.content, held.was, held.pinged) == ("ho", ["hi"], [])
        await sent.delete()
        with pytest.raises(discord.NotFound) as refused:
            await client.room(news.id).fetch_message(sent.id)
    assert refused.value.code == 10008
    assert fake.messages(news) == []
    assert fake.violations == []


async def test_files_arrive_and_can_be_fetched_again(fake: FakeDiscord) -> None:
    import io  # noqa: PLC0415 (only here)

    news = fake.add_channel("news")
    async with app(fake) as client:
        sent = await client.room(news.id).send(file=discord.File(io.BytesIO(b"1,2"), "facts.csv"))
        assert await sent.attachments[0].read() == b"1,2"
    (call,) = fake.called(MESSAGES)
    assert [(file.name, file.content) for file in call.files] == [("facts.csv", b"1,2")]


async def test_what_discord_refuses_is_refused_with_its_place_and_recorded(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    embeds = [{"description": "d"}, {"fields": [{"name": "n", "value": "v" * 1_025}]}]
    status, error = await post(fake, news.id, embeds=embeds)
    assert (status, error["code"], error["message"]) == (400, 50035, "Invalid Form Body")
    told = error["errors"]["embeds"]["1"]["fields"]["0"]["value"]["_errors"]  # type: ignore[index]
    assert told[0]["message"] == "1025 characters, from 1 to 1024"
    assert fake.violations[0] == "POST message: embeds[1].fields[0].value: 1025 characters, from 1 to 1024"
    assert (await post(fake, news.id, ""))[1]["code"] == 50006
    assert fake.messages(news) == []


async def test_what_we_do_not_send_is_recorded_and_taken(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    status, _ = await ask(fake, "POST", f"/channels/{news.id}/messages", {"content": f"{mei.mention} @everyone"})
    assert (status, fake.messages(news)[0].pinged) == (200, [mei.id, "everyone"])
    assert len(fake.violations) == 3


async def test_nobody_is_rung_where_nobody_is_to_be(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    await post(fake, news.id, f"{mei.mention} @here")
    assert fake.messages(news)[0].pinged == []


async def test_the_same_nonce_posts_once_for_some_minutes(fake: FakeDiscord) -> None:
    news, other = fake.add_channel("news"), fake.add_channel("other")
    first = (await post(fake, news.id, "one", nonce="d1", enforce_nonce=True))[1]
    again = (await post(fake, news.id, "two", nonce="d1", enforce_nonce=True))[1]
    assert (again["id"], again["content"], again["nonce"]) == (first["id"], "one", "d1")
    await post(fake, other.id, "elsewhere", nonce="d1", enforce_nonce=True)
    await post(fake, news.id, "not enforced", nonce="d1")
    fake.pass_time(181)
    await post(fake, news.id, "forgotten", nonce="d1", enforce_nonce=True)
    assert [held.content for held in fake.messages(news)] == ["one", "not enforced", "forgotten"]
    _, history = await ask(fake, "GET", f"/channels/{news.id}/messages")
    assert all("nonce" not in message for message in history)


async def test_history_is_read_from_either_end(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    ids = [str((await post(fake, news.id, str(number)))[1]["id"]) for number in range(6)]

    async def read(query: str) -> list[str]:
        return [one["content"] for one in (await ask(fake, "GET", f"/channels/{news.id}/messages?{query}"))[1]]

    assert await read("limit=2") == ["5", "4"]
    assert await read(f"limit=2&before={ids[3]}") == ["2", "1"]
    assert await read(f"limit=2&after={ids[1]}") == ["3", "2"]
    assert await read(f"limit=3&around={ids[3]}") == ["4", "3", "2"]
    for query in ("limit=101", "limit=0", f"before={ids[0]}&after={ids[1]}"):
        assert (await ask(fake, "GET", f"/channels/{news.id}/messages?{query}"))[0] == 400


async def test_others_words_are_kept_from_an_app_that_was_not_named(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    await fake.say(mei, news, "among us", wait=0)
    await fake.mention(mei, news, "to you", wait=0)
    await fake.dm(mei, "just you", wait=0)
    (direct,) = [one.id for one in fake.world.channels.values() if one.user]
    read = [(await ask(fake, "GET", f"/channels/{place}/messages"))[1] for place in (news.id, direct)]
    assert [one["content"] for one in read[0]] == [f"{fake.bot.mention} to you", ""]
    assert [one["content"] for one in read[1]] == ["just you"]


async def test_a_channel_gone_or_closed_to_the_bot_says_so(fake: FakeDiscord, mei: User) -> None:
    hidden, gone, still = fake.add_channel("hidden", bot=False), fake.add_channel("gone"), fake.add_channel("still")
    fake.delete_channel(gone)
    fake.deny(still, fake.bot, "send_messages")
    answers = [await post(fake, channel.id) for channel in (hidden, gone, still)]
    assert [(status, error["code"]) for status, error in answers] == [(403, 50001), (404, 10003), (403, 50013)]
    fake.deny(still, None, "send_messages")
    fake.allow(still, fake.bot, "send_messages")
    assert (await post(fake, still.id))[0] == 200
    assert (await post(fake, fake.add_channel("secret", mei, private=True, bot=False).id))[1]["code"] == 50001


async def test_embeds_and_history_need_their_permissions(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    await post(fake, news.id)
    fake.deny(news, fake.bot, "embed_links", "read_message_history")
    assert (await post(fake, news.id, embeds=[{"title": "t"}]))[1]["code"] == 50013
    assert await ask(fake, "GET", f"/channels/{news.id}/messages") == (200, [])
    held = fake.messages(news)[0]
    assert (await post(fake, news.id, message_reference={"message_id": held.id}))[1]["code"] == 160002


async def test_a_guild_that_was_left_is_closed(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    assert (await ask(fake, "GET", f"/guilds/{fake.guild.id}/members/{mei.id}"))[0] == 200
    assert (await ask(fake, "GET", f"/guilds/{fake.guild.id}/members/1"))[1]["code"] == 10013
    fake.uninstall(fake.guild)
    assert (await post(fake, news.id))[1]["code"] == 50001
    assert (await ask(fake, "GET", f"/guilds/{fake.guild.id}"))[1]["code"] == 50001
    assert (await ask(fake, "GET", "/guilds/1"))[1]["code"] == 10004


async def test_a_thread_wakes_when_it_is_written_in_unless_it_is_locked(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    asleep, locked = fake.add_thread(news, "asleep", archived=True), fake.add_thread(news, "locked", locked=True)
    assert (await post(fake, asleep.id))[0] == 200
    assert not asleep.archived
    assert (await post(fake, locked.id))[1]["code"] == 50083


async def test_a_dm_reaches_who_shares_a_guild_and_takes_dms(fake: FakeDiscord, mei: User) -> None:
    shut, stranger = fake.add_user("shut", accepts_dms=False), fake.add_user("stranger")
    fake.leave(stranger, fake.guild)
    codes = []
    for user in (mei, shut, stranger):
        opened = (await ask(fake, "POST", "/users/@me/channels", {"recipient_id": user.id}))[1]
        status, answer = await post(fake, opened["id"])
        codes.append((status, answer.get("code")))
    assert codes == [(200, None), (403, 50007), (403, 50007)]
    assert (await ask(fake, "POST", "/users/@me/channels", {"recipient_id": "1"}))[1]["code"] == 50033


async def test_a_reply_names_what_it_answers(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    await fake.mention(mei, news, "how many?", wait=0)
    (asked,) = news.messages
    answer = (await post(fake, news.id, message_reference={"message_id": asked.id}))[1]
    assert answer["message_reference"]["message_id"] == asked.id  # type: ignore[index]
    assert answer["referenced_message"]["content"].endswith("how many?")  # type: ignore[index]
    fake.delete_message(asked)
    assert (await post(fake, news.id, message_reference={"message_id": asked.id}))[0] == 400
    lenient = {"message_id": asked.id, "fail_if_not_exists": False}
    assert (await post(fake, news.id, message_reference=lenient))[0] == 200


async def test_another_ones_message_is_not_edited(fake: FakeDiscord, mei: User) -> None:
    news = fake.add_channel("news")
    await fake.say(mei, news, "mine", wait=0)
    path = f"/channels/{news.id}/messages/{news.messages[0].id}"
    assert (await ask(fake, "PATCH", path, {"content": "yours", **NOBODY}))[1]["code"] == 50005
    assert (await ask(fake, "DELETE", path))[1]["code"] == 50013


async def test_an_edit_that_leaves_nothing_is_refused(fake: FakeDiscord) -> None:
    news = fake.add_channel("news")
    await post(fake, news.id)
    path = f"/channels/{news.id}/messages/{fake.messages(news)[0].id}"
    assert (await ask(fake, "PATCH", path, {"content": ""}))[1]["code"] == 50006
    assert (await asyncio.gather(ask(fake, "PATCH", path, {"flags": 4})))[0][0] == 200
