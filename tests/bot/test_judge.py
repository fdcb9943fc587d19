"""The judgement: a pure function of a question, the candidates and the vocabulary."""

from dataclasses import replace
from datetime import date

import pytest

from bot.answering.judge import Answered, NotHeld, Unclear, judge
from bot.answering.question import read_question
from bot.answering.vocabulary import Vocabulary
from bot.domain.facts import Fact, Source, Speaker, Statement, Topic
from bot.domain.period import Period
from bot.domain.text import LocalText

TODAY = date(2026, 11, 23)
SCREENINGS = Topic("screenings", LocalText("Screenings", "甄別"), ("initial screenings",), ("checked",), 1)
GROWTH = Topic("growth", LocalText("Growth in screening"), (), ("rise", "increase"), 2)
VISAS = Topic("visas", LocalText("Visas", "簽證"), (), ("visa",), 3)
LIGHT = (
    "hong kong",
    "how many",
    "were there",
    "in",
    "was",
    "the",
    "what",
    "did",
    "when",
    "percentage",
    "有",
    "有多少",
    "幾多",
)
VOCABULARY = Vocabulary((SCREENINGS, GROWTH, VISAS), LIGHT)
SOURCE = Source("s", "A page", "Daily", None, date(2024, 6, 25), "en")
STATEMENT = Statement("s", Speaker("office", LocalText("The Office", "辦公室")), SOURCE, date(2024, 6, 25))
COUNT = Fact(
    key="count",
    statement=STATEMENT,
    topic=SCREENINGS,
    text=LocalText("The Office made 11,000 initial screenings in May 2023.", "辦公室在2023年5月作了11000次甄別。"),
    value=11000,
    unit=LocalText("screenings"),
    period=Period("2023"),
    id=1,
)
SHARE = replace(
    COUNT,
    key="share",
    topic=GROWTH,
    text=LocalText("Screenings rose by 45%."),
    value=45,
    unit=LocalText("% increase"),
    id=2,
)
NAMED = replace(
    COUNT,
    key="visa",
    topic=VISAS,
    text=LocalText("The Office checks visas.", "辦公室審查簽證。"),
    value=None,
    unit=None,
    id=3,
)
UK = replace(NAMED, key="uk", text=LocalText("The Office checks visas of the United Kingdom."), id=5)
ALL = (COUNT, SHARE, NAMED, UK)


def verdict(question: str, *facts: Fact) -> Answered | Unclear | NotHeld:
    return judge(read_question(question, VOCABULARY, TODAY), facts or ALL, VOCABULARY)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("how many screenings were there in 2023?", COUNT),
        ("how many initial screenings", COUNT),
        ("2023年有多少甄別", COUNT),
        ("二零二三年有幾多甄別", COUNT),
        ("what percentage increase in screenings", SHARE),
        ("visa checks", NAMED),
        ("visa checks in Hong Kong", NAMED),
        ("visa checks United Kingdom", UK),
    ],
)
def test_a_question_whose_words_a_fact_covers_is_answered_by_it(question: str, fact: Fact) -> None:
    assert verdict(question) == Answered(fact)


@pytest.mark.parametrize(
    "question",
    [
        "how many screenings were there in 2019?",
        "how many screenings were there last year?",
        "how many visas were there?",
        "how many screenings in Vietnam?",
        "visas of Japan",
        "日本簽證",
        "澳門甄別",
        "how many unicorns",
        "5",
        "1,900",
        "",
        "the",
    ],
)
def test_another_year_kind_or_thing_is_not_answered(question: str) -> None:
    assert isinstance(verdict(question), NotHeld)


def test_what_is_held_for_another_year_is_named() -> None:
    found = verdict("how many screenings were there in 2019?")
    assert isinstance(found, NotHeld)
    assert found.other_periods == (COUNT,)
    assert found.near[0] == SCREENINGS


def test_topics_that_fit_alike_are_offered_and_not_guessed() -> None:
    bare = Vocabulary((replace(SCREENINGS, words=()), replace(GROWTH, words=())), LIGHT)
    text = LocalText("The Office met the inspectors.")
    one, other = replace(NAMED, topic=SCREENINGS, text=text), replace(NAMED, topic=GROWTH, text=text, id=4)
    found = judge(read_question("inspectors", bare, TODAY), (one, other), bare)
    assert found == Unclear((SCREENINGS, GROWTH))


def test_the_order_of_candidates_does_not_decide_between_topics() -> None:
    for question in ("how many screenings were there in 2023?", "visa checks", "percentage increase in screenings"):
        assert verdict(question, COUNT, SHARE, NAMED) == verdict(question, NAMED, SHARE, COUNT)
