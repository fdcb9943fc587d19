"""Questions nobody got an answer to: listed for editors, asked again, and forgotten."""

from datetime import timedelta

import pytest
from library import MONDAY, Desk

from bot.domain.changes import CountUnanswered
from bot.domain.people import Actor, Platform
from bot.domain.text import Locale
from bot.messages.exchange import Form, Kind
from bot.messages.plain import plain_text

READER = Actor(Platform.SLACK, "T1", "U1", "Reader")


def count(desk: Desk, question: str, times: int = 1, locale: Locale = Locale.EN) -> None:
    for _ in range(times):
        desk.store.apply(CountUnanswered(question, locale), by="test", at=desk.now)


def kept(desk: Desk) -> list[str]:
    with desk.store.read() as library:
        return [each.question for each in library.unanswered(100)]


def test_an_empty_list_says_so(desk: Desk) -> None:
    assert "No question is kept here" in desk.text("unanswered")
    assert "No question is kept here" in desk.text("unanswered forget all")


def test_the_most_asked_come_first_with_how_often_and_when(desk: Desk) -> None:
    count(desk, "how many ferries sail?")
    count(desk, "幾多渡輪", 3, Locale.ZH_HANT)
    text = desk.text("unanswered")
    first, second = (
        "“幾多渡輪”: asked 3 times in Chinese, last on 23 November 2026",
        "“how many ferries sail?”: asked 1 time",
    )
    assert 0 < text.index(first) < text.index(second)
    assert "Who asked is not kept, and neither" in text


def test_the_day_is_hong_kongs(desk: Desk) -> None:
    desk.now = MONDAY + timedelta(hours=17)
    count(desk, "how many ferries sail?")
    assert "last on 24 November 2026" in desk.text("unanswered")


def test_each_can_be_asked_again_and_forgotten_by_its_line(desk: Desk) -> None:
    count(desk, "how many ferries sail?")
    count(desk, "status of the ferries")
    count(desk, "roles")
    choices = {choice.query for choice in desk.say("unanswered").document.choices}
    assert {"how many ferries sail?", "find roles", "find status of the ferries"} <= choices
    for line in [line for line in choices if line.startswith("unanswered forget")]:
        assert desk.say(line).kind is Kind.DONE
    assert kept(desk) == []


@pytest.mark.parametrize("typed", ["How many ferries’ crews sail？", "how many ferries' crews sail"])
def test_a_question_is_forgotten_whatever_its_case_and_marks(desk: Desk, typed: str) -> None:
    count(desk, "How many ferries’ crews sail?")
    reply = desk.say(f"unanswered forget {typed}")
    assert "Forgotten: “How many ferries’ crews sail?”" in plain_text(reply.document)
    assert kept(desk) == []


def test_a_question_that_is_not_kept_is_an_error(desk: Desk) -> None:
    count(desk, "how many ferries sail?")
    reply = desk.say("unanswered forget how many trams run?")
    assert reply.kind is Kind.ERROR
    assert [choice.query for choice in reply.document.choices] == ["unanswered"]
    assert kept(desk) == ["how many ferries sail?"]


def test_a_question_as_long_as_any_that_is_kept_can_be_forgotten(desk: Desk) -> None:
    count(desk, "ferry " * 160)
    line = next(c.query for c in desk.say("unanswered").document.choices if c.query.startswith("unanswered"))
    assert desk.say(line).kind is Kind.DONE
    assert kept(desk) == []


def test_all_are_forgotten_only_once_it_is_confirmed(desk: Desk) -> None:
    count(desk, "how many ferries sail?")
    count(desk, "how many trams run?")
    form = desk.form("unanswered forget all")
    assert isinstance(desk.send(form, "?"), Form)
    assert "Nothing was changed" in plain_text(desk.finish(form, "cancel").document)
    assert len(kept(desk)) == 2
    assert desk.finish(form, "confirm", once_key="press-1").kind is Kind.DONE
    assert kept(desk) == []
    count(desk, "how many ferries sail?")
    assert desk.finish(form, "confirm", once_key="press-1").kind is Kind.DONE
    assert kept(desk) == ["how many ferries sail?"]


def test_a_reader_may_not_confirm_an_editors_form(desk: Desk) -> None:
    count(desk, "how many ferries sail?")
    form = desk.form("unanswered forget all")
    desk.actor = READER
    assert desk.finish(form, "confirm").kind is Kind.ERROR
    assert kept(desk) == ["how many ferries sail?"]


def test_the_list_is_as_long_as_asked_for_and_says_that_there_are_more(desk: Desk) -> None:
    for number in range(12):
        count(desk, f"ferry number {number}?")
    assert desk.text("unanswered").count("asked 1 time") == 10
    assert "“unanswered 20” lists them" in desk.text("unanswered")
    assert desk.text("unanswered 2").count("asked 1 time") == 2
    longer = desk.text("unanswered 20")
    assert longer.count("asked 1 time") == 12
    assert "There are more" not in longer


@pytest.mark.parametrize("number", ["0", "51", "9999"])
def test_a_list_of_no_sensible_length_is_refused(desk: Desk, number: str) -> None:
    reply = desk.say(f"unanswered {number}")
    assert reply.kind is Kind.ERROR
    assert "1 to 50" in plain_text(reply.document)


def test_forget_alone_shows_how_it_is_written(desk: Desk) -> None:
    assert "unanswered forget QUESTION" in desk.text("unanswered forget")


def test_what_was_asked_is_data(desk: Desk) -> None:
    hostile = "<!channel> @everyone {0} {name} %s ferries"
    count(desk, hostile)
    assert "{0} {name} %s" in desk.text("unanswered")
    assert desk.say(f"unanswered forget {hostile}").kind is Kind.DONE


def test_a_question_that_found_nothing_is_listed(desk: Desk) -> None:
    desk.say("how many ferries sail to Macau each day?")
    desk.say("how many ferries sail to Macau each day?")
    assert "asked 2 times in English" in desk.text("unanswered")


@pytest.mark.parametrize(
    "mention", ["<@&157421288817>", "<@157421288817>", "<#157421288817>", "<@!157421288817>", "@ann"]
)
def test_no_mention_is_kept_be_it_of_a_person_a_role_or_a_channel(desk: Desk, mention: str) -> None:
    desk.say(f"how many ferries does {mention} sail to Macau?")
    assert kept(desk) == ["how many ferries does … sail to Macau?"]


def test_a_question_that_was_answered_is_not_listed(desk: Desk) -> None:
    desk.say("how many victims were found in 2023?")
    assert kept(desk) == []
