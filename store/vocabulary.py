"""Loading what is held in one version only: speakers, topics with their words, and light words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import Table, delete, insert, select, update

from bot.domain.facts import Speaker, Topic
from store import tables
from store.reading import ALIAS, WORD, Reader
from store.rows import wording_columns
from store.tally import Held, Tally
from store.writing import Write, next_id

LIGHT_WORDS = "light words"


def load_speakers(write: Write, tally: Tally, entries: Sequence[Speaker]) -> None:
    """Add speakers, and rename those that differ."""
    held = {each.key: Held(each.id, replace(each, id=0)) for each in Reader(write.connection).speakers.values()}
    fresh = count(next_id(write.connection, tables.speakers))
    for entry, old in tally.to_write([replace(each, id=0) for each in entries], held):
        _put(write, tables.speakers, old.id if old else None, fresh, entry.key, wording_columns("name", entry.name))
        write.note_entry(entry.key, old.entry if old else None, entry)


def load_topics(write: Write, tally: Tally, entries: Sequence[Topic]) -> None:
    """Add topics, and give those that differ their new label and words."""
    held = {each.key: Held(each.id, replace(each, id=0)) for each in Reader(write.connection).topics.values()}
    fresh = count(next_id(write.connection, tables.topics))
    for entry, old in tally.to_write([replace(each, id=0) for each in entries], held):
        label = wording_columns("label", entry.label)
        _put_terms(write, _put(write, tables.topics, old.id if old else None, fresh, entry.key, label), entry)
        write.note_entry(entry.key, old.entry if old else None, entry)


def load_light_words(write: Write, tally: Tally, words: tuple[str, ...]) -> None:
    """Replace the light words by these, if there are any and they differ. The whole list counts as one entry."""
    table = tables.light_words
    held = tuple(write.connection.scalars(select(table.c.word).order_by(table.c.position)))
    entries = [_LightWords(words)] if words else []
    for entry, old in tally.to_write(entries, {LIGHT_WORDS: Held(0, _LightWords(held))} if held else {}):
        rows = [{"position": position, "word": word} for position, word in enumerate(entry.words)]
        write.connection.execute(delete(table))
        write.connection.execute(insert(table), rows)
        write.note_entry(LIGHT_WORDS, old.entry.words if old else None, entry.words)


@dataclass(frozen=True, slots=True)
class _LightWords:
    words: tuple[str, ...]
    key: str = LIGHT_WORDS


def _put(
    write: Write, table: Table, known: int | None, fresh: Iterator[int], key: str, wording: dict[str, str | None]
) -> int:
    """Insert a row under a fresh id, or update the known one; return its id."""
    columns = {**wording, "revision": write.revision}
    if known is not None:
        write.connection.execute(update(table).where(table.c.id == known).values(columns))
        return known
    new = next(fresh)
    write.connection.execute(insert(table), {"id": new, "key": key, **columns})
    return new


def _put_terms(write: Write, topic_id: int, topic: Topic) -> None:
    table = tables.topic_terms
    write.connection.execute(delete(table).where(table.c.topic_id == topic_id))
    rows = [
        {"topic_id": topic_id, "kind": kind, "position": position, "term": term}
        for kind, terms in ((ALIAS, topic.aliases), (WORD, topic.words))
        for position, term in enumerate(terms)
    ]
    if rows:
        write.connection.execute(insert(table), rows)
