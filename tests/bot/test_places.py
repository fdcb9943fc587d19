"""The places that a text names."""

import pytest
from asking import VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.places import Gazetteer

GAZETTEER = Gazetteer(
    {
        "GB": ("British", "London", "英國人", "倫敦"),
        "JP": ("Tokyo", "東京"),
        "PS": ("Gaza",),
        "US": ("American", "New York"),
    }
)


def named(text: str) -> set[str]:
    return set(GAZETTEER.named(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("victims in Vietnam", "VN"),
        ("the United Kingdom", "GB"),
        ("Macao", "MO"),
        ("日本簽證", "JP"),
        ("新加坡有沒有", "SG"),
        ("意大利", "IT"),  # as Hong Kong writes it
        ("義大利", "IT"),  # as Taiwan writes it
        ("越南", "VN"),
        ("越南有幾多受害人", "VN"),
    ],
)
def test_countries_are_known_by_their_names_in_english_and_chinese(text: str, code: str) -> None:
    assert named(text) == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("British victims", "GB"),
        ("visas in london", "GB"),
        ("英國人的簽證", "GB"),
        ("倫敦簽證", "GB"),
        ("Tokyo", "JP"),
        ("Gaza", "PS"),
        ("New York visas", "US"),
    ],
)
def test_peoples_and_cities_are_known_from_the_librarys_own_lists(text: str, code: str) -> None:
    assert named(text) == {code}


@pytest.mark.parametrize(
    "text", ["how many were checked", "turkeys", "chinaware", "the new workers", "York", "north", "", "簽證", "150"]
)
def test_a_word_that_only_holds_a_name_or_half_of_one_is_no_place(text: str) -> None:
    assert named(text) == set()


def test_several_places_are_all_named() -> None:
    assert named("Vietnam, Tokyo and the U.S.") == {"VN", "JP", "US"}


@pytest.mark.parametrize("text", ["VIETNAM'S victims", "Vietnam’s victims"])
def test_a_possessive_names_the_place(text: str) -> None:
    assert named(text) == {"VN"}


@pytest.mark.parametrize(("text", "code"), [("Northern Ireland", "GB"), ("South Sudan", "SS"), ("New Mexico", "US")])
def test_a_name_within_a_longer_one_is_not_named(text: str, code: str) -> None:
    assert Gazetteer({"GB": ("Northern Ireland",), "US": ("New Mexico",)}).named(text) == {code}


@pytest.mark.parametrize(
    ("text", "is_place"), [("the US", True), ("U.S. victims", True), ("tell us", False), ("USE", False)]
)
def test_the_us_is_a_place_in_capitals_and_a_pronoun_otherwise(text: str, *, is_place: bool) -> None:
    assert named(text) == ({"US"} if is_place else set())


def test_regions_of_the_world_are_no_places_of_the_locale_data() -> None:
    assert named("Asia and Europe") == set()


def test_an_own_name_goes_before_that_of_the_locale_data() -> None:
    assert Gazetteer({"XK": ("Georgia",)}).named("Georgia") == {"XK"}


def test_the_places_of_a_speaker_are_those_its_names_name() -> None:
    home, state, daily = VOCABULARY.speakers
    assert VOCABULARY.speakers.places_of(home) == {"HK"}
    assert VOCABULARY.speakers.places_of(state) == {"US"}
    assert VOCABULARY.speakers.places_of(daily) == set()
    assert [VOCABULARY.speakers.is_at_home(speaker) for speaker in (home, state, daily)] == [True, False, False]


@given(st.text())
def test_no_text_breaks_the_finding_and_every_code_is_of_letters(text: str) -> None:
    assert all(code.isalpha() for code in GAZETTEER.named(text))
