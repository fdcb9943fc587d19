"""Staying up in Discord: connections that are cut, servers that fail, a process that is started anew in between.

Nothing is lost by it, and nothing is said twice.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import DIGEST, EDITORS, Room, opened, said, whispered
from library import SCREENINGS_2021, STATEMENT_2022
from servers.discord import words
from slack_run import A_MINUTE, NINE

POST, CALLBACK = "POST /channels/{}/messages", "POST /interactions/{}/{}/callback"
QUESTION = "how many screenings in 2023?"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr("adapters.discord.client.IDENTIFYING", 0.1)
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.1))
    async with opened(tmp_path) as guild:
        yield guild


async def back(room: Room, before: object) -> None:
    """Wait until there is another connection than that."""

    def is_back() -> bool:
        ready = room.discord.gateway.ready
        return bool(ready) and ready[-1] is not before

    assert await room.discord.until(is_back, 15)


async def test_a_gateway_that_is_cut_comes_back_and_what_was_said_meanwhile_is_answered_once(room: Room) -> None:
    before = room.discord.gateway.ready[-1]
    room.discord.cut_gateway()
    asked = await room.discord.mention(room.ann, room.news, QUESTION, wait=0)
    assert not asked.new
    await back(room, before)
    seen = await room.discord.look(room.ann, lambda seen: "11,000" in seen.words, wait=10)
    assert len(seen.messages) == 1
    assert "11,000" in await room.asked("screenings")
    assert len(room.discord.messages(room.news)) == 1


@pytest.mark.parametrize("way", ["reconnect", "invalid", "invalid and gone", "4000", "4009"])
async def test_whatever_the_gateway_says_it_is_connected_again(room: Room, way: str) -> None:
    before = room.discord.gateway.ready[-1]
    match way:
        case "reconnect":
            room.discord.ask_to_reconnect()
        case "invalid":
            room.discord.invalidate_session(resumable=True)
        case "invalid and gone":
            room.discord.invalidate_session(resumable=False)
        case _:
            await room.discord.close_gateway(int(way))
    await back(room, before)
    assert "11,000" in await room.asked("screenings")
    room.logged.clear()


async def test_an_event_that_cannot_be_read_takes_nothing_with_it(room: Room) -> None:
    answer = await room.ask("screenings")
    before = room.discord.gateway.ready[-1]
    room.discord.malformed_event()
    await back(room, before)
    assert "F12" in whispered(await room.press(answer, "History"))
    room.forgive("started again")
    room.logged.clear()


async def test_a_discord_that_answers_500_twice_is_asked_a_third_time(room: Room) -> None:
    room.discord.fail(CALLBACK, status=500, times=2)
    seen = await room.ask("screenings")
    assert "11,000" in whispered(seen)
    assert seen.trouble is None
    room.discord.fail(POST, status=500, times=2)
    assert "11,000" in words(said(await room.mention(room.ann, room.news, QUESTION)))
    assert len(room.discord.messages(room.news)) == 1


async def test_a_start_while_discord_answers_500_twice_is_made_again(room: Room) -> None:
    await room.stop()
    room.discord.fail("GET /users/@me", status=500)
    room.discord.fail("GET /gateway/bot", status=500)
    await room.start()
    assert "11,000" in await room.asked("screenings")
    room.logged.clear()


async def test_a_restart_between_a_buttons_posting_and_its_pressing_loses_nothing(room: Room) -> None:
    answer = await room.ask("screenings")
    shared = await room.ask("victims")
    await room.press(shared, "Share in channel")
    offered = await room.ask("helpers")
    posted = await room.subscribed(topics="victims")
    draft = await room.slash(room.ed, room.news, f"{EDITORS} add")
    draft = await room.fill_in(room.ed, draft, STATEMENT_2022)
    wish = await room.slash(room.mei, room.news, f"{DIGEST} subscribe", force=True)
    await room.restart()
    assert "F12" in whispered(await room.press(answer, "History"))
    assert "Publisher" in whispered(await room.press(answer, "Source"))
    assert (await room.press(answer, "Share in channel")).messages
    assert "shared already" in whispered(await room.press(shared, "Share in channel"))
    assert "Free accommodation" in whispered(await room.press(offered, "Free accommodation"))
    draft = await room.press(draft, "Fact 1", room.ed)
    review = await room.fill_in(room.ed, draft, SCREENINGS_2021 | {"submit": "Review"})
    await room.restart()
    assert "Added as S4, F46" in whispered(await room.press(review, "Add it", room.ed))
    assert wish.new
    await room.press(posted, "Unsubscribe")
    assert room.held(room.news) is None
    assert len(room.discord.messages(room.news)) == 4  # the share, the confirmation, the other share, the end


async def test_through_all_of_it_a_digest_comes_once(room: Room) -> None:
    await room.subscribed(topics="screenings, victims")
    await room.news_is_added()
    room.discord.fail(POST, status=500, acts=True)
    room.discord.cut_gateway()
    await room.tick(NINE)
    await room.restart()
    room.discord.fail("GET /channels/{}/messages", status=500, times=2)
    for minutes in range(1, 60):
        await room.tick(NINE + minutes * A_MINUTE)
    digests = [message for message in room.discord.messages(room.news) if "around 7,700" in words(message)]
    assert len(digests) == 1
    await room.press(digests[0], "Unsubscribe")
    assert room.held(room.news) is None
    room.logged.clear()


async def test_a_long_answer_under_way_is_given_when_the_process_stops(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.slow_down(monkeypatch, 0.5)
    asking = asyncio.create_task(room.discord.mention(room.ann, room.news, QUESTION))
    await asyncio.sleep(0.3)
    await room.restart()
    await asking
    assert len(room.discord.messages(room.news)) == 1


async def test_a_restart_tells_discord_of_no_command_anew(room: Room) -> None:
    created = room.discord.created()
    for _ in range(2):
        await room.restart()
        await room.asked("help")
    assert room.discord.created() == created
