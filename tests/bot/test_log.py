"""The editors' log: reasons, names for keys, and one row for what one file brought."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from library import CONSOLE, Desk, add_statement_of_2022
from seeded import seeded

from bot.messages.exchange import Kind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with seeded(f"sqlite:///{tmp_path / 'tipfacts.db'}", CONSOLE) as opened:
        yield opened


def rows(desk: Desk, line: str = "log") -> list[str]:
    return [row.split("Z | ")[1] for row in desk.text(line).splitlines()[2:]]


def test_what_the_seeds_brought_is_one_row_that_says_how_much(desk: Desk) -> None:
    (row,) = rows(desk)
    assert row.startswith("seeds | add | words ")
    assert " more | 1" in row
    desk.say("words add light: er")
    assert [each.split(" | ")[0] for each in rows(desk)] == ["console", "seeds"]
    assert rows(desk, "log F12") == ["seeds | add | F12 | 1"]


def test_a_reason_is_told_where_it_was_given(desk: Desk) -> None:
    review = desk.next_form(desk.form("correct F12"), "review", value="about 11,100", reason="recount")
    desk.finish(review, "confirm")
    desk.finish(desk.form("withdraw S1 published in error"), "confirm")
    assert desk.finish(desk.form("restore S1"), "confirm", reason="checked").kind is Kind.DONE
    assert rows(desk)[:3] == [
        "console | restore: checked | S1 | 4",
        "console | withdraw: published in error | S1 | 3",
        "console | correct: recount | F12 | 2",
    ]


def test_sources_speakers_and_disputes_are_told_by_more_than_a_key_nobody_knows(desk: Desk) -> None:
    add_statement_of_2022(desk)
    said = {"speaker": "Some Union", "date": "20 July 2022", "title": "A union speaks", "publisher": "Some Paper"}
    fact = desk.next_form(desk.form("add"), "next", **said)
    text = "Some Union said in 2022 that the placement is unfounded."
    desk.finish(desk.next_form(fact, "review", topic="visas", text=text, rejects="F8"), "confirm")
    told = rows(desk)
    assert "console | add | “A union speaks” | 3" in told
    assert "console | add | Some Union | 3" in told
    assert "console | add | a dispute | 3" in told
    assert not any("x-" in row for row in told)
