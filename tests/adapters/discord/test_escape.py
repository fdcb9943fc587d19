"""Text from the store in Discord's markdown: shown as it stands, unable to mention anyone or to format anything."""

import pytest
from discord_texts import HOSTILE, MENTIONS, live, shown, texts
from documents import ZALGO
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.escape import bold, escape, heading, labelled, link, plain, prose, quoted, small
from adapters.discord.limits import size
from bot.messages.visible import visible

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a*b_c~d|e`f", r"a\*b\_c\~d\|e\`f"),
        ("[a](http://b)", r"\[a\](http\://b)"),
        ("a < b > c & d", r"a \< b \> c & d"),
        ("# a\n## b\n  ### c\n#d", "\\# a\n\\## b\n  \\### c\n#d"),
        ("- a\n-# b\n-5%\n* c", "\\- a\n\\-# b\n-5%\n\\* c"),
        ("1. a\n 12. b\n11.5 c", "1\\. a\n 12\\. b\n11.5 c"),
        ("> a\n>>> b", "\\> a\n\\>\\>\\> b"),
        (":smile: 09:00 ::", r"\:smile: 09:00 ::"),
        ("\\_", r"\\\_"),
        ("discord.gg/abc discord.com/invite/abc", r"discord\.gg/abc discord\.com/invite/abc"),
        ("“quoted”, 'twice' \"thrice\" (販運人口)!", "“quoted”, 'twice' \"thrice\" (販運人口)!"),
        ("@everyone @here", "@\u200beveryone @\u200bhere"),
        ("<@1> <@!1> <@&1> <#1>", "\\<@\u200b1\\> \\<@\u200b!1\\> \\<@\u200b&1\\> \\<#\u200b1\\>"),
        ("ann@163.com @ann", "ann@163.com @ann"),
    ],
)
def test_a_mark_is_escaped_and_a_mention_is_broken_up(text: str, escaped: str) -> None:
    assert escape(text) == escaped


@given(anything | texts)
@settings(deadline=None)
def test_what_is_escaped_is_shown_as_it_stands_and_nothing_in_it_lives(text: str) -> None:
    assert shown(escape(text)) == visible(text)
    assert live(escape(text)) == []
    assert escape(visible(text)) == escape(text)
    escape(text).encode()


@pytest.mark.parametrize("text", [each for each in HOSTILE if len(each) < 100])
def test_nothing_lives_wherever_it_stands(text: str) -> None:
    line = " ".join(visible(text).split())
    for made in (
        *(bold(escape(line)), heading(escape(line)), labelled("Label", escape(line)), link("https://x.example", text)),
        *(link(text), link(text, text), prose(f"a {text} b"), prose(f"https://x.example/{text}"), small(prose(text))),
        *(quoted(escape(text)), f"- {escape(line)} ({escape(line)})"),
    ):
        assert live(made) == [], made


@pytest.mark.parametrize("mention", MENTIONS)
def test_no_mention_lives_on_a_button_or_at_a_foot(mention: str) -> None:
    assert not any(each in plain(mention, 80).lower() for each in ("@everyone", "@here", "<@1", "<@!1", "<@&1", "<#1"))


def test_a_text_without_marks_is_one_line_that_fits() -> None:
    assert plain(" a\n\n b\u2028c\0 *d* ", 80) == "a b c *d*"
    assert plain("word " * 40, 20) == "word word word word…"
    assert plain("@everyone " * 10, 25) == "@\u200beveryone @\u200beveryone…"


def test_our_own_marks_stand_around_the_text() -> None:
    assert [bold("a"), bold(" ")] == ["**a**", ""]
    assert [labelled("Source", "x"), labelled("", "x")] == ["**Source:** x", "x"]
    assert [heading("a"), heading("C#")] == ["### a", "**C#**"]
    assert small("a\n \nb") == "-# a\n-# b"
    assert quoted("a\n\nb") == "> a\n> b"


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://x.example/a?b=1&c=2", "[“A”, 甲 (2024)](<https://x.example/a?b=1&c=2>)"),
        ("https://x.example/(a)|b>c*\\", "[“A”, 甲 (2024)](<https://x.example/%28a%29%7Cb%3Ec%2A%5C>)"),
        ("https://x.example/甲", "[“A”, 甲 (2024)](<https://x.example/%E7%94%B2>)"),
        ("https://x.example/@everyone", "[“A”, 甲 (2024)](<https://x.example/%40everyone>)"),
        ("http://x.example", "[“A”, 甲 (2024)](<http://x.example>)"),
    ],
)
def test_a_link_holds_an_address_and_its_label_safely(url: str, linked: str) -> None:
    assert link(url, "“A”,\n甲 (2024)") == linked


@pytest.mark.parametrize("label", ["a_b", "a [b]", "🙂", "https://y.example", "a // b", "@everyone", ZALGO])
def test_a_label_that_no_masked_link_may_have_stands_before_the_address(label: str) -> None:
    made = link("https://x.example", label)
    assert made == f"{escape(label)} <https://x.example>"
    assert link("https://x.example") == "<https://x.example>"


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "@everyone", "<@1>", "https://", "https://例.example/", "http://[", "https://a b", ""),
        *("https://x.example/" + "a" * 3_000, "https://x.example/\ud800", "https://x.example/\u202e", "https://x/\0"),
    ],
)
def test_what_is_no_web_address_is_never_linked(url: str) -> None:
    assert link(url, "label") == "label"
    assert shown(link(url)) == " ".join(visible(url).split())
    assert live(link(url)) == []


def test_an_address_in_a_sentence_is_a_link_without_a_card_or_the_marks_after_it() -> None:
    assert prose("See https://x.example/a_b?c=1&d=2. (http://y.example/e) & <@1>") == (
        "See <https://x.example/a_b?c=1&d=2>. (<http://y.example/e>) & \\<@\u200b1\\>"
    )
    assert prose("見https://x.example/a。") == "見<https://x.example/a>。"


def test_the_size_of_a_text_is_that_of_its_utf_16() -> None:
    assert [size("abc"), size("字"), size("🙂")] == [3, 1, 2]
