"""A correction in one language: the sentence that was left in the other is not shown beside what is new."""

from collections.abc import Mapping

import pytest
from library import Desk

from bot.desk.correct import CHANGE, CONFIRM, KEEP
from bot.domain.facts import Fact
from bot.domain.text import Locale
from bot.messages.exchange import Form, Kind
from bot.messages.plain import plain_text

OLD_ENGLISH = "approximately 11,000 initial screenings in 2023"
OLD_CHINESE = "香港在2023年進行了約"
ENGLISH = "Hong Kong conducted over 11,500 initial screenings in 2023."
CHINESE = "香港在2023年進行了逾11,500次初步識別審核。"
VALUE = {"value": "over 11 500", "reason": "slip"}
WORDS = {"reason": "typo", "text": "Hong Kong made approximately 11,000 initial screenings in 2023, it said."}


def review(desk: Desk, **typed: str) -> Form:
    return desk.next_form(desk.form("correct F12"), "review", **typed)


def said(form: Form) -> str:
    assert form.document
    return plain_text(form.document).partition("It will be")[2]


def ways(form: Form) -> dict[str, str]:
    return {submit.label: submit.key for submit in form.submits}


def held(desk: Desk) -> Fact:
    with desk.store.read() as library:
        fact = library.fact(12)
    assert fact
    return fact


@pytest.mark.parametrize(
    ("typed", "left", "gone", "keep", "marked"),
    [
        (VALUE | {"text": ENGLISH}, Locale.EN, OLD_CHINESE, "Correct it and keep the Chinese", "只收錄英文"),
        (
            VALUE | {"text_zh": CHINESE},
            Locale.ZH_HANT,
            OLD_ENGLISH,
            "Correct it and keep the English",
            "in Chinese only",
        ),
        (WORDS, Locale.EN, OLD_CHINESE, "Correct it and keep the Chinese", "只收錄英文"),
    ],
)
def test_the_sentence_that_was_left_as_it_was_goes_and_the_other_is_shown_as_the_only_one(
    desk: Desk, typed: Mapping[str, str], left: Locale, gone: str, keep: str, marked: str
) -> None:
    form = review(desk, **typed)
    assert gone not in said(form)
    assert "sentence was left as it was, so it is taken out" in said(form)
    assert list(ways(form)) == ["Correct it", keep, "Change something", "Cancel"]
    assert desk.finish(form, CONFIRM).kind is Kind.DONE
    text = held(desk).text
    other = Locale.ZH_HANT if left is Locale.EN else Locale.EN
    assert text.held(left)
    assert text.held(other) is None
    desk.locale = other
    shown = desk.text("how many screenings in 2023?")
    assert gone not in shown
    assert marked in shown


def test_an_editor_may_say_that_the_other_sentence_still_holds(desk: Desk) -> None:
    form = review(desk, **WORDS)
    assert desk.finish(form, KEEP).kind is Kind.DONE
    assert OLD_CHINESE in str(held(desk).text.zh_hant)


def test_what_is_written_anew_in_both_languages_is_kept_in_both(desk: Desk) -> None:
    form = review(desk, **VALUE, text=ENGLISH, text_zh=CHINESE)
    assert list(ways(form)) == ["Correct it", "Cancel"]
    assert desk.finish(form, CONFIRM).kind is Kind.DONE
    assert (held(desk).text.en, held(desk).text.zh_hant) == (ENGLISH, CHINESE)


def test_a_new_value_beside_sentences_as_they_were_takes_an_editors_word_for_it(desk: Desk) -> None:
    form = review(desk, **VALUE)
    assert "The value is new, and the sentence is as it was." in said(form)
    assert list(ways(form)) == ["Change something", "Correct it: the sentence still holds", "Cancel"]
    edit = desk.next_form(form, CHANGE)
    assert {field.name: field.value for field in edit.fields}["value"] == "over 11 500"
    assert (edit.command, edit.step) == ("correct", "edit")
    assert desk.finish(form, CONFIRM).kind is Kind.DONE
    assert (held(desk).value, OLD_ENGLISH in str(held(desk).text.en)) == (11_500, True)


def test_a_value_that_the_sentences_state_all_along_is_put_right_without_a_word(desk: Desk) -> None:
    wrong = review(desk, value="about 1 100", reason="a slip")
    desk.finish(wrong, CONFIRM)
    right = review(desk, value="about 11 000", reason="as it says")
    assert list(ways(right)) == ["Correct it", "Cancel"]
    desk.finish(right, CONFIRM)
    assert held(desk).value == 11_000
    assert held(desk).text.zh_hant


@pytest.mark.parametrize("typed", [{"text_zh": ""}, {"period": "2023-05"}, {"topic": "victims"}, {"quote": "11,000"}])
def test_what_changes_no_value_and_no_wording_leaves_the_sentences_alone(desk: Desk, typed: Mapping[str, str]) -> None:
    assert list(ways(review(desk, reason="checked", **typed))) == ["Correct it", "Cancel"]


def test_a_translation_that_is_added_takes_nothing_out(desk: Desk) -> None:
    desk.finish(review(desk, reason="doubtful", text_zh=""), CONFIRM)
    assert held(desk).text.zh_hant is None
    form = review(desk, reason="translated", text_zh=CHINESE)
    assert list(ways(form)) == ["Correct it", "Cancel"]
    desk.finish(form, CONFIRM)
    assert OLD_ENGLISH in str(held(desk).text.en)
