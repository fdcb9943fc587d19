"""What a fact says, apart from who said it, and what it covers of a question."""

from dataclasses import replace

import pytest
from asking import BRITISH, CHECKED, COUNT, LOOSE, NOTED, OFFICERS, PLACED, REJECTED, read, said

from bot.answering.terms import terms
from bot.domain.facts import Fact
from bot.domain.text import LocalText


def shares(fact: Fact, word: str, question: str = "") -> tuple[float, float, float]:
    """By its own words, its topic's, and its attribution."""
    text = question or word
    return said(fact, text).shares(word, read(text).parties)


def test_a_fact_says_its_text_in_both_languages_its_quotation_value_and_unit() -> None:
    fact = replace(
        COUNT,
        text=LocalText("Lighthouses", "燈塔"),
        quote="harbour",
        value=LocalText("high", "高處"),
        unit=LocalText("metres"),
    )
    assert set(terms("Lighthouses 燈塔 harbour high 高處 metres")) <= said(fact).own


def test_of_its_numbers_only_its_value_counts() -> None:
    own = said(COUNT).own
    assert "11000" in own
    assert "2023" not in own
    assert "screen" in own


@pytest.mark.parametrize(("value", "written"), [(45, "45"), (1.5, "1.5"), (3.0, "3"), (1_000_000, "1000000")])
def test_a_value_counts_as_people_write_it(value: float, written: str) -> None:
    assert written in said(replace(COUNT, value=value)).own


def test_who_says_it_is_no_part_of_what_is_said() -> None:
    own = said(NOTED).own
    assert set(terms("raids brothels")) <= own
    assert own.isdisjoint(terms("HKSAR Government officials"))
    assert set(terms("department of state")).isdisjoint(said(PLACED).own)


def test_that_others_reject_a_fact_is_said_with_it() -> None:
    assert shares(REJECTED, "rejected") == (1, 0, 0)
    assert shares(PLACED, "rejected") == (0, 0, 0)


def test_a_fact_has_a_word_by_its_text_its_topic_or_its_speaker() -> None:
    assert shares(CHECKED, "division") == (1, 0, 0)
    assert shares(CHECKED, "scrutiny") == (0, 1, 0)
    assert shares(CHECKED, "harbour") == (0, 0, 1)
    assert shares(CHECKED, "visas") == (1, 1, 0)
    assert shares(CHECKED, "zebra") == (0, 0, 0)


def test_what_a_word_denies_is_said_too() -> None:
    assert shares(replace(COUNT, text=LocalText("It is unfounded and unfair.")), "fair") == (1, 0, 0)


def test_a_run_of_chinese_is_covered_by_its_characters() -> None:
    assert shares(CHECKED, "审查签证") == (1, 0.5, 0)
    assert shares(CHECKED, "签证") == (1, 1, 0)
    assert shares(CHECKED, "签证费用") == (0.5, 0.5, 0)


def test_a_word_that_means_the_same_covers_whole_phrases_included() -> None:
    assert shares(CHECKED, "maids") == (1, 0, 0)  # a domestic worker
    assert shares(CHECKED, "helper") == (1, 0, 0)
    assert shares(replace(CHECKED, text=LocalText("Domestic visas.")), "maids") == (0, 0, 0)
    assert shares(COUNT, "maids") == (0, 0, 0)


def test_a_fact_without_a_topic_must_have_the_very_words() -> None:
    assert shares(LOOSE, "maids") == (1, 0, 0)
    assert shares(LOOSE, "helpers") == (0, 0, 0)


def test_the_very_word_is_more_direct_than_one_that_means_the_same() -> None:
    assert said(CHECKED).directness("scrutiny") == 1
    assert said(CHECKED).directness("division") == 1
    assert said(CHECKED).directness("maids") == 0


def test_a_word_of_a_name_of_the_topic_counts_where_the_question_has_the_name_whole() -> None:
    assert said(COUNT, "the initial screenings").is_named_by("initial") == 1
    assert said(COUNT, "the initial visas").is_named_by("initial") == 0
    assert said(LOOSE, "harbour ferry").is_named_by("ferry") == 0


def test_another_name_of_the_same_party_covers() -> None:
    fact = replace(CHECKED, text=LocalText("The U.S. Department of State was told of visas."))
    assert shares(fact, "washington") == (1, 0, 0)
    assert shares(CHECKED, "washington") == (0, 0, 0)


def test_a_party_covers_its_own_facts_and_one_at_home_every_fact_with_a_topic() -> None:
    assert shares(PLACED, "washington")[2] == 1
    assert shares(NOTED, "government")[2] == 1
    assert shares(CHECKED, "government")[2] == 1
    assert shares(CHECKED, "washington")[2] == 0
    assert shares(LOOSE, "government")[2] == 0


def test_a_party_that_something_is_done_to_is_not_covered_by_speaking() -> None:
    question = "were any officials raided?"
    assert shares(NOTED, "officials", question) == (0, 0, 0)
    assert shares(OFFICERS, "officials", question) == (0, 0, 0)
    assert shares(NOTED, "officials", "officials on raids")[2] == 1


def test_a_fact_is_about_the_places_it_names_and_not_about_that_of_its_speaker() -> None:
    assert said(BRITISH).places == {"GB"}
    assert said(PLACED).places == {"HK"}
    assert said(NOTED).places == set()
    assert said(replace(NOTED, quote="as in Japan", text=LocalText("Raids.", "東京"))).places == {"JP"}


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("The police trained officers.", True),
        ("Officers were trained.", False),
        ("Somebody was trained.", False),
        ("Officers were there.", True),  # nothing is said of training
    ],
)
def test_a_fact_says_who_does_something_where_that_stands_before_whom_it_is_done_to(
    text: str, *, follows: bool
) -> None:
    question = "who trained the officers?"
    doing = read(question).doing
    assert doing is not None
    assert said(replace(OFFICERS, text=LocalText(text)), question).follows(*doing) is follows


def test_the_unit_is_known_by_its_terms() -> None:
    assert said(OFFICERS).unit == set(terms("officers"))
    assert said(CHECKED).unit == set()
    assert said(replace(OFFICERS, unit=LocalText(None, "名人員"))).unit == set()
