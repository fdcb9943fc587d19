"""A channel of Slack that is lost: the subscription pauses, its owner hears of it once, and can take it up again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.slack import INACTIVE, REVOKED, buttons, words
from servers.slack_world import ACTIVE
from slack_run import A_DAY, A_MINUTE, NINE, Room, digests, workspace

from bot.domain.digests import DeliveryState, SubscriptionState

RESUME = "subscribe screenings daily at 09:00 Asia/Hong_Kong"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    """Ann's channel is owed a digest at nine."""
    async with workspace(tmp_path) as opened:
        await opened.subscribed()
        await opened.news_is_added()
        yield opened


async def lost(room: Room) -> str:
    """Archive the channel, let the digest fall due, and return what Ann is told by direct message."""
    room.slack.archive(room.news)
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.PAUSED), report.told) == (1, 1)
    (told,) = room.slack.messages(room.ann)
    return told.text


async def test_the_owner_of_an_archived_channel_is_told_once_why_and_what_to_do(room: Room) -> None:
    text = await lost(room)
    for part in (f"#{room.news.id}", "the channel is archived", "Unarchive the channel", f"“/tipfacts {RESUME}”"):
        assert part in text
    (told,) = room.slack.messages(room.ann)
    assert buttons(told) == []
    assert RESUME in words(told)
    for days in range(5):
        assert (await room.tick(NINE + days * A_DAY + A_MINUTE)).told == 0
    assert room.slack.messages(room.ann) == [told]
    assert room.slack.messages(room.ed) == []


async def test_the_pause_is_shown_where_its_owner_looks(room: Room) -> None:
    await lost(room)
    home = (await room.open_home(room.ann)).words
    assert "paused: the channel is archived" in home
    room.news.archived = False
    why = await room.asked("digest why")
    assert "The subscription is paused: the channel is archived" in why
    assert "kept until the subscription is resumed" in why
    assert "paused: the channel is archived" in await room.asked("subscriptions")


@pytest.mark.parametrize("by_form", [True, False])
async def test_what_was_new_meanwhile_comes_once_the_channel_is_taken_up_again(room: Room, *, by_form: bool) -> None:
    await lost(room)
    room.news.archived = False
    seen = await room.slash(room.ann, room.news, "subscribe" if by_form else RESUME)
    if by_form:
        await room.slack.submit(seen)
    held = room.held(room.news)
    assert held
    assert held.state is SubscriptionState.ACTIVE
    assert "paused" not in (await room.open_home(room.ann)).words
    for days in range(1, 4):
        await room.tick(NINE + days * A_DAY)
    (digest,) = digests(room)
    assert "around 7,700" in digest.text
    assert len(room.slack.messages(room.ann)) == 1


async def test_a_channel_that_took_the_bot_out_is_taken_up_again_by_an_invitation_and_a_line(room: Room) -> None:
    room.slack.kick(room.news)
    await room.tick(NINE)
    (told,) = room.slack.messages(room.ann)
    assert "/invite @tipfacts" in told.text
    assert "not in the channel" in await room.asked(RESUME)
    room.slack.invite(room.news)
    await room.slash(room.ann, room.news, RESUME)
    await room.tick(NINE + A_DAY)
    assert digests(room)


@pytest.mark.parametrize("how", [{"lose_reply": True}, {"status": 503, "acts": True}])
async def test_a_notice_whose_reply_is_lost_is_not_told_twice(room: Room, how: dict[str, object]) -> None:
    room.slack.fail("chat.postMessage", where=lambda args: args["channel"] == room.ann.id, **how)
    room.slack.archive(room.news)
    for days in range(4):
        await room.tick(NINE + days * A_DAY)
    assert len(room.slack.messages(room.ann)) == 1


async def test_a_notice_that_slack_has_no_time_for_is_told_when_it_has(room: Room) -> None:
    room.slack.fail("chat.postMessage", error="ratelimited", where=lambda args: args["channel"] == room.ann.id)
    room.slack.archive(room.news)
    assert (await room.tick(NINE)).told == 0
    assert (await room.tick(NINE + 2 * A_MINUTE)).told == 1
    assert len(room.slack.messages(room.ann)) == 1


async def test_an_owner_who_left_is_not_told_and_holds_nothing_up(room: Room) -> None:
    room.ann.deleted = True
    room.slack.archive(room.news)
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.PAUSED), report.told) == (1, 0)
    room.forgive("its owner cannot be told")
    assert (await room.tick(NINE + A_DAY)).told == 0


@pytest.mark.parametrize(
    ("state", "why"), [(REVOKED, "does not take the token of tipfacts"), (INACTIVE, "was taken out of the workspace")]
)
async def test_a_workspace_that_took_the_app_out_gets_its_digest_once_it_is_back(
    room: Room, state: str, why: str
) -> None:
    room.slack.revoke(state)
    for hours in range(3):
        report = await room.tick(NINE + hours * 60 * A_MINUTE)
        assert (report.count(DeliveryState.WAITING), report.told) == (1, 0)
    assert room.forgive("nothing can be posted in workspace").count(state) == 1
    assert len(room.slack.called("chat.postMessage")) == 4  # the confirmation, and the digest each hour
    assert why in await room.asked("digest why")
    room.slack.team.state = ACTIVE
    await room.tick(NINE + 3 * 60 * A_MINUTE)
    assert len(digests(room)) == 1
    assert room.slack.messages(room.ann) == []


async def test_each_owner_is_told_of_their_own_channel_in_its_language(room: Room) -> None:
    other = room.slack.add_channel("other", room.ann, room.mei)
    await room.slash(room.mei, other, "訂閱 甄別")
    await room.slash(room.ed, room.slack.add_channel("fine", room.ed), "subscribe screenings")
    desk = room.desk()
    desk.finish(desk.form("withdraw F12 in error"), "confirm")
    for channel in (room.news, other):
        room.slack.archive(channel)
    report = await room.tick(NINE)
    assert (report.count(DeliveryState.SENT), report.count(DeliveryState.PAUSED), report.told) == (1, 2, 2)
    (ann,), (mei,) = room.slack.messages(room.ann), room.slack.messages(room.mei)
    assert f"#{room.news.id}" in ann.text
    assert f"#{other.id}" in mei.text
    assert "頻道已封存" in mei.text
    assert room.slack.messages(room.ed) == []
