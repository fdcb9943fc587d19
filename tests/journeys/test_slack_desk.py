"""The editors' desk in Slack: modals from `add`, `correct` and `withdraw` to what the library holds."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from library import SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021
from servers.slack import Seen
from slack_run import HTTP, SOCKET, WAYS, Room, filled_in, whispered, workspace

from adapters.slack import listeners

ANOTHER, REVIEW, CONFIRM = "Add another fact", "Review", "Add it"
ADDED = [("add", "S4"), ("add", "F46"), ("add", "F47")]


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


async def reviewed(room: Room) -> Seen:
    """Fill in all steps of `add` up to the review."""
    seen = await room.slash(room.ed, room.news, "add")
    seen = await room.slack.submit(seen, STATEMENT_2022)
    seen = await room.slack.submit(seen, SCREENINGS_2021, ANOTHER)
    return await room.slack.submit(seen, VICTIMS_2021, REVIEW)


def added(room: Room) -> list[tuple[str, str]]:
    """What Ed added, without the source that comes with it."""
    return [(action, target) for action, target in room.done_by(room.ed) if target[0] in "SF"]


async def test_a_statement_is_added_through_every_step_and_answered_from_then_on(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "add")
    assert filled_in(seen) == dict.fromkeys(("speaker", "date", "title", "link", "publisher"), "")
    seen = await room.slack.submit(seen, STATEMENT_2022)
    assert (seen.view and seen.view.title, seen.errors) == ("Fact 1", {})
    seen = await room.slack.submit(seen, SCREENINGS_2021, ANOTHER)
    assert (seen.view and seen.view.title, set(filled_in(seen).values())) == ("Fact 2", {""})
    seen = await room.slack.submit(seen, VICTIMS_2021, REVIEW)
    for part in ("approximately 7,700 initial screenings", "20 July 2022", "3 times that of 2016", "Fact 2"):
        assert part in seen.words
    assert room.done_by(room.ed) == []
    seen = await room.slack.submit(seen, {}, CONFIRM)
    assert "Added as S4, F46, F47" in seen.words
    assert added(room) == ADDED
    assert "https://www.news.gov.hk/" in await room.asked("how many screenings in 2021?", room.mei)


async def test_what_is_wrong_with_a_fact_stands_at_its_field_with_what_was_typed(room: Room) -> None:
    seen = await room.slack.submit(await room.slash(room.ed, room.news, "add"), STATEMENT_2022)
    wrong = await room.slack.submit(seen, SCREENINGS_2021 | {"period": "soon", "topic": "zebras"}, REVIEW)
    assert sorted(wrong.errors) == ["period", "topic"]
    assert wrong.view is seen.view
    assert "Review before" in (await room.slack.submit(wrong, SCREENINGS_2021, REVIEW)).words


async def test_what_is_wrong_with_a_statement_stands_at_its_field(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "add")
    wrong = await room.slack.submit(seen, STATEMENT_2022 | {"date": "soon"})
    assert "“soon” is not a date" in wrong.errors["date"]
    assert (await room.slack.submit(wrong, STATEMENT_2022)).words.startswith("Fact 1")


async def test_a_confirmation_that_is_sent_twice_at_the_same_moment_adds_once(room: Room) -> None:
    seen = await reviewed(room)
    told = await asyncio.gather(*(room.slack.submit(seen, {}, CONFIRM) for _ in range(2)))
    assert all("Added as S4" in each.words for each in told)
    assert added(room) == ADDED


async def test_a_confirmation_that_slack_delivers_again_adds_once_and_says_so_again(room: Room) -> None:
    seen = await room.slack.submit(await reviewed(room), {}, CONFIRM)
    assert seen.delivery
    again = await room.slack.replay(seen.delivery)
    assert "Added as S4" in str(again.ack)
    assert added(room) == ADDED


async def test_a_connection_that_breaks_while_it_is_confirmed_adds_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(tmp_path, SOCKET) as room:
        seen = await reviewed(room)
        room.slow_down(monkeypatch, 0.4)
        room.slack.patience = 1.0
        sending = asyncio.create_task(room.slack.submit(seen, {}, CONFIRM))
        await asyncio.sleep(0.1)
        room.slack.cut()
        assert (await sending).trouble
        room.slack.patience = 3.0
        await room.slack.connected()
        assert "Added as S4" in (await room.slack.submit(seen, {}, CONFIRM)).words
        assert added(room) == ADDED


@pytest.mark.parametrize("acts", [True, False])
async def test_a_confirmation_that_takes_long_waits_in_the_modal_and_its_outcome_is_told(
    room: Room, monkeypatch: pytest.MonkeyPatch, *, acts: bool
) -> None:
    seen = await reviewed(room)
    monkeypatch.setattr(listeners, "BUDGET", 0.05)
    monkeypatch.setattr(listeners, "UPDATE_PAUSE", 0.05)
    room.slow_down(monkeypatch, 0.2)
    if not acts:
        room.slack.fail("views.update", drop=True)
    mark = room.slack.mark()
    waiting = await room.slack.submit(seen, {}, CONFIRM)
    assert "One moment" in waiting.words
    await room.slack.look(room.ed, lambda now: "Added as S4" in now.words, since=mark)
    assert added(room) == ADDED


async def test_what_is_wrong_with_a_form_that_took_long_stands_above_what_was_typed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = await room.slash(room.ed, room.news, "add")
    monkeypatch.setattr(listeners, "BUDGET", 0.05)
    monkeypatch.setattr(listeners, "UPDATE_PAUSE", 0.05)
    room.slow_down(monkeypatch, 0.2)
    mark = room.slack.mark()
    await room.slack.submit(seen, STATEMENT_2022 | {"date": "soon"})
    wrong = await room.slack.look(room.ed, lambda now: "“soon” is not a date" in now.words, since=mark)
    assert filled_in(wrong)["title"] == STATEMENT_2022["title"]


async def test_who_closes_a_form_that_takes_long_is_told_its_outcome_wherever_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workspace(tmp_path) as room:
        seen = await room.slash(room.ed, room.walled, "withdraw F15")
        monkeypatch.setattr(listeners, "BUDGET", 0.05)
        monkeypatch.setattr(listeners, "UPDATE_PAUSE", 0.05)
        room.slow_down(monkeypatch, 0.2)
        mark = room.slack.mark()
        await room.slack.submit(seen, {"reason": "in error"})
        await room.slack.close_view(room.ed)
        await room.slack.look(room.ed, lambda now: "F15 is withdrawn" in now.words, since=mark, wait=2)


@pytest.mark.parametrize("acts", [True, False])
async def test_a_form_whose_opening_is_not_confirmed_is_offered_by_a_button(room: Room, *, acts: bool) -> None:
    room.slack.fail("views.open", lose_reply=acts, drop=not acts)
    seen = await room.slash(room.ed, room.news, "add")
    assert "needs a form" in whispered(seen)
    assert bool(seen.view) is acts
    assert (await room.press(seen, "Add a statement")).words.startswith("Add a statement")


async def test_a_long_draft_is_kept_while_it_is_written_and_for_its_writer_alone(room: Room) -> None:
    seen = await room.slack.submit(await room.slash(room.ed, room.news, "add"), STATEMENT_2022)
    for number in range(4):
        fact = {"text": f"Fact number {number}. " + "很長的句子。" * 150, "quote": "“exact words” & more " * 70}
        seen = await room.slack.submit(seen, fact, ANOTHER)
        assert seen.errors == {}
    assert seen.view
    assert len(seen.view.shown["private_metadata"]) < 300
    last = await room.slack.submit(seen, {"text": "And one with <!channel> & <@U1>."}, REVIEW)
    assert "<!" not in last.words
    assert "F50" in (await room.slack.submit(last, {}, CONFIRM)).words
    assert "<!channel> & <@U1>" in str(await asyncio.to_thread(facts_of, room, 4))


def facts_of(room: Room, statement: int) -> list[str | None]:
    with room.store.read() as library:
        return [fact.text.en for fact in library.facts_of(statement)]


async def test_a_fact_is_corrected_after_a_review_of_what_was_and_what_will_be(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "correct F12")
    held = filled_in(seen)
    assert (held["value"], held["period"], held["reason"]) == ("about 11,000", "2023", "")
    assert sorted((await room.slack.submit(seen)).errors) == ["reason"]
    new = {
        "value": "over 11 500",
        "text": "Hong Kong conducted over 11,500 initial screenings in 2023.",
        "reason": "slip",
    }
    seen = await room.slack.submit(seen, new)
    assert "It was" in seen.words
    assert "*Value:* over 11,500 initial screenings" in seen.words
    assert room.done_by(room.ed) == []
    assert "F12 is corrected" in (await room.slack.submit(seen)).words
    assert room.done_by(room.ed) == [("correct", "F12")]
    assert "over 11,500" in await room.asked("how many screenings in 2023?")


async def test_a_correction_that_changes_nothing_or_comes_too_late_is_refused(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "correct F12")
    nothing = await room.slack.submit(seen, {"reason": "none"})
    assert "Nothing differs" in nothing.words
    assert filled_in(nothing)["reason"] == "none"
    review = await room.slack.submit(nothing, {"value": "over 11 000", "reason": "more"})
    desk = room.desk()
    desk.finish(desk.form("withdraw F12 in error"), "confirm")
    late = await room.slack.submit(review)
    assert "restore it first" in late.words
    assert room.done_by(room.ed) == []


async def test_of_two_who_correct_a_fact_at_the_same_time_the_second_sees_what_the_first_did(room: Room) -> None:
    second = await room.slash(room.ed, room.news, "correct F15")
    room.desk().say(f"grant {room.actor(room.ann)} editor")
    first = await room.slash(room.ann, room.news, "correct F15")
    four = {"value": "4", "text": "Only four victims were identified in 2023.", "reason": "recount"}
    await room.slack.submit(await room.slack.submit(first, four))
    stale = await room.slack.submit(second, {"value": "5", "reason": "another recount"})
    assert "F15 was changed meanwhile" in stale.words
    assert filled_in(stale)["value"] == "5"
    review = await room.slack.submit(stale)
    assert "*Value:* 4 victims identified" in review.words
    assert "F15 is corrected" in (await room.slack.submit(review)).words
    assert (room.done_by(room.ann), room.done_by(room.ed)) == ([("correct", "F15")], [("correct", "F15")])


async def test_a_fact_is_withdrawn_with_a_reason_and_restored(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "withdraw F15")
    assert "three victims" in seen.words
    seen = await room.slack.submit(seen, {"reason": "published in error"})
    assert "F15 is withdrawn" in seen.words
    assert "published in error" in await room.asked("history F15")
    seen = await room.slash(room.ed, room.news, "restore F15 it was right")
    assert filled_in(seen) == {"reason": "it was right"}
    await room.slack.submit(seen)
    assert room.done_by(room.ed) == [("withdraw", "F15"), ("restore", "F15")]


async def test_who_is_no_editor_gets_no_form(room: Room) -> None:
    for line in ("add", "correct F12", "withdraw F12"):
        assert "needs the role editor" in await room.asked(line)
    assert room.slack.view_of(room.ann) is None


async def test_who_is_no_editor_any_more_when_the_form_is_sent_changes_nothing(tmp_path: Path) -> None:
    async with workspace(tmp_path, HTTP) as room:
        room.desk().say(f"grant {room.actor(room.ann)} editor")
        seen = await room.slash(room.ann, room.news, "withdraw F15")
        room.desk().say(f"revoke {room.actor(room.ann)}")
        assert "needs the role editor" in (await room.slack.submit(seen, {"reason": "mine"})).words
        assert room.done_by(room.ann) == []
