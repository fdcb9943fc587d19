"""Servers and direct messages in Discord: where a code is worth something, and what the commands are called."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import EDITORS, READ, Room, opened, whispered

from bot.operator import Operator


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as guild:
        yield guild


async def test_a_code_typed_in_direct_messages_first_makes_an_admin_of_the_server_after_all(room: Room) -> None:
    room.discord.open_command(EDITORS, room.ann)
    code = Operator(room.store).issue_claim_code(room.clock.now)
    direct = await room.slash(room.ann, room.discord.dm_of(room.ann), f"{EDITORS} claim", code=code)
    assert "Type this in your server: “/tipfacts-desk claim CODE”" in direct.words
    assert "You are now an admin." in whispered(await room.slash(room.ann, room.news, f"{EDITORS} claim", code=code))
    assert room.done_by(room.ann) == [("claim", room.actor(room.ann))]


async def test_who_is_told_what_to_type_is_told_the_commands_that_discord_shows(room: Room) -> None:
    shown = await room.ask("help", room.ed)
    for line in ("/tipfacts history", "/tipfacts-digest subscribe", "/tipfacts-digest list", "/tipfacts-desk add"):
        assert line in shown.words
    refused = await room.slash(room.ed, room.news, f"{EDITORS} correct", fact="screenings")
    assert "Write it like this: /tipfacts-desk correct F12" in whispered(refused)
    assert "needs the role editor" not in whispered(await room.ask("subscriptions"))  # a plain line is one still


@pytest.mark.parametrize("typed", ["hi", "statement ", "check", "F1", "幫", "help "])
async def test_what_is_suggested_is_answered_and_not_refused(room: Room, typed: str) -> None:
    for user in (room.ann, room.mei):
        seen = await room.discord.autocomplete(user, room.news, READ, query=typed)
        assert seen.choices
        for _, line in seen.choices[:2]:
            told = (await room.ask(str(line), user)).words
            assert "Write it like this" not in told
            assert "輸入格式" not in told
