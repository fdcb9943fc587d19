"""Asking in Slack: the answer rides in the acknowledgement, for the asker alone, with its source."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from servers.slack import COMMAND, words
from slack_run import SOCKET, WAYS, Room, whispered, workspace

from adapters.slack import listeners

ANSWER = ("approximately 11,000", "HKSAR Government", "25 June 2024", "Dimsum Daily", "https://www.dimsumdaily.hk/")

HOSTILE = (
    "<!channel> how many were screened?",
    "<@U1|bob> and <#C1|general>",
    "&lt;!here&gt; *bold* _it_ `code`",
    "screenings on the moon \u202e\u0000\u200b",
    "z\u0337\u0321\u0322a\u0338l\u0335g\u0336o" * 40,
    "subscribe <!channel>",
    "history <!everyone>",
    "source F99999999999999999999",
    "x" * 4_000,
)


@pytest.fixture(params=WAYS)
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    async with workspace(tmp_path, request.param) as opened:
        yield opened


async def test_a_topic_is_answered_in_the_acknowledgement_with_speaker_date_and_source(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "screenings")
    assert seen.delivery
    assert seen.delivery.ack["response_type"] == "ephemeral"
    said = whispered(seen)
    for part in ANSWER:
        assert part in said
        assert part in words(seen.last)
    assert seen.buttons == ["History", "Source", "Share in channel"]
    assert not {call.method for call in room.slack.calls} - {"auth.test", "apps.connections.open", "users.info"}


async def test_buttons_of_an_answer_are_answered_to_who_presses(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "screenings")
    assert whispered(await room.press(seen, "History")).startswith("History: Initial screenings")
    source = whispered(await room.press(seen, "Source"))
    assert "Publisher: Dimsum Daily" in source
    assert "https://www.dimsumdaily.hk/" in source
    assert room.slack.messages(room.news) == []


async def test_a_question_that_fits_several_topics_offers_them_and_a_press_answers(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "helpers")
    assert "Which do you mean?" in whispered(seen)
    answer = await room.press(seen, "Free accommodation")
    assert whispered(answer).startswith("Free accommodation")
    assert "Share in channel" in answer.buttons


async def test_a_long_statement_is_paged_in_place_and_no_fact_is_lost(room: Room) -> None:
    first = await room.slash(room.ann, room.news, "statement S1")
    page = first.ephemerals[0]
    one = page.text
    assert "Page 1 of 2" in one
    two = await room.press(first, "Next")
    assert two.ephemerals == [page]
    ids = [int(number) for number in re.findall(r", F(\d+)\]", one + page.text)]
    assert ids == sorted(set(ids))
    assert {1, 12, 42} <= set(ids)
    back = await room.press(page, "Back")
    assert back.ephemerals == [page]
    assert page.text == one


async def test_hostile_lines_are_answered_to_who_typed_them_and_mention_nobody(room: Room) -> None:
    for line in HOSTILE:
        said = await room.asked(line)
        assert "Reference" not in said, line
        assert not re.search("<[@#!]", said), line


async def test_a_person_named_by_should_escape_is_granted_a_role(room: Room) -> None:
    said = await room.asked(f"grant <@{room.ann.id}|ann> editor", room.ed)
    assert "is now editor" in said
    assert room.ann.id in said
    assert (await room.slash(room.ann, room.news, "add")).view


async def test_an_answer_that_takes_long_comes_behind_the_acknowledgement(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "BUDGET", 0.05)
    room.slow_down(monkeypatch, 0.5)
    seen = await room.slash(room.ann, room.news, "screenings")
    assert seen.delivery
    assert "One moment" in seen.delivery.ack["text"]
    assert seen.delivery.seconds
    assert seen.delivery.seconds < 0.45
    said = whispered(seen)
    assert all(part in said for part in ANSWER)
    assert [call.ok for call in room.slack.called("response_url")] == [True]


async def test_an_error_that_nobody_expected_is_a_sentence_with_a_reference_that_is_in_the_log(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(room.bot, "decide", broken)
    said = await room.asked("screenings")
    reference = re.search(r"Reference: ([0-9a-f]{8})$", said)
    assert reference
    assert "boom" not in said
    assert f"reference {reference[1]}" in room.forgive("request failed")


async def test_a_command_that_slack_delivers_twice_acts_once(room: Room) -> None:
    seen = await room.slash(room.ann, room.news, "subscribe victims")
    assert seen.delivery
    again = await room.slack.replay(seen.delivery)
    assert "Digests on Victims identified" in again.ack["text"]
    assert len(room.slack.messages(room.news)) == 1
    assert [action for action, _ in room.done_by(room.ann)] == ["subscribe"]


async def test_a_form_whose_trigger_has_expired_is_offered_by_a_button(room: Room) -> None:
    late = room.slack.payloads.slash(room.ed, room.news, "/tipfacts", "add")
    room.slack.pass_time(4)
    delivery = await room.slack.courier.send(COMMAND, late)
    assert "needs a form" in delivery.ack["text"]
    assert room.slack.violations == ["views.open: expired_trigger_id"]
    room.slack.violations.clear()
    offered = room.slack.replies.show(room.ed.id, room.news.id, delivery.ack)
    seen = await room.press(offered, "Add a statement")
    assert seen.view
    assert seen.view.title == "Add a statement"


async def test_a_workspace_without_the_app_is_told_so_and_nothing_is_kept_of_it(room: Room) -> None:
    await room.asked("screenings")
    other = room.slack.add_team("Other")
    zed = room.slack.add_user("zed", team=other)
    zoo = room.slack.add_channel("zoo", zed, team=other)
    for line in ("screenings", "subscribe victims", "add"):
        assert "not set up for this workspace" in whispered(await room.slash(zed, zoo, line))
    for silent in (room.mention(zed, zoo, "screenings"), room.dm(zed, "screenings")):
        assert (await silent).new == []
    assert room.held(zoo) is None


async def test_the_first_line_after_a_start_may_come_from_a_workspace_without_the_app(room: Room) -> None:
    await room.clients.check()
    other = room.slack.add_team("Other")
    zed = room.slack.add_user("zed", team=other)
    zoo = room.slack.add_channel("zoo", zed, team=other)
    assert "not set up for this workspace" in whispered(await room.slash(zed, zoo, "subscribe victims"))
    assert room.held(zoo) is None


@pytest.mark.parametrize("told", [True, False])
async def test_a_connection_that_ends_is_made_anew_and_people_are_answered(tmp_path: Path, *, told: bool) -> None:
    async with workspace(tmp_path, SOCKET) as room:
        before = list(room.slack.sockets.links)
        if told:
            await room.slack.disconnect()
        else:
            room.slack.cut()
        assert await room.slack.until(lambda: bool(set(room.slack.sockets.links) - set(before)), 10)
        assert "11,000" in await room.asked("screenings")
