"""What loading a library file does, on any store."""

from dataclasses import replace
from datetime import date

import pytest
from contracts.samples import (
    AMERICAN,
    ARTICLE,
    AT,
    DIMSUM,
    EDITOR,
    ENTRIES,
    GOVERNMENT,
    LIGHT,
    REJECTION,
    SCREENED_2021,
    SCREENED_2023,
    SCREENINGS,
    load,
    statement_of_2022,
    with_fact,
)

from bot.domain.changes import ChangeRefusedError, CorrectFact, LoadLibrary, Origin, RefusalReason
from bot.domain.facts import LibraryContent, Standing
from bot.domain.text import LocalText
from bot.domain.words import WordList
from bot.ports import Store


def test_what_is_loaded_is_what_is_exported(store: Store) -> None:
    load(store)
    with store.read() as library:
        assert library.content() == ARTICLE


def test_a_first_load_tells_the_ids_it_gave_and_moves_the_revision_to_one(store: Store) -> None:
    applied = load(store)
    assert applied.ids == ("S1", "S2", "F1", "F2", "F3", "F4", "F5")
    assert (applied.added, applied.changed, applied.unchanged, applied.revision) == (ENTRIES, 0, 0, 1)


def test_loading_the_same_twice_changes_nothing_and_leaves_no_trace(store: Store) -> None:
    load(store)
    with store.read() as library:
        before = library.log(100)
    again = load(store)
    assert (again.added, again.changed, again.unchanged, again.ids) == (0, 0, ENTRIES, ())
    with store.read() as library:
        assert library.revision() == again.revision == 1
        assert library.log(100) == before


def test_an_exported_library_loads_into_itself_unchanged(store: Store) -> None:
    load(store)
    with store.read() as library:
        exported = library.content()
    assert load(store, exported, Origin.IMPORT).unchanged == ENTRIES


def test_every_entry_that_is_added_has_an_audit_row_that_says_who_when_and_what(store: Store) -> None:
    load(store)
    with store.read() as library:
        (row,) = library.log(10, "F1")
        assert len(library.log(100)) == ENTRIES
    assert (row.actor, row.at, row.action, row.before, row.revision) == ("seeds", AT, "add", None, 1)
    assert row.after is not None
    assert '"value": 11000' in row.after
    assert '"zh-Hant": "2023年進行約11 000次初步識別審核"' in row.after


def test_a_changed_fact_gets_a_version_and_its_old_one_stays(store: Store) -> None:
    load(store)
    applied = load(store, with_fact(replace(SCREENED_2023, value=11_100)))
    assert (applied.ids, applied.changed, applied.unchanged, applied.revision) == (("F1",), 1, ENTRIES - 1, 2)
    with store.read() as library:
        old, new = library.versions(1)
        (row, _) = library.log(10, "F1")
    assert (old.value, old.standing, old.version, old.revision) == (11_000, Standing.CORRECTED, 1, 1)
    assert (new.value, new.standing, new.version, new.revision) == (11_100, Standing.CURRENT, 2, 2)
    assert row.action == "change"
    assert row.before is not None
    assert '"value": 11000' in row.before


def test_changed_sources_statements_speakers_and_topics_are_taken_over(store: Store) -> None:
    load(store)
    changed = replace(
        ARTICLE,
        sources=(replace(DIMSUM, title="Another title", text="Its text"),),
        speakers=(replace(GOVERNMENT, name=LocalText("The Government"), aliases=("cabinet",)),),
        topics=(replace(SCREENINGS, aliases=("vetted", "screened"), words=()),),
        statements=(replace(REJECTION, said_on=date(2024, 6, 26)),),
        word_lists=(WordList("light", ("so",)),),
    )
    assert load(store, changed).changed == 5
    with store.read() as library:
        fact, statement = library.fact(1), library.statement(1)
        assert library.facts_of(1)[0].statement.source.text is None  # a list of facts carries no documents
        assert library.word_lists() == [WordList("light", ("so",)), AMERICAN]
    assert fact is not None
    assert fact.topic is not None
    assert fact.statement.source.title == "Another title"
    assert statement is not None
    assert statement.source.text == fact.statement.source.text == "Its text"
    assert fact.statement.speaker.name == LocalText("The Government")
    assert fact.statement.speaker.aliases == ("cabinet",)
    assert fact.statement.said_on == date(2024, 6, 26)
    assert (fact.topic.aliases, fact.topic.words) == (("vetted", "screened"), ())


def test_content_without_word_lists_leaves_those_that_are_held(store: Store) -> None:
    load(store)
    load(store, statement_of_2022(), Origin.EDITOR)
    with store.read() as library:
        assert library.word_lists() == [LIGHT, AMERICAN]


def test_a_statement_may_refer_to_what_the_store_already_holds(store: Store) -> None:
    load(store)
    applied = load(store, statement_of_2022(), Origin.EDITOR, EDITOR)
    assert (applied.ids, applied.revision) == (("S3", "F6"), 2)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (replace(ARTICLE, speakers=()), "statement rejection-2024: speaker hksar-government"),
        (replace(ARTICLE, sources=()), "statement rejection-2024: source dimsum-2024-06-25"),
        (replace(ARTICLE, topics=()), "fact screened-2023: topic screenings"),
        (replace(ARTICLE, statements=()), "fact screened-2023: statement rejection-2024"),
        (replace(ARTICLE, facts=ARTICLE.facts[:4]), "dispute rating-rejected: fact tier"),
        (replace(ARTICLE, facts=(*ARTICLE.facts, SCREENED_2021)), "fact screened-2021 is there 2 times"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_and_nothing_is_written(
    store: Store, content: LibraryContent, named: str
) -> None:
    with pytest.raises(ChangeRefusedError) as refused:
        load(store, content)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.DANGLING, named)
    with store.read() as library:
        assert (library.revision(), library.content(), library.log(10)) == (0, LibraryContent(), [])


def test_a_fact_stays_with_its_statement(store: Store) -> None:
    load(store)
    with pytest.raises(ChangeRefusedError, match="it belongs to statement rejection-2024"):
        load(store, with_fact(replace(SCREENED_2023, statement="report-2024")))


def test_seeds_do_not_overwrite_what_an_editor_wrote(store: Store) -> None:
    load(store)
    mine = replace(SCREENED_2023, value=10_900)
    store.apply(CorrectFact(1, 1, mine, "screenings", "misprint"), by=EDITOR, at=AT)
    again = load(store, with_fact(replace(SCREENED_2023, value=12_000)))
    assert (again.kept, again.changed, again.unchanged, again.revision) == (("screened-2023",), 0, ENTRIES - 1, 2)
    with store.read() as library:
        fact = library.fact(1)
    assert fact is not None
    assert fact.value == 10_900


def test_seeds_do_not_overwrite_what_was_imported_but_an_import_overwrites_seeds(store: Store) -> None:
    load(store)
    imported = load(store, with_fact(replace(SCREENED_2023, value=10_900)), Origin.IMPORT)
    assert imported.changed == 1
    assert load(store).kept == ("screened-2023",)


def test_a_withdrawn_statement_of_a_file_takes_its_facts_out_of_the_search(store: Store) -> None:
    load(store)
    withdrawn = replace(REJECTION, standing=Standing.WITHDRAWN, reason="issued in error")
    load(store, LibraryContent(statements=(withdrawn,)))
    with store.read() as library:
        assert library.candidates(["screen"], 10).facts == []
        assert [fact.id for fact in library.candidates(["tier"], 10).facts] == [5]


def test_many_facts_are_loaded_in_one_go(store: Store) -> None:
    many = tuple(
        replace(SCREENED_2021, key=f"n{number}", text=LocalText(f"Number {number} of many")) for number in range(6_000)
    )
    load(store)
    applied = load(store, LibraryContent(facts=many), Origin.IMPORT)
    assert (applied.added, len(applied.ids)) == (6_000, 200)
    with store.read() as library:
        assert library.counts().facts == 6_005
        assert [fact.key for fact in library.candidates(["5999"], 5).facts] == ["n5999"]
    assert load(store, LibraryContent(facts=many), Origin.IMPORT).unchanged == 6_000


def test_a_dry_run_says_what_a_load_would_do_and_writes_nothing(store: Store) -> None:
    rehearsed = store.apply(LoadLibrary(ARTICLE, Origin.SEEDS, "digest", dry_run=True), by="seeds", at=AT)
    assert store.seeds_digest() is None
    with store.read() as library:
        assert (library.revision(), library.content(), library.log(10)) == (0, LibraryContent(), [])
    assert store.apply(LoadLibrary(ARTICLE, Origin.SEEDS, "digest"), by="seeds", at=AT) == rehearsed
    assert store.seeds_digest() == "digest"
    with pytest.raises(ChangeRefusedError):
        store.apply(
            LoadLibrary(
                LibraryContent(statements=(replace(REJECTION, speaker="nobody"),)), Origin.IMPORT, dry_run=True
            ),
            by="seeds",
            at=AT,
        )
