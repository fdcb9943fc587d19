"""Text objects and the sections they stand in: none is blank, none is longer than Slack takes."""

import pytest
from servers.slack_limits import faults

from adapters.slack.kit import Json, joined, linked, literal, mrkdwn, plain, section, sections, written
from adapters.slack.limits import SECTION_TEXT


def shown(lines: list[Json]) -> list[str]:
    return [block["text"]["text"] for block in sections(lines)]


def test_lines_of_one_type_share_a_section() -> None:
    assert shown([mrkdwn("a"), mrkdwn("b"), literal("c"), literal("d"), mrkdwn("e")]) == ["a\nb", "c\nd", "e"]


@pytest.mark.parametrize("blank", ["", " ", "\n", "\u3000\xa0"])
def test_a_line_that_says_nothing_has_no_section_and_parts_none(blank: str) -> None:
    assert shown([mrkdwn(blank)]) == shown([literal(blank), mrkdwn(blank)]) == shown([]) == []
    assert shown([mrkdwn(blank), literal("a"), mrkdwn(blank), literal("b"), literal(blank)]) == ["a\nb"]


def test_lines_that_one_section_cannot_hold_stand_in_more() -> None:
    half = "a" * (SECTION_TEXT // 2)
    lines = [literal(half)] * 3
    assert shown(lines) == [half, half, half]
    assert shown([literal(half), literal(half[1:])]) == [f"{half}\n{half[1:]}"]
    assert faults({"text": "x", "blocks": list(sections(lines))}) == []


def test_two_texts_are_one_where_a_section_holds_them() -> None:
    assert joined(mrkdwn("a"), mrkdwn("b"), "\n\n") == mrkdwn("a\n\nb")
    assert joined(mrkdwn("a"), literal("b"), "\n") is None
    assert joined(literal("🙂" * 1_499), literal("b"), "\n") == literal("🙂" * 1_499 + "\nb")
    assert joined(literal("🙂" * 1_499), literal("bc"), "\n") is None  # 3,001 as Slack may count them


def test_an_address_that_can_be_no_link_is_shown_as_it_is_written() -> None:
    assert linked("https://x.example/_a_?b&c") == mrkdwn("<https://x.example/_a_?b&amp;c>")
    assert linked("https://例.example/_a_?b&c") == literal("https://例.example/_a_?b&amp;c")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("See https://x.example/_a_b & c", mrkdwn("See <https://x.example/_a_b> &amp; c")),
        ("See https://x.example/a|b", mrkdwn("See https://x.example/a|b")),
        ("See https://x.example/_a_|b", literal("See https://x.example/_a_|b")),
        ("*See* https://x.example/a", literal("*See* https://x.example/a")),
        ("a < *b* &lt; c", literal("a &lt; *b* &amp;lt; c")),
    ],
)
def test_a_text_is_plain_where_markup_would_show_another(text: str, made: Json) -> None:
    assert written(text) == made


def test_plain_text_is_escaped_as_slack_decodes_it_there_too() -> None:
    assert plain("R&D: <a> &lt;", 75) == literal("R&amp;D: &lt;a&gt; &amp;lt;")
    assert plain(" \0\u200b", 75) == literal("–")
    assert section(literal("a"))["text"] == literal("a")
