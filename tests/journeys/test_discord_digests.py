"""A digest in Discord: in the channel exactly once at its time, with its sources and its nonce, and a way out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from discord_run import DIGEST, Room, opened, said, whispered
from servers.discord import Message, buttons, words
from slack_run import A_DAY, A_MINUTE, NINE

from bot.domain.digests import DeliveryState

SOURCE = "https://www.news.gov.hk/eng/2022/07/20220720/20220720_105112_663.html"
POST, HISTORY = "POST /channels/{}/messages", "GET /channels/{}/messages"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Ann's channel is owed a digest on screenings and victims at nine."""
    async with opened(tmp_path) as guild:
        await guild.subscribed(topics="screenings, victims")
        await guild.news_is_added()
        yield guild


def digests(room: Room) -> list[Message]:
    """What stands in #news but the confirmation."""
    return [message for message in room.discord.messages(room.news)[1:] if "no more digests" not in message.content]


async def sent(room: Room) -> Message:
    report = await room.tick(NINE)
    assert report.count(DeliveryState.SENT) == 1
    (message,) = digests(room)
    return message


async def why(room: Room) -> str:
    return whispered(await room.slash(room.ann, room.news, f"{DIGEST} why"))


async def test_it_comes_when_it_is_due_and_exactly_once_with_its_sources(room: Room) -> None:
    assert (await room.tick(NINE - A_MINUTE)).due == 0
    message = await sent(room)
    for part in ("New official statements", "around 7,700 initial screenings", "one victim", "20 July 2022", SOURCE):
        assert part in message.content
    for days in range(4):
        await room.tick(NINE + days * A_DAY + A_MINUTE)
    assert digests(room) == [message]
    assert room.receipts() == [(room.news.id, message.id, 1, 46, 1), (room.news.id, message.id, 1, 47, 1)]


async def test_it_mentions_nobody_and_carries_a_nonce_that_no_other_has(room: Room) -> None:
    first = await sent(room)
    assert first.sent["allowed_mentions"]["parse"] == []
    assert first.sent["enforce_nonce"] is True
    desk = room.desk()
    desk.finish(desk.form("withdraw F46 in error"), "confirm")
    await room.tick(NINE + A_DAY)
    second = digests(room)[1]
    assert "Withdrawn (in error)" in second.content
    assert first.nonce
    assert first.nonce != second.nonce
    assert str(first.nonce) not in words(first)


async def test_two_senders_at_the_same_moment_post_it_once(room: Room) -> None:
    await asyncio.gather(*(room.tick(NINE) for _ in range(3)))
    assert len(digests(room)) == 1


async def test_its_owner_ends_it_with_one_press_and_after_a_restart(room: Room) -> None:
    message = await sent(room)
    assert buttons(message) == ["Unsubscribe"]
    await room.restart()
    seen = await room.press(message, "Unsubscribe")
    assert "no more digests" in said(seen).content
    assert room.held(room.news) is None
    assert "no subscription" in whispered(await room.press(message, "Unsubscribe"))
    await room.tick(NINE + A_DAY)
    assert digests(room) == [message]


async def test_a_stranger_does_not_end_it_and_is_told_why(room: Room) -> None:
    message = await sent(room)
    assert "本頻道的訂閱屬" in whispered(await room.press(message, "Unsubscribe", room.mei))
    assert room.held(room.news)
    assert message in room.discord.messages(room.news)


async def test_an_editor_may_end_what_somebody_else_began(room: Room) -> None:
    await room.press(await sent(room), "Unsubscribe", room.ed)
    assert room.held(room.news) is None


@pytest.mark.parametrize("how", [{"lose_reply": True}, {"status": 503, "acts": True}, {"status": 500, "acts": True}])
@pytest.mark.parametrize("forgotten", [False, True])
async def test_one_whose_reply_is_lost_is_looked_for_and_not_posted_again(
    room: Room, how: dict[str, Any], *, forgotten: bool
) -> None:
    room.discord.fail(POST, **how)
    assert (await room.tick(NINE)).count(DeliveryState.UNSURE) == 1
    assert "It may or may not have been posted" in await why(room)
    if forgotten:
        room.discord.pass_time(600)  # Discord knows its nonce no more
    assert (await room.tick(NINE + 2 * A_MINUTE)).count(DeliveryState.SENT) == 1
    assert len(digests(room)) == 1
    assert len(room.discord.called(HISTORY)) == 1
    assert len(room.discord.called(POST)) == 2  # the confirmation, and the digest
    assert {message for _, message, *_ in room.receipts()} == {digests(room)[0].id}
    assert "It was posted at" in await why(room)


async def test_it_is_found_among_what_others_wrote_meanwhile(room: Room) -> None:
    room.discord.fail(POST, lose_reply=True)
    await room.tick(NINE)
    for number in range(120):
        await room.discord.say(room.mei, room.news, f"line {number}", wait=0)
    room.discord.pass_time(600)
    assert (await room.tick(NINE + 2 * A_MINUTE)).count(DeliveryState.SENT) == 1
    assert len(digests(room)) == 1


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 503}, {"status": 500}])
async def test_one_that_is_proven_absent_is_posted_once_more(room: Room, how: dict[str, Any]) -> None:
    room.discord.fail(POST, **how)
    assert (await room.tick(NINE)).count(DeliveryState.UNSURE) == 1
    assert digests(room) == []
    for minutes in range(2, 10, 2):
        await room.tick(NINE + minutes * A_MINUTE)
    assert len(digests(room)) == 1


async def test_where_it_may_not_read_the_history_it_is_not_posted_twice_either(room: Room) -> None:
    room.discord.deny(room.news, room.discord.bot, "read_message_history")
    room.discord.fail(POST, lose_reply=True)
    for hours in range(25):
        await room.tick(NINE + timedelta(hours=hours))
    assert len(digests(room)) == 1
    assert "may or may not have been posted, and is given up" in room.forgive("given up")


async def test_a_sender_that_dies_behind_its_post_leaves_one_that_is_found(room: Room) -> None:
    room.discord.fail(POST, delay=0.5)
    dying = asyncio.create_task(room.tick(NINE))
    assert await room.discord.until(lambda: bool(digests(room)), 5)
    dying.cancel()
    await asyncio.wait({dying})
    await room.restart()
    await room.tick(NINE + A_MINUTE)  # its lease has not run out
    assert (await room.tick(NINE + 5 * A_MINUTE)).count(DeliveryState.SENT) == 1
    assert len(digests(room)) == 1


@pytest.mark.parametrize("via", [True, False])
async def test_a_busy_discord_is_asked_again_when_it_says_so(room: Room, *, via: bool) -> None:
    room.discord.fail(POST, retry_after=90, via=via)
    assert (await room.tick(NINE)).count(DeliveryState.WAITING) == 1
    await room.tick(NINE + A_MINUTE)
    assert digests(room) == []
    for minutes in range(2, 12):
        await room.tick(NINE + minutes * A_MINUTE)
    assert len(digests(room)) == 1
    assert len(room.discord.called(POST)) == 3


async def test_an_embed_that_discord_does_not_take_goes_out_as_text_with_the_same_nonce(room: Room) -> None:
    room.discord.fail(POST, status=400, code=50035, message="Invalid Form Body")
    message = await sent(room)
    assert message.embeds == []
    assert SOURCE in message.content
    first, second = (call.body for call in room.discord.called(POST)[1:])
    assert first["nonce"] == second["nonce"]


async def test_where_it_may_not_embed_the_text_says_it_all(room: Room) -> None:
    room.discord.deny(room.news, room.discord.bot, "embed_links")
    message = await sent(room)
    for part in ("around 7,700 initial screenings", "one victim", SOURCE):
        assert part in message.content


async def test_nothing_is_posted_when_nothing_is_new(room: Room) -> None:
    await sent(room)
    assert (await room.tick(NINE + A_DAY)).ended == {}
    assert "Nothing was new, so nothing was posted" in await why(room)
    assert len(digests(room)) == 1


async def test_a_long_digest_is_one_message_that_says_how_much_it_leaves_out_and_how_to_end_it(room: Room) -> None:
    await room.long_paper_is_added()
    message = await sent(room)
    assert "around 7,700" in words(message)
    assert "“A long paper”" in words(message)
    assert "more are not shown" in words(message)
    assert message.pinged == []
    assert buttons(message) == ["Unsubscribe"]
    await room.tick(NINE + A_DAY)
    assert len(digests(room)) == 1


async def test_a_digest_comes_to_direct_messages_once_whatever_is_lost(room: Room) -> None:
    await room.dm(room.mei, "訂閱")
    desk = room.desk()
    desk.finish(desk.form("withdraw F12 in error"), "confirm")
    direct = room.discord.dm_of(room.mei).id
    room.discord.fail(POST, lose_reply=True, where=lambda call: direct in call.path)
    await room.tick(NINE)
    await room.tick(NINE + 2 * A_MINUTE)
    (own,) = [message for message in room.discord.messages(room.mei) if "更正及撤回" in words(message)]
    assert own.nonce
