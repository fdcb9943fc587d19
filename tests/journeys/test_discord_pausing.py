"""A channel of Discord that is lost: the subscription pauses, its owner hears of it once, and can take it up again."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import DIGEST, Room, opened, read, whispered
from servers.discord import Message, buttons, words
from slack_run import A_DAY, A_MINUTE, NINE

from bot.domain.digests import DeliveryState, SubscriptionState

POST = "POST /channels/{}/messages"
CODES = ("50001", "50013", "10003", "50007")


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Ann's channel is owed a digest at nine."""
    async with opened(tmp_path) as guild:
        await guild.subscribed()
        await guild.news_is_added()
        yield guild


async def lost(room: Room) -> Message:
    """Take the bot's permission away, let the digest fall due, and return what Ann is told by direct message."""
    room.discord.deny(room.news, room.discord.bot, "view_channel")
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.PAUSED), report.told) == (1, 1)
    (told,) = room.discord.messages(room.ann)
    return told


def given_back(room: Room) -> None:
    room.discord.allow(room.news, room.discord.bot, "view_channel")


def digests(room: Room) -> list[Message]:
    return [message for message in room.discord.messages(room.news) if "around 7,700" in words(message)]


async def test_the_owner_of_a_channel_that_is_closed_to_the_bot_is_told_once_why_and_what_to_do(room: Room) -> None:
    told = await lost(room)
    for part in ("are paused", "does not see the channel", "subscribe screenings daily at 09:00 Asia/Hong_Kong"):
        assert part in read(told)
    assert not any(code in words(told) for code in CODES)
    assert buttons(told) == []
    for days in range(5):
        assert (await room.tick(NINE + days * A_DAY + A_MINUTE)).told == 0
    assert room.discord.messages(room.ann) == [told]
    assert len(room.discord.called(POST)) == 3  # the confirmation, the digest and the notice


async def test_the_owner_is_told_which_channel_of_which_server_that_is(room: Room) -> None:
    told = read(await lost(room))
    assert f"**Channel:** <#{room.news.id}>\n**Server:** {room.discord.guild.name}\n" in told
    assert re.search(r"\n-# Reference: [0-9a-f]{24}$", told)
    assert told.count(room.news.id) == 1


async def test_the_pause_is_shown_where_its_owner_looks(room: Room) -> None:
    await lost(room)
    given_back(room)
    why = whispered(await room.slash(room.ann, room.news, f"{DIGEST} why"))
    assert "The subscription is paused" in why
    assert "kept until the subscription is resumed" in why
    listed = whispered(await room.slash(room.ann, room.news, f"{DIGEST} list"))
    assert "paused" in listed
    assert not any(code in why + listed for code in CODES)


async def test_what_was_new_meanwhile_comes_once_the_channel_is_taken_up_again(room: Room) -> None:
    await lost(room)
    given_back(room)
    await room.slash(room.ann, room.news, f"{DIGEST} subscribe", topics="screenings")
    held = room.held(room.news)
    assert held
    assert held.state is SubscriptionState.ACTIVE
    for days in range(1, 4):
        await room.tick(NINE + days * A_DAY)
    assert len(digests(room)) == 1
    assert len(room.discord.messages(room.ann)) == 1


async def test_a_channel_in_which_the_bot_may_not_write_is_lost_as_well(room: Room) -> None:
    room.discord.deny(room.news, room.discord.bot, "send_messages")
    assert (await room.tick(NINE)).count(DeliveryState.PAUSED) == 1
    (told,) = room.discord.messages(room.ann)
    assert "are paused" in words(told)


async def test_a_channel_that_was_deleted_is_lost_for_good_and_its_owner_is_told(room: Room) -> None:
    room.discord.delete_channel(room.news)
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.PAUSED), report.told) == (1, 1)
    (told,) = room.discord.messages(room.ann)
    assert not any(code in words(told) for code in CODES)
    for part in (
        "the channel was deleted",
        "Subscribe in another channel. Type this there: “/tipfacts-digest subscribe",
    ):
        assert part in read(told)
    assert "in the channel:" not in read(told)
    assert "Permissions" not in read(told)


async def test_a_server_that_took_the_bot_out_is_left_in_peace(room: Room) -> None:
    room.discord.uninstall(room.discord.guild)
    for days in range(3):
        await room.tick(NINE + days * A_DAY)
    room.forgive("its owner cannot be told")
    posts = [call for call in room.discord.called(POST) if room.news.id in call.path]
    assert len(posts) == 2  # the confirmation, and one digest


async def test_an_owner_who_takes_no_direct_messages_is_not_told_and_holds_nothing_up(room: Room) -> None:
    room.ann.accepts_dms = False
    room.discord.deny(room.news, room.discord.bot, "view_channel")
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.PAUSED), report.told) == (1, 0)
    room.forgive("its owner cannot be told")
    assert (await room.tick(NINE + A_DAY)).told == 0


@pytest.mark.parametrize("how", [{"lose_reply": True}, {"status": 503, "acts": True}])
async def test_a_notice_whose_reply_is_lost_is_not_told_twice(room: Room, how: dict[str, object]) -> None:
    direct = room.discord.dm_of(room.ann).id
    room.discord.fail(POST, where=lambda call: direct in call.path, **how)
    room.discord.deny(room.news, room.discord.bot, "view_channel")
    for days in range(4):
        await room.tick(NINE + days * A_DAY)
    assert len(room.discord.messages(room.ann)) == 1


async def test_a_token_that_is_refused_pauses_nothing_and_is_not_tried_again_and_again(room: Room) -> None:
    token = room.discord.api.token
    room.discord.revoke_token()
    for minutes in range(10):
        await room.tick(NINE + minutes * A_MINUTE)
    assert len(room.discord.called(POST)) <= 3
    assert room.forgive("nothing can be posted")
    held = room.held(room.news)
    assert held
    assert held.state is SubscriptionState.ACTIVE
    room.discord.api.token = token
    for hours in range(1, 4):
        await room.tick(NINE + hours * 60 * A_MINUTE)
    assert len(digests(room)) == 1
