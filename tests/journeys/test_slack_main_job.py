"""The whole job in Slack: ask, share, subscribe, add, get a digest on time, lose the channel and hear of it."""

from pathlib import Path

import pytest
from library import SCREENINGS_2021, STATEMENT_2022
from slack_run import A_DAY, A_MINUTE, NINE, WAYS, Room, digests, whispered, workspace


async def asks_and_shares(room: Room) -> None:
    answer = await room.slash(room.ann, room.news, "screenings")
    assert "approximately 11,000" in whispered(answer)
    await room.press(answer, "Share in channel")
    assert "Shared by ann" in room.slack.messages(room.news)[-1].text


async def subscribes(room: Room) -> None:
    await room.slack.submit(await room.slash(room.ann, room.news, "subscribe"), {"topics": "screenings"})
    assert "next: Mon 23 November 2026 09:00" in room.slack.messages(room.news)[-1].text


async def adds(room: Room) -> None:
    form = await room.slack.submit(await room.slash(room.ed, room.news, "add"), STATEMENT_2022)
    review = await room.slack.submit(form, SCREENINGS_2021, "Review")
    assert "Added as S4, F46" in (await room.slack.submit(review, {}, "Add it")).words
    assert ("add", "S4") in room.done_by(room.ed)
    assert "add" in await room.asked("log S4", room.ed)


async def gets_its_digest(room: Room) -> None:
    for minutes in range(3):
        await room.tick(NINE + minutes * A_MINUTE)
    (digest,) = digests(room)
    assert "around 7,700 initial screenings" in digest.text
    assert STATEMENT_2022["link"] in digest.text


async def loses_its_channel(room: Room) -> None:
    desk = room.desk()
    desk.finish(desk.form("withdraw S4 published in error"), "confirm")
    room.slack.archive(room.news)
    for days in range(1, 4):
        await room.tick(NINE + days * A_DAY)
    (told,) = room.slack.messages(room.ann)
    assert "are paused" in told.text
    assert "the channel is archived" in told.text
    assert "paused: the channel is archived" in (await room.open_home(room.ann)).words


@pytest.mark.parametrize("way", WAYS)
async def test_from_a_question_to_a_digest_to_a_lost_channel(tmp_path: Path, way: str) -> None:
    async with workspace(tmp_path, way) as room:
        await asks_and_shares(room)
        await subscribes(room)
        await adds(room)
        await gets_its_digest(room)
        await loses_its_channel(room)
