"""Subscribing a channel of Discord: by a form or a line; the confirmation stands in the channel, or nothing is left."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
from discord_run import DIGEST, Room, opened, read, whispered
from servers.discord import buttons, fields

from bot.domain.digests import Rhythm, Schedule

SUBSCRIBE = f"{DIGEST} subscribe"
WISH = {"topics": "screenings, victims", "rhythm": "Monday to Friday except public holidays", "at": "09:30"}
LINE = {"topics": "screenings, victims", "days": "weekdays", "time": "09:30", "zone": "Asia/Hong_Kong"}
NEXT_RUN = "(next: Mon 23 November 2026 09:30 Asia/Hong_Kong, UTC+8)"
POST = "POST /channels/{}/messages"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as guild:
        yield guild


async def test_a_bare_subscribe_opens_a_form_and_its_confirmation_stands_in_the_channel(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, SUBSCRIBE)
    assert seen.modal
    held = fields(seen.modal)
    assert (held["topics"], held["at"], held["zone"]) == ("", "09:00", "Asia/Hong_Kong")
    assert room.held(room.news) is None
    await room.fill_in(room.ann, seen, WISH)
    (posted,) = room.discord.messages(room.news)
    for part in ("Initial screenings, Victims identified", "on weekdays at 09:30 Asia/Hong_Kong", NEXT_RUN):
        assert part in read(posted)
    assert "Unsubscribe" in buttons(posted)
    subscription = room.held(room.news)
    assert subscription
    assert subscription.owner == room.actor(room.ann)
    assert subscription.schedule == Schedule(Rhythm.WEEKDAYS, time(9, 30), "Asia/Hong_Kong", holidays="HK")


async def test_options_say_the_same_without_a_form(room: Room) -> None:
    posted = await room.subscribed(**LINE)
    assert NEXT_RUN in read(posted)
    held = room.held(room.news)
    assert held
    assert held.schedule == Schedule(Rhythm.WEEKDAYS, time(9, 30), "Asia/Hong_Kong", holidays="HK")


async def test_a_wish_that_cannot_be_kept_is_told_and_offered_again_with_what_was_typed(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, SUBSCRIBE)
    wrong = await room.fill_in(room.ann, seen, {"topics": "screenngs", "at": "25:00", "zone": "Mars/Olympus"})
    assert "Did you mean Initial screenings?" in whispered(wrong)
    assert room.discord.messages(room.news) == []
    again = await room.press(wrong, "Edit again")
    assert again.modal
    assert fields(again.modal)["zone"] == "Mars/Olympus"
    await room.fill_in(room.ann, again, WISH | {"zone": "london"})
    held = room.held(room.news)
    assert held
    assert held.schedule.zone == "Europe/London"


@pytest.mark.parametrize("by_form", [True, False])
async def test_where_the_bot_may_not_post_the_asker_is_told_and_nothing_is_left(room: Room, *, by_form: bool) -> None:
    if by_form:
        seen = await room.fill_in(room.ann, await room.slash(room.ann, room.walled, SUBSCRIBE), WISH)
    else:
        seen = await room.slash(room.ann, room.walled, SUBSCRIBE, **LINE)
    told = whispered(seen)
    assert "The channel was not subscribed" in told
    assert "does not see the channel" in told
    assert "50001" not in told
    assert room.held(room.walled) is None
    assert room.discord.messages(room.walled) == []
    room.discord.allow(room.walled, room.discord.bot, "view_channel", "send_messages", "embed_links")
    await room.slash(room.ann, room.walled, SUBSCRIBE, **LINE)
    assert NEXT_RUN in read(room.discord.messages(room.walled)[0])


async def test_a_confirmation_whose_reply_is_lost_is_not_posted_twice_and_the_subscription_stays(room: Room) -> None:
    room.discord.fail(POST, lose_reply=True)
    await room.slash(room.ann, room.news, SUBSCRIBE, topics="victims")
    assert len(room.discord.messages(room.news)) == 1
    assert room.held(room.news)


async def test_where_discord_has_no_time_the_asker_is_told_that_the_subscription_holds(room: Room) -> None:
    room.discord.fail(POST, retry_after=120)
    told = whispered(await room.slash(room.ann, room.news, SUBSCRIBE, topics="victims"))
    assert "not posted in the channel" in told
    assert "holds all the same" in told
    assert room.held(room.news)


async def test_a_subscription_is_changed_by_its_owner_and_by_nobody_else_without_a_role(room: Room) -> None:
    await room.subscribed(topics="victims")
    room.discord.open_command(DIGEST, room.mei)
    for command, options in (("subscribe", {"topics": "screenings"}), ("unsubscribe", {})):
        assert "屬" in whispered(await room.slash(room.mei, room.news, f"{DIGEST} {command}", **options))
    seen = await room.slash(room.ann, room.news, SUBSCRIBE)
    assert seen.modal
    assert fields(seen.modal)["topics"] == "Victims identified"
    await room.fill_in(room.ann, seen, {"topics": "", "rhythm": "Weekly on Friday"})
    changed = room.discord.messages(room.news)[-1].content
    assert "Digests on all topics come to this channel weekly on Friday" in changed
    assert "This replaces: Victims identified" in changed


async def test_whoever_may_not_manage_channels_is_not_offered_the_command(room: Room) -> None:
    assert (await room.slash(room.mei, room.news, SUBSCRIBE)).trouble == "not_offered"
    assert "/tipfacts-摘要 訂閱" in await room.asked("subscribe screenings", room.mei)  # as her Discord shows it
    assert room.held(room.news) is None


async def test_what_was_subscribed_can_be_ended_and_begun_by_a_press(room: Room) -> None:
    posted = await room.subscribed(topics="victims")
    ended = (await room.press(posted, "Unsubscribe")).messages[0]
    assert "no more digests" in ended.content
    assert room.held(room.news) is None
    again = (await room.press(ended, "Subscribe again")).messages[0]
    assert "Digests on Victims identified" in again.content
    assert room.held(room.news)


async def test_it_is_listed_previewed_and_explained(room: Room) -> None:
    await room.subscribed(topics="screenings, victims")
    await room.news_is_added()
    assert "Initial screenings" in whispered(await room.slash(room.ann, room.news, f"{DIGEST} list"))
    assert "around 7,700" in (await room.slash(room.ann, room.news, f"{DIGEST} preview")).words
    assert "Mon 23 November 2026" in (await room.slash(room.ann, room.news, f"{DIGEST} why")).words
    before = len(room.discord.messages(room.news))
    await room.slash(room.ann, room.news, f"{DIGEST} test")
    assert len(room.discord.messages(room.news)) == before + 1


async def test_in_direct_messages_a_command_is_answered_by_what_it_did_and_no_more(room: Room) -> None:
    direct = room.discord.dm_of(room.ann)
    for command, expected in (
        ("subscribe", "Digests on all topics"),
        ("test", "Test digest"),
        ("unsubscribe", "No more digests"),
    ):
        options = {"days": "daily"} if command == "subscribe" else {}
        seen = await room.slash(room.ann, direct, f"{DIGEST} {command}", **options)
        (answer,) = seen.messages
        assert expected in read(answer)
        assert seen.interaction
        assert seen.interaction.response is answer
    assert room.held(direct) is None


async def test_direct_messages_can_be_subscribed_too(room: Room) -> None:
    await room.dm(room.ann, "subscribe screenings")
    assert "Digests on Initial screenings" in room.discord.messages(room.ann)[-1].content
    assert room.held(room.discord.dm_of(room.ann))
