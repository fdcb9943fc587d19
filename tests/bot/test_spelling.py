"""Correcting misspelt words towards the words of the library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.spelling import Speller

TELLING = ("initial screenings", "victims", "code of practice", "vice", "visas", "passports", "accommodation", "trial")
ASKING = ("how many", "government", "percentage", "trail")
SPELLER = Speller(TELLING, ASKING)


def corrected(word: str, *telling: str) -> str | None:
    return (Speller(telling, ()) if telling else SPELLER).corrected(word)


@pytest.mark.parametrize("word", ["convicted", "cod", "code", "vise", "vices", "visa", "trail", "trial's", "screening"])
def test_a_word_of_the_dictionary_is_never_touched_however_near_another_is(word: str) -> None:
    assert corrected(word) is None
    assert SPELLER.is_word(word)


def test_a_word_that_only_the_library_has_is_a_word() -> None:
    assert Speller(["ImmD division"], ["pls"]).corrected("immd") is None
    assert Speller(["ImmD division"], ["pls"]).is_word("pls")
    assert not SPELLER.is_word("immd")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("screenigns", "screenings"),
        ("sreenings", "screenings"),
        ("screeenings", "screenings"),
        ("skreenings", "screenings"),
        ("visaz", "visas"),
        ("acomodation", "accommodation"),
        ("passprots", "passports"),
        ("govenment", "government"),
        ("percentge", "percentage"),
    ],
)
def test_a_slip_is_corrected_towards_a_word_of_the_library_or_of_a_question(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


def test_two_slips_are_forgiven_in_a_long_word_only() -> None:
    assert corrected("passpoortz") == "passports"
    assert corrected("vizaz") is None


@pytest.mark.parametrize("word", ["vzs", "vi5as", "vïsas", "簽証", "visaz!", "", "2o23"])
def test_what_is_short_or_not_all_plain_letters_is_left_alone(word: str) -> None:
    assert corrected(word) is None


def test_an_inflected_form_of_a_word_of_the_library_is_a_target_too() -> None:
    assert corrected("exploitd", "exploit") == "exploited"


def test_swapped_letters_decide_between_words_that_are_equally_near() -> None:
    assert corrected("nigth", "night", "ninth") == "night"


def test_a_letter_left_out_decides_where_none_are_swapped() -> None:
    assert corrected("lawer", "lower", "lawyer") == "lawyer"


def test_the_first_letter_decides_where_nothing_else_does() -> None:
    assert corrected("bolice", "police", "bodice") == "bodice"


def test_a_word_as_near_to_two_that_mean_different_things_is_left_alone() -> None:
    assert corrected("polic", "police", "policy") is None


def test_two_forms_of_one_word_are_no_tie() -> None:
    assert corrected("victimz", "victim", "victims") == "victim"


def test_a_word_of_the_library_goes_before_one_of_questions() -> None:
    assert corrected("traal") == "trial"


@pytest.mark.parametrize(
    ("typed", "meant"), [("initialscreenings", "initial screenings"), ("theaccommodation", "the accommodation")]
)
def test_two_words_run_together_are_parted_where_one_is_of_the_library(typed: str, meant: str) -> None:
    assert corrected(typed) == meant


@pytest.mark.parametrize("typed", ["goodmorning", "visasqqqq", "qwertyuiop"])
def test_what_is_no_two_words_or_none_of_the_library_is_left_alone(typed: str) -> None:
    assert corrected(typed) is None


@given(st.text(max_size=30))
def test_no_word_breaks_the_correction_and_what_comes_back_is_known(word: str) -> None:
    found = SPELLER.corrected(word)
    assert found is None or all(SPELLER.is_word(part) for part in found.split())
