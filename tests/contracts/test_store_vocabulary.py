"""What editors' changes to topics and word lists do, on any store, and that no file undoes them."""

from dataclasses import replace

import pytest
from contracts.samples import AMERICAN, ARTICLE, AT, EDITOR, ENTRIES, GOVERNMENT, LIGHT, RATING, SCREENINGS, load

from bot.domain.changes import (
    AddTopic,
    AlreadyDoneError,
    ChangeRefusedError,
    EditTopic,
    EditWords,
    LoadLibrary,
    Once,
    Origin,
    RefusalReason,
    StaleChangeError,
    TopicPart,
)
from bot.domain.facts import LibraryContent, Topic
from bot.domain.text import LocalText
from bot.domain.words import WordKind, WordList
from bot.ports import Store

VISAS = AddTopic("visas", LocalText("Visas", "簽證"))
MORE_ALIASES = EditTopic("screenings", TopicPart.ALIASES, add=("vetted", " Vetted ", "SCREENED"))
MORE_LIGHT = EditWords("light", add=("please",), remove=("HOW MANY ",))


def _topics(store: Store) -> list[Topic]:
    with store.read() as library:
        return [replace(each, id=0) for each in library.topics()]


def _lists(store: Store) -> list[WordList]:
    with store.read() as library:
        return list(library.word_lists())


def test_a_new_topic_is_there_without_words_with_an_audit_row_and_a_revision(store: Store) -> None:
    load(store)
    applied = store.apply(VISAS, by=EDITOR, at=AT)
    assert (applied.added, applied.changed, applied.revision) == (1, 0, 2)
    assert _topics(store) == [SCREENINGS, RATING, Topic("visas", LocalText("Visas", "簽證"))]
    with store.read() as library:
        row = library.log(1)[0]
        assert library.revision() == 2
    assert (row.actor, row.action, row.target, row.before, row.revision) == (EDITOR, "add", "visas", None, 2)


def test_a_topic_that_is_there_already_makes_the_change_stale(store: Store) -> None:
    load(store)
    with pytest.raises(StaleChangeError):
        store.apply(replace(VISAS, key="rating"), by=EDITOR, at=AT)
    assert _topics(store) == [SCREENINGS, RATING]


def test_words_are_put_at_a_topics_end_once_whatever_their_case(store: Store) -> None:
    load(store)
    applied = store.apply(MORE_ALIASES, by=EDITOR, at=AT)
    assert (applied.changed, applied.unchanged, applied.revision) == (1, 0, 2)
    assert _topics(store)[0] == replace(SCREENINGS, aliases=("screened", "甄別", "vetted"))
    with store.read() as library:
        row = library.log(1, "screenings")[0]
    assert (row.actor, row.action, row.revision) == (EDITOR, "change", 2)
    assert row.before is not None
    assert row.after is not None
    assert "vetted" not in row.before
    assert "vetted" in row.after


def test_words_are_taken_out_of_the_part_that_is_named(store: Store) -> None:
    load(store)
    change = EditTopic("screenings", TopicPart.WORDS, remove=(" Check ", "screened"))
    assert store.apply(change, by=EDITOR, at=AT).changed == 1
    assert _topics(store)[0] == replace(SCREENINGS, words=("screen",))


@pytest.mark.parametrize(
    "change",
    [
        EditTopic("screenings", TopicPart.ALIASES, add=("Screened", " "), remove=("nothing",)),
        EditWords("light", add=("HOW many",), remove=("nothing",)),
        EditWords("person", remove=("who",)),
    ],
)
def test_what_changes_nothing_leaves_no_trace(store: Store, change: EditTopic | EditWords) -> None:
    load(store)
    applied = store.apply(change, by=EDITOR, at=AT)
    assert (applied.changed, applied.unchanged, applied.revision) == (0, 1, 1)
    with store.read() as library:
        assert library.content() == ARTICLE
        assert len(library.log(100)) == ENTRIES


def test_words_of_a_topic_that_is_not_there_are_refused(store: Store) -> None:
    load(store)
    with pytest.raises(ChangeRefusedError) as refused:
        store.apply(EditTopic("visas", TopicPart.WORDS, add=("visa",)), by=EDITOR, at=AT)
    assert (refused.value.reason, refused.value.detail) == (RefusalReason.DANGLING, "topic visas")


def test_a_word_list_is_edited_as_a_topic_is(store: Store) -> None:
    load(store)
    assert store.apply(MORE_LIGHT, by=EDITOR, at=AT).changed == 1
    assert _lists(store) == [WordList("light", ("carried out", "please")), AMERICAN]
    with store.read() as library:
        (row, _) = library.log(9, "words light")
    assert (row.actor, row.action, row.revision) == (EDITOR, "change", 2)


def test_a_word_list_that_is_not_there_is_made(store: Store) -> None:
    assert store.apply(EditWords(WordKind.COUNT, add=("how many",)), by=EDITOR, at=AT).revision == 1
    assert store.apply(EditWords("AU", add=("Canberra",)), by=EDITOR, at=AT).changed == 1
    store.apply(EditWords("light", add=("please",)), by=EDITOR, at=AT)
    assert _lists(store) == [
        WordList("light", ("please",)),
        WordList("count", ("how many",)),
        WordList("AU", ("Canberra",)),
    ]


def test_a_retried_edit_is_made_once(store: Store) -> None:
    load(store)
    once = Once("slack:Ev1", lambda applied: f"done in revision {applied.revision}")
    store.apply(MORE_LIGHT, by=EDITOR, at=AT, once=once)
    with pytest.raises(AlreadyDoneError) as done:
        store.apply(MORE_LIGHT, by=EDITOR, at=AT, once=once)
    assert done.value.reply == "done in revision 2"


@pytest.mark.parametrize("origin", [Origin.SEEDS, Origin.IMPORT])
def test_no_file_undoes_what_an_editor_did_to_a_topic_or_a_word_list(store: Store, origin: Origin) -> None:
    load(store)
    store.apply(MORE_ALIASES, by=EDITOR, at=AT)
    store.apply(MORE_LIGHT, by=EDITOR, at=AT)
    store.apply(replace(VISAS, label=LocalText("Visas held")), by=EDITOR, at=AT)
    edited = (_topics(store), _lists(store))
    newer = replace(
        ARTICLE,
        topics=(replace(SCREENINGS, words=("screen",)), RATING, Topic("visas", VISAS.label)),
        word_lists=(WordList("light", ("how many", "carried out", "so")), AMERICAN),
    )
    again = load(store, newer, origin)
    assert (again.kept, again.changed, again.added) == (("screenings", "visas", "light"), 0, 0)
    assert (_topics(store), _lists(store)) == edited


def test_a_word_list_that_an_editor_emptied_stays_empty(store: Store) -> None:
    load(store)
    store.apply(EditWords("light", remove=LIGHT.words), by=EDITOR, at=AT)
    assert load(store).kept == ("light",)
    assert _lists(store) == [WordList("light", ()), AMERICAN]
    with store.read() as library:
        assert library.content() == replace(ARTICLE, word_lists=(WordList("light", ()), AMERICAN))


def test_what_a_file_brought_over_the_seeds_stays_too(store: Store) -> None:
    load(store)
    imported = LibraryContent(
        topics=(replace(RATING, words=("grade",)),),
        speakers=(replace(GOVERNMENT, aliases=()),),
        word_lists=(WordList("US", ("Washington",)),),
    )
    assert load(store, imported, Origin.IMPORT).changed == 3
    assert load(store).kept == ("hksar-government", "rating", "US")


def test_new_seeds_change_what_only_seeds_wrote(store: Store) -> None:
    load(store)
    newer = replace(ARTICLE, topics=(SCREENINGS, replace(RATING, words=("grade",))), word_lists=(WordList("US", ()),))
    assert (load(store, newer).changed, _lists(store)) == (2, [LIGHT, WordList("US", ())])


def test_a_dry_run_says_what_it_would_keep(store: Store) -> None:
    load(store)
    store.apply(MORE_LIGHT, by=EDITOR, at=AT)
    rehearsed = store.apply(LoadLibrary(ARTICLE, Origin.IMPORT, dry_run=True), by=EDITOR, at=AT)
    assert rehearsed.kept == ("light",)
