"""Documents as Discord messages: what stands where, page by page, and what the buttons carry."""

import re
from dataclasses import replace
from itertools import chain

import pytest
from asking import COUNT
from discord_texts import shown, texts_in
from documents import LONG, PAGE, every_kind
from servers.discord_limits import faults
from snapshots import matches

from adapters.discord.embeds import Page, for_digest, pages, render
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
    Paragraph,
    Quotation,
    Table,
)

TOKEN = "t" * 22
CITATION = (
    Detail("Said by", "HKSAR Government, 25 June 2024", cites=True),
    Detail("Source", "Daily", PAGE, cites=True),
)
CARD = FactCard(COUNT, "value", "The government said so.", CITATION)
CITED = f"-# **Said by:** HKSAR Government, 25 June 2024 · **Source:** [Daily](<{PAGE}>)"
FIELDS = [
    {"name": "Said by", "value": "HKSAR Government, 25 June 2024", "inline": True},
    {"name": "Source", "value": f"[Daily](<{PAGE}>)", "inline": False},
]


def document(*blocks: Block, locale: Locale = Locale.EN) -> Document:
    return Document(locale, blocks)


def line(number: int, text: str = "") -> FactLine:
    fact = replace(COUNT, id=number)
    return FactLine(fact, text or f"Fact number {number} stands here.", f"Daily, F{number}", None)


def lines(count: int, text: str = "") -> tuple[FactLine, ...]:
    return tuple(line(number, text) for number in range(1, count + 1))


def custom_ids(page: Page) -> list[str]:
    return [button["custom_id"] for row in page.components for button in row["components"]]


def said(page: Page) -> str:
    """Return all that a page shows, as it is read."""
    return shown("\n".join(texts_in(page.message())))


def taken(page: Page) -> bool:
    return faults(page.message(), "message") == []


@pytest.mark.parametrize("name", ["every_kind", "every_kind_chinese"])
def test_every_kind_of_block_looks_as_it_did(name: str) -> None:
    chinese = name.endswith("chinese")
    found = every_kind("香港特區政府指報告“毫無根據”。", Locale.ZH_HANT) if chinese else every_kind()
    page = render(found, query="screenings", share_token=None if chinese else TOKEN)
    assert taken(page)
    matches(f"{name}.json", page.message())


def test_a_digest_looks_as_it_did() -> None:
    found = document(
        Heading("New official statements"),
        Heading("HKSAR Government, 20 July 2022: “Government responds to the report”"),
        replace(line(41, "The HKSAR Government said that around 7,700 screenings were conducted in 2021."), url=PAGE),
        line(42, "The HKSAR Government said that one victim was identified in 2021."),
        Footnote("This channel gets a digest daily at 09:00 Asia/Hong_Kong, and nothing when nothing is new."),
        Choices((Choice("Unsubscribe", "unsubscribe"),)),
    )
    page = for_digest(found, "d41f0")
    assert custom_ids(page) == ["choice:0:=d41f0 unsubscribe"]
    matches("digest.json", page.message())


def test_a_message_mentions_nobody() -> None:
    assert render(every_kind("@everyone"), query="x").message()["allowed_mentions"] == {"parse": []}


def test_an_answer_and_its_citation_stand_in_the_content_and_the_rest_in_an_embed() -> None:
    card = replace(CARD, details=(Detail("About", "2023"), *CITATION), quotation=Quotation("so it is", "by whom"))
    page = render(document(Heading("Topic"), card, Footnote("A remark.")), query="x")
    assert page.text == f"### Topic\n**value**\nThe government said so.\n{CITED}"
    assert page.embeds == [
        {"description": "> “so it is”\n> — by whom", "fields": [{"name": "About", "value": "2023", "inline": True}]},
        {"description": "-# A remark."},
    ]


def test_an_answer_of_which_no_more_is_held_has_no_embed() -> None:
    assert render(document(CARD), query="x").embeds == []


def test_of_several_facts_all_but_the_first_stand_in_embeds() -> None:
    page = render(document(CARD, replace(CARD, sentence="Others did not.")), query="x")
    assert page.text == f"**value**\nThe government said so.\n{CITED}"
    assert page.embeds == [{"title": "value", "description": "Others did not.", "fields": FIELDS}]


def test_a_fact_that_is_but_a_quotation_is_told_once_too() -> None:
    page = render(document(replace(CARD, sentence="", quotation=Quotation("so", "HKSAR Government"))), query="x")
    assert page.text == f"**value**\n> “so”\n> — HKSAR Government\n{CITED}"
    assert page.embeds == []


def test_what_tells_of_no_fact_card_stands_in_the_content_alone() -> None:
    page = render(document(Heading("All"), line(1), line(2), Paragraph("So much."), Footnote("Small.")), query="x")
    assert page.embeds == []
    assert page.text == (
        "### All\n- Fact number 1 stands here. (Daily, F1)\n- Fact number 2 stands here. (Daily, F2)"
        "\n\nSo much.\n\n-# Small."
    )


def test_what_the_content_has_no_room_for_goes_on_in_an_embed() -> None:
    found = document(Heading("All"), *lines(60))
    page = render(found, query="x")
    assert len(pages(found)) == 1
    assert [list(embed) for embed in page.embeds] == [["description"]]
    numbers = re.findall(r"number (\d+)", said(page))
    assert numbers == [str(number) for number in range(1, 61)]


def test_the_content_ends_before_a_heading_rather_than_within_a_list() -> None:
    page = render(document(Heading("First"), *lines(30), Heading("Second"), *lines(30)), query="x")
    assert page.text.endswith("(Daily, F30)")
    assert page.embeds[0]["description"].startswith("### Second\n- Fact number 1 stands here.")


def test_a_message_with_embeds_has_content_too() -> None:
    page = render(document(Heading("word " * 50), Paragraph("a" * 1_790), Paragraph("b" * 1_790)), query="x")
    assert page.text == f"### {('word ' * 50).strip()}"
    assert page.embeds[0]["description"].startswith("aaa")


def test_a_heading_over_a_fact_without_a_headline_is_that() -> None:
    page = render(document(CARD, Heading("Disputed: rejected"), replace(CARD, headline="")), query="x")
    assert [embed["title"] for embed in page.embeds] == ["Disputed: rejected"]
    assert "Disputed" not in page.text


def test_a_document_without_a_word_says_so() -> None:
    for empty in (
        document(),
        document(Paragraph(" \0"), Choices(()), Footnote("")),
        document(FactCard(COUNT, "", "", ())),
    ):
        for page in (render(empty, query=""), for_digest(empty)):
            assert page.text == "There is nothing to show."
            assert page.embeds == []


def test_choices_alone_are_named_in_the_content() -> None:
    page = render(document(Choices((Choice("One", "one"), Choice("Two *", "two")))), query="x")
    assert page.text == "- One\n- Two \\*"


def test_a_row_of_a_table_names_its_cells() -> None:
    table = Table(("Period", "Figure"), (("2022", ""), ("2023", "11,000")))
    page = render(document(table), query="x")
    assert page.text == "- **Period:** 2022 · **Figure:** –\n- **Period:** 2023 · **Figure:** 11,000"


def test_a_long_title_is_never_cut() -> None:
    question = " ".join(f"word{number}" for number in range(120))
    assert render(document(Heading(question)), query="x").text == f"### {question}"
    page = render(document(FactCard(COUNT, question, "So.", CITATION)), query="x")
    assert page.text == f"{question}\nSo.\n{CITED}"


def test_a_long_paragraph_goes_on_in_more_parts_and_pages_and_nothing_is_lost() -> None:
    text = " ".join(f"Sentence {number} is * stays here." for number in range(1_000))
    found = pages(document(Paragraph(text)))
    assert len(found) > 3
    assert all(map(taken, found))
    assert " ".join(" ".join(said(page).split()) for page in found) == text


def test_no_page_or_content_ends_with_a_heading() -> None:
    blocks: list[Block] = [Heading("Heading"), Paragraph("Long. " * 100)]
    found = pages(document(*blocks * 40))
    assert len(found) > 2
    for text in chain.from_iterable(texts_in(page.message()) for page in found):
        assert text.startswith("### Heading\nLong.")
        assert text.endswith("Long.")


def test_a_card_stays_in_one_embed() -> None:
    card = FactCard(COUNT, "value", "Sentence. " * 40, CITATION, Quotation("quoted " * 40, "by whom"))
    found = pages(document(*[card] * 12))
    assert len(found) > 1
    assert sum(len(page.embeds) for page in found) == 12
    for page in found:
        assert CITED in page.text
        assert all(embed["description"].endswith("quoted”\n> — by whom") for embed in page.embeds)
        assert all(embed["fields"] == FIELDS for embed in page.embeds[1:])


def test_a_card_too_long_for_an_embed_goes_on_with_its_citation_in_each() -> None:
    sentence = " ".join(f"said{number}" for number in range(600))
    quoted = " ".join(f"quoted{number}" for number in range(600))
    found = pages(document(FactCard(COUNT, "value", sentence, CITATION, Quotation(quoted, "HKSAR Government"))))
    assert len(found) > 1
    embeds = list(chain.from_iterable(page.embeds for page in found))
    for embed in embeds:
        assert [field["name"] for field in embed["fields"]] == ["Said by", "Source"]
    for text in chain.from_iterable(texts_in(page.message()) for page in found):
        assert ("quoted" in text) is ("— HKSAR Government" in text)
    assert re.findall(r"(?:said|quoted)\d+", " ".join(map(said, found))) == f"{sentence} {quoted}".split()


def test_a_citation_longer_than_a_page_is_cut_and_its_address_left_out() -> None:
    long = Detail("Source", "title " * 2_000, PAGE + "a" * LONG, cites=True)
    page = render(document(FactCard(COUNT, "value", "sentence", (long, *CITATION))), query="x")
    assert taken(page)
    assert "title title… · **Said by:** HKSAR Government" in page.text
    assert page.text.endswith(f"**Source:** [Daily](<{PAGE}>)")


def test_a_digest_too_long_leaves_out_facts_from_the_end_and_says_what_to_type() -> None:
    text = "The government said that a figure was about eleven thousand. " * 4
    found = document(
        Heading("New official statements"),
        Heading("HKSAR Government, 20 July 2022"),
        *lines(60, text),
        Footnote("This channel gets a digest daily at 09:00 Asia/Hong_Kong, and nothing when nothing is new."),
        Choices((Choice("Unsubscribe", "unsubscribe"),)),
    )
    page = for_digest(found)
    assert taken(page)
    kept = said(page).count("- The government")
    assert 10 < kept < 60
    assert f"F{kept})\n\n-# {60 - kept} more are left out here: type /tipfacts statement S1.\n\n-# This" in said(page)
    assert custom_ids(page) == ["choice:0:= unsubscribe"]
    assert page.unshown == frozenset(range(kept + 1, 61))


def test_a_long_line_of_a_digest_is_cut_and_its_source_is_not() -> None:
    page = for_digest(document(Heading("New"), replace(line(7, "word " * 2_000), url=PAGE)))
    assert page.text.endswith(f"word word… ([Daily, F7](<{PAGE}>))")


def test_a_card_too_long_to_be_posted_is_cut_and_its_citation_is_not() -> None:
    quotation = Quotation("quoted\n" * 900, "HKSAR Government")
    page = for_digest(document(Footnote("Shared by Ann"), FactCard(COUNT, "value", "said " * 900, CITATION, quotation)))
    assert taken(page)
    assert page.text.startswith("-# Shared by Ann\n\n**value**\nsaid said")
    assert page.text.endswith(f"said said…\n{CITED}")
    assert page.embeds[0]["description"].startswith("> “quoted\n> quoted")
    assert page.embeds[0]["description"].endswith("quoted…”\n> — HKSAR Government")


def test_what_is_no_fact_is_left_out_with_a_remark() -> None:
    entries = Entries(tuple(Entry(f"term {number}", "meaning " * 20) for number in range(100)))
    page = for_digest(document(Heading("Words"), entries, Footnote("foot")))
    assert said(page).endswith("There is more than fits here.\n\n-# foot")
    assert "term 0:" in said(page)
    assert "term 99:" not in said(page)


def test_a_message_without_buttons_carries_its_mark_in_small_letters() -> None:
    assert for_digest(document(Paragraph("x")), "d_1").text == "x\n\n-# Reference: d\\_1"


def test_a_button_that_a_mark_makes_too_long_is_a_line_to_type() -> None:
    long = "q" * 70
    page = for_digest(document(Paragraph("x"), Choices((Choice("Ask", long), Choice("Stop", "stop")))), "m" * 25)
    assert custom_ids(page) == [f"choice:0:={'m' * 25} stop"]
    assert f"/tipfacts {long}" in page.text


def test_choices_that_a_sentence_introduces_are_listed_under_it() -> None:
    options = (Choice("Initial screenings", "Initial screenings"), Choice("Tier *", "Tier *"))
    for question in ("Topics nearby:", "Which do you mean?", "相近主題："):
        found = document(Paragraph(question), Choices(options), Footnote("I read this so."))
        for page in (render(found, query="x"), for_digest(found)):
            assert page.text == f"{question}\n- Initial screenings\n- Tier \\*\n\n-# I read this so."
            assert [button.label for button in page.buttons] == ["Initial screenings", "Tier *"]
    (button,) = render(document(Paragraph("Added."), Choices(options[:1])), query="x").buttons
    assert button.label == "Initial screenings"
    assert render(document(Paragraph("Added."), Choices(options)), query="x").text == "Added."


def test_many_choices_are_told_by_their_buttons_alone() -> None:
    options = tuple(Choice(f"Topic {number}", f"topic {number}") for number in range(11))
    assert render(document(Paragraph("Which?"), Choices(options)), query="x").text == "Which?"
    assert render(document(Paragraph("Which?"), Choices(options[:10])), query="x").text.endswith("- Topic 9")
