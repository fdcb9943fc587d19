"""Finding the phrases of a list in a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.phrases import Found, Phrases, flat

ENGLISH = Phrases(["how many", "how", "U.S.", "domestic worker", ""])
CHINESE = Phrases(["多少", "多少人", "有冇", "外傭"])


def found(phrases: Phrases, text: str) -> list[str]:
    return [each.phrase for each in phrases.all(flat(text))]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("How many?", ["how many"]),
        ("how, many", ["how many"]),
        ("somehow many", []),
        ("how manyfold", ["how"]),
        ("HOW many ... how", ["how many", "how"]),
        ("how how", ["how", "how"]),
        ("the U.S. and the US", ["us", "us"]),
        ("domestic workers", []),
        ("", []),
    ],
)
def test_an_english_phrase_is_found_as_whole_words_however_it_is_typed(text: str, phrases: list[str]) -> None:
    assert found(ENGLISH, text) == phrases


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("請問有多少人", ["多少人"]),
        ("多少 人", ["多少"]),
        ("how多少how", ["多少"]),
        ("請問外傭有冇", ["外佣", "有冇"]),
        ("外佣", ["外佣"]),
        ("有沒有", []),
    ],
)
def test_a_chinese_phrase_is_found_anywhere_in_a_run_in_any_variant_of_its_characters(
    text: str, phrases: list[str]
) -> None:
    assert found(CHINESE, text) == phrases


def test_the_longest_phrase_is_found_whatever_it_is_written_in() -> None:
    phrases = Phrases(["visa", "visa 簽證", "visa 簽證費 fee", "簽證", "簽證費", "the visa"])
    assert found(phrases, "a visa") == ["visa"]
    assert found(phrases, "a visa 簽證人") == ["visa 签证"]
    assert found(phrases, "a visa 簽證費") == ["visa 签证"]
    assert found(phrases, "a visa 簽證費 fee") == ["visa 签证费 fee"]
    assert found(phrases, "the visa 簽證費") == ["the visa", "签证费"]


def test_a_phrase_is_found_where_it_stands() -> None:
    text = flat("so how many?")
    assert ENGLISH.first(text) == Found("how many", 4, 12)
    assert text[4:12] == "how many"
    assert ENGLISH.first(flat("why")) is None


def test_a_verb_that_asks_by_being_said_twice_is_read_once() -> None:
    assert flat("搵唔搵到") == flat("搵到")
    assert flat("查不查護照") == flat("查護照")
    assert flat("搵唔到") != flat("搵到")


def test_what_asks_for_an_opinion_by_being_said_twice_stays_as_it_is() -> None:
    assert flat("應不應該") != flat("應該")
    assert flat("好唔好") != flat("好")
    assert flat("安唔安全") != flat("安全")
    assert flat("算唔算") != flat("算")


def test_blanked_text_keeps_the_words_around_a_phrase_apart() -> None:
    assert ENGLISH.blanked(flat("tell me how many visas")) == " tell me visas "
    assert CHINESE.blanked(flat("請問多少人簽證")) == " 请问 签证 "


def test_an_empty_list_finds_nothing_and_changes_nothing() -> None:
    assert not Phrases(())
    assert found(Phrases(()), "how many") == []
    assert Phrases(()).blanked(" how many ") == " how many "


@given(st.text(), st.lists(st.text(max_size=5), max_size=5))
def test_no_phrase_and_no_text_breaks_the_finding(text: str, phrases: list[str]) -> None:
    searched = flat(text)
    for each in Phrases(phrases).all(searched):
        assert searched[each.start : each.end] == each.phrase != ""
