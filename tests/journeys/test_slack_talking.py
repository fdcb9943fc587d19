"""Talking with the bot in Slack: mentions are answered in their thread, direct messages where they are, each once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.slack import EVENT, Message, Seen
from slack_run import WAYS, Room, whispered, workspace

QUESTION, FOLLOW_UP = "how many screenings in 2023?", "and in 2021?"


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        await opened.news_is_added()
        yield opened


def said(seen: Seen) -> Message:
    """The one message that the bot posted."""
    (message,) = seen.messages
    return message


def stands(room: Room, user: str) -> str:
    """The stamp of the newest message that somebody wrote in #news."""
    return next(message.ts for message in reversed(room.news.messages) if message.user == user)


async def test_a_mention_is_answered_in_its_thread_and_a_follow_up_there_keeps_its_topic(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    assert answer.thread_ts == stands(room, room.ann.id)
    assert "approximately 11,000" in answer.text
    assert "https://www.dimsumdaily.hk/" in answer.text
    assert (answer.sent["unfurl_links"], answer.sent["unfurl_media"]) == (False, False)
    follow_up = said(await room.mention(room.ed, room.news, FOLLOW_UP, thread_ts=answer.thread_ts))
    assert follow_up.thread_ts == answer.thread_ts
    assert "approximately 7,700" in follow_up.text
    assert f"going on from “{QUESTION}”" in follow_up.text


async def test_what_somebody_presses_in_a_thread_does_not_change_what_the_thread_is_about(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    helped = await room.mention(room.ed, room.news, "help", thread_ts=answer.thread_ts)
    for pressed, button in ((answer, "History"), (helped, "how many victims were found in 2023?")):
        assert whispered(await room.press(pressed, button, room.ed))
    follow_up = said(await room.mention(room.ann, room.news, FOLLOW_UP, thread_ts=answer.thread_ts))
    assert "approximately 7,700" in follow_up.text
    assert f"going on from “{QUESTION}”" in follow_up.text


async def test_another_thread_and_another_day_know_nothing_of_it(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    assert "I hold no fact" in said(await room.mention(room.ann, room.news, FOLLOW_UP)).text
    room.clock.now += timedelta(hours=25)
    late = await room.mention(room.ann, room.news, FOLLOW_UP, thread_ts=answer.thread_ts)
    assert "I hold no fact" in said(late).text


async def test_a_thread_keeps_its_topic_over_a_restart(room: Room) -> None:
    answer = said(await room.mention(room.ann, room.news, QUESTION))
    await room.restart()
    follow_up = await room.mention(room.ann, room.news, FOLLOW_UP, thread_ts=answer.thread_ts)
    assert "approximately 7,700" in said(follow_up).text


async def test_the_bots_name_may_stand_anywhere(room: Room) -> None:
    bot = f"<@{room.slack.team.bot.id}>"
    for text in (f"hey {bot}, {QUESTION}", f"{QUESTION} {bot}", f"{bot}: {QUESTION}", f"{bot}, please: {QUESTION}"):
        message = Message(room.slack.world.new_ts(), room.news.id, room.ann.id, text)
        room.news.messages.append(message)
        answer = said(await room.tell(room.ann, room.slack.payloads.said(message, kind="app_mention")))
        assert answer.thread_ts == message.ts
        assert "approximately 11,000" in answer.text, text


async def test_an_event_that_slack_sends_again_acts_once(room: Room) -> None:
    seen = await room.mention(room.ann, room.news, "subscribe victims", retry=True)
    assert seen.delivery
    await room.mention(room.ann, room.news, QUESTION, retry=True)
    await asyncio.gather(*(room.slack.courier.send(EVENT, seen.delivery.payload, (1, "timeout")) for _ in range(2)))
    await room.restart()
    room.clock.now += timedelta(hours=1)
    await room.slack.courier.send(EVENT, seen.delivery.payload, (3, "timeout"))
    await room.service.drain(5)
    assert len(room.slack.messages(room.news)) == 2
    assert [action for action, _ in room.done_by(room.ann)] == ["subscribe"]


async def test_it_hears_neither_itself_nor_other_bots_nor_edits(room: Room) -> None:
    robot = room.slack.add_user("robot", is_bot=True)
    room.slack.invite(room.news, robot)
    for speaker in (robot, room.slack.team.bot):
        await room.mention(speaker, room.news, QUESTION)
        await room.dm(speaker, QUESTION)
    answer = said(await room.dm(room.ann, QUESTION))
    own = room.slack.payloads.said(answer, kind="message")
    edited = own | {"user": room.ann.id, "subtype": "message_changed", "message": own}
    mention = own | {"type": "app_mention", "user": room.ann.id, "edited": {"user": room.ann.id, "ts": "1.1"}}
    for event in (own, edited, {key: mention[key] for key in mention if key != "bot_id"}):
        await room.tell(room.ann, event)
    await room.service.drain(5)
    assert [len(room.slack.messages(place)) for place in (room.ann, robot)] == [1, 0]
    assert [message.text for message in room.slack.messages(room.news)] == [
        message.text for message in room.news.messages if message.user == room.slack.team.bot.id
    ]
    assert len(room.slack.called("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_mention", "user": "U1", "text": "screenings", "ts": "1.1"},
        {"type": "message", "channel_type": "im", "user": "U1", "text": "screenings", "ts": "1.1"},
        {"type": "app_home_opened", "tab": "home"},
    ],
)
async def test_an_event_that_lacks_what_every_other_has_is_acknowledged_and_told_of_in_one_line(
    room: Room, event: dict[str, Any]
) -> None:
    delivery = await room.slack.event(event)
    assert (delivery.trouble, delivery.acked) == (None, True)
    await room.service.drain(5)
    assert len(room.forgive("an event could not be read: KeyError").splitlines()) == 1


async def test_a_direct_message_is_answered_where_it_is_and_keeps_its_topic(room: Room) -> None:
    answer = said(await room.dm(room.ann, QUESTION))
    assert (answer.channel, answer.thread_ts) == (room.slack.dm_of(room.ann).id, None)
    assert "approximately 11,000" in answer.text
    assert "approximately 7,700" in said(await room.dm(room.ann, FOLLOW_UP)).text
    assert "I hold no fact" in said(await room.dm(room.ed, FOLLOW_UP)).text


async def test_the_bots_name_in_a_direct_message_is_no_part_of_the_question(room: Room) -> None:
    answer = said(await room.dm(room.ann, f"<@{room.slack.team.bot.id}> {QUESTION}"))
    assert "approximately 11,000" in answer.text


async def test_a_button_in_direct_messages_is_answered_there_and_stays(room: Room) -> None:
    seen = await room.dm(room.ann, "screenings")
    assert "Share in channel" not in seen.buttons
    history = said(await room.press(seen, "History"))
    assert history.text.startswith("History: Initial screenings")


async def test_the_pages_of_an_answer_that_all_see_are_turned_for_each_reader_alone(room: Room) -> None:
    await room.long_paper_is_added()
    public = said(await room.mention(room.ann, room.news, "history screenings"))
    before = public.text
    turned = await room.press(public, "Next", room.mei)
    own = turned.ephemerals[0]
    assert "第2頁" in whispered(turned)
    assert own.thread_ts == public.thread_ts
    assert (await room.press(own, "下一頁")).ephemerals == [own]
    assert "第3頁" in own.text
    assert (public.text, public.was) == (before, [])


async def test_the_pages_of_an_answer_in_direct_messages_are_turned_in_place(room: Room) -> None:
    shown = said(await room.dm(room.ann, "statement S1"))
    assert (await room.press(shown, "Next", room.ann)).messages == [shown]
    assert "Page 2 of 2" in shown.text
    assert room.slack.messages(room.ann) == [shown]


async def test_what_is_nobody_elses_business_is_shown_to_the_asker_alone(room: Room) -> None:
    for line in ("help", "grant someone editor", "add", ""):
        assert whispered(await room.mention(room.ann, room.news, line))
    form = await room.mention(room.ed, room.news, "add")
    assert "needs a form" in whispered(form)
    assert room.slack.messages(room.news) == []
    opened = await room.press(form, "Add a statement")
    assert opened.view
    assert opened.view.title == "Add a statement"


async def test_a_form_asked_for_where_none_can_be_put_opens_by_a_button(room: Room) -> None:
    seen = await room.dm(room.ed, "add")
    assert "needs a form" in said(seen).text
    opened = await room.press(seen, "Add a statement")
    assert opened.view
    assert opened.view.title == "Add a statement"


async def test_an_answer_that_slack_has_no_time_for_comes_a_little_later(tmp_path: Path) -> None:
    async with workspace(tmp_path) as room:
        room.slack.fail("chat.postMessage", error="ratelimited", retry_after=1)
        assert "approximately 11,000" in said(await room.mention(room.ann, room.news, "screenings")).text
