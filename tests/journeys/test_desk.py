"""Editors at work: forms that refuse on the field, changes that can be taken back, and a log of it all."""

from library import MONDAY, SCREENINGS_2021, STATEMENT_2022, Desk, add_statement_of_2022

from bot.core import Bot
from bot.domain.people import Actor, Platform
from bot.messages.exchange import Form, Kind
from bot.messages.plain import plain_text
from bot.settings import Settings

READER = Actor(Platform.SLACK, "T1", "U1", "Reader")


def test_a_form_refuses_on_the_field_and_keeps_what_was_typed(desk: Desk) -> None:
    form = desk.form("add")
    refused = desk.refused(form, "next", speaker="HKSAR Government", date="yesterday", title="", link="javascript:x")
    assert set(refused.errors) == {"date", "title", "link"}
    assert {field.name: field.value for field in refused.form.fields}["speaker"] == "HKSAR Government"


def test_a_date_in_the_future_is_refused(desk: Desk) -> None:
    refused = desk.refused(desk.form("add"), "next", **{**STATEMENT_2022, "date": "2030-01-01"})
    assert set(refused.errors) == {"date"}


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
    tampered = Form(
        **{
            **{name: getattr(review, name) for name in Form.__slots__},
            "carried": review.carried.replace("2021", "soon"),
        }
    )
    assert isinstance(desk.send(tampered, "confirm"), Form)
    broken = Form(**{**{name: getattr(review, name) for name in Form.__slots__}, "carried": "{"})
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
    for line in ("add", "correct F12", "withdraw F12 because", "restore F12", "log", "grant console admin", "roles"):
        reply = desk.say(line)
        assert reply.kind is Kind.ERROR
        assert "needs the role" in plain_text(reply.document)
    assert desk.say("screenings").kind is Kind.ANSWER


def test_a_form_sent_by_a_reader_is_refused_too(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **STATEMENT_2022)
    review = desk.next_form(fact, "review", **SCREENINGS_2021)
    desk.actor = READER
    assert desk.finish(review, "confirm").kind is Kind.ERROR
    assert desk.say("statement S4").kind is Kind.ERROR


def test_a_bot_without_settings_gives_the_console_no_role(desk: Desk) -> None:
    desk.bot = Bot(desk.store, Settings())
    assert desk.say("add").kind is Kind.ERROR
