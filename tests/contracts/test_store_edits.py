"""What editors' changes to a fact or a statement do, on any store."""

from dataclasses import replace

import pytest
from contracts.samples import AT, EDITOR, SCREENED_2023, load

from bot.domain.changes import (
    AlreadyDoneError,
    ChangeRefusedError,
    CorrectFact,
    Once,
    RefusalReason,
    SetFactStanding,
    SetStatementStanding,
    StaleChangeError,
)
from bot.domain.facts import Standing
from bot.domain.text import LocalText
from bot.ports import Store

CORRECTION = CorrectFact(1, 1, replace(SCREENED_2023, value=10_900), "screenings", "misprint")
WITHDRAWAL = SetFactStanding(1, 1, Standing.WITHDRAWN, "issued in error")


def test_a_correction_adds_a_version_with_its_reason_and_an_audit_row(store: Store) -> None:
    load(store)
    applied = store.apply(CORRECTION, by=EDITOR, at=AT)
    assert (applied.ids, applied.changed, applied.revision) == (("F1",), 1, 2)
    with store.read() as library:
        old, new = library.versions(1)
        row = library.log(1)[0]
    assert (old.value, new.value, new.reason) == (11_000, 10_900, "misprint")
    assert (row.actor, row.action, row.target, row.revision) == (EDITOR, "correct", "F1", 2)
    assert row.before != row.after


def test_a_correction_that_corrects_nothing_writes_nothing(store: Store) -> None:
    load(store)
    applied = store.apply(CorrectFact(1, 1, SCREENED_2023, "screenings", "none"), by=EDITOR, at=AT)
    assert (applied.unchanged, applied.revision) == (1, 1)
    with store.read() as library:
        assert len(library.versions(1)) == 1


def test_a_corrected_fact_is_found_by_its_new_words_only(store: Store) -> None:
    load(store)
    reworded = replace(SCREENED_2023, text=LocalText("Eleven thousand assessments"))
    store.apply(CorrectFact(1, 1, reworded, "rating", "wording"), by=EDITOR, at=AT)
    with store.read() as library:
        assert [fact.id for fact in library.candidates(["assess"], 9).facts] == [1]
        assert 1 not in [fact.id for fact in library.candidates(["initi"], 9).facts]
        assert [fact.id for fact in library.all_facts("rating")] == [1, 5, 4]


@pytest.mark.parametrize("change", [CORRECTION, WITHDRAWAL])
def test_a_change_based_on_an_older_version_is_refused(store: Store, change: CorrectFact | SetFactStanding) -> None:
    load(store)
    store.apply(change, by=EDITOR, at=AT)
    with pytest.raises(StaleChangeError):
        store.apply(replace(change, reason="again"), by=EDITOR, at=AT)
    with store.read() as library:
        assert library.revision() == 2


def test_a_statement_change_based_on_an_older_version_is_refused(store: Store) -> None:
    load(store)
    with pytest.raises(StaleChangeError):
        store.apply(SetStatementStanding(1, 7, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (replace(CORRECTION, fact_id=99), "F99"),
        (replace(CORRECTION, topic="nothing"), "topic nothing"),
        (replace(WITHDRAWAL, fact_id=99), "F99"),
        (SetStatementStanding(99, 1, Standing.WITHDRAWN, "error"), "S99"),
    ],
)
def test_a_change_to_what_is_not_there_is_refused(
    store: Store, change: CorrectFact | SetFactStanding | SetStatementStanding, named: str
) -> None:
    load(store)
    with pytest.raises(ChangeRefusedError) as refused:
        store.apply(change, by=EDITOR, at=AT)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.DANGLING, named)


def test_a_withdrawn_fact_is_held_but_no_longer_current(store: Store) -> None:
    load(store)
    store.apply(WITHDRAWAL, by=EDITOR, at=AT)
    with store.read() as library:
        fact = library.fact(1)
        assert [each.id for each in library.current_facts("screenings")] == [2, 3]
        assert [each.id for each in library.all_facts("screenings")] == [2, 1, 3]
        assert library.candidates(["11000"], 9).facts == []
        assert library.log(1)[0].action == "withdraw"
    assert fact is not None
    assert (fact.standing, fact.reason, fact.value) == (Standing.WITHDRAWN, "issued in error", 11_000)


def test_a_restored_fact_is_current_again(store: Store) -> None:
    load(store)
    store.apply(WITHDRAWAL, by=EDITOR, at=AT)
    store.apply(SetFactStanding(1, 2, Standing.CURRENT, "was right"), by=EDITOR, at=AT)
    with store.read() as library:
        assert [each.version for each in library.candidates(["11000"], 9).facts] == [3]
        assert library.log(1)[0].action == "restore"


def test_withdrawing_twice_is_no_second_withdrawal(store: Store) -> None:
    load(store)
    store.apply(WITHDRAWAL, by=EDITOR, at=AT)
    again = store.apply(replace(WITHDRAWAL, based_on=2), by=EDITOR, at=AT)
    assert (again.unchanged, again.revision) == (1, 2)


def test_a_withdrawn_statement_takes_its_facts_with_it_and_brings_them_back(store: Store) -> None:
    load(store)
    store.apply(SetStatementStanding(1, 1, Standing.WITHDRAWN, "retracted"), by=EDITOR, at=AT)
    with store.read() as library:
        statement = library.statement(1)
        assert library.current_facts("screenings") == []
        assert library.candidates(["11000"], 9).facts == []
        assert library.disputes([5]) == []
        assert len(library.facts_of(1)) == 4
    assert statement is not None
    assert (statement.standing, statement.reason, statement.version) == (Standing.WITHDRAWN, "retracted", 2)
    store.apply(SetStatementStanding(1, 2, Standing.CURRENT, "stands"), by=EDITOR, at=AT)
    with store.read() as library:
        assert len(library.current_facts("screenings")) == 3
        assert [each.id for each in library.candidates(["11000"], 9).facts] == [1]


def test_a_retry_of_the_same_event_gets_the_first_reply_and_acts_once(store: Store) -> None:
    load(store)
    once = Once("slack:Ev1", lambda applied: f"done in revision {applied.revision}")
    store.apply(CORRECTION, by=EDITOR, at=AT, once=once)
    with pytest.raises(AlreadyDoneError) as done:
        store.apply(replace(CORRECTION, based_on=2), by=EDITOR, at=AT, once=once)
    assert done.value.reply == "done in revision 2"
    with store.read() as library:
        assert library.revision() == 2


def test_a_refused_change_does_not_use_its_key_up(store: Store) -> None:
    load(store)
    once = Once("slack:Ev1", lambda _: "done")
    with pytest.raises(StaleChangeError):
        store.apply(replace(CORRECTION, based_on=9), by=EDITOR, at=AT, once=once)
    assert store.apply(CORRECTION, by=EDITOR, at=AT, once=once).changed == 1


def test_a_change_and_its_audit_row_stand_or_fall_together(store: Store) -> None:
    load(store)

    def word(_: object) -> str:
        raise RuntimeError("the last step fails")

    with pytest.raises(RuntimeError):
        store.apply(CORRECTION, by=EDITOR, at=AT, once=Once("key", word))
    with store.read() as library:
        assert (library.revision(), len(library.versions(1)), library.log(1)[0].action) == (1, 1, "add")
        assert [each.value for each in library.candidates(["11000"], 9).facts] == [11_000]


def test_a_naive_datetime_is_refused(store: Store) -> None:
    load(store)
    with pytest.raises(ValueError, match="has no zone"):
        store.apply(CORRECTION, by=EDITOR, at=AT.replace(tzinfo=None))
