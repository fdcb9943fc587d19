"""Where Discord takes no embeds: what has room stands there as text, with what to type for the rest, and no more is
noted as shown.
"""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import Room, opened, said, whispered
from servers.discord import Message

SHARE = "Share in channel"
POST, FOLLOW_UP = "POST /channels/{}/messages", "POST /webhooks/{}/{}"
LEFT_OUT = "more are left out here: type /tipfacts statement S3."
OF_S3 = {*range(17, 33), 43, 44, 45}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """The bot may not embed links in #news."""
    async with opened(tmp_path) as guild:
        guild.discord.deny(guild.news, guild.discord.bot, "embed_links")
        yield guild


def facts_in(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"\bF(\d+)\b", text)}


def noted(room: Room, message: Message) -> set[int]:
    """The facts that are noted as shown in a message."""
    return {fact for _, where, _, fact, _ in room.receipts() if where == message.id}


async def test_a_shared_answer_holds_all_its_facts_with_who_said_them_and_what_its_buttons_ask(room: Room) -> None:
    posted = said(await room.press(await room.ask("screenings"), SHARE))
    assert (posted.embeds, posted.components) == ([], [])
    for part in (
        *("Shared by ann", "approximately 11,000", "HKSAR Government, as reported by", "25 June 2024"),
        *("https://www.dimsumdaily.hk/", "F13", "**Source:** /tipfacts source F12", "History"),
    ):
        assert part in posted.content
    assert noted(room, posted) == {12, 13}


async def test_a_shared_answer_that_is_too_long_says_what_it_leaves_out_and_only_the_rest_is_noted_as_shown(
    room: Room,
) -> None:
    posted = said(await room.press(await room.ask("statement S3"), SHARE))
    assert LEFT_OUT in posted.content
    shown = facts_in(posted.content)
    assert shown
    assert shown < OF_S3
    assert noted(room, posted) == shown


async def test_an_answer_to_a_mention_is_a_reply_that_says_what_it_leaves_out(room: Room) -> None:
    posted = said(await room.mention(room.ann, room.news, "statement S3"))
    assert posted.reply_to
    assert posted.embeds == []
    assert LEFT_OUT in posted.content
    assert facts_in(posted.content) < OF_S3
    short = said(await room.mention(room.ann, room.news, "screenings"))
    assert facts_in(short.content) == {12, 13}
    assert "25 June 2024" in short.content


async def test_of_a_long_history_the_newest_stand_there(room: Room) -> None:
    await room.long_paper_is_added()
    for seen in (
        await room.press(await room.ask("history screenings"), SHARE),
        await room.mention(room.ann, room.news, "history screenings"),
    ):
        posted = said(seen)
        assert "more are left out here: type /tipfacts history screenings." in posted.content
        assert "F13" in posted.content
        assert "1980" not in posted.content


@pytest.mark.parametrize("line", ["statement S3", "screenings"])
async def test_an_answer_that_discord_finds_fault_with_is_told_as_text(room: Room, line: str) -> None:
    room.discord.fail("POST /interactions/{}/{}/callback", code=50035)
    seen = await room.ask(line)
    told = whispered(seen)
    room.forgive("finds fault with an acknowledgement")
    assert seen.ephemerals[0].embeds == []
    assert LEFT_OUT in told or facts_in(told) == {12, 13}
    assert "25 June 2024" in told


async def test_a_page_that_discord_finds_fault_with_goes_on_from_there(room: Room) -> None:
    await room.long_paper_is_added()
    seen = await room.ask("statement S4")
    before = facts_in(whispered(seen))
    room.discord.fail("POST /interactions/{}/{}/callback", code=50035)
    turned = facts_in(whispered(await room.press(seen, "Next")))
    room.forgive("finds fault with an acknowledgement")
    assert min(turned) == max(before) + 1


async def test_an_answer_that_is_shared_as_a_reply_is_told_as_text_where_discord_finds_fault(room: Room) -> None:
    answer = await room.ask("statement S3", channel=room.walled)
    room.discord.fail(FOLLOW_UP, code=50035)
    seen = await room.press(answer, SHARE)
    assert [each.content for each in seen.ephemerals] == ["Shared in the channel."]
    (posted,) = room.discord.messages(room.walled)
    assert LEFT_OUT in posted.content
    assert noted(room, posted) == facts_in(posted.content)


async def test_an_answer_to_a_direct_message_is_told_as_text_where_discord_finds_fault(room: Room) -> None:
    room.discord.fail(POST, code=50035)
    posted = said(await room.dm(room.ann, "statement S3"))
    assert posted.embeds == []
    assert LEFT_OUT in posted.content
