"""The shortest documents that Slack once would have refused, or shown other than they are written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from asking import COUNT
from documents import PAGE
from servers.slack_limits import faults
from servers.slack_parts import texts_in

from adapters.slack.blocks import for_digest, pages, render
from adapters.slack.views import home_view, message_view
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

PIPES = "|" * 980
ADDRESS = f"http://a{PIPES}b"  # each `|` would be %7C in a link
MARKED = "*a* _b_ ~c~ `d` :smile:\n> e"
NOTHING = ("", " ", "\n\n", "\0", "\u200b", "\x85", "\u3000\xa0")
NOWHERE = Detail("", "")
LINE = FactLine(COUNT, "text", "source", None)


def card(*details: Detail, headline: str = "", said: str = "", quotation: Quotation | None = None) -> FactCard:
    return FactCard(COUNT, headline, said, details, quotation)


def refused(*blocks: Block) -> list[str]:
    """Return what Slack would refuse of these blocks, wherever they are shown."""
    document = Document(Locale.EN, blocks)
    found = [*pages(document), render(document, query="x"), for_digest(document)]
    messages: list[Mapping[str, Any]] = [{"text": page.text, "blocks": page.blocks} for page in found]
    messages += [message_view(document, "title", Locale.EN), home_view(document)]
    return [fault for message in messages for fault in faults(message)]


def shown(*blocks: Block) -> list[dict[str, Any]]:
    """Return the text objects of the first page."""
    return [block["text"] for block in pages(Document(Locale.EN, blocks))[0].blocks]


@pytest.mark.parametrize("nothing", NOTHING)
@pytest.mark.parametrize("said", ["plain", MARKED])
def test_no_section_is_made_of_nothing(nothing: str, said: str) -> None:
    detail = Detail(nothing, nothing, nothing)
    blocks: tuple[Block, ...] = (
        FactLine(COUNT, said, nothing, None),
        FactLine(COUNT, said, nothing, nothing),
        FactLine(COUNT, nothing, said, None),
        FactLine(COUNT, nothing, nothing, nothing),
        card(detail),
        card(detail, detail, headline=said),
        card(Detail(said, nothing), detail, Detail(nothing, said), detail, said=said),
        card(detail, headline=nothing, said=said, quotation=Quotation(nothing, said)),
        Heading(nothing),
        Paragraph(nothing),
        Footnote(nothing),
        Quotation(nothing, said),
        Quotation(said, nothing),
        Entries((Entry(nothing, nothing), Entry(nothing, said), Entry(said, nothing))),
        Table((nothing, said), ((nothing, nothing), (said, nothing))),
        Choices((Choice(nothing, said), Choice(said, nothing), Choice(nothing, nothing))),
    )
    assert [refused(block) for block in blocks] == [[] for _ in blocks]
    assert refused(*blocks) == []


def test_a_card_that_says_nothing_is_not_shown() -> None:
    texts = [text["text"] for text in shown(card(NOWHERE, NOWHERE, quotation=Quotation("\u200b", "by")))]
    assert texts == ["There is nothing to show."]


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(f"{'See. ' * 20}{ADDRESS}"),
        Paragraph(f"{ADDRESS} " * 9),
        Footnote(ADDRESS),
        Entries((Entry("term", ADDRESS),)),
        Table(("cell",), ((ADDRESS,),)),
        replace(LINE, text=f"{'See. ' * 20}{ADDRESS}"),
        replace(LINE, text=f"{ADDRESS} " * 3, source=ADDRESS, url=ADDRESS),
        card(Detail("Source", ADDRESS, ADDRESS), *[Detail("Also", "“” & " * 90)] * 21, said="& " * 2_000),
        card(*[Detail("*Source*", "& " * 70, PAGE)] * 8),
        Choices((Choice("label " * 40, f"add {ADDRESS}"), Choice("label " * 40, '"' * 999))),
        Heading("http://ab " * 99),
        Paragraph("http://ab " * 999),
    ],
)
def test_no_section_is_longer_for_the_links_in_it(block: Block) -> None:
    assert refused(block) == []


@pytest.mark.parametrize("text", ["& " * 1_498, "*&* " * 1_000, "🙂" * 1_499, "> " * 1_490, "*" * 2_999])
def test_what_is_just_too_long_once_escaped_goes_on_in_the_next_section(text: str) -> None:
    blocks: tuple[Block, ...] = (
        Heading(text),
        Paragraph(text),
        Footnote(text),
        Quotation(text, text),
        card(Detail(text, text, PAGE), headline=text, said=text, quotation=Quotation(text, text)),
        FactLine(COUNT, text, text, PAGE),
        Entries((Entry(text, text),)),
        Table((text, text), ((text, text),)),
        Choices((Choice(text, text),)),
    )
    assert [refused(block) for block in blocks] == [[] for _ in blocks]


def test_a_quotation_is_never_markup() -> None:
    for block in (Quotation(MARKED, "by"), card(quotation=Quotation(MARKED, "by"))):
        text = f"“{MARKED}”\n— by".replace(">", "&gt;")
        assert shown(block) == [{"type": "plain_text", "text": text, "emoji": False}]


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\r", "\n\u200b", "\n\0 "])
def test_a_line_that_begins_with_a_mark_of_quotation_is_plain_whatever_is_unseen_before_it(end: str) -> None:
    said = f"One{end}> two"
    for block in (Paragraph(said), replace(LINE, text=said), Entries((Entry("term", said),))):
        assert shown(block)[0]["type"] == "plain_text"


def test_a_marked_source_is_plain_and_its_link_is_beside_it() -> None:
    (source, address) = shown(card(Detail("Source", "*Daily*", f"{PAGE}|a")))
    assert source == {"type": "plain_text", "text": "Source: *Daily*", "emoji": False}
    assert address["text"].endswith("id=1%7Ca>")
    assert list(texts_in(shown(replace(LINE, source="*Daily*", url="https://例.example/_a_")))) == [
        "• text\n*Daily*\nhttps://例.example/_a_"
    ]
