"""Text from the store in Slack's text objects: shown as it stands, unable to mention anyone."""

import html

import pytest
from documents import MENTIONS, ZALGO, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.cutting import clip, pieces
from adapters.slack.escape import bold, escape, has_markup, labelled, link, one_line, prose, visible
from adapters.slack.limits import size

anything = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a & b", "a &amp; b"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U1|ann>", "&lt;@U1|ann&gt;"),
        ("&lt;", "&amp;lt;"),
        ("“quoted”, 'twice' \"thrice\"", "“quoted”, 'twice' \"thrice\""),
        ("販運人口", "販運人口"),
    ],
)
def test_only_the_three_special_characters_become_entities(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("\u202eabc\u2066\u200f\ufeff\u200b\u00ad", "abc"),
        ("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("a\tb", "a b"),
        ("\ud83d\ude42 \ud800 \udc00", "🙂 \ufffd \ufffd"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        (ZALGO, ZALGO),
    ],
)
def test_what_is_unseen_or_turns_text_around_is_taken_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(anything | texts)
@settings(deadline=None)
def test_what_is_escaped_is_shown_as_it_stands(text: str) -> None:
    assert html.unescape(escape(text)) == html.unescape(escape(html.unescape(escape(text))))
    assert escape(text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == visible(text)
    assert escape(visible(text)) == escape(text)
    assert not set("<>") & set(escape(text))
    escape(text).encode()


def test_a_title_is_one_line() -> None:
    assert one_line(" a\n\n b\u2028c\0 ") == "a b c"


def test_bold_never_breaks_on_an_asterisk() -> None:
    assert [bold("a"), bold("a * b"), bold(" ")] == ["*a*", "a * b", " "]
    assert [labelled("Source", "x"), labelled("", "x")] == ["*Source:* x", "x"]


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://x.example/a?b=1&c=2", "<https://x.example/a?b=1&amp;c=2|A &gt; b>"),
        ("https://x.example/a|b>c<d", "<https://x.example/a%7Cb%3Ec%3Cd|A &gt; b>"),
        ("https://x.example/甲", "<https://x.example/%E7%94%B2|A &gt; b>"),
        ("http://x.example", "<http://x.example|A &gt; b>"),
    ],
)
def test_a_link_holds_an_address_and_its_label_safely(url: str, linked: str) -> None:
    assert link(url, "A >\nb") == linked


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "!channel", "@U1", "https://", "https://例.example/", "http://[", "https://a b", ""),
        *("https://x.example/" + "a" * 3_000, "https://x.example/\ud800", "https://x.example/\u202e", "https://x/\0"),
    ],
)
def test_what_is_no_web_address_is_never_linked(url: str) -> None:
    assert link(url, "label") == "label"
    assert "<" not in link(url)


def test_an_address_in_a_sentence_is_a_link_without_the_marks_after_it() -> None:
    assert prose("See https://x.example/a?b=1&c=2. (http://y.example/d) & <@U1>") == (
        "See <https://x.example/a?b=1&amp;c=2>. (<http://y.example/d>) &amp; &lt;@U1&gt;"
    )
    assert prose("見https://x.example/a。") == "見<https://x.example/a>。"


def test_an_address_that_a_link_would_show_otherwise_stays_text() -> None:
    assert prose("See https://x.example/a|b&c.") == "See https://x.example/a|b&amp;c."
    assert prose("https:///a") == "https:///a"


@given(st.lists(st.sampled_from(("http://ab", "https://x.example/?a", *"|&<>_ .字\n"))).map("".join) | texts)
@settings(deadline=None)
def test_links_add_two_characters_to_every_ten_at_most(text: str) -> None:
    assert size(escape(text)) <= size(prose(text)) <= size(escape(text)) * 5 / 4


@pytest.mark.parametrize(
    "text",
    [
        *("*a*", "_a_", "~a~", "`a`", ":smile:", ":微笑:", "> a", "a\n  > b", "a\x85> b", "\u200b> a", "\0\t> a"),
        *("\uff0aa\uff0a", "\uff3fa\uff3f", "\uff40a\uff40", "\uff1e a"),
        *("https://x.example/a *b*", "https://x.example/_a_|b", "https:///_a_"),
        *(
            "a _b_ c",
            "a_ b",
            "a _b",
            "a__b",
            "(_a)",
            "字_字_字",
            "x_https://x.example/a",
            ":100:",
            ":1234:",
            ":1f:",
            "1:00:a:",
        ),
    ],
)
def test_markup_is_what_slack_could_act_upon(text: str) -> None:
    assert has_markup(text)


@pytest.mark.parametrize(
    "text",
    [
        *("a > b", "at 12:30", "販運：人口～甲", "https://x.example/_a_?b=*c", "https://x/a|b", ""),
        *(
            "daily at 09:00 Asia/Hong_Kong",
            "at 09:00:",
            "09:00:00",
            "snake_case_2 and 3_d",
            "https://x.example/a Hong_Kong",
        ),
    ],
)
def test_what_slack_shows_as_it_is_written_has_no_markup(text: str) -> None:
    assert not has_markup(text)


@pytest.mark.parametrize("mention", MENTIONS)
def test_no_mention_lives_in_a_sentence_or_label(mention: str) -> None:
    for text in (prose(mention), link("https://x.example", mention), link(mention, mention), link(mention)):
        assert not any(opening in text for opening in ("<!", "<@", "<#"))


@given(texts, st.integers(20, 3_000))
@settings(deadline=None, max_examples=50)
def test_text_is_cut_to_size_and_only_space_is_lost(text: str, most: int) -> None:
    cut = list(pieces(text, most))
    assert all(0 < size(escape(piece)) <= most for piece in cut)
    assert "".join("".join(cut).split()) == "".join(visible(text).split())
    assert size(escape(clip(text, most))) <= most


def test_text_is_cut_at_the_end_of_a_line_or_else_a_sentence_or_else_a_word() -> None:
    assert list(pieces("One two.\nThree four.", 14)) == ["One two.", "Three four."]
    assert list(pieces("One two. Three four.", 14)) == ["One two.", "Three four."]
    assert list(pieces("one two three", 10)) == ["one two", "three"]
    assert list(pieces("一二三。四五六。", 6)) == ["一二三。", "四五六。"]
    assert list(pieces("販運人口的樞紐", 4)) == ["販運人口", "的樞紐"]


def test_no_letter_is_cut_from_its_marks() -> None:
    family = "👩\u200d👩\u200d👧"
    assert list(pieces("e\u0301" * 10, 5)) == ["e\u0301e\u0301"] * 5
    assert list(pieces(family * 2, 10)) == [family, family]
    assert clip("e\u0301" * 10, 4) == "e\u0301…"
