"""Facts that no editor has placed under a topic yet, on any store."""

from dataclasses import replace

import pytest
from contracts.samples import AT, EDITOR, SCREENED_2023, load

from bot.domain.changes import ChangeRefusedError, CorrectFact
from bot.domain.facts import LibraryContent
from bot.ports import Store

UNPLACED = replace(SCREENED_2023, key="unplaced", topic=None)


@pytest.fixture(autouse=True)
def _held(store: Store) -> None:
    """The article, and a fact without a topic as F6."""
    load(store)
    assert load(store, LibraryContent(facts=(UNPLACED,))).added == 1


def test_a_fact_without_a_topic_is_read_exported_and_loaded_again_unchanged(store: Store) -> None:
    with store.read() as library:
        fact = library.fact(6)
        content = library.content()
    assert fact is not None
    assert fact.topic is None
    assert content.facts[-1] == UNPLACED
    assert load(store, content).changed == 0


def test_it_is_found_by_its_words_and_under_no_topic(store: Store) -> None:
    with store.read() as library:
        assert [fact.id for fact in library.candidates(["11000"], 9).facts] == [1, 6]
        assert 6 not in [fact.id for fact in library.current_facts("screenings")]


def test_a_correction_gives_it_a_topic_and_takes_it_away_again(store: Store) -> None:
    store.apply(CorrectFact(6, 1, UNPLACED, "screenings", "placed"), by=EDITOR, at=AT)
    with store.read() as library:
        assert 6 in [fact.id for fact in library.current_facts("screenings")]
    store.apply(CorrectFact(6, 2, UNPLACED, None, "not so sure"), by=EDITOR, at=AT)
    assert store.apply(CorrectFact(6, 3, UNPLACED, None, "again"), by=EDITOR, at=AT).unchanged == 1
    with store.read() as library:
        assert [fact.topic and fact.topic.key for fact in library.versions(6)] == [None, "screenings", None]


def test_a_topic_that_is_not_there_is_still_refused(store: Store) -> None:
    with pytest.raises(ChangeRefusedError, match="topic nothing"):
        store.apply(CorrectFact(6, 1, UNPLACED, "nothing", "no"), by=EDITOR, at=AT)
    with pytest.raises(ChangeRefusedError, match="topic nothing"):
        load(store, LibraryContent(facts=(replace(UNPLACED, topic="nothing"),)))


def test_a_digest_of_everything_has_it_and_one_of_topics_has_not(store: Store) -> None:
    with store.read() as library:
        (new,) = library.digest(1, 2, ()).statements
        assert [fact.id for fact in new.facts] == [6]
        assert library.digest(1, 2, ["screenings", "rating"]).is_empty


def test_who_follows_a_topic_hears_that_a_fact_came_to_it_or_left_it(store: Store) -> None:
    store.apply(CorrectFact(1, 1, SCREENED_2023, None, "not so sure"), by=EDITOR, at=AT)
    store.apply(CorrectFact(6, 1, UNPLACED, "screenings", "placed"), by=EDITOR, at=AT)
    with store.read() as library:
        changes = library.digest(2, 4, ["screenings"]).changes
        assert [(change.before.id, change.gone) for change in changes] == [(1, False), (6, False)]
        assert library.digest(2, 4, ["rating"]).is_empty
