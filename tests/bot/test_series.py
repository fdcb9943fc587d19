"""Figures over time: what may stand in one line, what is missing, and what may be computed."""

from datetime import date

import pytest

from bot.answering.series import series_text
from bot.domain.facts import Fact, Qualifier, Source, Speaker, Statement, Topic
from bot.domain.period import Period
from bot.domain.text import Locale, LocalText
from bot.wording.wording import wording

TOPIC = Topic("screenings", LocalText("Screenings"))
OFFICE, OTHER = Speaker("office", LocalText("The Office")), Speaker("other", LocalText("Another Office"))
UNIT = "screenings"


def fact(
    value: float,
    period: str,
    *,
    unit: str | None = UNIT,
    speaker: Speaker = OFFICE,
    qualifier: Qualifier = Qualifier.EXACT,
    number: int = 1,
) -> Fact:
    source = Source("s", "A page", "The Office", None, date(2024, 1, number), "en")
    return Fact(
        key=f"{value}-{period}",
        statement=Statement("s", speaker, source, date(2024, 1, number)),
        topic=TOPIC,
        text=LocalText("A sentence."),
        value=value,
        unit=LocalText(unit) if unit else None,
        period=Period(period),
        qualifier=qualifier,
        id=number,
    )


def text(*facts: Fact) -> str:
    return series_text(facts[-1], facts, wording(Locale.EN))


def test_two_periods_are_a_history_with_its_gap_and_a_change_that_is_marked_as_computed() -> None:
    assert text(fact(7700, "2021", qualifier=Qualifier.ABOUT), fact(11000, "2023", qualifier=Qualifier.ABOUT)) == (
        "Over time: approximately 7,700 (2021) → approximately 11,000 (2023); 2022 not held. "
        "From 2021 to 2023: +43% (computed, not stated)."
    )


def test_one_period_is_no_history() -> None:
    assert text(fact(11000, "2023")) == ""


def test_a_long_gap_is_named_whole() -> None:
    assert "; 1991 to 2022 not held." in text(fact(1, "1990"), fact(2, "2023"))


def test_a_year_that_another_party_states_is_not_said_to_be_missing() -> None:
    assert "not held" not in text(fact(7, "2022", speaker=OTHER), fact(7700, "2021"), fact(11000, "2023"))


@pytest.mark.parametrize(
    "other",
    [
        fact(900, "2023-05"),
        fact(900, "2020/2021"),
        fact(900, "2021", unit=None),
        fact(900, "2021", unit="posts"),
        fact(900, "2021", speaker=OTHER),
    ],
)
def test_what_does_not_compare_does_not_stand_in_one_line(other: Fact) -> None:
    assert text(other, fact(11000, "2023")) == ""


@pytest.mark.parametrize("qualifier", [Qualifier.OVER, Qualifier.UNDER])
def test_nothing_is_computed_from_a_bound(qualifier: Qualifier) -> None:
    shown = text(fact(6900, "2020", qualifier=qualifier), fact(11000, "2021"))
    assert "Over time" in shown
    assert "computed" not in shown


def test_nothing_is_computed_from_percentages() -> None:
    shown = text(fact(30, "2020", unit="% of cases"), fact(45, "2021", unit="% of cases"))
    assert "computed" not in shown


def test_two_figures_for_one_period_are_both_shown_and_not_computed_with() -> None:
    shown = text(fact(7700, "2022"), fact(11000, "2023"), fact(12000, "2023", number=2))
    assert "11,000 / 12,000 (2023)" in shown
    assert "computed" not in shown


def test_a_fall_is_written_with_a_minus() -> None:
    assert "−50%" in text(fact(1000, "2022"), fact(500, "2023"))


def test_few_are_compared_by_their_difference_since_a_percentage_of_one_says_little() -> None:
    shown = text(fact(1, "2022"), fact(3, "2023"))
    assert "+2 (computed, not stated)" in shown
    assert "%" not in shown
