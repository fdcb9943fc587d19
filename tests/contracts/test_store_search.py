"""What the index finds, on any store."""

from dataclasses import replace

from contracts.samples import POLICY, load

from bot.answering.terms import terms
from bot.domain.changes import Origin
from bot.domain.facts import LibraryContent
from bot.domain.text import LocalText
from bot.ports import Store


def _found(store: Store, words: str, limit: int = 10) -> list[int]:
    with store.read() as library:
        return [fact.id for fact in library.candidates(terms(words), limit).facts]


def test_facts_are_found_by_their_wording_in_both_languages(store: Store) -> None:
    load(store)
    assert _found(store, "standing arrangements") == [3]
    assert _found(store, "初步識別") == [1]


def test_facts_are_found_by_value_unit_quotation_and_period(store: Store) -> None:
    load(store)
    assert _found(store, "11,000") == [1]
    assert _found(store, "次") == [1]
    assert _found(store, "unfounded") == [4]
    assert _found(store, "第二級") == [5]
    assert _found(store, "2024") == [5]


def test_facts_with_more_and_rarer_terms_come_first_then_by_id(store: Store) -> None:
    load(store)
    assert _found(store, "screening 2021") == [2, 1, 3]
    assert _found(store, "screenings") == [1, 2, 3]
    assert _found(store, "screenings", limit=2) == [1, 2]


def test_words_that_no_fact_holds_find_nothing_and_do_no_harm(store: Store) -> None:
    load(store)
    assert _found(store, "zebra") == []
    assert _found(store, "zebra arrangement") == [3]
    assert _found(store, "%_' OR 1=1 --") == []


def test_a_word_without_end_can_be_stored_though_not_searched_for(store: Store) -> None:
    load(store)
    endless = "".join(chr(97 + number * number % 26) for number in range(9_000))
    load(store, LibraryContent(facts=(replace(POLICY, key="x", text=LocalText(f"short {endless}")),)), Origin.IMPORT)
    assert _found(store, "short") == [6]
    assert _found(store, endless) == []


def test_however_many_facts_hold_the_terms_only_so_many_postings_are_read(store: Store) -> None:
    load(store)
    words = "one two three four five six seven eight nine ten"
    many = (replace(POLICY, key=f"n{number}", text=LocalText(f"{words} {number}")) for number in range(1_500))
    load(store, LibraryContent(facts=tuple(many)), Origin.IMPORT)
    with store.read() as library:
        assert len(library.candidates(terms(words + " 1499"), 50).facts) == 50
        assert library.candidates(terms(words + " 1499"), 50).facts[0].key == "n1499"
        assert getattr(library, "postings_read", 0) <= 4_000 + 24 * 200


def _cut_short(store: Store, words: str, limit: int = 10) -> bool:
    with store.read() as library:
        return library.candidates(terms(words), limit).cut_short


def _numbered(count: int, words: str) -> LibraryContent:
    return LibraryContent(
        facts=tuple(
            replace(POLICY, key=f"n{number}", text=LocalText(f"{words} {number}")) for number in range(1, count + 1)
        )
    )


def test_a_search_that_reads_all_it_should_is_not_cut_short(store: Store) -> None:
    load(store)
    assert not _cut_short(store, "screenings 2021")
    assert not _cut_short(store, "screenings", limit=3)
    assert not _cut_short(store, "zebra")
    assert not _cut_short(store, "")


def test_facts_as_good_as_the_first_that_the_limit_leaves_out_cut_it_short(store: Store) -> None:
    load(store)
    assert _cut_short(store, "screenings", limit=2)
    assert not _cut_short(store, "screenings 2021", limit=2)  # the others hold less of it than the first


def test_a_common_word_is_cut_short_unless_a_rarer_one_finds_what_holds_more(store: Store) -> None:
    load(store)
    load(store, _numbered(600, "alpha beta"), Origin.IMPORT)
    assert _cut_short(store, "alpha beta")
    assert not _cut_short(store, "alpha beta 599")
    assert _found(store, "alpha beta 599")[0] == 604


def test_the_rarest_of_too_many_terms_are_looked_for(store: Store) -> None:
    load(store)
    common = " ".join(f"{first}{second}word" for first in "abcdef" for second in "abcde")
    load(store, _numbered(3, common), Origin.IMPORT)
    assert _found(store, f"{common} standing arrangement")[-1] == 3
    assert not _cut_short(store, f"{common} standing arrangement")  # the rest of the words bring nothing better


def test_what_is_asked_with_words_without_end_is_cut_short(store: Store) -> None:
    load(store)
    assert _cut_short(store, " ".join(f"nonsense{number}" for number in range(300)))
