"""The tables beside `bot.answering`, held to the libraries that they are taken from."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import simplemma
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import english, making, places, terms
from bot.answering.english import Dictionary, dictionary_form, is_known

DICTIONARY = Dictionary(english.FILE)
MADE_UP = ("screenngs", "xyzzy", "untraffickable", "overscreenings", "nationalisms", "zzzerves", "tiktokized", "hkers")
TYPED = ("don't", "don’t", "o'clock", "Hong", "CHINA", "naïve", "cafés", "NAÏVE", "re-enter", "2023", "3rd", "…")


@pytest.fixture(scope="module")
def forms() -> Mapping[str, str]:
    return making.english_forms()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (english.FILE, making.english_text),
        (terms.FOLDING, making.folding_text),
        (places.FILE, making.places_text),
    ],
    ids=["english", "folding", "places"],
)
def test_a_table_is_what_its_library_says_or_else_make_tables_is_due(file: Path, text: Callable[[], str]) -> None:
    assert file.read_bytes() == text().encode()


def test_every_word_of_the_dictionary_is_found_with_its_form(forms: Mapping[str, str]) -> None:
    assert list(DICTIONARY) == sorted(forms)
    assert len(DICTIONARY) == len(forms)
    assert [word for word, form in forms.items() if DICTIONARY[word] != form] == []


@pytest.mark.parametrize("word", ["", "\t", "\n", "abandon\t\nabandoned", "!", "aaaaaa", "zzzzzz", "\U0010ffff"])
def test_what_is_no_word_is_not_found_wherever_it_would_stand(word: str) -> None:
    assert word not in DICTIONARY


def test_the_form_of_a_word_is_the_one_that_simplemma_gives_it(forms: Mapping[str, str]) -> None:
    for word in (*sorted(forms)[::50], *MADE_UP, *TYPED):
        assert is_known(word) == simplemma.is_known(word, "en"), word
        assert dictionary_form(word) == simplemma.lemmatize(word, "en"), word


@given(st.text(min_size=1))
def test_whatever_is_typed_is_known_just_where_simplemma_knows_it(text: str) -> None:
    assert is_known(text) == simplemma.is_known(text, "en")


def test_without_the_table_simplemma_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(english, "FILE", tmp_path / "english.txt")
    english._dictionary.cache_clear()  # noqa: SLF001 (which table is there is found out once)
    try:
        assert [is_known(word) for word in ("screenings", "screenngs", "Hong")] == [True, False, True]
        assert dictionary_form("screenings") == simplemma.lemmatize("screenings", "en")
    finally:
        english._dictionary.cache_clear()  # noqa: SLF001
