"""How values, periods and voices are worded."""

from dataclasses import replace

import pytest
from asking import BY_DAILY, COUNT

from bot.domain.facts import Voice
from bot.domain.period import Period
from bot.domain.text import Locale, LocalText
from bot.wording.wording import wording

ENGLISH = wording(Locale.EN)


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("victims identified", "1 victim identified"),
        ("initial screenings", "1 initial screening"),
        ("anti-vice operations", "1 anti-vice operation"),
        ("countries visited", "1 country visited"),
        ("breaches", "1 breach"),
        ("cases of abuse", "1 case of abuse"),
        ("tonnes of goods", "1 tonne of goods"),
        ("people", "1 person"),
        ("million dollars", "1 million dollars"),
        ("kg of goods", "1 kg of goods"),
        ("process", "1 process"),
        ("% increase", "1% increase"),
        ("", "1"),
    ],
)
def test_one_is_said_in_the_singular(unit: str, one: str) -> None:
    fact = replace(COUNT, value=1, unit=LocalText(unit) if unit else None)
    assert ENGLISH.value(fact) == one
    assert ENGLISH.value(replace(fact, value=2)).endswith(unit)


def test_one_in_chinese_stays_as_it_is() -> None:
    fact = replace(COUNT, value=1, unit=LocalText("victims", "名受害人"))
    assert wording(Locale.ZH_HANT).value(fact) == "1名受害人"


def test_a_period_of_one_day_is_said_once() -> None:
    assert ENGLISH.period(Period("2026-11-23/2026-11-23")) == "23 November 2026"
    assert ENGLISH.period(Period("2026-11-23/2026-11-24")) == "23 November 2026 to 24 November 2026"


def test_who_quotes_is_said_once() -> None:
    assert ENGLISH.voice(Voice.QUOTED, replace(BY_DAILY, speaker=COUNT.statement.speaker)) == "quoted by Harbour Daily"
