"""Editors at work: forms that refuse on the field, changes that can be taken back, and a log of it all."""

from dataclasses import replace

import pytest
from library import MONDAY, SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021, Desk, add_statement_of_2022

from bot.core import Bot
from bot.domain.people import Actor, Platform
from bot.messages.exchange import Form, Kind, Message
from bot.messages.plain import plain_text
from bot.settings import Settings

SEVEN_IN_HONG_KONG = MONDAY.replace(hour=23)  # of Tuesday, 24 November
READER = Actor(Platform.SLACK, "T1", "U1", "Reader")


def test_a_form_refuses_on_the_field_and_keeps_what_was_typed(desk: Desk) -> None:
    form = desk.form("add")
    refused = desk.refused(form, "next", speaker="HKSAR Government", date="yesterday", title="", link="javascript:x")
    assert set(refused.errors) == {"date", "title", "link"}
    assert {field.name: field.value for field in refused.form.fields}["speaker"] == "HKSAR Government"


@pytest.mark.parametrize("date", ["2030-01-01", "2026-11-25"])
def test_a_date_in_the_future_is_refused(desk: Desk, date: str) -> None:
    desk.now = SEVEN_IN_HONG_KONG
    refused = desk.refused(desk.form("add"), "next", **{**STATEMENT_2022, "date": date})
    assert set(refused.errors) == {"date"}


def test_today_is_hong_kongs_today(desk: Desk) -> None:
    desk.now = SEVEN_IN_HONG_KONG
    assert desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "date": "2026-11-24"}).step == "fact"


def test_a_fact_form_refuses_an_unknown_topic_a_bad_period_and_a_bad_change(desk: Desk) -> None:
    form = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    refused = desk.refused(
        form, "review", **{**SCREENINGS_2021, "topic": "weather", "period": "lately", "change": "more"}
    )
    assert set(refused.errors) == {"topic", "period", "change"}


def test_a_text_too_long_is_refused_with_the_limit(desk: Desk) -> None:
    form = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    refused = desk.refused(form, "review", **{**SCREENINGS_2021, "text": "x" * 1001})
    assert "1,000" in refused.errors["text"]


def test_adding_what_was_withdrawn_does_not_restore_it(desk: Desk) -> None:
    add_statement_of_2022(desk)
    desk.finish(desk.form("withdraw S4"), "confirm", reason="published in error")
    assert "already held" in plain_text(add_statement_of_2022(desk).document)
    assert "Withdrawn: published in error" in desk.text("statement S4")
    assert "2021" not in desk.text("screenings")


def test_the_history_of_a_fact_says_what_made_each_version(desk: Desk) -> None:
    desk.finish(desk.form("withdraw F15"), "confirm", reason="doubted")
    desk.finish(desk.form("restore F15"), "confirm", reason="checked")
    history = desk.text("history F15")
    for event in ("Version 1: first stated here", "Version 2: withdrawn: doubted", "Version 3: restored: checked"):
        assert event in history


def test_nothing_is_added_before_it_is_confirmed(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    assert "7,700" in plain_text(review.document) if review.document else False
    assert "2021" not in desk.text("screenings")
    assert desk.finish(review, "cancel").kind is Kind.DONE
    assert desk.say("check F46").kind is Kind.ERROR


def test_adding_the_same_statement_twice_adds_it_once(desk: Desk) -> None:
    assert "S4" in plain_text(add_statement_of_2022(desk).document)
    again = add_statement_of_2022(desk)
    assert "already held" in plain_text(again.document)
    assert desk.say("statement S5").kind is Kind.ERROR


def test_one_press_counts_once_however_often_it_arrives(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    first = desk.finish(review, "confirm", once_key="press-1")
    second = desk.finish(review, "confirm", once_key="press-1")
    assert plain_text(first.document).splitlines()[0] == plain_text(second.document).splitlines()[0]


def test_the_review_warns_of_what_is_already_held_for_the_period(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "date": "2024-06-26"})
    review = desk.next_form(fact, "review", **{**SCREENINGS_2021, "period": "2023", "value": "12 000"})
    assert review.document
    assert "F12 is already held for this period" in plain_text(review.document)


def test_hostile_text_in_a_form_is_data(desk: Desk) -> None:
    hostile = "<!channel> @everyone \x00\ud800 '; DROP TABLE facts; -- {0} {name} %s"
    fact = desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "title": hostile})
    review = desk.next_form(fact, "review", **{**SCREENINGS_2021, "text": hostile})
    assert desk.finish(review, "confirm").kind is Kind.DONE
    assert "DROP TABLE" in desk.text("statement S4")


def test_a_tampered_form_adds_nothing(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    tampered = replace(review, carried=review.carried.replace("2021", "soon"))
    assert isinstance(desk.send(tampered, "confirm"), Form)
    broken = replace(review, carried="{")
    assert desk.finish(broken, "confirm").kind is Kind.ERROR


def test_a_correction_based_on_an_old_version_is_shown_the_new_one(desk: Desk) -> None:
    stale = desk.next_form(desk.form("correct F12"), "review", value="about 12,000", reason="first")
    other = desk.next_form(desk.form("correct F12"), "review", value="about 13,000", reason="second")
    assert desk.finish(other, "confirm").kind is Kind.DONE
    refused = desk.refused(stale, "confirm")
    assert "changed meanwhile" in refused.errors[""]
    assert "13,000" in desk.text("check F12")


def test_a_correction_keeps_what_the_form_does_not_ask_for(desk: Desk) -> None:
    review = desk.next_form(desk.form("correct F12"), "review", value="about 11,100", reason="checked again")
    desk.finish(review, "confirm")
    with desk.store.read() as library:
        before, now = library.versions(12)
    assert (now.paragraph, now.voice, now.unit, now.text) == (before.paragraph, before.voice, before.unit, before.text)
    assert (before.value, now.value) == (11000, 11100)


def test_a_correction_without_a_reason_or_a_difference_is_refused(desk: Desk) -> None:
    form = desk.form("correct F12")
    assert set(desk.refused(form, "review", value="about 12,000").errors) == {"reason"}
    assert "Nothing differs" in desk.refused(form, "review", reason="no reason").errors[""]


def test_a_withdrawn_fact_answers_nothing_and_can_be_restored(desk: Desk) -> None:
    form = desk.form("withdraw F15")
    assert set(desk.refused(form, "confirm").errors) == {"reason"}
    assert desk.finish(form, "confirm", reason="the outlet withdrew it").kind is Kind.DONE
    assert desk.say("how many victims were found?").kind is Kind.ABSTENTION
    assert "withdrawn: the outlet withdrew it" in desk.text("history victims")
    assert desk.say("withdraw F15").kind is Kind.ERROR
    assert desk.finish(desk.form("restore F15"), "confirm", reason="it stands").kind is Kind.DONE
    assert desk.say("how many victims were found?").kind is Kind.ANSWER
    with desk.store.read() as library:
        assert len(library.versions(15)) == 3


@pytest.mark.parametrize("line", ["withdraw F15", "correct F15"])
def test_a_reason_is_kept_on_one_line_without_characters_no_text_holds(desk: Desk, line: str) -> None:
    form, reason = desk.form(line), "wrong\x00\x1b[31m\n\tfigure \ud800 \u202eyes"
    if line.startswith("correct"):
        form = desk.next_form(form, "review", value="two", reason=reason)
    assert desk.finish(form, "confirm", reason=reason).kind is Kind.DONE
    with desk.store.read() as library:
        assert library.versions(15)[-1].reason == "wrong [31m figure \ufffd yes"


def test_a_form_that_comes_back_is_tidy(desk: Desk) -> None:
    refused = desk.refused(desk.form("correct F15"), "review", text="two\n\x1blines", reason="")
    assert {field.name: field.value for field in refused.form.fields}["text"] == "two lines"


def test_what_a_form_carries_is_tidied_too(desk: Desk) -> None:
    review = desk.next_form(desk.form("correct F15"), "review", value="two", reason="checked")
    desk.finish(replace(review, carried=review.carried.replace("checked", "\\u0000checked\\ud800")), "confirm")
    with desk.store.read() as library:
        assert library.versions(15)[-1].reason == "checked\ufffd"


def test_a_reason_of_nothing_that_can_be_kept_is_missing(desk: Desk) -> None:
    assert set(desk.refused(desk.form("withdraw F15"), "confirm", reason="\x00\u200b").errors) == {"reason"}


def test_a_reason_in_the_line_is_kept_as_it_was_typed(desk: Desk) -> None:
    form = desk.form("/tipfacts 撤回 F15  數字有誤，須更正。“見附件”—甲、乙")
    assert form.fields[0].value == "數字有誤，須更正。“見附件”—甲、乙"
    desk.finish(form, "confirm")
    assert "數字有誤，須更正。“見附件”—甲、乙" in desk.text("history F15")


@pytest.mark.parametrize("submit", ["", "Confirm", "another", "review"])
def test_only_confirm_confirms(desk: Desk, submit: str) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    assert isinstance(desk.send(review, submit), Form)
    corrected = desk.next_form(desk.form("correct F12"), "review", value="about 12,000", reason="checked")
    assert desk.next_form(corrected, submit) == corrected
    withdrawn = desk.next_form(desk.form("withdraw F15"), submit, reason="doubted")
    assert withdrawn.fields[0].value == "doubted"
    desk.finish(withdrawn, "confirm")
    assert desk.next_form(desk.form("restore F15"), submit, reason="back").command == "restore"
    with desk.store.read() as library:
        assert (library.statement(4), len(library.versions(12)), len(library.versions(15))) == (None, 1, 2)


def test_a_form_of_an_unknown_step_changes_nothing(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    assert not isinstance(desk.send(replace(review, step="?"), "confirm"), Message)
    assert not isinstance(desk.send(replace(desk.form("correct F12"), step="?"), "confirm", value="1"), Message)
    assert desk.say("statement S4").kind is Kind.ERROR


def test_a_withdrawn_statement_takes_its_facts_with_it(desk: Desk) -> None:
    desk.finish(desk.form("withdraw S1"), "confirm", reason="test")
    assert desk.say("screenings").kind is Kind.ABSTENTION
    assert "Withdrawn: test" in desk.text("statement S1")
    desk.finish(desk.form("restore S1"), "confirm", reason="back")
    assert desk.say("screenings").kind is Kind.ANSWER


def test_the_log_names_who_did_what(desk: Desk) -> None:
    desk.now = MONDAY
    add_statement_of_2022(desk)
    log = desk.text("log S4")
    assert "2026-11-23 00:00Z | console | add | S4" in log


def test_a_reader_may_ask_and_not_write(desk: Desk) -> None:
    desk.actor = READER
    for line in ("add", "correct F12", "withdraw F12 because", "restore F12", "log", "grant console admin"):
        reply = desk.say(line)
        assert reply.kind is Kind.ERROR
        assert "needs the role" in plain_text(reply.document)
    assert desk.say("screenings").kind is Kind.ANSWER


def test_a_reader_may_see_whom_to_ask(desk: Desk) -> None:
    desk.actor = READER
    assert "console" in desk.text("roles")


def test_a_form_sent_by_a_reader_is_refused_too(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    desk.actor = READER
    assert desk.finish(review, "confirm").kind is Kind.ERROR
    assert desk.say("statement S4").kind is Kind.ERROR


def test_a_bot_without_settings_gives_the_console_no_role(desk: Desk) -> None:
    desk.bot = Bot(desk.store, Settings())
    assert desk.say("add").kind is Kind.ERROR


def test_a_draft_can_be_changed_from_its_review_without_typing_it_again(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "speaker": "HKSAR Goverment"})
    second = desk.next_form(fact, "another", **SCREENINGS_2021)
    review = desk.next_form(second, "review", **VICTIMS_2021)
    assert review.document
    assert "did you mean HKSAR Government?" in plain_text(review.document)
    statement = desk.next_form(review, "change")
    first = desk.next_form(statement, "next", speaker="HKSAR Government")
    assert {field.name: field.value for field in first.fields}["value"] == SCREENINGS_2021["value"]
    last = desk.next_form(first, "another", value="around 7 800", text="About 7,800 screenings, the Government said.")
    again = desk.next_form(last, "review")
    assert desk.finish(again, "confirm").kind is Kind.DONE
    statement_text = desk.text("statement S4")
    assert "7,800" in statement_text
    assert "one victim" in statement_text
    assert "S4: HKSAR Government, 20 July 2022" in statement_text


def test_the_review_warns_where_value_and_sentence_differ(desk: Desk) -> None:
    review = desk.next_form(desk.form("correct F15"), "review", value="four", reason="recounted")
    assert review.document
    assert "identified in 2023 despite intensified efforts" in plain_text(review.document)
    assert plain_text(review.document).count("does not hold the value 4 victims") == 2
    english = desk.next_form(desk.form("correct F15"), "review", value="four", text="Many were identified.", reason="r")
    assert english.document
    assert "Many were identified.” does not hold the value 4" in plain_text(english.document)
    sound = desk.next_form(
        desk.form("correct F15"),
        "review",
        value="four",
        text="Four victims were identified in 2023.",
        text_zh="2023年識別出四名受害人。",
        reason="recounted",
    )
    assert sound.document
    assert "does not hold" not in plain_text(sound.document)


def test_what_does_not_stand_is_restored_before_it_is_corrected(desk: Desk) -> None:
    desk.finish(desk.form("withdraw F15"), "confirm", reason="doubted")
    reply = desk.say("correct F15")
    assert reply.kind is Kind.ERROR
    assert "restore it first" in plain_text(reply.document)


def test_an_id_alone_shows_what_it_names(desk: Desk) -> None:
    assert "F12 is current." in desk.text("f12?")
    assert "S1: HKSAR Government" in desk.text("S1")
    assert "Nothing here has the id F999" in desk.text("F999")
