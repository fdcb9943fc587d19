"""Text cut to what a platform takes, whatever that makes of it."""

import re

import pytest
from documents import ZALGO, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.cutting import clip, pieces
from bot.messages.visible import one_line, visible


def escaped(text: str) -> int:
    """Return the size of a text on a platform that puts something before each mark."""
    return len(re.sub(r"[&<>*_]", "&amp;", text).encode("utf-16-le", "surrogatepass")) // 2


@given(texts, st.integers(20, 3_000))
@settings(deadline=None, max_examples=50)
def test_text_is_cut_to_size_and_only_space_is_lost(text: str, most: int) -> None:
    cut = list(pieces(text, most, escaped))
    assert all(0 < escaped(piece) <= most for piece in cut)
    assert "".join("".join(cut).split()) == "".join(visible(text).split())
    assert escaped(clip(text, most, escaped)) <= most


def test_text_is_cut_at_the_end_of_a_line_or_else_a_sentence_or_else_a_word() -> None:
    assert list(pieces("One two.\nThree four.", 14, len)) == ["One two.", "Three four."]
    assert list(pieces("One two. Three four.", 14, len)) == ["One two.", "Three four."]
    assert list(pieces("one two three", 10, len)) == ["one two", "three"]
    assert list(pieces("一二三。四五六。", 6, len)) == ["一二三。", "四五六。"]
    assert list(pieces("販運人口的樞紐", 4, len)) == ["販運人口", "的樞紐"]


def test_no_letter_is_cut_from_its_marks() -> None:
    family = "👩\u200d👩\u200d👧"
    assert list(pieces("e\u0301" * 10, 5, len)) == ["e\u0301e\u0301"] * 5
    assert list(pieces(family * 2, 7, len)) == [family, family]
    assert clip("e\u0301" * 10, 4, len) == "e\u0301…"


def test_a_text_that_fits_is_left_as_it_is_and_a_long_one_ends_in_an_ellipsis() -> None:
    assert clip(" word ", 4, len) == "word"
    assert clip("word word word", 11, len) == "word word…"
    assert clip("wordwordword", 5, len) == "word…"
    assert clip("word", 1, len) == "…"


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


def test_a_title_is_one_line() -> None:
    assert one_line(" a\n\n b\u2028c\0 ") == "a b c"
