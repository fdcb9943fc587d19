"""Cutting text into index terms."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.terms import contains_han, folded, is_known_word, stem, stored_terms, terms, unfolded, words

ENDINGS = ("", "s", "ed", "ing", "ings", "al", "ally", "ality", "ies", "ied", "ification", "ifications", "er", "ness")


@pytest.fixture
def busy_threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            yield threads
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("written", ["11,000", "11 000", "11\u00a0000", "11\u2009000", "11000", "１１０００"])
def test_a_number_is_one_term_however_its_thousands_are_parted(written: str) -> None:
    assert terms(written) == ["11000"]


@pytest.mark.parametrize(
    ("written", "cut"),
    [("5,000,000", ["5000000"]), ("12,34", ["12", "34"]), ("1000 2000", ["1000", "2000"]), ("1.5", ["1.5"])],
)
def test_numbers_that_only_stand_beside_each_other_stay_apart(written: str, cut: list[str]) -> None:
    assert terms(written) == cut


@pytest.mark.parametrize(("word", "number"), [("two", "2"), ("Twelve", "12"), ("fifty", "50"), ("thousand", "1000")])
def test_a_small_number_in_words_is_the_number(word: str, number: str) -> None:
    assert terms(word) == [number]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("screened", "screenings"),
        ("taught", "teaching"),
        ("found", "finding"),
        ("helper's", "helpers"),
        ("helpers’", "helpers"),
        ("policies", "policy"),
        ("fairly", "fair"),
    ],
)
def test_the_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("labour", "labor"),
        ("honourable", "honorable"),
        ("organise", "organize"),
        ("organisation", "organization"),
        ("analysed", "analyzed"),
        ("centre", "center"),
        ("catalogue", "catalog"),
        ("defence", "defense"),
        ("licence", "license"),
        ("practise", "practice"),
        ("programme", "program"),
        ("labelled", "labeled"),
        ("cheque", "check"),
        ("grey", "gray"),
    ],
)
def test_british_and_american_spelling_are_one_term(british: str, american: str) -> None:
    assert terms(british) == terms(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("authority", "author"),
        ("news", "new"),
        ("university", "universe"),
        ("important", "import"),
        ("executive", "execution"),
        ("general", "generation"),
        ("international", "internal"),
        ("organization", "organ"),
        ("findings", "found"),
        ("police", "policy"),
        ("four", "for"),
        ("vise", "vice"),
    ],
)
def test_different_words_that_look_alike_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


@pytest.mark.parametrize(("one", "other"), [("apply", "apps"), ("early", "ear"), ("united", "unit")])
def test_words_of_other_roots_stay_apart(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_two_letters_stay_as_they_are_but_for_the_us() -> None:
    assert terms("as is it") == ["as", "is", "it"]
    assert terms("U.S.") == terms("USA") == terms("America") == ["usa"]


def test_a_dotted_abbreviation_is_one_word() -> None:
    assert words("the U.S. report") == ["the", "us", "report"]
    assert words("end. Start") == ["end", "start"]


def test_invisible_characters_do_not_part_words_and_control_characters_do() -> None:
    assert words("screen\u200bings\u00ad") == ["screenings"]
    assert words("visas\x00raids\x85tier") == ["visas", "raids", "tier"]


def test_letters_are_read_in_their_plain_form() -> None:
    assert words("ＶＩＳＡＳ ﬁne x_y") == ["visas", "fine", "x", "y"]


def test_an_apostrophe_within_a_word_stays_in_it() -> None:
    assert words("don't 'quoted' O’Brien") == ["don't", "quoted", "o’brien"]


def test_chinese_is_cut_into_overlapping_pairs() -> None:
    assert terms("人口工作") == ["人口", "口工", "工作"]


def test_a_single_chinese_character_is_a_term_of_its_own() -> None:
    assert terms("人") == ["人"]


def test_chinese_and_english_are_cut_apart() -> None:
    assert words("什么是FDH呢2") == ["什么是", "fdh", "呢", "2"]


@pytest.mark.parametrize(
    "variants", ["裏裡里", "臺台", "販贩", "麼麽么", "為爲为", "識识", "麵面", "綫線线", "峯峰", "衞衛卫"]
)
def test_the_variants_of_a_character_are_one(variants: str) -> None:
    assert len({folded(each) for each in variants}) == 1


def test_a_character_is_folded_the_same_whatever_stands_beside_it() -> None:
    assert folded("頭髮發展乾隆") == "".join(folded(each) for each in "頭髮發展乾隆")


def test_folded_text_is_shown_as_hong_kong_writes_it() -> None:
    assert unfolded(folded("審核")) == "審核"
    assert unfolded("visas") == folded("visas") == "visas"


def test_a_hyphened_word_that_is_held_is_found_as_one_and_by_its_parts() -> None:
    assert set(stored_terms("multi-faceted")) == set(terms("multi faceted multifaceted"))


def test_what_a_held_word_denies_is_found_too_where_it_is_a_word() -> None:
    assert stem("fair") in stored_terms("unfair")
    assert set(stored_terms("under uncle")) == set(terms("under uncle"))
    assert stem("fair") not in terms("unfair")


def test_a_dictionary_knows_a_word_in_any_of_its_forms() -> None:
    assert is_known_word("convicted")
    assert is_known_word("vises")
    assert not is_known_word("screenngs")


def test_many_threads_cut_words_at_once_as_one_does(busy_threads: ThreadPoolExecutor) -> None:
    several = [f"{word}{ending}" for word in ("screen", "identif", "nation", "condition") for ending in ENDINGS]
    stem.cache_clear()
    at_once = list(busy_threads.map(stem, several * 50))
    stem.cache_clear()
    assert at_once == [stem(word) for word in several] * 50


def test_chinese_is_told_from_english() -> None:
    assert contains_han("什麼是FDH")
    assert contains_han("\U00020b9f")
    assert not contains_han("what is FDH? ひらがな")


@given(st.text())
def test_no_text_can_break_the_cutting_and_no_term_is_empty(text: str) -> None:
    assert all(terms(text))
    assert all(stored_terms(text))


@given(st.text(st.characters(exclude_categories=["N"])))  # numbers beside each other may be one with thousands
def test_cutting_what_was_cut_changes_nothing(text: str) -> None:
    once = " ".join(words(text))
    assert words(once) == once.split()


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(text)
