"""Two languages in Slack: what one person is shown is in theirs, what all read is in the channel's."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.slack import buttons, words
from slack_run import NINE, WAYS, Room, filled_in, whispered, workspace

from bot.domain.text import Locale

ENGLISH, CHINESE = "approximately 11,000 initial screenings", "約11,000次初步識別審核"


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en-GB", ENGLISH), ("zh-TW", CHINESE), ("zh-HK", CHINESE), ("zh-Hant", CHINESE), ("fr-FR", ENGLISH)],
)
async def test_an_answer_is_in_the_askers_language(tmp_path: Path, locale: str, said: str) -> None:
    async with workspace(tmp_path) as room:
        reader = room.slack.add_user("reader", locale=locale)
        room.slack.invite(room.news, reader)
        seen = await room.slash(reader, room.news, "screenings")
        assert said in whispered(seen)
        assert said in words(seen.last)


async def test_forms_and_what_is_wrong_with_them_are_in_the_askers_language(room: Room) -> None:
    seen = await room.slash(room.mei, room.news, "subscribe")
    assert "發送時間" in seen.words
    wrong = await room.slack.submit(seen, {"topics": "斑馬"})
    assert "斑馬" in wrong.errors["topics"]
    assert "I know" not in wrong.errors["topics"]
    assert filled_in(seen)["zone"] == "Asia/Hong_Kong"


async def test_what_all_read_is_in_the_language_of_the_channels_subscription(room: Room) -> None:
    await room.slack.submit(await room.slash(room.mei, room.news, "subscribe"), {"topics": "甄別"})
    (confirmed,) = room.slack.messages(room.news)
    assert "下次：2026年11月23日" in confirmed.text
    answer = await room.slash(room.ann, room.news, "screenings")
    assert ENGLISH in whispered(answer)
    shared = await room.press(answer, "Share in channel")
    assert [said.text for said in shared.ephemerals] == ["Shared in the channel."]
    assert "由ann分享" in shared.messages[0].text
    assert CHINESE in shared.messages[0].text
    assert "11,000次" in (await room.mention(room.ann, room.news, "how many screenings in 2023?")).messages[0].text
    await room.news_is_added()
    await room.tick(NINE)
    digest = room.slack.messages(room.news)[-1]
    assert "新增官方聲明" in digest.text
    assert buttons(digest) == ["取消訂閱"]
    refused = await room.press(digest, "取消訂閱", user=room.ann)
    assert "belongs to" in whispered(refused)


async def test_in_a_channel_without_a_language_what_all_read_is_in_that_of_the_question(room: Room) -> None:
    for asker in (room.mei, room.ann):
        assert ENGLISH in (await room.mention(asker, room.news, "screenings")).messages[0].text
        assert CHINESE in (await room.mention(asker, room.news, "甄別")).messages[0].text
        assert "I hold no fact" in (await room.mention(asker, room.news, "how many zebras?")).messages[0].text
    assert "可輸入的內容" in whispered(await room.mention(room.mei, room.news, "help"))
    assert "What you can type" in whispered(await room.mention(room.ann, room.news, "help 甄別"))


async def test_what_is_whispered_after_a_mention_is_in_the_askers_language_whatever_the_channels(room: Room) -> None:
    await room.slash(room.mei, room.news, "subscribe 甄別")
    for line, said in (("help", "What you can type"), ("add", "needs the role"), ("unsubscribe", "belongs to")):
        assert said in whispered(await room.mention(room.ann, room.news, line))
    assert "This needs a form" in whispered(await room.mention(room.ed, room.news, "add"))


async def test_what_a_mention_does_for_the_channel_is_told_in_the_channels_language(room: Room) -> None:
    first = await room.mention(room.mei, room.news, "subscribe screenings")
    assert "下次：2026年11月23日" in first.messages[0].text
    assert "belongs to" in whispered(await room.mention(room.ann, room.news, "subscribe victims"))
    changed = await room.mention(room.ed, room.news, "subscribe victims")
    assert "下次：2026年11月23日" in changed.messages[0].text
    assert "What you can type" in whispered(await room.mention(room.ed, room.news, "help"))
    held = room.held(room.news)
    assert held
    assert held.locale is Locale.ZH_HANT
    assert [action for action, _ in (*room.done_by(room.mei), *room.done_by(room.ed))] == ["subscribe", "change"]


async def test_where_the_workspace_does_not_tell_languages_the_question_does(room: Room) -> None:
    room.slack.team.scopes.discard("users:read")
    assert ENGLISH in await room.asked("screenings", room.mei)
    assert CHINESE in await room.asked("甄別", room.mei)
    assert CHINESE in await room.asked("甄別", room.ann)
    assert len(room.slack.called("users.info")) == 1


async def test_an_answer_does_not_wait_for_a_language_that_takes_long(tmp_path: Path) -> None:
    async with workspace(tmp_path) as room:
        room.slack.fail("users.info", delay=1.0)
        seen = await room.slash(room.mei, room.news, "screenings")
        assert seen.delivery
        assert seen.delivery.seconds
        assert seen.delivery.seconds < 0.8
        assert ENGLISH in whispered(seen)
        await asyncio.sleep(1.0)
        assert CHINESE in await room.asked("screenings", room.mei)
