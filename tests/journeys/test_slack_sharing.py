"""Sharing an answer in its channel: once, with the sharer's name, and with a receipt of what it shows."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.slack import Seen, buttons, words
from slack_run import WAYS, Room, whispered, workspace

from adapters.slack import posting

SHARE = "Share in channel"
VICTIMS = "victims"


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


def told(seen: Seen) -> str:
    """What the presser alone is told."""
    return "\n".join(said.text for said in seen.ephemerals)


async def test_an_answer_is_shared_with_the_sharers_name_the_question_and_its_source(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, VICTIMS)
    seen = await room.press(answer, SHARE)
    assert told(seen) == "Shared in the channel."
    (posted,) = room.slack.messages(room.news)
    for part in ("Shared by ann", VICTIMS, "3 victims identified", "25 June 2024", "https://www.dimsumdaily.hk/"):
        assert part in posted.text
        assert part in words(posted)
    assert SHARE not in buttons(posted)
    assert (posted.sent["unfurl_links"], posted.sent["unfurl_media"]) == (False, False)


async def test_a_shared_answer_leaves_a_receipt_with_the_versions_of_its_facts(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, "screenings")
    await room.press(answer, SHARE)
    (posted,) = room.slack.messages(room.news)
    assert room.receipts() == [(room.news.id, posted.ts, 1, 12, 1), (room.news.id, posted.ts, 1, 13, 1)]


async def test_however_often_it_is_pressed_it_is_shared_once(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, VICTIMS)
    mark = room.slack.mark()
    await asyncio.gather(*(room.press(answer, SHARE) for _ in range(4)))
    seen = await room.slack.look(room.ann, lambda seen: len(seen.ephemerals) >= 4, since=mark)
    texts = [said.text for said in seen.ephemerals]
    texts.remove("Shared in the channel.")
    assert len(texts) == 3
    assert set(texts) <= {"This answer is being shared just now.", "This answer was shared already."}
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert len(room.slack.messages(room.news)) == 1
    assert len(room.receipts()) == 1


async def test_a_press_that_slack_delivers_twice_shares_once(room: Room) -> None:
    seen = await room.press(await room.slash(room.ann, room.news, VICTIMS), SHARE)
    assert seen.delivery
    mark = room.slack.mark()
    await room.slack.replay(seen.delivery)
    await room.slack.look(room.ann, lambda seen: "shared already" in told(seen), since=mark)
    assert len(room.slack.messages(room.news)) == 1


async def test_the_same_answer_asked_for_again_can_be_shared_again(room: Room) -> None:
    for _ in range(2):
        await room.press(await room.slash(room.ann, room.news, VICTIMS), SHARE)
    assert len(room.slack.messages(room.news)) == 2


async def test_where_the_bot_is_no_member_it_replies_to_the_press_and_cannot_edit_that(room: Room) -> None:
    answer = await room.slash(room.ann, room.walled, VICTIMS)
    seen = await room.press(answer, SHARE)
    assert told(seen) == "Shared in the channel."
    (posted,) = room.slack.messages(room.walled)
    assert "Shared by ann" in posted.text
    assert posted.sent["response_type"] == "in_channel"
    assert room.receipts() == [(room.walled.id, "", 0, 15, 1)]
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert len(room.slack.messages(room.walled)) == 1


async def test_whoever_presses_a_button_of_a_shared_answer_is_answered_alone(room: Room) -> None:
    await room.press(await room.slash(room.ann, room.news, VICTIMS), SHARE)
    (posted,) = room.slack.messages(room.news)
    before = posted.text
    said = whispered(await room.press(posted, "History", user=room.mei))
    assert said.startswith("歷史：")
    assert (posted.text, posted.was) == (before, [])


UNCONFIRMED = ({"lose_reply": True}, {"drop": True}, {"status": 503}, {"status": 503, "acts": True})


@pytest.mark.parametrize("how", UNCONFIRMED)
async def test_a_share_that_slack_does_not_confirm_is_looked_for_and_stands_there_once(
    room: Room, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "FIRST_PAUSE", 0.05)
    answer = await room.slash(room.ann, room.news, VICTIMS)
    room.slack.fail("chat.postMessage", **how)
    assert told(await room.press(answer, SHARE)) == "Shared in the channel."
    (posted,) = room.slack.messages(room.news)
    assert room.receipts() == [(room.news.id, posted.ts, 1, 15, 1)]
    assert told(await room.press(answer, SHARE)) == "This answer was shared already."
    assert room.slack.messages(room.news) == [posted]


@pytest.mark.parametrize("acts", [True, False])
async def test_a_share_that_nobody_confirms_and_nobody_may_look_for_is_not_posted_twice(
    room: Room, *, acts: bool
) -> None:
    room.slack.team.scopes.discard("channels:history")
    answer = await room.slash(room.ann, room.news, VICTIMS)
    room.slack.fail("chat.postMessage", lose_reply=acts, drop=not acts)
    assert "may have been posted" in told(await room.press(answer, SHARE))
    assert len(room.slack.messages(room.news)) == int(acts)
    await room.press(answer, SHARE)
    assert len(room.slack.messages(room.news)) == int(acts)


async def test_a_share_that_slack_has_no_time_for_can_be_pressed_again(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, VICTIMS)
    room.slack.fail("chat.postMessage", error="ratelimited", retry_after=7)
    assert "Try again in 1 minute" in told(await room.press(answer, SHARE))
    assert room.slack.messages(room.news) == []
    room.clock.now += timedelta(seconds=7)
    assert told(await room.press(answer, SHARE)) == "Shared in the channel."


async def test_what_was_asked_in_a_thread_is_shared_in_that_thread(room: Room) -> None:
    thread = (await room.mention(room.ann, room.news, "screenings")).messages[0].thread_ts
    helped = await room.mention(room.ann, room.news, "help", thread_ts=thread)
    answer = await room.press(helped, "screenings")
    seen = await room.press(answer, SHARE)
    assert [message.thread_ts for message in seen.messages] == [thread]


async def test_an_archived_channel_is_named_as_the_reason(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, VICTIMS)
    room.slack.archive(room.news)
    room.slack.fail("response_url", error="is_archived", where=lambda args: args["response_type"] == "in_channel")
    assert "the channel is archived" in told(await room.press(answer, SHARE))
    assert room.receipts() == []


async def test_a_long_history_is_shared_from_its_first_page_once_as_one_message_with_the_newest(room: Room) -> None:
    await room.long_paper_is_added()
    first = await room.slash(room.ann, room.news, "history screenings")
    second = await room.press(first, "Next")
    assert SHARE not in second.buttons
    (posted,) = (await room.press(await room.press(second, "Back"), SHARE)).messages
    assert "Shared by ann\n\nhistory screenings" in posted.text
    assert "more are left out here: type /tipfacts history screenings." in posted.text
    assert "2023: Hong Kong conducted approximately 11,000" in posted.text
    assert "2019: The HKSAR Government spoke of screenings" in posted.text
    assert "1980: " not in posted.text
    assert not {"Back", "Next", SHARE} & set(buttons(posted))
    shown = {fact for channel, _, _, fact, _ in room.receipts() if channel == room.news.id}
    assert {12, 13} <= shown
    back = await room.press(await room.press(first, "Next"), "Back")
    assert told(await room.press(back, SHARE)) == "This answer was shared already."
    assert len(room.slack.messages(room.news)) == 1


async def test_a_long_history_is_shared_so_where_the_bot_is_no_member(room: Room) -> None:
    await room.long_paper_is_added()
    answer = await room.slash(room.mei, room.walled, "歷史 甄別")
    (posted,) = (await room.press(answer, "分享到頻道")).messages
    assert "/tipfacts 歷史 甄別" in posted.text
    assert "11,000次" in posted.text


async def test_a_question_may_hold_what_would_mention_people_and_does_not(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, "screenings <!here>")
    await room.press(answer, SHARE)
    (posted,) = room.slack.messages(room.news)
    assert "screenings @here" in posted.text
