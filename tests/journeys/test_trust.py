"""The promises: both sides wherever a disputed claim stands, nothing undone silently, one act one effect."""

from dataclasses import replace
from datetime import timedelta

import pytest
from library import MONDAY, Desk, Recorder, add_statement_of_2022

from bot.domain.changes import LoadLibrary, Origin
from bot.domain.facts import FactEntry, LibraryContent, Source, StatementEntry
from bot.domain.period import Period
from bot.domain.text import LocalText
from bot.messages.document import Choices, FactCard, FactLine
from bot.messages.exchange import Kind
from bot.messages.plain import block_text, plain_text
from bot.operator import Operator

NEWER_RATING = LibraryContent(
    sources=(Source("later", "A later article", "Dimsum Daily", None, MONDAY.date(), "en"),),
    statements=(StatementEntry("later", "usdos", "later", MONDAY.date()),),
    facts=(
        FactEntry(
            key="later-rating",
            statement="later",
            topic="tier",
            text=LocalText(en="As reported by Dimsum Daily, a later rating was given."),
            period=Period("2025"),
        ),
    ),
)


@pytest.mark.parametrize(
    "line",
    [
        "tier",
        "source F8",
        "check F8",
        "F8",
        "history tier",
        "statement S2",
        "S2",
        "what tier is Hong Kong on?",
        "digest test",
    ],
)
def test_the_disputed_rating_never_stands_without_its_dispute(desk: Desk, line: str) -> None:
    desk.say("subscribe tier")
    reply = desk.say(line)
    shown = [
        block_text(block)
        for block in reply.document.blocks
        if isinstance(block, FactCard | FactLine) and block.fact.key == "tier-2-watch-list-2024"
    ]
    assert shown
    for text in shown:
        assert "HKSAR Government rejects this (F1" in text


def test_the_dispute_is_told_where_the_rating_is_no_longer_the_newest(desk: Desk) -> None:
    desk.store.apply(LoadLibrary(NEWER_RATING, Origin.IMPORT), by="test", at=MONDAY)
    text = desk.text("tier")
    assert "a later rating" in text
    assert "HKSAR Government rejects this (F1" in text


def test_a_line_without_a_link_names_its_document(desk: Desk) -> None:
    desk.store.apply(LoadLibrary(NEWER_RATING, Origin.IMPORT), by="test", at=MONDAY)
    assert "“A later article”" in desk.text("history tier")


def test_every_figure_over_time_comes_with_its_source(desk: Desk) -> None:
    add_statement_of_2022(desk)
    reply = desk.say("how many screenings were there in 2023?")
    assert {fact.id for fact in reply.document.facts} >= {12, 46}
    assert "HKSAR Government, 20 July 2022, F46" in plain_text(reply.document)


def test_what_another_party_states_for_the_period_is_shown_too(desk: Desk) -> None:
    form = desk.next_form(
        desk.form("add"),
        "next",
        speaker="U.S. Department of State",
        date="2024-06-24",
        title="A report",
        publisher="U.S. Department of State",
    )
    review = desk.next_form(
        form,
        "review",
        topic="screenings",
        text="The U.S. Department of State wrote of 10,800 individuals screened in 2023.",
        value="10 800",
        unit="individuals",
        period="2023",
    )
    desk.finish(review, "confirm")
    text = desk.text("how many screenings were there in 2023?")
    assert "Others on the same period" in text
    assert "10,800" in text


def test_adding_again_does_not_undo_a_correction(desk: Desk) -> None:
    add_statement_of_2022(desk)
    review = desk.next_form(desk.form("correct F46"), "review", value="7,678", reason="the source says so")
    desk.finish(review, "confirm")
    assert "already held" in plain_text(add_statement_of_2022(desk).document)
    assert "7,678" in desk.text("check F46")


def test_an_older_export_does_not_undo_a_correction(desk: Desk) -> None:
    operator = Operator(desk.store)
    exported = operator.export(as_json=True).encode()
    review = desk.next_form(desk.form("correct F15"), "review", value="four", reason="the outlet corrected it")
    desk.finish(review, "confirm")
    applied = operator.import_file("old.json", exported, at=MONDAY, dry_run=False)
    assert applied.kept == ("victims-2023",)
    assert "4 victims" in desk.text("check F15")


@pytest.mark.parametrize(("line", "submit"), [("withdraw F15", "confirm"), ("restore F15", "confirm")])
def test_a_press_that_arrives_twice_is_told_the_same(desk: Desk, line: str, submit: str) -> None:
    if line.startswith("restore"):
        desk.finish(desk.form("withdraw F15"), "confirm", reason="test")
    form = desk.form(line)
    first = desk.finish(form, submit, once_key="event-1", reason="test")
    second = desk.finish(form, submit, once_key="event-1", reason="test")
    assert first.kind is second.kind is Kind.DONE
    without_choices = [block for block in first.document.blocks if not isinstance(block, Choices)]
    assert plain_text(second.document) == plain_text(replace(first.document, blocks=tuple(without_choices)))


async def test_a_fact_shown_in_one_digest_is_not_shown_in_the_next(desk: Desk) -> None:
    channel = Recorder()
    desk.say("subscribe")
    add_statement_of_2022(desk)
    await desk.tick(channel, MONDAY + timedelta(hours=1))
    reworded = "Around 7,700 screenings were made, the Government said."
    review = desk.next_form(desk.form("correct F46"), "review", text=reworded, reason="style")
    desk.finish(review, "confirm")
    desk.store.apply(LoadLibrary(NEWER_RATING, Origin.IMPORT), by="test", at=MONDAY)
    await desk.tick(channel, MONDAY + timedelta(days=1, hours=1))
    assert len(channel.posted) == 2
    assert "7,700" not in channel.texts[1]
