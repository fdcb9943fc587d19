"""What a snapshot shows, on any store."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from contracts.samples import (
    ARTICLE,
    AT,
    DIMSUM,
    EDITOR,
    GOVERNMENT,
    POLICY,
    REJECTED,
    SCREENED_2023,
    SCREENINGS,
    load,
    statement_of_2022,
)

from bot.domain.changes import Origin, SetFactStanding
from bot.domain.facts import Counts, DisputeEntry, LibraryContent, Standing
from bot.domain.period import Period
from bot.ports import Candidates, Store


def test_a_fact_comes_with_all_it_stands_on(store: Store) -> None:
    load(store)
    with store.read() as library:
        fact = library.fact(1)
    assert fact is not None
    assert {name: getattr(fact, name) for name in ("text", "value", "unit", "qualifier", "period", "change")} == {
        name: getattr(SCREENED_2023, name) for name in ("text", "value", "unit", "qualifier", "period", "change")
    }
    assert (fact.public_id, fact.version, fact.revision) == ("F1", 1, 1)
    assert fact.topic is not None
    assert replace(fact.topic, id=0) == SCREENINGS
    assert replace(fact.statement.speaker, id=0) == GOVERNMENT
    assert replace(fact.statement.source, id=0, version=0) == DIMSUM


def test_ids_that_are_not_held_find_nothing(store: Store) -> None:
    load(store)
    with store.read() as library:
        assert library.fact(99) is None
        assert library.statement(99) is None
        assert library.versions(99) == []
        assert library.facts_of(99) == []
        assert library.current_facts("nothing") == []
        assert library.deliveries(99, 10) == []


def test_an_empty_store_can_be_read(store: Store) -> None:
    with store.read() as library:
        assert library.revision() == 0
        assert library.counts() == Counts(0, 0, 0, 0, None, None)
        assert library.candidates([], 5) == library.candidates(["screen"], 5) == Candidates([])
        assert not any((library.topics(), library.speakers(), library.log(5), library.disputes([])))
        assert not any((library.word_lists(), library.unanswered(5)))


def test_counts_say_how_much_is_held_and_from_when(store: Store) -> None:
    load(store)
    load(store, statement_of_2022())
    with store.read() as library:
        assert library.counts() == Counts(6, 3, 1, 2, date(2022, 7, 20), date(2024, 6, 25))


def test_current_facts_come_newest_period_first_and_those_without_one_last(store: Store) -> None:
    load(store)
    periods = ("2019/..", "2022-03", "2022", "../2018", "2021/2023")
    more = [replace(POLICY, key=iso, period=Period(iso)) for iso in periods]
    load(store, LibraryContent(facts=tuple(more)), Origin.IMPORT)
    with store.read() as library:
        newest_first = [fact.period.iso if fact.period else None for fact in library.current_facts("screenings")]
        oldest_first = [fact.period.iso if fact.period else None for fact in library.all_facts("screenings")]
    assert newest_first == ["2023", "2021/2023", "2022", "2022-03", "2021", "2019/..", "../2018", None]
    assert oldest_first == ["../2018", "2019/..", "2021", "2022-03", "2022", "2021/2023", "2023", None]


def test_facts_of_one_period_come_newest_said_first(store: Store) -> None:
    load(store)
    later = replace(SCREENED_2023, key="said-2022", statement="hksar-2022-07-20")
    load(store, statement_of_2022(later), Origin.EDITOR)
    with store.read() as library:
        assert [fact.key for fact in library.current_facts("screenings")][:2] == ["screened-2023", "said-2022"]


def test_a_dispute_is_found_from_either_side_while_both_facts_are_current(store: Store) -> None:
    load(store)
    with store.read() as library:
        (found,) = library.disputes([4])
        assert library.disputes([5, 4]) == [found]
        assert library.disputes([1, 2]) == []
    assert (found.rejecting.id, found.rejected.id, found.source.key) == (4, 5, DIMSUM.key)
    store.apply(SetFactStanding(5, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    with store.read() as library:
        assert library.disputes([4]) == []


def test_a_snapshot_does_not_see_what_is_written_while_it_is_open(store: Store) -> None:
    load(store)
    with store.read() as library:
        assert library.revision() == 1
        store.apply(SetFactStanding(1, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
        assert library.revision() == 1
        assert len(library.current_facts("screenings")) == 3
    with store.read() as library:
        assert library.revision() == 2


def test_the_log_comes_newest_first_and_of_one_target_if_asked(store: Store) -> None:
    load(store)
    store.apply(SetFactStanding(1, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    with store.read() as library:
        assert [row.action for row in library.log(2)] == ["withdraw", "add"]
        assert [row.action for row in library.log(9, "F1")] == ["withdraw", "add"]
        assert library.log(9, "F99") == []


def test_instants_come_back_in_utc_whatever_zone_they_were_given_in(store: Store) -> None:
    hong_kong = timezone(timedelta(hours=8))
    load(store, ARTICLE, at=datetime(2024, 6, 25, 9, 0, 0, 5, tzinfo=hong_kong))
    with store.read() as library:
        at = library.log(1)[0].at
    assert at == datetime(2024, 6, 25, 1, 0, 0, 5, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_a_key_is_held_for_its_own_kind_only(store: Store) -> None:
    load(store)
    kinds = ("source", "speaker", "topic", "statement", "fact")
    with store.read() as library:
        assert [kind for kind in kinds if library.holds(kind, "rejected")] == ["fact"]
        assert all(
            library.holds(kind, key)
            for kind, key in zip(kinds, (DIMSUM.key, GOVERNMENT.key, "rating", "report-2024", "tier"), strict=True)
        )


def test_of_a_topic_with_more_facts_than_are_sorted_the_newest_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading.MOST_OF_A_TOPIC", 2)
    load(store)
    years = [replace(POLICY, key=f"of-{year}", period=Period(str(year))) for year in range(2000, 2020)]
    without = [replace(POLICY, key=f"none-{number}") for number in range(5)]
    load(store, LibraryContent(facts=(*years, *without)), Origin.IMPORT)
    store.apply(SetFactStanding(1, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    with store.read() as library:
        assert [fact.key for fact in library.current_facts("screenings")] == [
            *("screened-2021", "of-2019"),
            *("none-3", "none-4"),
        ]
        assert [fact.key for fact in library.all_facts("screenings")][:2] == ["screened-2021", "screened-2023"]


def test_a_fact_comes_with_the_current_facts_that_reject_it(store: Store) -> None:
    load(store)
    load(
        store,
        LibraryContent(
            facts=(replace(REJECTED, key="again"),),
            disputes=(DisputeEntry("again", "again", "tier", DIMSUM.key),),
        ),
        Origin.IMPORT,
    )
    with store.read() as library:
        by_one_read = {fact.key: fact.rejected_by for fact in library.current_facts("rating")}
    assert {key: [each.public_id for each in by] for key, by in by_one_read.items()} == {
        "tier": ["F4", "F6"],
        "rejected": [],
        "again": [],
    }
    assert by_one_read["tier"][0].speaker.key == GOVERNMENT.key
    store.apply(SetFactStanding(4, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    with store.read() as library:
        (fact,) = library.facts_of(2)
    assert [each.public_id for each in fact.rejected_by] == ["F6"]


def test_of_a_statement_with_very_many_facts_the_first_are_read(store: Store) -> None:
    load(store)
    with store.read() as library:
        assert [fact.id for fact in library.facts_of(1, limit=2)] == [1, 2]


def test_counts_follow_the_revision(store: Store) -> None:
    load(store)
    with store.read() as library:
        assert library.counts().facts == 5
    load(store, statement_of_2022(), Origin.EDITOR)
    with store.read() as library:
        assert library.counts().facts == 6
