"""Answers to interactions where Discord fails: in time all the same, once, and else in direct messages."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from discord_app import Guild, guild
from servers.discord import Message, buttons

from adapters.discord import callback, interactions
from bot.supervisor import Patience

ANSWER = "approximately 11,000 initial screenings"
CALLBACK = "POST /interactions/{}/{}/callback"
ORIGINAL = "PATCH /webhooks/{}/{}/messages/@original"
FOLLOW_UP = "POST /webhooks/{}/{}"
MESSAGE, DEFERRED = 4, 5
UNKNOWN = {"status": 404, "code": 10062}


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Guild]:
    async with guild(tmp_path) as opened:
        yield opened


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callback, "LONG_PAUSES", (0.05,))


def shown(room: Guild) -> list[Message]:
    return room.discord.shown_to(room.ann)


def written(room: Guild) -> str:
    """What ann was written directly."""
    return "\n".join(posted.content for posted in room.discord.messages(room.ann))


@pytest.mark.parametrize("failure", [{"status": 500}, {"status": 503}, {"drop": True}, {"retry_after": 0.1}])
async def test_an_acknowledgement_that_fails_twice_is_there_in_time(room: Guild, failure: dict[str, Any]) -> None:
    room.discord.fail(CALLBACK, times=1 if "retry_after" in failure else 2, **failure)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert seen.interaction
    assert seen.interaction.answered == MESSAGE
    assert [ANSWER in said.content for said in shown(room)] == [True]
    assert room.discord.messages(room.ann) == []


@pytest.mark.parametrize("failure", [{"status": 502, "acts": True}, {"lose_reply": True}, {"delay": 1.5}])
async def test_an_acknowledgement_that_came_through_unknown_to_us_is_followed_up_and_said_once(
    room: Guild, failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "TRY", 0.5)
    monkeypatch.setattr(interactions, "BUDGET", 0.0)
    room.discord.fail(CALLBACK, **failure)
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings", wait=0)
    await room.service.drain(5)
    assert seen.interaction
    assert seen.interaction.answered == DEFERRED
    assert [ANSWER in said.content for said in shown(room)] == [True]
    assert room.discord.messages(room.ann) == []
    assert all("acknowledged twice" in each for each in room.discord.violations)  # which is what finds that out
    room.discord.violations.clear()


@pytest.mark.parametrize("failure", [UNKNOWN, {"status": 401}, {"status": 500, "times": 20}])
async def test_an_answer_that_discord_does_not_take_is_written_directly(
    room: Guild, failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callback, "IN_TIME", 0.5)
    room.discord.patience = 0.6
    room.discord.fail(CALLBACK, **failure)
    await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    await room.service.drain(5)
    assert "did not take my answer in time" in written(room)
    assert ANSWER in written(room)
    labels = [label for message in room.discord.messages(room.ann) for label in buttons(message)]
    assert labels == ["History", "Source"]  # nobody else would read what is shared there
    room.discord.violations.clear()  # it was not acknowledged


async def test_an_answer_that_comes_after_a_promise_was_not_taken_is_written_directly(
    room: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.0)
    room.discord.patience = 0.3
    room.discord.fail(CALLBACK, **UNKNOWN)
    await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    await room.service.drain(5)
    assert ANSWER in written(room)
    room.discord.violations.clear()


async def test_who_is_not_shown_a_form_is_told_that_nothing_was_changed(room: Guild) -> None:
    room.discord.patience = 0.3
    room.discord.fail(CALLBACK, **UNKNOWN)
    await room.discord.slash(room.ed, room.news, "tipfacts-desk add")
    await room.service.drain(5)
    (told,) = room.discord.messages(room.ed)
    assert "Nothing was changed: please try again." in told.content
    room.discord.violations.clear()


@pytest.mark.parametrize("failure", [{"status": 500, "times": 2}, {"drop": True}, {"lose_reply": True}])
async def test_a_promised_answer_is_put_in_its_place_until_it_stands_there(
    room: Guild, failure: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.0)
    room.discord.fail(ORIGINAL, **failure)
    await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings", wait=0)
    await room.service.drain(5)
    assert [ANSWER in said.content for said in shown(room)] == [True]


@pytest.mark.parametrize("failure", [{"status": 500, "times": 2}, {"drop": True}, {"retry_after": 0.1}])
async def test_what_came_of_sharing_is_told_however_often_that_fails(room: Guild, failure: dict[str, Any]) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    room.discord.fail(FOLLOW_UP, **failure)
    await room.discord.press(room.ann, seen, "Share in channel", wait=0)
    await room.service.drain(5)
    assert "Shared in the channel." in shown(room)[-1].content
    assert len(room.discord.messages(room.news)) == 1


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        ({"lose_reply": True}, "This may have been posted in the channel, or not: look there."),
        ({"status": 500, "acts": True}, "This may have been posted in the channel, or not: look there."),
        ({"status": 403, "code": 50001}, "I could not post this in the channel"),
    ],
)
async def test_a_reply_for_all_is_posted_once_whatever_becomes_of_it(
    room: Guild, failure: dict[str, Any], told: str
) -> None:
    walled = room.discord.add_channel("walled", bot=False)
    seen = await room.discord.slash(room.ann, walled, "tipfacts", query="screenings")
    room.discord.fail(FOLLOW_UP, **failure)
    await room.discord.press(room.ann, seen, "Share in channel", wait=0)
    await room.service.drain(5)
    assert told in shown(room)[-1].content
    assert len(room.discord.messages(walled)) == ("status" not in failure or "acts" in failure)


async def test_an_interaction_that_is_told_of_twice_is_answered_once(room: Guild) -> None:
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert seen.interaction
    room.discord.event("INTERACTION_CREATE", room.discord.payloads.interaction(seen.interaction), room.news)
    await asyncio.sleep(0.2)
    await room.service.drain(5)
    assert len(room.discord.called(CALLBACK)) == 1


async def test_an_answer_under_way_comes_although_the_client_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with guild(tmp_path, patience=Patience(first=0.05)) as room:
        room.slow_down(monkeypatch, 0.4)
        asking = asyncio.create_task(room.discord.slash(room.ann, room.news, "tipfacts", query="screenings"))
        await asyncio.sleep(0.2)
        room.discord.malformed_event()
        assert ANSWER in (await asking).words


async def test_what_fails_is_logged_without_the_token_that_it_would_take_to_answer(
    room: Guild, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    room.discord.fail(CALLBACK, drop=True)
    room.discord.fail(CALLBACK, status=400, code=50035, message="Invalid Form Body")
    seen = await room.discord.slash(room.ann, room.news, "tipfacts", query="screenings")
    assert seen.interaction
    assert "finds fault with an acknowledgement: 50035" in caplog.text
    assert seen.interaction.token not in caplog.text
    assert room.discord.token not in caplog.text
