"""What a page says as text alone, where Discord takes no embeds: all that has room, and what to type for the rest."""

import re
from dataclasses import replace

from asking import COUNT
from discord_texts import shown, texts_in
from documents import PAGE
from servers.discord_limits import faults

from adapters.discord.embeds import Page, for_digest, pages, render
from adapters.discord.text_page import as_text
from bot.domain.people import Address, Platform
from bot.domain.text import Locale
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Detail,
    Document,
    Entries,
    Entry,
    FactCard,
    FactLine,
    Footnote,
    Heading,
    Quotation,
)
from bot.messages.names import channel

TOKEN = "t" * 22
CITATION = (
    Detail("Said by", "HKSAR Government, 25 June 2024", cites=True),
    Detail("Source", "Daily", PAGE, cites=True),
)
CARD = FactCard(COUNT, "value", "The government said so.", CITATION)
CITED = f"-# **Said by:** HKSAR Government, 25 June 2024 · **Source:** [Daily](<{PAGE}>)"


def document(*blocks: Block) -> Document:
    return Document(Locale.EN, blocks)


def lines(count: int) -> tuple[FactLine, ...]:
    facts = (replace(COUNT, id=number) for number in range(1, count + 1))
    return tuple(FactLine(fact, "A figure was stated so. " * 10, f"Daily, F{fact.id}", None) for fact in facts)


def said(page: Page) -> str:
    """Return all that a page shows, as it is read."""
    return shown("\n".join(texts_in(page.message())))


def taken(page: Page) -> bool:
    return faults(page.message(), "message") == []


def test_a_page_told_as_text_alone_says_all_that_has_room_and_lines_to_type_for_its_buttons() -> None:
    choices = Choices((Choice("History", "history screenings"),))
    page = render(document(Heading("Topic"), CARD, CARD, Footnote("A remark."), choices), query="x", share_token=TOKEN)
    said_once = f"**value**\nThe government said so.\n{CITED}"
    alone = as_text(page)
    assert alone.text == (
        f"### Topic\n{said_once}\n\n{said_once}\n\n-# A remark.\n\n**History:** /tipfacts history screenings"
    )
    assert (alone.embeds, alone.buttons, alone.unshown) == ([], (), frozenset())


def test_a_page_told_as_text_alone_says_which_facts_it_leaves_out() -> None:
    cards = [replace(CARD, fact=replace(COUNT, id=number), sentence="word " * 200) for number in range(1, 10)]
    for page in (pages(document(*cards))[0], for_digest(document(*cards))):
        alone = as_text(page)
        assert taken(alone)
        kept = alone.text.count("**Said by:**")
        assert 1 <= kept < 9
        shown = {card.fact.id for card in cards[:kept]}
        assert alone.unshown == {block.fact.id for block in page.source.blocks if isinstance(block, FactCard)} - shown
        assert alone.text.endswith("more are left out here: type /tipfacts statement S1.")


def test_a_page_told_as_text_alone_goes_on_with_those_behind_it_and_says_what_shows_all() -> None:
    found = document(Heading("All"), *lines(200))
    count = len(pages(found))
    assert count > 1
    first, last = (as_text(render(found, query="statement S1", page=number)) for number in (0, count - 1))
    for number, alone in ((0, first), (count - 1, last)):
        begins = re.search(r"F\d+\)", pages(found)[number].text)
        assert begins
        assert begins[0] in alone.text
        assert alone.text.endswith(f"{len(alone.unshown)} more are left out here: type /tipfacts statement S1.")
        assert taken(alone)
    assert last.unshown < first.unshown
    assert as_text(pages(found)[0]).unshown < first.unshown  # of pages that are sent one after the other


def test_of_a_history_the_newest_are_posted_and_told_as_text_alone() -> None:
    found = document(Footnote("Shared by Ann"), Heading("History"), *lines(60))
    page = for_digest(found, line="/tipfacts history screenings")
    for posted in (page, as_text(page)):
        assert taken(posted)
        left = len(posted.unshown)
        assert posted.unshown == frozenset(range(1, left + 1))
        remark = f"### History\n\n-# {left} more are left out here: type /tipfacts history screenings.\n\n- A figure"
        assert remark in said(posted).replace("History\n-#", "History\n\n-#")
        assert said(posted).endswith("F60)")
    assert page.unshown < as_text(page).unshown


def test_a_card_too_long_for_one_message_is_cut_and_its_citation_is_not() -> None:
    card = replace(CARD, sentence="said " * 900, quotation=Quotation("quoted " * 900, "HKSAR Government"))
    alone = as_text(for_digest(document(Footnote("Shared by Ann"), card)))
    assert alone.text.startswith("-# Shared by Ann\n\n**value**\nsaid said")
    assert alone.text.endswith(f"said said…\n{CITED}")
    assert alone.unshown == frozenset()


def test_what_one_person_is_told_names_channels_as_text_alone_too() -> None:
    where = document(Entries((Entry("Channel", channel("#41", Address(Platform.DISCORD, "3", "41"))),)))
    assert as_text(for_digest(where, "d1", private=True)).text == "**Channel:** <#41>\n\n-# Reference: d1"
    assert as_text(pages(where)[0]).text == "**Channel:** <#41>"
    assert as_text(for_digest(where)).text == "**Channel:** #41"
