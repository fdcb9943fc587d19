"""Two languages in Discord: one person is shown theirs, and what all read is in the channel’s or the server’s."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from discord_run import DIGEST, EDITORS, Room, opened, said, whispered
from servers.discord import buttons, fields, words
from slack_run import NINE

ENGLISH, CHINESE = "approximately 11,000 initial screenings", "約11,000次初步識別審核"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as guild:
        yield guild


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-GB", ENGLISH), ("zh-TW", CHINESE), ("zh-CN", ENGLISH), ("fr", ENGLISH), ("ja", ENGLISH)],
)
async def test_an_answer_is_in_the_askers_language_and_chinese_only_where_it_is_traditional(
    room: Room, locale: str, expected: str
) -> None:
    reader = room.discord.add_user("reader", locale=locale)
    seen = await room.ask("screenings", reader)
    assert expected in whispered(seen)
    assert expected in seen.text


async def test_whoever_reads_simplified_chinese_gets_traditional_where_they_ask_in_chinese(room: Room) -> None:
    reader = room.discord.add_user("reader", locale="zh-CN")
    assert CHINESE in whispered(await room.ask("2023年有多少次识别审核？", reader))
    assert ENGLISH in whispered(await room.ask("how many screenings in 2023?", reader))


async def test_commands_are_named_in_traditional_chinese_and_in_no_other(room: Room) -> None:
    for command in room.discord.commands.held[""]:
        assert set(command.get("name_localizations") or {}) <= {"zh-TW"}
        assert set(command.get("description_localizations") or {}) == {"zh-TW"}


async def test_whoever_is_shown_the_commands_in_chinese_is_told_their_chinese_names(room: Room) -> None:
    lam = room.discord.add_user("lam", locale="zh-TW", permissions=("administrator",))
    room.desk().say(f"grant {room.actor(lam)} admin")
    told = (await room.asked("help", lam)).replace("\\", "")
    for place in (DIGEST, EDITORS):
        held = next(each for each in room.discord.commands.held[""] if each["name"] == place)
        for entry in held["options"]:
            if entry["name"] not in (
                "status",
                "why",
                "test",
                "resend",
                "arrived",
            ):  # they stand elsewhere, or behind another
                assert f"/{shown(held)} {shown(entry)}" in told
    for line in ("/tipfacts-摘要 訂閱 [", "/tipfacts-摘要 預覽|原因|測試|重發|已到 [", "/tipfacts status:"):
        assert line in told
    assert not {DIGEST, EDITORS} & {word.strip("*/") for word in told.split()}
    assert "/tipfacts-摘要 訂閱" in await room.asked("help subscribe", room.mei)
    assert "/tipfacts-摘要 訂閱" in await room.asked("subscribe screenings", room.mei)  # which Discord does not let her
    assert "/tipfacts-digest subscribe" in await room.asked("help subscribe", room.ann)


async def test_what_was_typed_in_english_goes_on_working_in_chinese_and_all_are_told_the_names_of_everybody(
    room: Room,
) -> None:
    lam = room.discord.add_user("lam", locale="zh-TW", permissions=("manage_channels",))
    room.discord.fail("POST /channels/{}/messages", code=50_035)  # then buttons are lines to type
    seen = await room.ask("subscribe screenings", lam)
    (posted,) = seen.messages
    assert room.held(room.news)
    assert "/tipfacts-digest unsubscribe" in posted.content
    assert "摘要 取消" not in posted.content
    room.discord.deny(room.news, room.discord.bot, "embed_links")  # likewise
    shared = await room.press(await room.ask("screenings", lam), "分享到頻道", lam)
    assert "/tipfacts history" in words(shared.messages[0])
    refused = await room.slash(lam, room.walled, f"{DIGEST} subscribe", topics="screenings")
    assert "/tipfacts-摘要 訂閱 screenings" in whispered(refused)
    assert "/tipfacts-digest" in (await room.mention(room.mei, room.news, "help subscribe")).words


def shown(thing: dict[str, Any]) -> str:
    """What a command or subcommand is called where Discord is in Traditional Chinese."""
    return str((thing.get("name_localizations") or {}).get("zh-TW", thing["name"]))


async def test_forms_and_what_is_wrong_with_them_are_in_the_askers_language(room: Room) -> None:
    room.discord.open_command(DIGEST, room.mei)
    seen = await room.slash(room.mei, room.news, f"{DIGEST} subscribe")
    assert seen.modal
    assert "發送時間" in words(seen.modal)
    assert fields(seen.modal)["zone"] == "Asia/Hong_Kong"
    wrong = whispered(await room.fill_in(room.mei, seen, {"topics": "斑馬"}))
    assert "斑馬" in wrong
    assert "I know" not in wrong


async def test_what_all_read_is_in_the_language_of_the_channels_subscription(tmp_path: Path) -> None:
    async with opened(tmp_path, locale="zh-TW") as room:
        posted = await room.subscribed(topics="screenings")
        assert "下次：2026年11月23日" in posted.content
        answer = await room.ask("screenings")
        assert ENGLISH in whispered(answer)
        shared = await room.press(answer, "Share in channel")
        assert [message.content for message in shared.ephemerals] == ["Shared in the channel."]
        assert "由ann分享" in words(shared.messages[0])
        assert CHINESE in words(shared.messages[0])
        asked = said(await room.mention(room.ann, room.news, "how many screenings in 2023?"))
        assert "11,000次" in words(asked)
        await room.news_is_added()
        await room.tick(NINE)
        digest = room.discord.messages(room.news)[-1]
        assert "新增官方聲明" in digest.content
        assert buttons(digest) == ["取消訂閱"]
        assert "belongs to" in whispered(await room.press(digest, "取消訂閱", room.discord.add_user("bea")))


async def test_a_server_in_simplified_chinese_is_not_answered_in_traditional_for_that(tmp_path: Path) -> None:
    async with opened(tmp_path, locale="zh-CN") as room:
        asked = said(await room.mention(room.ann, room.news, "how many screenings in 2023?"))
        assert ENGLISH in words(asked)


async def test_who_has_no_role_is_told_so_in_their_language(room: Room) -> None:
    seen = await room.slash(room.mei, room.news, f"{EDITORS} add", force=True)
    assert "須具備編輯" in whispered(seen)
