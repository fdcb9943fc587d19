"""Sharing an answer in its channel: once, with the sharer's name, and with a receipt of what it shows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from discord_run import Room, opened, whispered
from servers.discord import Seen, buttons, words

SHARE = "Share in channel"
VICTIMS = "victims"
POST = "POST /channels/{}/messages"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.1))
    async with opened(tmp_path) as guild:
        yield guild


def told(seen: Seen) -> str:
    """What the presser alone is told."""
    return "\n".join(said.content for said in seen.ephemerals)


async def test_an_answer_is_shared_with_the_sharers_name_the_question_and_its_source(room: Room) -> None:
    answer = await room.ask(VICTIMS)
    seen = await room.press(answer, SHARE)
    assert told(seen) == "Shared in the channel."
    (posted,) = room.discord.messages(room.news)
    for part in ("Shared by ann", VICTIMS, "3 victims identified", "25 June 2024", "https://www.dimsumdaily.hk/"):
        assert part in posted.content
    assert SHARE not in buttons(posted)
    assert posted.sent["allowed_mentions"]["parse"] == []


async def test_a_shared_answer_leaves_a_receipt_with_the_versions_of_its_facts_and_is_in_the_history(
    room: Room,
) -> None:
    answer = await room.ask("screenings")
    await room.press(answer, SHARE)
    (posted,) = room.discord.messages(room.news)
    assert room.receipts() == [(room.news.id, posted.id, 1, 12, 1), (room.news.id, posted.id, 1, 13, 1)]
    history = whispered(await room.press(posted, "History", room.ed))
    assert "History: Initial screenings" in history
    assert "F12" in history


async def test_however_often_it_is_pressed_it_is_shared_once(room: Room) -> None:
    answer = await room.ask(VICTIMS)
    mark = room.discord.mark()
    await asyncio.gather(*(room.press(answer, SHARE) for _ in range(4)))
    seen = await room.discord.look(room.ann, lambda seen: len(seen.ephemerals) >= 4, since=mark)
    texts = [said.content for said in seen.ephemerals]
    texts.remove("Shared in the channel.")
    assert len(texts) == 3
    assert set(texts) <= {"This answer is being shared just now.", "This answer was shared already."}
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert len(room.discord.messages(room.news)) == 1
    assert len(room.receipts()) == 1


async def test_the_same_answer_asked_for_again_can_be_shared_again(room: Room) -> None:
    for _ in range(2):
        await room.press(await room.ask(VICTIMS), SHARE)
    assert len(room.discord.messages(room.news)) == 2


async def test_where_the_bot_may_not_post_it_replies_to_the_press(room: Room) -> None:
    answer = await room.ask(VICTIMS, channel=room.walled)
    seen = await room.press(answer, SHARE)
    assert told(seen) == "Shared in the channel."
    (posted,) = room.discord.messages(room.walled)
    assert "Shared by ann" in posted.content
    assert [(place, fact) for place, _, _, fact, _ in room.receipts()] == [(room.walled.id, 15)]
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert len(room.discord.messages(room.walled)) == 1


async def test_whoever_presses_a_button_of_a_shared_answer_is_answered_alone_in_their_language(room: Room) -> None:
    await room.press(await room.ask(VICTIMS), SHARE)
    (posted,) = room.discord.messages(room.news)
    before = words(posted)
    said = whispered(await room.press(posted, "History", room.mei))
    assert "歷史：" in said
    assert (words(posted), posted.was) == (before, [])


@pytest.mark.parametrize("acts", [True, False])
async def test_a_share_whose_reply_is_lost_is_posted_once(room: Room, *, acts: bool) -> None:
    answer = await room.ask(VICTIMS)
    room.discord.fail(POST, lose_reply=acts, drop=not acts)
    assert told(await room.press(answer, SHARE)) == "Shared in the channel."
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert len(room.discord.messages(room.news)) == 1


@pytest.mark.parametrize("acts", [True, False])
async def test_a_share_of_which_nobody_knows_whether_it_was_posted_is_said_to_be_so(room: Room, *, acts: bool) -> None:
    answer = await room.ask(VICTIMS)
    room.discord.fail(POST, lose_reply=acts, drop=not acts, times=9)
    assert "may have been posted" in told(await room.press(answer, SHARE))
    room.forgive("did not reach its channel")
    assert told(await room.press(answer, SHARE)).startswith("This answer may have been shared already.")
    assert len(room.discord.messages(room.news)) == int(acts)


async def test_a_share_that_discord_has_no_time_for_can_be_pressed_again(room: Room) -> None:
    answer = await room.ask(VICTIMS)
    room.discord.fail(POST, retry_after=17)
    assert "Try again in 1 minute" in told(await room.press(answer, SHARE))
    assert room.discord.messages(room.news) == []
    room.clock.now += timedelta(seconds=20)
    assert told(await room.press(answer, SHARE)) == "Shared in the channel."


async def test_whoever_may_not_write_in_a_channel_cannot_share_there(room: Room) -> None:
    answer = await room.ask(VICTIMS)
    for channel in (room.news, room.walled):
        room.discord.deny(channel, room.ann, "send_messages")
        assert SHARE not in (await room.ask(VICTIMS, channel=channel)).buttons
    assert told(await room.press(answer, SHARE)) == (
        "You may not write in this channel, so you cannot share an answer in it."
    )
    assert room.discord.messages(room.news) == []
    assert room.receipts() == []
    room.discord.allow(room.news, room.ann, "send_messages")
    assert told(await room.press(answer, SHARE)) == "Shared in the channel."


async def test_whoever_may_not_write_in_threads_cannot_share_in_one(room: Room) -> None:
    thread = room.discord.add_thread(room.news, "figures")
    answer = await room.ask(VICTIMS, channel=thread)
    room.discord.deny(room.news, room.ann, "send_messages_in_threads")
    assert "may not write in this channel" in told(await room.press(answer, SHARE))
    assert SHARE not in (await room.ask(VICTIMS, channel=thread)).buttons
    assert SHARE in (await room.ask(VICTIMS)).buttons
    assert room.discord.messages(thread) == []


async def test_where_neither_channel_nor_server_has_a_language_what_is_shared_is_in_the_questions(room: Room) -> None:
    posted = (await room.press(await room.ask(VICTIMS, room.mei), "分享到頻道", room.mei)).messages
    assert "3 victims identified" in posted[0].content
    posted = (await room.press(await room.ask("經識別的受害人"), SHARE)).messages
    assert "3名受害人" in posted[0].content


async def test_what_was_asked_in_a_thread_is_shared_in_that_thread(room: Room) -> None:
    thread = room.discord.add_thread(room.news, "figures")
    answer = await room.ask("screenings", channel=thread)
    seen = await room.press(answer, SHARE)
    assert [message.channel for message in seen.messages] == [thread.id]
    assert room.discord.messages(room.news) == []


async def test_a_long_answer_is_shared_once_from_any_of_its_pages_as_one_message(room: Room) -> None:
    await room.long_paper_is_added()
    first = await room.ask("history screenings")
    second = await room.press(first, "Next")
    seen = await room.press(second, SHARE)
    (posted,) = seen.messages
    assert "history screenings" in posted.content
    assert "more are left out here" in words(posted)
    assert not {"Back", "Next", SHARE} & set(buttons(posted))
    assert told(await room.press(await room.press(second, "Back"), SHARE)) == "This answer was shared already."
    assert len(room.discord.messages(room.news)) == 1


async def test_a_question_may_hold_what_would_mention_people_and_does_not(room: Room) -> None:
    answer = await room.ask("screenings @everyone")
    await room.press(answer, SHARE)
    (posted,) = room.discord.messages(room.news)
    assert posted.pinged == []
    assert "@everyone" not in posted.content
    assert "everyone" in posted.content
