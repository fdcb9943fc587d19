"""Cutting text into index terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.terms import contains_han, terms, words


@pytest.mark.parametrize("written", ["11,000", "11 000", "11\u00a0000", "11000", "１１０００"])
def test_a_number_is_one_term_however_its_thousands_are_parted(written: str) -> None:
    assert terms(written) == ["11000"]


def test_english_words_are_stemmed_so_that_screened_finds_screenings() -> None:
    assert terms("Screenings screened")[0] == terms("Screenings screened")[1]


def test_chinese_is_cut_into_overlapping_pairs() -> None:
    assert terms("販運人口") == ["販運", "運人", "人口"]


def test_a_single_chinese_character_is_a_term_of_its_own() -> None:
    assert terms("級") == ["級"]


def test_a_dotted_abbreviation_is_one_word() -> None:
    assert words("the U.S. report") == ["the", "us", "report"]


def test_invisible_characters_do_not_part_words() -> None:
    assert words("screen\u200bings") == ["screenings"]


def test_chinese_is_told_from_english() -> None:
    assert contains_han("什麼是FDH")
    assert not contains_han("what is FDH?")


@given(st.text())
def test_no_text_can_break_the_cutting_and_no_term_is_empty(text: str) -> None:
    assert all(terms(text))
