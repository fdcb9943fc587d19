"""Adding facts: what is the same fact, what a fact rejects, and what its text may hold."""

import json
from dataclasses import replace

import pytest
from library import SCREENINGS_2021, STATEMENT_2022, VICTIMS_2021, Desk

from bot.desk.library_file import read_library
from bot.domain.changes import LoadLibrary, Origin
from bot.messages.exchange import Form, FormErrors, Kind
from bot.messages.plain import plain_text


def fact_form(desk: Desk) -> Form:
    return desk.next_form(desk.form("add"), "next", **STATEMENT_2022)


def test_the_same_fact_twice_in_a_draft_is_refused_on_its_text(desk: Desk) -> None:
    second = desk.next_form(fact_form(desk), "another", **SCREENINGS_2021)
    again = {**SCREENINGS_2021, "text": f" {SCREENINGS_2021['text']}\n", "topic": "initial screenings"}
    assert set(desk.refused(second, "review", **again).errors) == {"text"}
    assert desk.next_form(second, "review", **VICTIMS_2021).step == "review"


@pytest.mark.parametrize(
    "other", [{"unit": "initial screenings of helpers"}, {"value": "over 7 700"}, {"change": "x2 against 2016"}]
)
def test_facts_that_differ_in_unit_qualifier_or_change_are_two(desk: Desk, other: dict[str, str]) -> None:
    second = desk.next_form(fact_form(desk), "another", **SCREENINGS_2021)
    review = desk.next_form(second, "review", **{**SCREENINGS_2021, **other})
    assert "F46, F47" in plain_text(desk.finish(review, "confirm").document)


def test_a_draft_that_somebody_doubled_adds_nothing(desk: Desk) -> None:
    review = desk.next_form(fact_form(desk), "review", **SCREENINGS_2021)
    carried = json.loads(review.carried)
    doubled = replace(review, carried=json.dumps({**carried, "facts": carried["facts"] * 2}))
    assert isinstance(desk.send(doubled, "confirm"), Form)


def test_a_newline_in_a_text_fakes_no_line(desk: Desk) -> None:
    faked = "A fact.\n  Source: nobody\t(https://example.org)"
    review = desk.next_form(fact_form(desk), "review", **{**SCREENINGS_2021, "text": faked, "quote": "one\n\ntwo"})
    desk.finish(review, "confirm")
    with desk.store.read() as library:
        fact = library.versions(46)[-1]
    assert (fact.text.en, fact.quote) == ("A fact. Source: nobody (https://example.org)", "one two")


def test_a_number_too_great_to_be_held_is_refused_on_its_field(desk: Desk) -> None:
    great = "9" * 30
    refused = desk.refused(
        fact_form(desk), "review", **{**SCREENINGS_2021, "value": great, "change": f"+{great}% against 2016"}
    )
    assert set(refused.errors) == {"value", "change"}


def test_the_same_fact_typed_and_imported_is_one(desk: Desk) -> None:
    review = desk.next_form(fact_form(desk), "another", **SCREENINGS_2021)
    desk.finish(desk.next_form(review, "review", **VICTIMS_2021), "confirm")
    source = {"title": STATEMENT_2022["title"], "publisher": "HKSAR Government", "url": STATEMENT_2022["link"]}
    where = {"speaker": "hksar", "said_on": "2022-07-20", "source": {**source, "published_on": "2022-07-20"}}
    screenings = {
        **SCREENINGS_2021,
        "value": 7700.0,
        "qualifier": "about",
        "change": {"kind": "ratio", "value": 3, "against": "2016"},
    }
    victims = {**VICTIMS_2021, "value": 1}
    data = json.dumps([{**where, **screenings}, {**where, **victims}])
    with desk.store.read() as library:
        content = read_library([("facts.json", data.encode())], library)
    applied = desk.store.apply(LoadLibrary(content, Origin.IMPORT), by="operator", at=desk.now)
    assert (applied.added, applied.changed, applied.unchanged) == (0, 0, 4)


def test_a_speaker_typed_and_imported_has_one_key(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "speaker": "Some Office"})
    desk.finish(desk.next_form(fact, "review", **VICTIMS_2021), "confirm")
    content = read_library([("speakers.yaml", b"speakers: [{name: {en: Some Office}}]")], None)
    with desk.store.read() as library:
        assert content.speakers[0].key in {speaker.key for speaker in library.speakers()}


def test_what_a_fact_rejects_is_asked_last_and_only_when_it_is_added(desk: Desk) -> None:
    assert fact_form(desk).fields[-1].name == "rejects"
    assert "rejects" not in {field.name for field in desk.form("correct F12").fields}


def test_a_fact_may_be_added_that_rejects_others(desk: Desk) -> None:
    review = desk.next_form(fact_form(desk), "review", **VICTIMS_2021, rejects="f12, 15，F12")
    assert review.document
    assert plain_text(review.document).count("Rejects: F1") == 2
    assert "F12: " in plain_text(review.document)
    desk.finish(review, "confirm")
    with desk.store.read() as library:
        disputes = [dispute for dispute in library.disputes([46]) if dispute.rejecting.id == 46]
        assert sorted(dispute.rejected.id for dispute in disputes) == [12, 15]
        assert {dispute.source.title for dispute in disputes} == {STATEMENT_2022["title"]}
    assert "Disputed: HKSAR Government rejects this" in desk.text("check F12")


@pytest.mark.parametrize("typed", ["F999", "F12, weather", "S1", "F12 F15"])
def test_an_unknown_fact_to_reject_is_refused_on_its_field(desk: Desk, typed: str) -> None:
    assert set(desk.refused(fact_form(desk), "review", **VICTIMS_2021, rejects=typed).errors) == {"rejects"}


def test_a_rejection_may_be_added_to_a_statement_that_is_held(desk: Desk) -> None:
    desk.finish(desk.next_form(fact_form(desk), "review", **VICTIMS_2021), "confirm")
    review = desk.next_form(fact_form(desk), "review", **VICTIMS_2021, rejects="F12")
    reply = desk.finish(review, "confirm")
    assert reply.kind is Kind.DONE
    assert "what it rejects is now recorded" in plain_text(reply.document)
    assert "Disputed" in desk.text("check F12")


def test_a_fact_cannot_reject_itself(desk: Desk) -> None:
    desk.finish(desk.next_form(fact_form(desk), "review", **VICTIMS_2021), "confirm")
    refused = desk.send(fact_form(desk), "review", **VICTIMS_2021, rejects="F46")
    assert isinstance(refused, FormErrors)
    assert set(refused.errors) == {"rejects"}


def test_a_draft_has_no_more_than_fifty_facts(desk: Desk) -> None:
    form = fact_form(desk)
    for number in range(50):
        form = desk.next_form(form, "another", **{**VICTIMS_2021, "value": str(number)})
    assert form.step == "review"
    assert [submit.key for submit in form.submits] == ["confirm", "change", "cancel"]
    assert desk.next_form(form, "another").step == "review"


def test_a_speaker_typed_by_what_questions_call_it_is_offered_its_name(desk: Desk) -> None:
    fact = desk.next_form(desk.form("add"), "next", **{**STATEMENT_2022, "speaker": "Washington"})
    review = desk.next_form(fact, "review", **VICTIMS_2021)
    assert review.document
    assert "Washington (new; or did you mean U.S. Department of State?)" in plain_text(review.document)


def test_of_a_statement_with_many_facts_some_are_shown_before_it_is_withdrawn(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.standing.SHOWN", 2)
    with desk.store.read() as library:
        count = len(library.facts_of(1))
    form = desk.form("withdraw S1")
    assert form.document
    assert f"{count - 2} more facts go with it." in plain_text(form.document)
    monkeypatch.setattr("bot.desk.standing.FACTS_OF_A_STATEMENT", count)
    form = desk.form("withdraw S1")
    assert form.document
    assert f"At least {count - 2} more facts go with it." in plain_text(form.document)
