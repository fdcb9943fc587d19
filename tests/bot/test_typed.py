"""Reading what is typed into a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.typed import holds_number, read_change, read_period, read_value, tidied


@pytest.mark.parametrize("typed", ["1" + "0" * 16, "999 999 999 billion", "-2000000000 million"])
def test_a_number_too_great_to_be_held_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_value(typed)


def test_a_change_too_great_to_be_held_is_refused() -> None:
    with pytest.raises(ValueError):
        read_change("+10000000000000000 against 2016")


def test_the_greatest_number_is_held_as_it_is() -> None:
    assert read_value("over 1,000,000,000,000,000")[0] == 10**15


@given(st.text(alphabet=st.characters(), max_size=100))
def test_what_is_typed_is_one_line_of_visible_text(text: str) -> None:
    kept = tidied({"reason": text})["reason"]
    assert kept == kept.strip()
    assert kept.isprintable()
    assert "  " not in kept


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2021", "2021"),
        ("2019-20", "2019-04-01/2020-03-31"),
        ("2011-12", "2011-12"),
        ("2011/12", "2011-04-01/2012-03-31"),
        ("2019/20", "2019-04-01/2020-03-31"),
        ("since 2019", "2019/.."),
        ("自2019年起", "2019/.."),
        ("2021年", "2021"),
        ("2021年5月", "2021-05"),
        ("２０２１年５月３日", "2021-05-03"),
    ],
)
def test_a_period_is_read_as_people_type_it(typed: str, iso: str) -> None:
    assert read_period(typed).iso == iso


@pytest.mark.parametrize("typed", ["lately", "2019-21", "2021年13月", "last year"])
def test_what_is_no_period_is_refused(typed: str) -> None:
    with pytest.raises(ValueError):
        read_period(typed)


@pytest.mark.parametrize(
    ("sentence", "value"),
    [
        ("about 11 000 screenings", 11000),
        ("Three victims", 3),
        ("HK$62 million a year", 62_000_000),
        ("約1.1萬次", 11000),
        ("三名", 3),
    ],
)
def test_a_sentence_holds_its_number_however_it_is_written(sentence: str, value: float) -> None:
    assert holds_number(sentence, value)


def test_a_sentence_does_not_hold_another_number() -> None:
    assert not holds_number("three victims of 11,000", 4)


@pytest.mark.parametrize(
    ("typed", "value"), [("16.1 thousand", 16100), ("8.2億", 820_000_000), ("2.01 thousand", 2010), ("HK$ 62", None)]
)
def test_a_scaled_number_is_exact(typed: str, value: int | None) -> None:
    read, _ = read_value(typed)
    assert read == value or (value is None and not isinstance(read, int | float))
