"""Documents as Slack messages: what stands where, page by page, and what the buttons carry."""

import html
import json
import re
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from asking import COUNT
from documents import LONG, MENTIONS, PAGE, every_kind
from servers.slack_limits import faults
from servers.slack_parts import texts_in
from snapshots import matches

from adapters.slack.blocks import Page, carried, for_digest, paged, pages, render
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
LINK = re.compile(r"<[^|>]*\|([^>]*)>")
CITATION = (Detail("Said by", "HKSAR Government, 25 June 2024"), Detail("Source", "Daily", PAGE))


def document(*blocks: Block, locale: Locale = Locale.EN) -> Document:
    return Document(locale, blocks)


def line(number: int, text: str = "") -> FactLine:
    fact = replace(COUNT, id=number)
    return FactLine(fact, text or f"Fact number {number} stands here.", f"Daily, F{number}", None)


def lines(count: int, text: str = "") -> tuple[FactLine, ...]:
    return tuple(line(number, text) for number in range(1, count + 1))


def buttons(page: Page) -> dict[str, Any]:
    """Return what each button of a page carries, by its action_id."""
    rows = (block["elements"] for block in page.blocks if block["type"] == "actions")
    return {each["action_id"]: json.loads(each["value"]) for each in chain.from_iterable(rows)}


def kinds(page: Page) -> list[str]:
    return [block["type"] for block in page.blocks]


def shown(page: Page) -> str:
    """Return all that a page's blocks show, as it is read."""
    return html.unescape("\n".join(LINK.sub(r"\1", text) for text in texts_in(page.blocks)))


@pytest.mark.parametrize("name", ["every_kind", "every_kind_chinese"])
def test_every_kind_of_block_looks_as_it_did(name: str) -> None:
    chinese = name.endswith("chinese")
    found = every_kind("香港特區政府指報告“毫無根據”。", Locale.ZH_HANT) if chinese else every_kind()
    page = render(found, query="screenings", share_token=None if chinese else TOKEN)
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    matches(f"{name}.json", {"blocks": page.blocks})
    matches(f"{name}.txt", page.text)


def test_a_digest_looks_as_it_did() -> None:
    found = document(
        Heading("New official statements"),
        Heading("HKSAR Government, 20 July 2022: “Government responds to the report”"),
        replace(line(41, "The HKSAR Government said that around 7,700 screenings were conducted in 2021."), url=PAGE),
        line(42, "The HKSAR Government said that one victim was identified in 2021."),
        Footnote("This channel gets a digest daily at 09:00 Asia/Hong_Kong, and nothing when nothing is new."),
        Choices((Choice("Unsubscribe", "unsubscribe"),)),
    )
    page = for_digest(found)
    assert page == pages(found)[0]
    matches("digest.json", {"blocks": page.blocks})
    matches("digest.txt", page.text)


def test_the_text_says_all_that_the_blocks_show() -> None:
    page = render(every_kind(), query="screenings")
    assert set(re.findall(r"\w+", shown(page))) <= set(re.findall(r"\w+", html.unescape(page.text)))
    assert "History: /tipfacts history screenings\n/tipfacts tier" in page.text


def test_a_document_without_a_word_says_so() -> None:
    for empty in (document(), document(Paragraph(" \0"), Choices(()), Footnote(""))):
        for page in (render(empty, query=""), for_digest(empty)):
            assert page.text == "There is nothing to show."
            assert kinds(page) == ["section"]


def test_lists_share_a_section_and_a_page_holds_many_lines() -> None:
    page = render(document(Heading("All"), *lines(80)), query="x")
    assert kinds(page) == ["header", "section", "section"]
    assert page.text.splitlines()[:3] == [
        "All",
        "- Fact number 1 stands here. [Daily, F1]",
        "- Fact number 2 stands here. [Daily, F2]",
    ]


def test_a_row_of_a_table_names_its_cells() -> None:
    table = Table(("Period", "Figure"), (("2022", ""), ("2023", "11,000")))
    page = render(document(table), query="x")
    assert page.blocks[0]["text"]["text"] == "*Period:* 2022\n*Figure:* –\n\n*Period:* 2023\n*Figure:* 11,000"
    assert page.text == "Period: 2022, Figure: –\nPeriod: 2023, Figure: 11,000"


def test_a_zone_or_a_time_of_day_takes_no_line_out_of_its_list() -> None:
    schedule = Entry("Schedule", "daily at 09:00 Asia/Hong_Kong")
    page = render(document(Entries((Entry("Topics", "all"), schedule, Entry("Digest at 09:00", "is next")))), query="x")
    assert kinds(page) == ["section"]
    assert page.blocks[0]["text"]["text"] == (
        "*Topics:* all\n*Schedule:* daily at 09:00 Asia/Hong_Kong\n*Digest at 09:00:* is next"
    )


def test_a_long_title_is_bold_text_and_never_cut() -> None:
    question = " ".join(f"word{number}" for number in range(120))
    page = render(document(Heading(question)), query="x")
    assert kinds(page) == ["section"]
    assert page.blocks[0]["text"]["text"] == f"*{question}*"
    assert page.text == question


def test_a_long_paragraph_goes_on_in_more_sections_and_pages_and_nothing_is_lost() -> None:
    text = " ".join(f"Sentence {number} is & stays here." for number in range(700))
    found = pages(document(Paragraph(text)))
    assert len(found) > 3
    assert " ".join(html.unescape(page.text).replace("\n\n", " ") for page in found) == text
    assert " ".join(" ".join(shown(page).splitlines()) for page in found) == text


def test_no_page_ends_with_a_heading() -> None:
    blocks: list[Block] = [Heading("Heading"), Paragraph("Long. " * 100)]
    found = pages(document(*blocks * 40))
    assert len(found) > 3
    assert [page.blocks[-1]["type"] for page in found] == ["section"] * len(found)
    assert [page.blocks[0]["type"] for page in found] == ["header"] * len(found)


def test_a_card_stays_on_one_page() -> None:
    card = FactCard(COUNT, "value", "Sentence. " * 40, CITATION, Quotation("quoted " * 40, "by whom"))
    found = pages(document(*[card] * 12))
    assert len(found) > 1
    for page in found:
        assert page.text.count("value\nSentence.") == page.text.count("Source: Daily") == page.text.count("— by whom")


def test_a_card_too_long_for_a_page_goes_on_with_its_citation_on_each() -> None:
    said = " ".join(f"said{number}" for number in range(600))
    quoted = " ".join(f"quoted{number}" for number in range(600))
    found = pages(document(FactCard(COUNT, "value", said, CITATION, Quotation(quoted, "HKSAR Government"))))
    assert len(found) > 1
    for page in found:
        assert "*Said by:* HKSAR Government, 25 June 2024\n*Source:* <https://" in "\n".join(texts_in(page.blocks))
        assert page.text.endswith("id=1>")
        assert ("quoted" in page.text) is ("— HKSAR Government" in page.text)
    words = re.findall(r"(?:said|quoted)\d+", " ".join(page.text for page in found))
    assert words == f"{said} {quoted}".split()


def test_a_citation_longer_than_a_page_is_cut_and_its_address_left_out() -> None:
    long = Detail("Source", "title " * 2_000, PAGE + "a" * LONG)
    page = render(document(FactCard(COUNT, "value", "sentence", (long, *CITATION))), query="x")
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    assert "title title…\nSaid by: HKSAR Government" in page.text


def test_choices_are_buttons_that_carry_what_to_ask() -> None:
    page = render(every_kind(), query="x")
    assert buttons(page) == {"choice:1": {"q": "history screenings"}, "choice:2": {"q": "tier"}}


def test_many_choices_stand_in_rows_and_are_numbered_through() -> None:
    options = tuple(Choice(f"Topic {number}", f"topic {number}") for number in range(1, 61))
    page = render(document(Choices(options), Choices((Choice("Last", "last"),))), query="x")
    assert kinds(page) == ["actions"] * 4
    assert list(buttons(page)) == [f"choice:{number}" for number in range(1, 62)]


def test_a_choice_that_no_button_can_carry_is_a_line_to_type() -> None:
    query = '"' * 1_000
    page = render(document(Choices((Choice("One", query), Choice("Two", "two")))), query="x")
    assert kinds(page) == ["section", "actions"]
    assert page.text == f"One: /tipfacts {query}\n\nTwo: /tipfacts two"
    assert list(buttons(page)) == ["choice:2"]


def test_a_long_label_is_cut_on_the_button_and_whole_in_the_text() -> None:
    label = "Which of the two figures do you mean, the one of the government or that of the report?"
    page = render(document(Choices((Choice(label, "tier"),))), query="x")
    assert (
        page.blocks[0]["elements"][0]["text"]["text"]
        == "Which of the two figures do you mean, the one of the government or that of…"
    )
    assert page.text == f"{label}: /tipfacts tier"


@pytest.mark.parametrize("query", ["a < b & c > d", 'say "this" \\ that', "甄別\n🙂", *MENTIONS])
def test_what_a_button_carries_comes_back_even_where_slack_escapes_it(query: str) -> None:
    value = carried(q=query, p=1)
    assert value is not None
    assert not set("<>&") & set(value)
    assert json.loads(value) == {"q": query, "p": 1}
    assert json.loads(html.unescape(value)) == {"q": query, "p": 1}


def test_what_is_too_long_for_a_button_is_carried_by_none() -> None:
    assert carried(q="a" * 2_000) is None
    assert carried(q="a" * 1_900) is not None
    assert buttons(render(document(Paragraph("x")), query="&" * 1_000, share_token=TOKEN)) == {}


def test_sharing_carries_the_question_and_stands_beside_the_choices() -> None:
    page = render(every_kind(), query="screenings", share_token=TOKEN)
    assert kinds(page)[-2:] == ["context", "actions"]
    assert buttons(page)["share"] == {"q": "screenings", "t": TOKEN}
    assert "share" not in buttons(render(every_kind(), query="screenings"))


def test_only_the_first_page_can_be_shared_since_what_is_shared_is_no_page() -> None:
    found = document(Paragraph("Long sentence. " * 1_000))
    shares = ["share" in buttons(render(found, query="log", share_token=TOKEN, page=at)) for at in range(3)]
    assert shares == [True, False, False]


def test_pages_are_turned_by_buttons_that_ask_anew() -> None:
    found = document(Paragraph("Long sentence. " * 1_000))
    count = len(pages(found))
    turning = [
        {name: value for name, value in buttons(render(found, query="log", page=at)).items() if "page" in name}
        for at in range(count)
    ]
    assert turning[0] == {"page:next": {"q": "log", "p": 1}}
    assert turning[1] == {"page:back": {"q": "log", "p": 0}, "page:next": {"q": "log", "p": 2}}
    assert turning[-1] == {"page:back": {"q": "log", "p": count - 2}}
    assert render(found, query="log", page=1).text.endswith(f"Page 2 of {count}")
    assert shown(render(found, query="log", page=1)).endswith(f"Page 2 of {count}")


def test_a_page_that_is_no_more_is_the_nearest_there_is() -> None:
    found = document(Paragraph("Long sentence. " * 1_000))
    last = render(found, query="log", page=len(pages(found)) - 1)
    assert render(found, query="log", page=99) == last
    assert render(found, query="log", page=-1) == render(found, query="log")
    assert paged(pages(found), 99, "log") == last


def test_pages_of_what_cannot_be_asked_again_have_no_buttons() -> None:
    found = document(Paragraph("Long sentence. " * 1_000))
    assert buttons(render(found, query="")) == {}
    assert [buttons(page) for page in pages(found)] == [{}] * len(pages(found))


def test_a_digest_too_long_leaves_out_facts_from_the_end_and_says_what_to_type() -> None:
    text = "The government said that a figure was about eleven thousand. " * 4
    found = document(
        Heading("New official statements"),
        Heading("HKSAR Government, 20 July 2022"),
        *lines(40, text),
        Footnote("This channel gets a digest daily at 09:00 Asia/Hong_Kong, and nothing when nothing is new."),
        Choices((Choice("Unsubscribe", "unsubscribe"),)),
    )
    page = for_digest(found)
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    kept = page.text.count("\n- ")
    assert 5 < kept < 40
    assert f"F{kept}]\n\n{40 - kept} more are left out here: type /tipfacts statement S1.\n\nThis channel" in page.text
    assert buttons(page) == {"choice:1": {"q": "unsubscribe"}}
    assert page.unshown == frozenset(range(kept + 1, 41))


LONG_LINE = "The government said that a figure was about eleven thousand. " * 4


@pytest.mark.parametrize("foot", [(), (Footnote("foot"),)])
def test_of_a_history_too_long_the_oldest_are_left_out_and_the_line_that_shows_all_is_named(
    foot: tuple[Block, ...],
) -> None:
    top = (Footnote("Shared by Ann"), Heading("history screenings"), Heading("History: Screenings"))
    found = document(*top, Paragraph("figures"), *lines(60, LONG_LINE), *foot)
    page = for_digest(found, line="history screenings & <!here>", newest_last=True)
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    left = 60 - page.text.count("\n- ")
    assert 10 < left < 60
    remark = f"{left} more are left out here: type /tipfacts history screenings &amp; &lt;!here&gt;."
    assert f"History: Screenings\nfigures\n\n{remark}\n\n- The government" in page.text
    assert f", F{left + 1}]\n" in page.text
    assert page.text.endswith("F60]\n\nfoot" if foot else "F60]")
    assert page.unshown == frozenset(range(1, left + 1))


def test_of_the_versions_of_a_fact_the_oldest_are_left_out_with_their_headings() -> None:
    versions: list[Block] = []
    for at in range(1, 41):
        versions += [Heading(f"Version {at}: corrected"), line(1, f"{at}. {LONG_LINE}")]
    found = document(Footnote("Shared by Ann"), Heading("history F1"), *versions)
    page = for_digest(found, line="history F1", newest_last=True)
    kept = page.text.count("Version ")
    assert 5 < kept < 40
    assert page.text.startswith(
        f"Shared by Ann\n\nhistory F1\n{40 - kept} more are left out here: type /tipfacts history F1.\n\n"
        f"Version {41 - kept}: corrected\n- {41 - kept}. The government"
    )
    assert "Version 40: corrected\n- 40. The government" in page.text
    assert page.text.count("left out") == 1
    assert page.unshown == frozenset()


def test_a_history_that_fits_is_whole_and_one_of_nothing_is_no_fault() -> None:
    for found in (document(Heading("History"), *lines(5)), document(Heading("History")), document()):
        assert for_digest(found, line="history x", newest_last=True) == for_digest(found)


def test_a_digest_of_many_statements_says_under_each_what_is_left_out() -> None:
    text = "The government said that a figure was about eleven thousand. " * 3
    statements = [replace(COUNT.statement, id=number) for number in range(1, 21)]
    blocks = [
        block
        for statement in statements
        for block in (
            Heading(f"Statement {statement.id}: “{'title ' * 12}”"),
            replace(line(1, text), fact=replace(COUNT, statement=statement)),
        )
    ]
    page = for_digest(document(Heading("New"), *blocks, Footnote("foot"), Choices((Choice("Stop", "stop"),))))
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    for statement in statements:
        assert f"Statement {statement.id}:" in page.text
    assert "1 more is left out here: type /tipfacts statement S20." in page.text
    assert page.text.endswith("foot\n\nStop: /tipfacts stop")


def test_a_long_line_of_a_digest_is_cut_and_its_source_is_not() -> None:
    long = replace(line(7, "word " * 2_000), url=PAGE)
    page = for_digest(document(Heading("New"), long))
    assert "word… [Daily, F7]" in page.text
    assert "[<https://www.example.org/" in page.blocks[1]["text"]["text"]


def test_a_card_too_long_to_be_posted_is_cut_and_its_citation_is_not() -> None:
    quotation = Quotation("quoted\n" * 900, "HKSAR Government")
    page = for_digest(document(Footnote("Shared by Ann"), FactCard(COUNT, "value", "said " * 900, CITATION, quotation)))
    assert faults({"blocks": page.blocks, "text": page.text}) == []
    assert "Shared by Ann\n\nvalue\nsaid said" in page.text
    assert "said…\n“quoted quoted" in page.text
    assert "quoted…”\n— HKSAR Government\nSaid by: HKSAR Government, 25 June 2024\nSource: Daily <https" in page.text


def test_what_is_no_fact_is_left_out_with_a_remark() -> None:
    entries = Entries(tuple(Entry(f"term {number}", "meaning " * 20) for number in range(100)))
    page = for_digest(document(Heading("Words"), entries, Footnote("foot")))
    assert page.text.endswith("There is more than fits here.\n\nfoot")
    assert "term 0" in page.text
    assert "term 99" not in page.text
