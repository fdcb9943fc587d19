from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from adapters.console.wrapping import breaks

MIXED = st.text(st.sampled_from("香港，。「」2023年% Aa-/ ")) | st.text(
    st.characters(exclude_categories=("C", "Z", "M"))
)


def wrapped(text: str, width: int) -> list[str]:
    offsets = [0, *breaks(text, width), len(text)]
    return [text[start:end] for start, end in pairwise(offsets)]


@given(text=MIXED, width=st.integers(2, 40))
def test_no_line_is_too_long_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert "".join(lines) == text
    assert all(cell_len(line.rstrip()) <= width for line in lines)


@pytest.mark.parametrize("width", range(10, 30))
def test_no_chinese_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    lines = wrapped("政府表示，2023年進行了約11,000次「初步識別審核」，較前一年增加45%，並會繼續。", width)
    assert not [line for line in lines if line[0] in "，。」%" or line.rstrip()[-1] == "「"]


def test_english_breaks_between_words() -> None:
    assert wrapped("three victims were identified", 14) == ["three victims ", "were ", "identified"]


def test_a_long_address_breaks_where_it_can_be_read_on() -> None:
    assert wrapped("https://x.example/one-two/three", 20) == ["https://x.example/", "one-two/three"]
    assert wrapped("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
