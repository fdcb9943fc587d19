"""The editors' desk in Discord: modals from `add`, `correct` and `withdraw` to what the library holds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import EDITORS, Room, opened, whispered
from library import SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021
from servers.discord import Seen, fields

from adapters.discord import interactions

CONFIRM, AGAIN, REVIEW = "Add it", {"submit": "Add another fact"}, {"submit": "Review"}
ADDED = [("add", "S4"), ("add", "F46"), ("add", "F47")]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as guild:
        yield guild


async def reviewed(room: Room) -> Seen:
    """Fill in all steps of `add` up to the review."""
    seen = await room.slash(room.ed, room.news, f"{EDITORS} add")
    seen = await room.fill_in(room.ed, seen, STATEMENT_2022)
    seen = await room.press(seen, "Fact 1", room.ed)
    seen = await room.fill_in(room.ed, seen, SCREENINGS_2021 | AGAIN)
    seen = await room.press(seen, "Fact 2", room.ed)
    return await room.fill_in(room.ed, seen, VICTIMS_2021 | REVIEW)


def added(room: Room) -> list[tuple[str, str]]:
    """What Ed added, without the source that comes with it."""
    return [(action, target) for action, target in room.done_by(room.ed) if target[0] in "SF"]


async def test_a_statement_is_added_through_every_step_and_answered_from_then_on(room: Room) -> None:
    seen = await reviewed(room)
    for part in ("approximately 7,700 initial screenings", "20 July 2022", "3 times that of 2016", "Fact 2"):
        assert part in whispered(seen)
    assert room.done_by(room.ed) == []
    seen = await room.press(seen, CONFIRM, room.ed)
    assert "Added as S4, F46, F47" in whispered(seen)
    assert added(room) == ADDED
    assert "https://www.news.gov.hk/" in await room.asked("how many screenings in 2021?", room.mei)


async def test_what_is_wrong_with_a_form_is_said_and_it_opens_again_with_what_was_typed(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, f"{EDITORS} add")
    wrong = await room.fill_in(room.ed, seen, STATEMENT_2022 | {"date": "soon"})
    assert "“soon” is not a date" in whispered(wrong)
    again = await room.press(wrong, "Edit again", room.ed)
    assert again.modal
    held = fields(again.modal)
    assert (held["date"], held["title"]) == ("soon", STATEMENT_2022["title"])
    assert "Fact 1" in (await room.fill_in(room.ed, again, {"date": STATEMENT_2022["date"]})).buttons


async def test_a_form_is_kept_through_a_restart_between_its_steps(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, f"{EDITORS} add")
    seen = await room.fill_in(room.ed, seen, STATEMENT_2022)
    await room.restart()
    seen = await room.press(seen, "Fact 1", room.ed)
    await room.restart()
    seen = await room.fill_in(room.ed, seen, SCREENINGS_2021 | REVIEW)
    await room.restart()
    assert "Added as S4, F46" in whispered(await room.press(seen, CONFIRM, room.ed))


async def test_a_confirmation_that_is_pressed_twice_at_the_same_moment_adds_once(room: Room) -> None:
    seen = await reviewed(room)
    told = await asyncio.gather(*(room.press(seen, CONFIRM, room.ed) for _ in range(2)))
    assert any("Added as S4" in each.words for each in told)
    assert added(room) == ADDED


async def test_a_confirmation_whose_reply_is_lost_adds_once(room: Room) -> None:
    seen = await reviewed(room)
    room.discord.fail("POST /interactions/{}/{}/callback", lose_reply=True)
    assert "Added as S4" in whispered(await room.press(seen, CONFIRM, room.ed))
    assert added(room) == ADDED
    (again,) = room.discord.violations
    assert again.endswith("acknowledged twice")
    room.discord.violations.clear()


async def test_a_connection_that_breaks_while_it_is_confirmed_adds_once(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await reviewed(room)
    room.slow_down(monkeypatch, 0.4)
    sending = asyncio.create_task(room.press(seen, CONFIRM, room.ed))
    await asyncio.sleep(0.1)
    room.discord.cut_gateway()
    assert "Added as S4" in whispered(await sending)  # the answer goes over HTTP
    await room.discord.connected()
    assert added(room) == ADDED


async def test_a_confirmation_that_takes_long_is_promised_and_its_outcome_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await reviewed(room)
    monkeypatch.setattr(interactions, "BUDGET", 0.05)
    room.slow_down(monkeypatch, 0.3)
    assert "Added as S4" in whispered(await room.press(seen, CONFIRM, room.ed))
    assert added(room) == ADDED


async def test_a_fact_is_corrected_after_a_review_of_what_was_and_what_will_be(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, f"{EDITORS} correct", fact="F12")
    new = {
        "value": "over 11 500",
        "text": "Hong Kong conducted over 11,500 initial screenings in 2023.",
        "reason": "slip",
    }
    review = await room.fill_in(room.ed, seen, new)
    assert "It was" in whispered(review)
    assert "over 11,500 initial screenings" in review.words
    assert room.done_by(room.ed) == []
    assert "F12 is corrected" in whispered(await room.press(review, "Correct it", room.ed))
    assert room.done_by(room.ed) == [("correct", "F12")]
    assert "over 11,500" in await room.asked("how many screenings in 2023?")


async def test_of_two_who_correct_a_fact_at_the_same_time_the_second_sees_what_the_first_did(room: Room) -> None:
    second = await room.slash(room.ed, room.news, f"{EDITORS} correct", fact="F15")
    room.desk().say(f"grant {room.actor(room.ann)} editor")
    first = await room.slash(room.ann, room.news, f"{EDITORS} correct", force=True, fact="F15")
    four = {"value": "4", "text": "Only four victims were identified in 2023.", "reason": "recount"}
    await room.press(await room.fill_in(room.ann, first, four), "Correct it", room.ann)
    stale = await room.fill_in(room.ed, second, {"value": "5", "reason": "another recount"})
    assert "F15 was changed meanwhile" in whispered(stale)
    again = await room.press(stale, "Edit again", room.ed)
    assert again.modal
    assert fields(again.modal)["value"] == "5"
    review = await room.fill_in(room.ed, again, {})
    assert "F15 is corrected" in whispered(await room.press(review, "Correct it", room.ed))
    assert (room.done_by(room.ann), room.done_by(room.ed)) == ([("correct", "F15")], [("correct", "F15")])


async def test_a_fact_is_withdrawn_with_a_reason_and_restored(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, f"{EDITORS} withdraw", item="F15")
    assert "three victims" in seen.words
    assert "F15 is withdrawn" in whispered(await room.fill_in(room.ed, seen, {"reason": "published in error"}))
    assert "published in error" in await room.asked("history F15")
    seen = await room.slash(room.ed, room.news, f"{EDITORS} restore", item="F15", reason="it was right")
    await room.fill_in(room.ed, seen, {})
    assert room.done_by(room.ed) == [("withdraw", "F15"), ("restore", "F15")]


async def test_who_may_use_the_command_in_discord_and_has_no_role_here_gets_no_form(room: Room) -> None:
    room.discord.open_command(EDITORS, room.ann)
    for command, options in (("add", {}), ("correct", {"fact": "F12"}), ("withdraw", {"item": "F12"})):
        seen = await room.slash(room.ann, room.news, f"{EDITORS} {command}", **options)
        assert "needs the role editor" in whispered(seen)
    assert room.discord.modal_of(room.ann) is None


async def test_an_editor_without_rights_in_discord_needs_the_command_opened(room: Room) -> None:
    room.desk().say(f"grant {room.actor(room.mei)} editor")
    assert (await room.slash(room.mei, room.news, f"{EDITORS} add")).trouble == "not_offered"
    room.discord.open_command(EDITORS, room.mei)
    assert (await room.slash(room.mei, room.news, f"{EDITORS} add")).modal


async def test_who_is_no_editor_any_more_when_the_form_is_sent_changes_nothing(room: Room) -> None:
    room.discord.open_command(EDITORS, room.ann)
    room.desk().say(f"grant {room.actor(room.ann)} editor")
    seen = await room.slash(room.ann, room.news, f"{EDITORS} withdraw", item="F15")
    room.desk().say(f"revoke {room.actor(room.ann)}")
    assert "needs the role editor" in whispered(await room.fill_in(room.ann, seen, {"reason": "mine"}))
    assert room.done_by(room.ann) == []


async def test_no_bot_is_given_a_role(room: Room) -> None:
    helper = room.discord.add_user("helper", is_bot=True)
    for user in (helper, room.discord.bot):
        chosen = await room.slash(room.ed, room.news, f"{EDITORS} grant", person=user, role="editor")
        mentioned = await room.mention(room.ed, room.news, f"grant {user.mention} editor")
        named = await room.ask(f"grant {room.actor(user)} editor", room.ed)
        assert "This is a bot. Roles are for people." in whispered(chosen)
        assert "is now" not in mentioned.words
        assert ("This is a bot" in whispered(named)) is (user is room.discord.bot)  # of another Discord does not say it
    assert (await room.slash(room.ed, room.news, f"{EDITORS} grant", person=room.ann, role="editor")).ephemerals
    assert room.done_by(room.ed)[-1] == ("grant", room.actor(room.ann))


async def test_the_log_and_the_roles_are_shown_to_editors(room: Room) -> None:
    await room.press(await reviewed(room), CONFIRM, room.ed)
    assert "S4" in whispered(await room.slash(room.ed, room.news, f"{EDITORS} log"))
    roles = whispered(await room.slash(room.ed, room.news, f"{EDITORS} roles"))
    assert f"<@{room.ed.id}>" in roles
    assert room.actor(room.ed) not in roles
