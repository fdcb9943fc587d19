"""A digest in Slack: in the channel exactly once at its time, with its sources, a nonce nobody sees, and a way out."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.slack import Message, buttons, words
from slack_run import A_DAY, A_MINUTE, HTTP, NINE, Room, digests, whispered, workspace

from bot.domain.digests import DeliveryState

SOURCE = "https://www.news.gov.hk/eng/2022/07/20220720/20220720_105112_663.html"
HISTORY = {"channels:history", "groups:history", "im:history"}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Ann's channel is owed a digest on screenings and victims at nine."""
    async with workspace(tmp_path) as opened:
        await opened.subscribed("subscribe screenings, victims")
        await opened.news_is_added()
        yield opened


async def sent(room: Room) -> Message:
    report = await room.tick(NINE)
    assert report.count(DeliveryState.SENT) == 1
    (message,) = digests(room)
    return message


async def test_it_comes_when_it_is_due_and_exactly_once_with_its_sources(room: Room) -> None:
    assert (await room.tick(NINE - A_MINUTE)).due == 0
    message = await sent(room)
    for part in ("New official statements", "around 7,700 initial screenings", "one victim", "20 July 2022", SOURCE):
        assert part in message.text
        assert part in words(message)
    for days in range(4):
        await room.tick(NINE + days * A_DAY + A_MINUTE)
    assert digests(room) == [message]
    assert room.receipts() == [(room.news.id, message.ts, 1, 46, 1), (room.news.id, message.ts, 1, 47, 1)]


async def test_it_unfurls_nothing_and_carries_a_nonce_that_no_other_has(room: Room) -> None:
    first = await sent(room)
    assert (first.sent["unfurl_links"], first.sent["unfurl_media"]) == (False, False)
    assert first.metadata
    assert first.metadata["event_type"] == "tipfacts_digest"
    desk = room.desk()
    desk.finish(desk.form("withdraw F46 in error"), "confirm")
    await room.tick(NINE + A_DAY)
    second = digests(room)[1]
    assert "Withdrawn (in error)" in second.text
    assert first.metadata != second.metadata
    assert first.metadata["event_payload"]["nonce"] not in first.text + words(first)


async def test_two_senders_at_the_same_moment_post_it_once(room: Room) -> None:
    await asyncio.gather(*(room.tick(NINE) for _ in range(3)))
    assert len(digests(room)) == 1


async def test_its_owner_ends_it_with_one_press(room: Room) -> None:
    message = await sent(room)
    assert buttons(message) == ["Unsubscribe"]
    seen = await room.press(message, "Unsubscribe", user=room.ann)
    assert "no more digests" in seen.messages[0].text
    assert room.held(room.news) is None
    assert "no subscription" in whispered(await room.press(message, "Unsubscribe", user=room.ann))


async def test_its_owner_ends_it_with_one_press_even_where_others_have_replied_to_it(room: Room) -> None:
    message = await sent(room)
    message.thread_ts = message.ts  # so Slack marks a message with replies
    await room.press(message, "Unsubscribe", room.ann)
    assert room.held(room.news) is None


async def test_a_stranger_does_not_end_it_and_is_told_why(room: Room) -> None:
    message = await sent(room)
    said = whispered(await room.press(message, "Unsubscribe", user=room.mei))
    assert "本頻道的訂閱屬" in said
    assert room.held(room.news)
    assert message in room.slack.messages(room.news)


async def test_an_editor_may_end_what_somebody_else_began(room: Room) -> None:
    await room.press(await sent(room), "Unsubscribe", user=room.ed)
    assert room.held(room.news) is None


@pytest.mark.parametrize(
    "how",
    [
        {"lose_reply": True},
        {"status": 503, "acts": True},
        {"error": "internal_error", "acts": True},
        {"error": "fatal_error", "acts": True},
    ],
)
async def test_one_whose_reply_is_lost_is_found_by_its_nonce_and_not_posted_again(
    room: Room, how: dict[str, Any]
) -> None:
    room.slack.fail("chat.postMessage", **how)
    assert (await room.tick(NINE)).count(DeliveryState.UNSURE) == 1
    assert "It may or may not have been posted" in await room.asked("digest why")
    assert (await room.tick(NINE + 2 * A_MINUTE)).count(DeliveryState.SENT) == 1
    assert len(digests(room)) == 1
    assert {message for _, message, *_ in room.receipts()} == {digests(room)[0].ts}
    assert "It was posted at" in await room.asked("digest why")


@pytest.mark.parametrize("how", [{"drop": True}, {"status": 503}, {"error": "internal_error"}])
async def test_one_that_is_proven_absent_is_posted_once_more(room: Room, how: dict[str, Any]) -> None:
    room.slack.fail("chat.postMessage", **how)
    assert (await room.tick(NINE)).count(DeliveryState.UNSURE) == 1
    assert digests(room) == []
    for minutes in range(2, 10, 2):
        await room.tick(NINE + minutes * A_MINUTE)
    assert len(digests(room)) == 1


async def test_without_the_scope_for_history_it_is_not_posted_twice_either(room: Room) -> None:
    room.slack.team.scopes -= HISTORY
    room.slack.fail("chat.postMessage", lose_reply=True)
    for hours in range(24):
        await room.tick(NINE + timedelta(hours=hours))
    assert len(digests(room)) == 1
    await room.tick(NINE + A_DAY)
    assert len(digests(room)) == 1
    room.forgive("may or may not have been posted, and is given up")


async def test_a_sender_that_dies_behind_its_post_leaves_one_that_is_found(room: Room) -> None:
    room.slack.fail("chat.postMessage", delay=0.5)
    dying = asyncio.create_task(room.tick(NINE))
    assert await room.slack.until(lambda: bool(digests(room)), 5)
    dying.cancel()
    await asyncio.wait({dying})
    await room.restart()
    await room.tick(NINE + A_MINUTE)  # its lease has not run out
    assert (await room.tick(NINE + 5 * A_MINUTE)).count(DeliveryState.SENT) == 1
    assert len(digests(room)) == 1


async def test_a_busy_slack_is_asked_again_when_it_says_so(room: Room) -> None:
    room.slack.fail("chat.postMessage", error="ratelimited", retry_after=90)
    assert (await room.tick(NINE)).count(DeliveryState.WAITING) == 1
    await room.tick(NINE + A_MINUTE)
    assert digests(room) == []
    assert (await room.tick(NINE + 2 * A_MINUTE)).count(DeliveryState.SENT) == 1


async def test_blocks_that_slack_does_not_take_go_out_as_text_with_the_same_nonce(room: Room) -> None:
    room.slack.fail("chat.postMessage", error="invalid_blocks")
    message = await sent(room)
    assert message.blocks == []
    assert SOURCE in message.text
    assert (message.sent["unfurl_links"], message.sent["unfurl_media"]) == (False, False)


async def test_nothing_is_posted_when_nothing_is_new(room: Room) -> None:
    await sent(room)
    assert (await room.tick(NINE + A_DAY)).ended == {}
    assert "Nothing was new, so nothing was posted" in await room.asked("digest why")
    assert len(digests(room)) == 1


async def test_a_long_digest_is_one_message_that_says_how_much_it_leaves_out_and_how_to_end_it(room: Room) -> None:
    await room.long_paper_is_added()
    message = await sent(room)
    assert "around 7,700" in message.text
    assert "“A long paper”" in message.text
    assert "more are not shown" in message.text
    assert "<!channel>" not in message.text
    assert buttons(message) == ["Unsubscribe"]
    await room.tick(NINE + A_DAY)
    assert len(digests(room)) == 1


async def test_a_digest_comes_to_the_channel_of_a_thread_and_to_direct_messages(room: Room) -> None:
    asked = await room.mention(room.ed, room.news, "screenings")
    thread = asked.messages[0].thread_ts
    await room.mention(room.ed, room.news, "subscribe victims", thread_ts=thread)
    await room.dm(room.mei, "訂閱")
    desk = room.desk()
    desk.finish(desk.form("withdraw F12 in error"), "confirm")
    desk.finish(desk.form("withdraw F15 in error"), "confirm")
    room.slack.fail("chat.postMessage", lose_reply=True, where=lambda args: args["channel"].startswith("D"))
    await room.tick(NINE)
    await room.tick(NINE + 2 * A_MINUTE)
    assert [message.thread_ts for message in digests(room)] == [None]
    (own,) = [message for message in room.slack.messages(room.mei) if "更正及撤回" in message.text]
    assert own.metadata


async def test_over_http_the_button_of_a_digest_works_as_well(tmp_path: Path) -> None:
    async with workspace(tmp_path, HTTP) as room:
        await room.subscribed("subscribe screenings, victims")
        await room.news_is_added()
        await room.press(await sent(room), "Unsubscribe", user=room.ann)
        assert room.held(room.news) is None
