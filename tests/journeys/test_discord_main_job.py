"""The whole job in Discord: ask, share, subscribe, add, get a digest on time, lose the channel and hear of it."""

from pathlib import Path

from discord_run import DIGEST, EDITORS, Room, opened, whispered
from library import SCREENINGS_2021, STATEMENT_2022
from servers.discord import words
from slack_run import A_DAY, A_MINUTE, NINE


async def asks_and_shares(room: Room) -> None:
    answer = await room.ask("screenings")
    assert "approximately 11,000" in whispered(answer)
    await room.press(answer, "Share in channel")
    assert "Shared by ann" in room.discord.messages(room.news)[-1].content
    assert "F12" in whispered(await room.press(answer, "History"))


async def subscribes(room: Room) -> None:
    await room.fill_in(room.ann, await room.slash(room.ann, room.news, f"{DIGEST} subscribe"), {"topics": "screenings"})
    assert "next: Mon 23 November 2026 09:00" in room.discord.messages(room.news)[-1].content


async def adds(room: Room) -> None:
    form = await room.fill_in(room.ed, await room.slash(room.ed, room.news, f"{EDITORS} add"), STATEMENT_2022)
    fact = await room.press(form, "Fact 1", room.ed)
    review = await room.fill_in(room.ed, fact, SCREENINGS_2021 | {"submit": "Review"})
    assert "Added as S4, F46" in whispered(await room.press(review, "Add it", room.ed))
    assert "add" in whispered(await room.slash(room.ed, room.news, f"{EDITORS} log", item="S4"))


async def gets_its_digest(room: Room) -> None:
    before = len(room.discord.messages(room.news))
    for minutes in range(3):
        await room.tick(NINE + minutes * A_MINUTE)
    (digest,) = room.discord.messages(room.news)[before:]
    assert "around 7,700 initial screenings" in words(digest)
    assert STATEMENT_2022["link"] in words(digest)


async def loses_its_channel(room: Room) -> None:
    desk = room.desk()
    desk.finish(desk.form("withdraw S4 published in error"), "confirm")
    room.discord.deny(room.news, room.discord.bot, "view_channel")
    for days in range(1, 4):
        await room.tick(NINE + days * A_DAY)
    (told,) = room.discord.messages(room.ann)
    assert "are paused" in told.content


async def test_from_a_question_to_a_digest_to_a_lost_channel(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        await asks_and_shares(room)
        await subscribes(room)
        await adds(room)
        await gets_its_digest(room)
        await loses_its_channel(room)
