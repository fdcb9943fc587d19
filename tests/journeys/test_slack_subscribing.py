"""Subscribing a channel of Slack: by a form or a line; the confirmation stands in the channel, or nothing is left."""

from collections.abc import AsyncIterator
from datetime import time
from pathlib import Path

import pytest
from servers.slack import buttons, words
from slack_run import WAYS, Room, filled_in, whispered, workspace

from adapters.slack import posting
from bot.domain.digests import Rhythm, Schedule

WISH = {"topics": "screenings, victims", "rhythm": "Monday to Friday except public holidays", "at": "09:30"}
NEXT_RUN = "(next: Mon 23 November 2026 09:30 Asia/Hong_Kong, UTC+8)"


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


async def test_a_bare_subscribe_opens_a_form_and_its_confirmation_stands_in_the_channel(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "subscribe")
    assert filled_in(seen) == {"topics": "", "excluded": "", "at": "09:00", "zone": "Asia/Hong_Kong"}
    assert room.held(room.news) is None
    await room.slack.submit(seen, WISH)
    assert await room.slack.until(lambda: room.slack.view_of(room.ann) is None, 5)  # the first calendar takes a moment
    assert await room.slack.until(lambda: bool(room.slack.messages(room.news)), 5)
    (posted,) = room.slack.messages(room.news)
    for part in ("Initial screenings, Victims identified", "on weekdays at 09:30 Asia/Hong_Kong", NEXT_RUN):
        assert part in posted.text
        assert part in words(posted)
    assert "Unsubscribe" in buttons(posted)
    held = room.held(room.news)
    assert held
    assert held.owner == room.actor(room.ann)
    assert held.schedule == Schedule(Rhythm.WEEKDAYS, time(9, 30), "Asia/Hong_Kong", holidays="HK")


async def test_a_wish_that_cannot_be_kept_is_told_at_its_fields(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "subscribe")
    wrong = await room.slack.submit(seen, {"topics": "screenngs", "at": "25:00", "zone": "Mars/Olympus"})
    assert sorted(wrong.errors) == ["at", "topics", "zone"]
    assert "Did you mean Initial screenings?" in wrong.errors["topics"]
    assert room.slack.messages(room.news) == []
    await room.slack.submit(wrong, WISH | {"zone": "london"})
    held = room.held(room.news)
    assert held
    assert held.schedule.zone == "Europe/London"


async def test_a_form_that_slack_delivers_twice_subscribes_and_tells_once(room: Room) -> None:
    seen = await room.slack.submit(await room.slash(room.ann, room.news, "subscribe"), WISH)
    assert seen.delivery
    await room.slack.replay(seen.delivery)
    assert len(room.slack.messages(room.news)) == 1
    assert [action for action, _ in room.done_by(room.ann)] == ["subscribe"]


@pytest.mark.parametrize("by_form", [True, False])
async def test_where_the_bot_is_no_member_the_asker_is_told_and_nothing_is_left(room: Room, *, by_form: bool) -> None:
    if by_form:
        seen = await room.slack.submit(await room.slash(room.ann, room.walled, "subscribe"), WISH)
        said = seen.words
    else:
        seen = await room.slash(room.ann, room.walled, "subscribe screenings, victims weekdays at 09:30")
        said = whispered(seen)
    assert "/invite @tipfacts" in said
    assert "The channel was not subscribed" in said
    assert "“/tipfacts subscribe screenings, victims weekdays at 09:30 Asia/Hong_Kong except holidays HK”" in said
    assert room.held(room.walled) is None
    assert room.slack.messages(room.walled) == []
    room.slack.invite(room.walled)
    await room.slash(room.ann, room.walled, "subscribe screenings, victims weekdays at 09:30 Asia/Hong_Kong")
    assert NEXT_RUN in room.slack.messages(room.walled)[0].text


@pytest.mark.parametrize("acts", [True, False])
async def test_a_confirmation_that_slack_does_not_confirm_is_looked_for_and_stands_there_once(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, acts: bool
) -> None:
    monkeypatch.setattr(posting, "FIRST_PAUSE", 0.05)
    room.slack.fail("chat.postMessage", lose_reply=acts, drop=not acts)
    seen = await room.slash(room.ann, room.news, "subscribe victims")
    assert "Digests on Victims identified" in seen.messages[0].text
    assert seen.ephemerals == []
    assert len(room.slack.messages(room.news)) == 1
    assert room.held(room.news)


async def test_a_confirmation_that_nobody_may_look_for_is_not_posted_twice_and_the_subscription_stays(
    room: Room,
) -> None:
    room.slack.team.scopes.discard("channels:history")
    room.slack.fail("chat.postMessage", lose_reply=True)
    seen = await room.slash(room.ann, room.news, "subscribe victims")
    assert "may have been posted" in seen.ephemerals[-1].text
    assert len(room.slack.messages(room.news)) == 1
    assert room.held(room.news)


async def test_where_slack_has_no_time_the_asker_is_told_that_the_subscription_holds(room: Room) -> None:
    room.slack.fail("chat.postMessage", error="ratelimited", retry_after=120)
    said = await room.asked("subscribe victims")
    assert "not posted in the channel" in said
    assert "holds all the same" in said
    assert "Digests on Victims identified" in said
    assert room.held(room.news)


async def test_a_subscription_is_changed_by_its_owner_and_by_nobody_else_without_a_role(room: Room) -> None:
    await room.subscribed("subscribe victims")
    assert "屬" in await room.asked("subscribe", room.mei)
    assert "屬" in await room.asked("unsubscribe", room.mei)
    seen = await room.slash(room.ann, room.news, "subscribe")
    assert filled_in(seen)["topics"] == "Victims identified"
    await room.slack.submit(seen, {"topics": "", "rhythm": "Weekly on Friday"})
    changed = room.slack.messages(room.news)[-1].text
    assert "Digests on all topics come to this channel weekly on Friday" in changed
    assert "This replaces: Victims identified" in changed


async def test_what_was_subscribed_by_a_press_can_be_ended_and_begun_by_a_press(room: Room) -> None:
    posted = await room.subscribed("subscribe victims")
    ended = await room.press(posted, "Unsubscribe", user=room.ann)
    assert "no more digests" in ended.messages[0].text
    assert room.held(room.news) is None
    again = await room.press(ended.messages[0], "Subscribe again", user=room.ann)
    assert "Digests on Victims identified" in again.messages[0].text
    assert room.held(room.news)


async def test_in_a_thread_its_channel_is_subscribed_and_direct_messages_can_be_too(room: Room) -> None:
    asked = await room.mention(room.ann, room.news, "screenings")
    thread = asked.messages[0].thread_ts
    told = await room.mention(room.ann, room.news, "subscribe victims", thread_ts=thread)
    assert told.messages[0].thread_ts is None
    assert room.held(room.news)
    await room.slash(room.ann, room.news, "unsubscribe")
    assert room.held(room.news) is None
    await room.dm(room.ann, "subscribe screenings")
    assert "Digests on Initial screenings" in room.slack.messages(room.ann)[-1].text
    assert room.held(room.slack.dm_of(room.ann))


async def test_who_names_no_zone_means_the_one_that_they_set_in_slack(room: Room) -> None:
    room.ann.tz = "Asia/Taipei"
    seen = await room.slash(room.ann, room.news, "subscribe")
    assert filled_in(seen)["zone"] == "Asia/Taipei"
    posted = await room.subscribed("subscribe weekdays at 09:30")
    assert "on weekdays at 09:30 Asia/Taipei, except TW public holidays" in posted.text
    for line in ("subscribe daily", "subscribe victims daily"):
        await room.slash(room.ann, room.news, "subscribe UTC")
        await room.mention(room.ann, room.news, line)  # which is answered in the language of the channel
        held = room.held(room.news)
        assert held
        assert held.schedule == Schedule(Rhythm.DAILY, time(9), "Asia/Taipei")


async def test_where_slack_does_not_tell_a_zone_it_is_hong_kongs(room: Room) -> None:
    room.ann.tz = "Asia/Taipei"
    room.slack.team.scopes.discard("users:read")
    assert "daily at 09:00 Asia/Hong_Kong" in (await room.subscribed("subscribe daily")).text
