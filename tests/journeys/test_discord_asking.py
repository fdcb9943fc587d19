"""Asking in Discord: the answer is the response to the interaction, for the asker alone, with its source."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from discord_run import READ, Room, opened, whispered

from adapters.discord import interactions

ANSWER = ("approximately 11,000", "HKSAR Government", "25 June 2024", "Dimsum Daily", "https://www.dimsumdaily.hk/")
RESPONSE, PROMISE, IN_PLACE = 4, 5, 7  # how an interaction is acknowledged

HOSTILE = (
    "@everyone how many were screened?",
    "<@1>, <@&1> and <#1>",
    "**bold** _it_ `code` ||spoiler|| [link](https://evil.example)",
    "screenings on the moon \u202e\u0000\u200b",
    "z\u0337\u0321\u0322a\u0338l\u0335g\u0336o" * 40,
    "subscribe @here",
    "history @everyone",
    "source F99999999999999999999",
    "x" * 1_000,
)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as guild:
        yield guild


async def test_a_topic_is_answered_in_the_response_with_speaker_date_and_source(room: Room) -> None:
    before = len(room.discord.calls)
    seen = await room.ask("screenings")
    assert seen.interaction
    assert seen.interaction.answered == RESPONSE
    told = whispered(seen)
    for part in ANSWER:
        assert part in told
    assert seen.buttons == ["History", "Source", "Share in channel"]
    assert [(call.method, call.path.rpartition("/")[2]) for call in room.discord.calls[before:]] == [
        ("POST", "callback")
    ]


async def test_the_plain_text_alone_says_what_was_found_who_said_it_when_and_where(room: Room) -> None:
    text = (await room.ask("screenings")).text
    for part in ANSWER:
        assert part in text


async def test_buttons_of_an_answer_are_answered_to_who_presses(room: Room) -> None:
    seen = await room.ask("screenings")
    assert "History: Initial screenings" in whispered(await room.press(seen, "History"))
    source = whispered(await room.press(seen, "Source"))
    assert "Dimsum Daily" in source
    assert "https://www.dimsumdaily.hk/" in source
    assert room.discord.messages(room.news) == []


async def test_a_question_that_fits_several_topics_offers_them_and_a_press_answers(room: Room) -> None:
    seen = await room.ask("helpers")
    assert "Which do you mean?" in whispered(seen)
    answer = await room.press(seen, "Free accommodation")
    assert "Free accommodation" in whispered(answer)
    assert "Share in channel" in answer.buttons


async def test_what_a_sentence_introduces_stands_under_it_and_not_on_buttons_alone(room: Room) -> None:
    examples = "screenings", "how many victims were found in 2023?", "什麼是FDH"
    seen = await room.slash(room.ann, room.news, READ)
    assert "Ask like this:\n" + "\n".join(f"- {example}" for example in examples) in seen.text
    assert seen.buttons == list(examples)
    unclear = await room.ask("helpers")
    assert all(f"\n- {label}" in unclear.text for label in unclear.buttons)
    nearby = await room.ask("screenings of zebras on the moon")
    assert "Topics nearby:\n- Initial screenings\n" in nearby.text


async def test_what_is_suggested_while_somebody_types_is_answered_as_it_stands(room: Room) -> None:
    typed = await room.discord.autocomplete(room.mei, room.news, READ, query="初步識別")
    (_, value), *_ = typed.choices
    assert "11,000" in whispered(await room.ask(str(value), room.mei))


async def test_a_long_statement_is_paged_in_place_and_no_fact_is_lost(room: Room) -> None:
    await room.long_paper_is_added()
    seen = await room.ask("statement S4")
    (page,) = seen.ephemerals
    texts = [whispered(seen)]
    while "Next" in seen.buttons:
        seen = await room.press(page, "Next")
        assert seen.ephemerals == [page]
        assert seen.interaction
        assert seen.interaction.answered == IN_PLACE
        texts.append(whispered(seen))
    assert len(texts) > 1
    with room.store.read() as library:
        held = {f"F{fact.id}" for fact in library.facts_of(4)}
    shown = [set(re.findall(r"\bF\d+\b", text)) for text in texts]
    assert set.union(*shown) == held
    assert sum(map(len, shown)) == len(held)
    for _ in texts[1:]:
        seen = await room.press(page, "Back")
    assert whispered(seen) == texts[0]


async def test_hostile_lines_are_answered_to_who_typed_them_and_mention_nobody(room: Room) -> None:
    for line in HOSTILE:
        seen = await room.ask(line)
        assert "Reference" not in whispered(seen), line
        assert [message.pinged for message in seen.ephemerals] == [[]] * len(seen.ephemerals)
        for call in room.discord.called("POST /interactions/{}/{}/callback"):
            assert call.body["data"].get("allowed_mentions") == {"parse": []}


async def test_an_answer_that_takes_long_is_promised_in_time_and_comes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interactions, "BUDGET", 0.05)
    room.slow_down(monkeypatch, 0.5)
    seen = await room.ask("screenings")
    assert seen.interaction
    assert seen.interaction.answered == PROMISE
    assert seen.interaction.seconds
    assert seen.interaction.seconds < 0.45
    told = whispered(seen)
    assert all(part in told for part in ANSWER)


async def test_an_error_that_nobody_expected_is_a_sentence_with_a_reference_that_is_in_the_log(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(room.bot, "decide", broken)
    told = await room.asked("screenings")
    reference = re.search(r"Reference: ([0-9a-f]{8})$", told)
    assert reference
    assert "boom" not in told
    assert f"reference {reference[1]}" in room.forgive("request failed")


async def test_a_person_named_by_an_option_is_granted_a_role(room: Room) -> None:
    seen = await room.slash(room.ed, room.news, "tipfacts-desk grant", person=room.ann, role="editor")
    told = whispered(seen)
    assert "is now editor" in told
    assert room.ann.mention in told
    assert seen.ephemerals[0].pinged == []
    assert (await room.slash(room.ann, room.news, "tipfacts-desk add", force=True)).modal


async def test_in_direct_messages_the_same_commands_are_answered_and_stay(room: Room) -> None:
    seen = await room.ask("screenings", room.ann, room.discord.dm_of(room.ann))
    (message,) = seen.messages
    assert all(part in seen.words for part in ANSWER)
    assert "Share in channel" not in seen.buttons
    assert "F12" in (await room.press(message, "History")).words


async def test_a_server_where_nobody_has_a_role_is_served_and_its_admins_are_no_admins_here(room: Room) -> None:
    other = room.discord.add_guild("Other")
    zed = room.discord.add_user("zed", other, permissions=("administrator",))
    zoo = room.discord.add_channel("zoo", guild=other)
    assert "11,000" in whispered(await room.ask("screenings", zed, zoo))
    seen = await room.slash(zed, zoo, "tipfacts-desk withdraw", item="F12")
    assert "needs the role editor" in whispered(seen)
    assert seen.modal is None
