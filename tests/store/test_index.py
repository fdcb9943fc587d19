"""The search index as rows: what it counts, and that it is made anew when words are cut in a new way."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from contracts.samples import AT, EDITOR, POLICY, REJECTION, SCREENED_2023, load, with_fact
from sqlalchemy import Connection, func, select, text, update

from bot.answering.terms import VERSION
from bot.domain.changes import Origin, SetFactStanding, SetStatementStanding
from bot.domain.facts import LibraryContent, Standing
from bot.domain.text import LocalText
from store import tables
from store.engine import open_writer, read_url
from store.store import SqlStore
from store.upgrade import upgrade

MANY = LibraryContent(
    facts=tuple(replace(POLICY, key=f"n{number}", text=LocalText(f"Number {number} of many")) for number in range(25))
)


@contextmanager
def _transaction(url: str) -> Iterator[Connection]:
    engine = open_writer(read_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _held(url: str) -> list[tuple[str, int, list[int]]]:
    """Each term that a fact holds, with how many facts are said to hold it and which do."""
    term, posting = tables.terms.c, tables.postings.c
    with _transaction(url) as connection:
        found = connection.execute(
            select(term.term, term.df, posting.fact_id).join(tables.postings, posting.term_id == term.id)
        )
        facts: dict[tuple[str, int], list[int]] = {}
        for name, df, fact_id in found:
            facts.setdefault((name, df), []).append(fact_id)
    return sorted((name, df, sorted(ids)) for (name, df), ids in facts.items())


def _spoil(url: str) -> None:
    """Make the index one whose words were cut in another way."""
    with _transaction(url) as connection:
        connection.execute(update(tables.terms).values(term="old" + tables.terms.c.term, df=1))
        connection.execute(update(tables.library).values(index_version=VERSION - 1))


def test_it_is_counted_how_many_facts_hold_each_term_whatever_happens_to_them(store: SqlStore, store_url: str) -> None:
    load(store)
    load(store, MANY, Origin.IMPORT)
    load(store, with_fact(replace(SCREENED_2023, text=LocalText("In other words"))), Origin.IMPORT)
    store.apply(SetFactStanding(3, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    store.apply(SetStatementStanding(2, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    load(store, LibraryContent(statements=(replace(REJECTION, standing=Standing.SUPERSEDED),)), Origin.IMPORT)
    load(store, LibraryContent(statements=(REJECTION,)), Origin.IMPORT)
    store.apply(SetStatementStanding(1, 2, Standing.CURRENT, "stands"), by=EDITOR, at=AT)
    held = _held(store_url)
    assert all(df == len(ids) for _, df, ids in held)
    with _transaction(store_url) as connection:
        assert connection.scalar(select(func.sum(tables.terms.c.df))) == sum(df for _, df, _ in held)


def test_an_index_made_with_other_cuts_is_made_anew_at_a_start(
    store: SqlStore, store_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.reading._PAGE", 4)
    monkeypatch.setattr("store.index._BATCH", 3)
    monkeypatch.setattr("store.index._MOST_REMEMBERED", 5)
    load(store)
    load(store, MANY, Origin.IMPORT)
    store.apply(SetFactStanding(3, 1, Standing.WITHDRAWN, "error"), by=EDITOR, at=AT)
    before = _held(store_url)
    _spoil(store_url)
    with caplog.at_level(logging.WARNING):
        store.prepare(migrate=True)
    assert "the search index is made anew" in caplog.text
    assert _held(store_url) == before
    with store.read() as library:
        assert library.revision() == 3
        assert [fact.key for fact in library.candidates(["17"], 9).facts] == ["n17"]


def test_an_index_is_made_anew_once_and_only_where_a_start_may_write(
    store: SqlStore, store_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    load(store)
    _spoil(store_url)
    with caplog.at_level(logging.WARNING):
        store.prepare(migrate=False)
        assert caplog.text == ""
        store.prepare(migrate=True)
        caplog.clear()
        store.prepare(migrate=True)
        upgrade(store_url)
        assert caplog.text == ""


def test_a_new_database_has_nothing_to_make_anew(empty_url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        upgrade(empty_url)
        store = SqlStore(empty_url)
        store.prepare(migrate=True)
        store.close()
    assert caplog.text == ""
    with _transaction(empty_url) as connection:
        assert connection.scalar(select(tables.library.c.index_version)) == VERSION


def test_a_server_counts_its_tables_anew_after_a_great_write(
    store: SqlStore, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.writing.GREAT_WRITE", 10)
    load(store)
    with _transaction(store_url) as connection:
        if connection.dialect.name == "postgresql":
            assert connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'facts'")) == 5
