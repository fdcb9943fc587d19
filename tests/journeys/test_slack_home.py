"""The Home tab in Slack: what can be typed, one's role, and the digests one takes care of."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.slack import Seen
from slack_run import WAYS, Room, workspace


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


def home(seen: Seen) -> str:
    """What a Home tab says that was just brought up to date."""
    assert seen.home in seen.new_views
    return seen.words


async def test_it_says_what_can_be_typed_and_what_one_may_do(room: Room) -> None:
    ann, ed = home(await room.open_home(room.ann)), home(await room.open_home(room.ed))
    for text in (ann, ed):
        assert "/tipfacts how many victims were found in 2023?" in text
        assert "Held: 45 facts" in text
    assert "You are a reader" in ann
    assert "/tipfacts add" not in ann
    assert "You are an admin" in ed
    assert "/tipfacts add" in ed


async def test_it_shows_ones_own_digests_with_their_next_run_and_nobody_elses(room: Room) -> None:
    assert "You have subscribed no channel yet." in home(await room.open_home(room.ann))
    await room.subscribed("subscribe victims weekdays at 18:30 Europe/London")
    text = home(await room.open_home(room.ann))
    for part in (f"#{room.news.id}", "Victims identified", "Mon 23 November 2026 18:30 Europe/London"):
        assert part in text
    assert "You have subscribed no channel yet." in home(await room.open_home(room.ed))
    await room.slash(room.ann, room.news, "unsubscribe")
    assert "You have subscribed no channel yet." in home(await room.open_home(room.ann))


async def test_it_speaks_its_readers_language(room: Room) -> None:
    text = home(await room.open_home(room.mei))
    assert "你的角色" in text
    assert "Your role" not in text


async def test_a_new_role_shows_when_it_is_opened_again(room: Room) -> None:
    await room.open_home(room.ann)
    await room.asked(f"grant <@{room.ann.id}|ann> editor", room.ed)
    assert "You are an editor" in home(await room.open_home(room.ann))


async def test_the_messages_tab_publishes_nothing(room: Room) -> None:
    event = room.slack.payloads.home_opened(room.ann) | {"tab": "messages"}
    await room.tell(room.ann, event)
    await room.service.drain(5)
    assert room.slack.called("views.publish") == []
