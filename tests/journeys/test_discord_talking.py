"""Talking with the bot in Discord: mentions are answered by replies, direct messages where they are, each once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from discord_run import FOR_NOTHING, Room, opened, said, whispered
from servers.discord import Seen, words

QUESTION, FOLLOW_UP = "how many screenings in 2023?", "and in 2021?"
POST = "POST /channels/{}/messages"


@pytest.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Room]:
    monkeypatch.setattr("adapters.discord.posting._PAUSES", (0.05, 0.1))
    async with opened(tmp_path) as guild:
        await guild.news_is_added()
        yield guild


async def test_a_mention_is_answered_by_a_reply_and_a_follow_up_to_that_keeps_its_topic(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    assert answer.reply_to
    assert answer.reply_to.author == room.ann.id
    assert answer.pinged == []
    assert "approximately 11,000" in answer.content
    assert "https://www.dimsumdaily.hk/" in answer.content
    follow_up = said(await room.mention(room.ed, room.news, FOLLOW_UP, reply_to=answer))
    assert "approximately 7,700" in follow_up.content
    assert f"going on from “{QUESTION}”" in words(follow_up)


async def test_a_reply_that_rings_the_bot_needs_no_name(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    follow_up = said(await room.say(room.ann, room.news, FOLLOW_UP, answer))
    assert "approximately 7,700" in follow_up.content


async def test_a_chain_of_replies_is_one_conversation_to_its_end_and_over_a_restart(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    second = said(await room.mention(room.ann, room.news, FOLLOW_UP, reply_to=answer))
    await room.restart()
    third = said(await room.mention(room.mei, room.news, "and in 2023?", reply_to=second))
    assert "approximately 11,000" in third.content


async def test_another_chain_and_another_day_know_nothing_of_it(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    assert "I hold no fact" in said(await room.mention(room.ann, room.news, FOLLOW_UP)).content
    room.clock.now += timedelta(hours=25)
    late = await room.mention(room.ann, room.news, FOLLOW_UP, reply_to=answer)
    assert "I hold no fact" in said(late).content


async def test_a_thread_is_one_conversation_without_replies(room: Room) -> None:
    thread = room.discord.add_thread(room.news, "figures")
    assert "approximately 11,000" in said(await room.mention(room.ann, thread, QUESTION)).content
    assert "approximately 7,700" in said(await room.mention(room.ed, thread, FOLLOW_UP)).content


async def test_the_bots_name_may_stand_anywhere(room: Room) -> None:
    bot = room.discord.bot.mention
    for text in (f"hey {bot}, {QUESTION}", f"{QUESTION} {bot}", f"{bot}: {QUESTION}", f"{bot}, please: {QUESTION}"):
        answer = said(await room.say(room.ann, room.news, text))
        assert "approximately 11,000" in answer.content, text


async def test_an_event_that_discord_delivers_again_acts_once(room: Room) -> None:
    await room.mention(room.ann, room.news, "subscribe victims")
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    told = [message for message in room.news.messages if message.author == room.ann.id]
    for _ in range(2):
        for message in told:
            room.discord.event("MESSAGE_CREATE", room.discord.payload(message), room.news)
        await room.asked("help")  # which is taken in after them
        room.clock.now += timedelta(minutes=5)
        await room.restart()
    room.discord.event("MESSAGE_CREATE", room.discord.payload(told[0]), room.news)
    await room.asked("help")
    assert room.discord.messages(room.news)[-1] is answer
    assert len(room.discord.messages(room.news)) == 2
    assert [action for action, _ in room.done_by(room.ann)] == ["subscribe"]


async def test_it_hears_neither_itself_nor_other_bots_nor_what_is_not_said_to_it(room: Room) -> None:
    robot = room.discord.add_user("robot", is_bot=True)
    assert await room.unheard(room.discord.mention(robot, room.news, QUESTION, wait=FOR_NOTHING))
    assert await room.unheard(room.discord.say(room.ann, room.news, QUESTION, wait=FOR_NOTHING))
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    own = room.discord.payload(answer) | {"mentions": [room.discord.payloads.user(room.discord.bot)]}
    room.discord.event("MESSAGE_CREATE", own, room.news)
    hook = own | {"id": "1574212888170599999", "webhook_id": "1574212888170599998", "author": own["author"]}
    room.discord.event("MESSAGE_CREATE", hook, room.news)
    room.discord.event("MESSAGE_UPDATE", room.discord.payload(answer.reply_to or answer), room.news)
    await room.asked("help")
    assert room.discord.messages(room.news) == [answer]


async def test_a_direct_message_is_answered_where_it_is_and_keeps_its_topic(room: Room) -> None:
    answer = said(await room.dm(room.ann, QUESTION))
    assert answer.channel == room.discord.dm_of(room.ann).id
    assert "approximately 11,000" in answer.content
    assert "approximately 7,700" in said(await room.dm(room.ann, FOLLOW_UP)).content
    assert "I hold no fact" in said(await room.dm(room.ed, FOLLOW_UP)).content


async def test_a_button_in_direct_messages_is_answered_there_and_stays(room: Room) -> None:
    seen = await room.dm(room.ann, "screenings")
    assert "Share in channel" not in seen.buttons
    assert "History: Initial screenings" in words(said(await room.press(seen, "History")))


async def test_the_pages_of_an_answer_that_all_see_are_turned_for_each_reader_alone(room: Room) -> None:
    await room.long_paper_is_added()
    public = said(await room.mention(room.ann, room.news, "history screenings"))
    before = words(public)
    turned = await room.press(public, "Next", room.mei)
    (own,) = turned.ephemerals
    assert "第2頁" in whispered(turned)
    assert (await room.press(own, "下一頁", room.mei)).ephemerals == [own]
    assert "第3頁" in words(own)
    assert (words(public), public.was) == (before, [])


@pytest.mark.parametrize("is_direct", [True, False])
async def test_the_answer_to_a_follow_up_has_no_buttons_that_would_ask_something_else(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, is_direct: bool
) -> None:
    monkeypatch.setattr("adapters.discord.part.PAGE_EMBEDS_TEXT", 300)  # so that such an answer takes two pages
    thread = room.discord.add_thread(room.news, "figures")

    async def asked(line: str) -> Seen:
        return await (room.dm(room.ann, line) if is_direct else room.mention(room.ann, thread, line))

    alone = await asked(QUESTION)
    assert "Next" in alone.buttons
    follow_up = await asked(FOLLOW_UP)
    assert "approximately 7,700" in follow_up.words
    assert "Next" not in follow_up.buttons
    assert len(follow_up.messages) == (2 if is_direct else 1)
    assert "History" in follow_up.buttons


async def test_what_needs_a_role_is_no_button_under_what_all_read(room: Room) -> None:
    own = (await room.ask(QUESTION, room.ed)).buttons
    assert own[-2:] == ["Why this?", "Share in channel"]
    public = await room.mention(room.ed, room.news, QUESTION)
    assert public.buttons == own[:-2]


async def test_the_pages_of_an_answer_in_direct_messages_are_turned_in_place(room: Room) -> None:
    await room.long_paper_is_added()
    shown = said(await room.dm(room.ann, "statement S5"))
    assert (await room.press(shown, "Next")).messages == [shown]
    assert "Page 2 of" in words(shown)
    assert room.discord.messages(room.ann) == [shown]


async def test_what_is_nobody_elses_business_is_told_to_the_asker_directly(room: Room) -> None:
    for line in ("help", "grant someone editor", ""):
        before = len(room.discord.messages(room.ann))
        await room.mention(room.ann, room.news, line)
        assert len(room.discord.messages(room.ann)) > before, line
    assert room.discord.messages(room.news) == []


async def test_who_cannot_be_written_to_is_told_how_to_ask_alone(room: Room) -> None:
    room.ann.accepts_dms = False
    answer = said(await room.mention(room.ann, room.news, "help"))
    assert "Type /tipfacts here instead" in answer.content
    room.forgive("50007")


async def test_a_form_asked_for_where_none_can_be_put_opens_by_a_button(room: Room) -> None:
    offered = said(await room.mention(room.ed, room.news, "add"))
    assert "needs a form" in words(offered)
    assert "須具備編輯" in whispered(await room.press(offered, "Add a statement", room.mei))
    assert (await room.press(offered, "Add a statement", room.ed)).modal


async def test_an_answer_whose_reply_is_lost_stands_there_once(room: Room) -> None:
    room.discord.fail(POST, lose_reply=True)
    await room.mention(room.ann, room.news, "screenings")
    assert len(room.discord.messages(room.news)) == 1


async def test_an_answer_that_discord_has_no_time_for_comes_a_little_later(room: Room) -> None:
    room.discord.fail(POST, retry_after=1)
    assert "approximately 11,000" in said(await room.mention(room.ann, room.news, "screenings")).content


async def test_an_answer_that_a_server_error_keeps_twice_from_being_posted_comes_once(room: Room) -> None:
    room.discord.fail(POST, status=500, times=2)
    assert "approximately 11,000" in said(await room.mention(room.ann, room.news, "screenings")).content
    assert len(room.discord.messages(room.news)) == 1
