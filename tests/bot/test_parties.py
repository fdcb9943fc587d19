"""Who a question wants to hear from, whom it is about, and who speaks besides."""

import pytest
from asking import SPEAKERS, VOCABULARY
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.parties import SOMEBODY_ELSE, Parties, read_parties
from bot.answering.vocabulary import Vocabulary
from bot.domain.words import WordKind, WordList


def parties(text: str) -> Parties:
    return read_parties(text, VOCABULARY)


def asked(text: str) -> set[str]:
    return set(parties(text).asked)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("how did the government respond?", "home"),
        ("how did Washington respond?", "state"),
        ("what did Harbour Daily say?", "daily"),
        ("what did the U.S. Department of State say?", "state"),
        ("what did the government so clearly say?", "home"),
        ("政府如何回應", "home"),
        ("美國批評香港", "state"),
    ],
)
def test_a_party_is_asked_where_it_stands_shortly_before_a_word_for_speaking(text: str, speaker: str) -> None:
    assert asked(text) == {speaker}


@pytest.mark.parametrize(
    "text",
    [
        "did the government, whatever those old wise heads may, say?",
        "visas and Washington",
        "the government that people say",
        "the government, from which they claim",
        "美國在報告中批評",
    ],
)
def test_a_party_that_is_far_away_or_parted_by_another_clause_is_not_asked(text: str) -> None:
    assert asked(text) == set()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("how did the government respond to Washington?", "home"),
        ("how did Washington respond to the government?", "state"),
        ("what did the US say about the government?", "state"),
        ("what did the government with Washington say?", "home"),
        ("香港政府對美國有何回應", "home"),
    ],
)
def test_a_party_that_is_spoken_of_or_to_is_not_asked(text: str, speaker: str) -> None:
    assert asked(text) == {speaker}


@pytest.mark.parametrize("text", ["the reaction on Washington", "對美國的回應", "向美國批評"])
def test_where_only_the_one_spoken_of_is_named_nobody_is_asked(text: str) -> None:
    assert asked(text) == set()


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("visas, according to Washington", "state"),
        ("visas according to the government", "home"),
        ("according to the government, what did Washington do?", "home"),
        ("the reaction of the government", "home"),
        ("any claim from Washington", "state"),
        ("visas criticised by the US", "state"),
        ("was the government criticised by Washington?", "state"),
        ("香港被美國批評", "state"),
    ],
)
def test_a_party_is_asked_behind_the_word_where_it_is_linked_to_it(text: str, speaker: str) -> None:
    assert asked(text) == {speaker}


@pytest.mark.parametrize(
    "text", ["the claim to the US", "the government according", "is the government, according to it,"]
)
def test_to_links_a_speaker_behind_according_only_and_according_none_before_it(text: str) -> None:
    assert asked(text) == set()


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("criticism of Hong Kong", set()),
        ("the rejection of Washington", set()),
        ("criticism by Hong Kong", {"home"}),
        ("criticism from Washington of Hong Kong", {"state"}),
        ("Washington's criticism of Hong Kong", {"state"}),
        ("views of Washington", {"state"}),
        ("views of the government", {"home"}),
    ],
)
def test_of_links_a_speaker_to_what_is_said_but_not_to_what_is_said_against_somebody(
    text: str, speakers: set[str]
) -> None:
    spoken = WordList(WordKind.SPEAKING, ("criticism", "rejection", "views"))
    assert read_parties(text, Vocabulary((), [spoken], SPEAKERS)).asked == speakers


@pytest.mark.parametrize("text", ["the government was criticised", "has Washington been criticised?", "美國被批評"])
def test_a_party_of_which_something_is_said_is_not_asked(text: str) -> None:
    assert asked(text) == set()


def test_a_party_of_which_it_is_asked_whether_something_is_said_is_not_asked() -> None:
    assert asked("was the government criticised?") == set()


@pytest.mark.parametrize(
    "text", ["what was Washington's reaction?", "what was Washington’s reaction to the government?"]
)
def test_a_party_is_asked_for_what_is_its_own(text: str) -> None:
    assert asked(text) == {"state"}


@pytest.mark.parametrize("text", ["what did they say about the US?", "do people say the government", "佢哋說政府"])
def test_where_a_pronoun_speaks_it_may_be_anyone(text: str) -> None:
    assert asked(text) == set()


@pytest.mark.parametrize(
    "text", ["what did unions say?", "what did experts claim about the government?", "工會如何回應", "工會對政府批評"]
)
def test_others_who_speak_are_nobody_of_the_library(text: str) -> None:
    assert asked(text) == {SOMEBODY_ELSE}


def test_a_word_for_others_within_the_name_of_a_party_is_that_party() -> None:
    assert asked("what did government say?") == {"home"}
    assert asked("what did unions and the government say?") == {"home"}


def test_without_a_word_for_speaking_a_party_is_named_and_not_asked() -> None:
    found = parties("visas of Washington")
    assert found == Parties(words={"washington": "state"})


def test_every_word_of_a_name_stands_for_the_party_the_longest_name_first() -> None:
    found = parties("did the HKSAR Government say so to the U.S. Department of State?")
    assert found.words == {
        "hksar": "home",
        "government": "home",
        "us": "state",
        "department": "state",
        "of": "state",
        "state": "state",
    }


def test_the_words_that_say_that_a_party_speaks_are_told() -> None:
    assert parties("how did Washington respond?").spoken == {"respond"}
    assert parties("they respond").spoken == set()


@pytest.mark.parametrize(
    "text",
    ["were any officials checked?", "are the officials trained", "have officials been seen?", "was Washington ranked"],
)
def test_a_party_that_something_is_done_to_is_acted_on(text: str) -> None:
    found = parties(text)
    assert found.acted_on == set(found.words)
    assert found.asked == set()


@pytest.mark.parametrize(
    "text",
    [
        "were the officials said to be checked?",
        "checked officials",
        "did officials check",
        "have officials visas?",
        "are officials checking visas?",
    ],
)
def test_a_party_that_speaks_or_does_is_not_acted_on(text: str) -> None:
    assert parties(text).acted_on == set()


@given(
    st.lists(
        st.sampled_from(["government", "US", "unions", "they", "say", "by", "to", "was", "對", "美國", "說", "被", "."])
    )
)
def test_however_the_words_stand_nobody_is_asked_who_is_not_named(parts: list[str]) -> None:
    found = parties(" ".join(parts))
    assert found.asked - {SOMEBODY_ELSE} <= set(found.words.values())
    assert found.acted_on <= set(found.words)
