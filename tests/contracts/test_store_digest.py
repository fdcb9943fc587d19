"""What a digest is derived as, on any store."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from contracts.samples import ARTICLE, AT, EDITOR, POLICY, REJECTION, SCREENED_2023, load, statement_of_2022, with_fact

from bot.domain.changes import CorrectFact, Origin, SetFactStanding, SetStatementStanding
from bot.domain.digests import Digest
from bot.domain.facts import LibraryContent, Standing
from bot.domain.text import LocalText
from bot.ports import Store

NOTHING = Digest((), (), 0)


def _digest(store: Store, after: int = 1, upto: int | None = None, topics: Sequence[str] = ()) -> Digest:
    with store.read() as library:
        return library.digest(after, library.revision() if upto is None else upto, topics)


def _correct(store: Store, based_on: int, value: int, topic: str = "screenings") -> None:
    change = CorrectFact(1, based_on, replace(SCREENED_2023, value=value), topic, "misprint")
    store.apply(change, by=EDITOR, at=AT)


def _set_fact(store: Store, based_on: int, standing: Standing, fact_id: int = 1) -> None:
    store.apply(SetFactStanding(fact_id, based_on, standing, f"{standing} for a reason"), by=EDITOR, at=AT)


def _set_statement(store: Store, based_on: int, standing: Standing, statement_id: int = 1) -> None:
    change = SetStatementStanding(statement_id, based_on, standing, f"all {standing}")
    store.apply(change, by=EDITOR, at=AT)


def _shown(digest: Digest) -> list[tuple[str, list[str]]]:
    return [(new.statement.key, [fact.key for fact in new.facts]) for new in digest.statements]


def test_a_range_without_changes_has_nothing_to_say(store: Store) -> None:
    load(store)
    assert _digest(store) == NOTHING
    assert _digest(store).is_empty


def test_new_statements_come_with_their_facts_in_the_order_of_the_source(store: Store) -> None:
    load(store)
    assert _shown(_digest(store, after=0)) == [
        ("rejection-2024", ["rejected", "policy", "screened-2023", "screened-2021"]),
        ("report-2024", ["tier"]),
    ]


def test_only_what_came_in_the_range_is_told(store: Store) -> None:
    load(store)
    load(store, statement_of_2022(), Origin.EDITOR)
    assert _shown(_digest(store, after=1)) == [("hksar-2022-07-20", ["screened-2020"])]
    assert _digest(store, after=2) == NOTHING
    assert _shown(_digest(store, after=0, upto=1))[-1] == ("report-2024", ["tier"])


def test_a_channel_hears_of_its_topics_only(store: Store) -> None:
    load(store)
    assert _shown(_digest(store, after=0, topics=["rating"])) == [
        ("rejection-2024", ["rejected"]),
        ("report-2024", ["tier"]),
    ]
    _correct(store, 1, 10_900)
    assert _digest(store, topics=["rating"]) == NOTHING
    assert len(_digest(store, topics=["rating", "screenings"]).changes) == 1


def test_a_fact_added_to_an_older_statement_is_told_alone(store: Store) -> None:
    load(store)
    load(store, LibraryContent(facts=(replace(POLICY, key="another"),)), Origin.EDITOR)
    assert _shown(_digest(store)) == [("rejection-2024", ["another"])]


def test_a_statement_withdrawn_before_sending_drops_out_and_is_counted(store: Store) -> None:
    load(store)
    load(store, statement_of_2022(), Origin.EDITOR)
    _set_statement(store, 1, Standing.WITHDRAWN, statement_id=3)
    assert _digest(store) == Digest((), (), dropped=1)
    assert _digest(store, upto=2) == Digest((), (), dropped=1)
    assert _digest(store, topics=["rating"]) == NOTHING


def test_a_statement_whose_new_facts_are_all_withdrawn_drops_out_too(store: Store) -> None:
    load(store)
    load(store, statement_of_2022(), Origin.EDITOR)
    _set_fact(store, 1, Standing.WITHDRAWN, fact_id=6)
    assert _digest(store) == Digest((), (), dropped=1)


def test_a_new_fact_corrected_before_sending_is_told_as_it_now_stands(store: Store) -> None:
    load(store)
    _correct(store, 1, 10_900)
    (first, _) = _digest(store, after=0).statements
    assert [fact.value for fact in first.facts if fact.id == 1] == [10_900]
    assert _digest(store, after=0).changes == ()


def test_a_correction_tells_what_was_seen_before_what_stands_now_and_why(store: Store) -> None:
    load(store)
    _correct(store, 1, 10_900)
    _correct(store, 2, 10_800)
    (change,) = _digest(store).changes
    assert (change.before.value, change.before.version) == (11_000, 1)
    assert (change.now.value, change.now.version, change.reason) == (10_800, 3, "misprint")
    (change,) = _digest(store, after=2).changes
    assert change.before.value == 10_900


def test_a_correction_that_was_taken_back_is_not_told(store: Store) -> None:
    load(store)
    _correct(store, 1, 10_900)
    _correct(store, 2, 11_000)
    assert _digest(store) == NOTHING


def test_new_wording_is_not_told(store: Store) -> None:
    load(store)
    load(store, with_fact(replace(SCREENED_2023, text=LocalText("In other words"))))
    reworded = replace(SCREENED_2023, text=LocalText("In other words still"))
    store.apply(CorrectFact(1, 2, reworded, "screenings", "wording"), by=EDITOR, at=AT)
    assert _digest(store) == NOTHING


def test_another_topic_is_told_to_those_who_follow_either(store: Store) -> None:
    load(store)
    _correct(store, 1, 11_000, topic="rating")
    assert len(_digest(store, topics=["rating"]).changes) == len(_digest(store, topics=["screenings"]).changes) == 1


def test_another_speaker_is_told_for_each_fact_of_the_statement(store: Store) -> None:
    load(store)
    moved = replace(REJECTION, speaker="us-state")
    load(store, replace(ARTICLE, statements=(moved, *ARTICLE.statements[1:])))
    changes = _digest(store).changes
    assert [change.before.key for change in changes] == ["screened-2023", "screened-2021", "policy", "rejected"]
    assert changes[0].before.statement.speaker.key == "hksar-government"
    assert changes[0].now.statement.speaker.key == "us-state"


def test_a_withdrawal_is_told_with_its_reason(store: Store) -> None:
    load(store)
    _set_fact(store, 1, Standing.WITHDRAWN)
    (change,) = _digest(store).changes
    assert (change.before.id, change.gone, change.reason) == (1, True, "withdrawn for a reason")


def test_a_withdrawn_statement_is_told_for_each_fact_with_the_statements_reason(store: Store) -> None:
    load(store)
    _set_statement(store, 1, Standing.WITHDRAWN, statement_id=2)
    (change,) = _digest(store).changes
    assert (change.before.key, change.gone, change.reason) == ("tier", True, "all withdrawn")


def test_what_was_withdrawn_and_restored_in_the_range_is_not_told(store: Store) -> None:
    load(store)
    _set_fact(store, 1, Standing.WITHDRAWN)
    _set_fact(store, 2, Standing.CURRENT)
    _set_statement(store, 1, Standing.WITHDRAWN)
    _set_statement(store, 2, Standing.CURRENT)
    assert _digest(store) == NOTHING


def test_what_is_restored_after_its_withdrawal_was_told_is_told_again(store: Store) -> None:
    load(store)
    _set_fact(store, 1, Standing.WITHDRAWN)
    _set_fact(store, 2, Standing.CURRENT)
    (change,) = _digest(store, after=2).changes
    assert (change.before.standing, change.now.standing) == (Standing.WITHDRAWN, Standing.CURRENT)
    assert change.reason == "current for a reason"


def test_of_very_much_that_is_new_some_is_looked_at_and_the_rest_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.digest.MOST_TOUCHED", 3)
    load(store)
    everything = _digest(store, after=0)
    assert (_shown(everything), everything.left_out) == (
        [("rejection-2024", ["policy", "screened-2023", "screened-2021"])],
        2,
    )
    of_topic = _digest(store, after=0, topics=["rating"])
    assert (sum(len(new.facts) for new in of_topic.statements), of_topic.left_out) == (2, 0)


def test_a_correction_is_told_before_what_a_great_import_brought(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.digest.MOST_TOUCHED", 3)
    load(store)
    many = tuple(replace(POLICY, key=f"n{number}") for number in range(9))
    load(store, LibraryContent(facts=many), Origin.IMPORT)
    _correct(store, 1, 10_900)
    digest = _digest(store)
    assert [change.now.value for change in digest.changes] == [10_900]
    assert (len(digest.statements[0].facts), digest.left_out) == (2, 7)
