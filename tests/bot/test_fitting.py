"""A document made to fit into one message: what goes, what stays, and what is said of what went."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from asking import COUNT

from bot.domain.text import Locale
from bot.messages.document import (
    Block,
    Choice,
    Choices,
    Document,
    Entries,
    Entry,
    FactLine,
    Footnote,
    Heading,
    Paragraph,
)
from bot.messages.fitting import Fitted, Leaving, fitted
from bot.messages.plain import plain_text

TYPED = Leaving("/tipfacts")
HISTORY = Leaving("/tipfacts", "history screenings", newest_last=True)
FOOT = (Footnote("Every day."), Choices((Choice("Stop", "unsubscribe"),)))


def line(number: int, statement: int = 1) -> FactLine:
    fact = replace(COUNT, id=number, statement=replace(COUNT.statement, id=statement))
    return FactLine(fact, f"Fact {number}", "Daily", None)


def fit(
    most: int,
    *blocks: Block,
    cut: Callable[[Block], Iterator[Block]] = lambda block: iter((block,)),
    leaving: Leaving = TYPED,
) -> Fitted:
    """Fit blocks into a message of at most so many."""
    return fitted(Document(Locale.EN, blocks), cut, lambda document: len(document.blocks) <= most, leaving)


def text(found: Fitted) -> list[str]:
    return [each for each in plain_text(found.document).split("\n") if each]


def test_what_fits_is_left_as_it_is() -> None:
    found = fit(9, Heading("New"), line(1), line(2), *FOOT)
    assert found == Fitted(Document(Locale.EN, (Heading("New"), line(1), line(2), *FOOT)))


def test_facts_go_from_the_end_and_the_foot_stays() -> None:
    found = fit(5, Heading("New"), line(1), line(2), line(3), line(4), *FOOT)
    assert text(found) == [
        *("New", "- Fact 1 [Daily]", "3 more are left out here: type /tipfacts statement S1."),
        *("Every day.", "1. Stop: unsubscribe"),
    ]
    assert found.unshown == {2, 3, 4}


def test_of_a_history_the_oldest_facts_go_and_the_line_that_shows_all_is_named() -> None:
    blocks = (Heading("History"), Paragraph("Figures."), line(1), line(2), line(3), line(4))
    found = fit(6, *blocks, *FOOT, leaving=HISTORY)
    assert text(found) == [
        *("History", "Figures.", "3 more are left out here: type /tipfacts history screenings.", "- Fact 4 [Daily]"),
        *("Every day.", "1. Stop: unsubscribe"),
    ]
    assert found.unshown == {1, 2, 3}


def test_of_the_versions_of_a_fact_the_oldest_go_with_their_headings_and_the_fact_counts_as_shown() -> None:
    versions = [block for at in range(1, 5) for block in (Heading(f"Version {at}"), line(1))]
    found = fit(4, Heading("History: F1"), *versions, leaving=HISTORY)
    assert text(found) == [
        *("History: F1", "3 more are left out here: type /tipfacts history screenings."),
        *("Version 4", "- Fact 1 [Daily]"),
    ]
    assert found.unshown == frozenset()


def test_a_history_that_fits_is_whole_and_one_of_nothing_is_no_fault() -> None:
    for blocks in ((Heading("History"), line(1), line(2)), (Heading("History"),), ()):
        assert fit(9, *blocks, leaving=HISTORY) == fit(9, *blocks)


def test_each_gap_says_which_statements_are_to_be_typed() -> None:
    blocks = [
        block for number in range(1, 6) for block in (Heading(f"Statement {number}"), line(number, statement=number))
    ]
    found = fit(9, *blocks)
    assert "Statement 1" in text(found)
    gone = fit(2, Heading("New"), *(line(number, statement=number) for number in range(1, 6)))
    assert (
        text(gone)[-1]
        == "5 more are left out here: type /tipfacts statement S1, /tipfacts statement S2, /tipfacts statement S3."
    )


def test_what_is_no_fact_goes_last_and_a_heading_without_a_word() -> None:
    found = fit(3, Heading("New"), Paragraph("One."), Heading("Old"), Paragraph("Two."), Footnote("foot"))
    assert text(found) == ["New", "There is more than fits here.", "foot"]
    assert text(fit(1, Heading("New"), Heading("Old"), Footnote("foot"))) == ["foot"]


def test_a_block_may_be_left_out_piece_by_piece() -> None:
    def cut(block: Block) -> Iterator[Block]:
        yield from (Entries((entry,)) for entry in block.entries) if isinstance(block, Entries) else (block,)

    entries = Entries(tuple(Entry(f"term {number}", "x") for number in range(9)))
    found = fit(4, Heading("Words"), entries, cut=cut)
    assert text(found) == ["Words", "term 0: x", "term 1: x", "There is more than fits here."]


def test_what_never_fits_keeps_its_foot() -> None:
    assert text(fit(0, Heading("New"), line(1), *FOOT))[-2:] == ["Every day.", "1. Stop: unsubscribe"]
