"""Writing what is held in one version only: speakers, topics with their words, and word lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Column, Table, delete, insert, select, update

from bot.domain.changes import (
    AddTopic,
    Applied,
    ChangeRefusedError,
    EditTopic,
    EditWords,
    Origin,
    RefusalReason,
    StaleChangeError,
    TopicPart,
)
from bot.domain.facts import Speaker, Topic
from bot.domain.words import WordList
from store import tables
from store.reading import ALIAS, WORD, Reader
from store.rows import wording_columns
from store.tally import Held, Tally
from store.writing import Write, next_id

S = TypeVar("S", Speaker, Topic)


def load_speakers(write: Write, tally: Tally, entries: Sequence[Speaker]) -> None:
    """Add speakers, and give those that differ their new name and aliases."""
    held = _held(write, tables.speakers, Reader(write.connection).speakers)
    for entry, old in tally.to_write([_bare(each) for each in entries], held):
        _put_speaker(write, tally.origin, old, entry)
        write.note_entry(entry.key, old.entry if old else None, entry)


def load_topics(write: Write, tally: Tally, entries: Sequence[Topic]) -> None:
    """Add topics, and give those that differ their new label and words."""
    held = _held(write, tables.topics, Reader(write.connection).topics)
    for entry, old in tally.to_write([_bare(each) for each in entries], held):
        _put_topic(write, tally.origin, old, entry)
        write.note_entry(entry.key, old.entry if old else None, entry)


def load_word_lists(write: Write, tally: Tally, entries: Sequence[WordList]) -> None:
    """Add word lists, and put others in the place of those that differ. A list counts as one entry."""
    held = _held_lists(write)
    for entry, old in tally.to_write(entries, held):
        _put_words(write, tally.origin, old, entry)
        write.note_entry(words_target(entry.key), old.entry if old else None, entry)


def add_topic(write: Write, change: AddTopic) -> Applied:
    """Add a topic without words."""
    if change.key in _held(write, tables.topics, Reader(write.connection).topics):
        raise StaleChangeError(f"there is a topic {change.key}")
    topic = Topic(change.key, change.label)
    _put_topic(write, Origin.EDITOR, None, topic)
    write.note_entry(topic.key, None, topic)
    return Applied(added=1)


def edit_topic(write: Write, change: EditTopic) -> Applied:
    """Take words out of a topic and put others in."""
    held = _held(write, tables.topics, Reader(write.connection).topics).get(change.topic)
    if held is None:
        raise ChangeRefusedError(RefusalReason.DANGLING, f"topic {change.topic}")
    before = held.entry
    if change.part is TopicPart.ALIASES:
        after = replace(before, aliases=_edited(before.aliases, change))
    else:
        after = replace(before, words=_edited(before.words, change))
    if after == before:
        return Applied(unchanged=1)
    _put_topic(write, Origin.EDITOR, held, after)
    write.note_entry(after.key, before, after)
    return Applied(changed=1)


def edit_words(write: Write, change: EditWords) -> Applied:
    """Take words out of a word list and put others in; where there is none of this key, one is made."""
    held = _held_lists(write).get(change.key)
    before = held.entry if held else WordList(change.key, ())
    after = WordList(change.key, _edited(before.words, change))
    if after == before:
        return Applied(unchanged=1)
    _put_words(write, Origin.EDITOR, held, after)
    write.note_entry(words_target(after.key), before if held else None, after)
    return Applied(changed=1)


def words_target(key: str) -> str:
    """Return what the log calls a word list: a topic may have the same key."""
    return f"words {key}"


def _edited(words: Sequence[str], change: EditTopic | EditWords) -> tuple[str, ...]:
    removed = {_compared(word) for word in change.remove}
    edited = [word for word in words if _compared(word) not in removed]
    there = {_compared(word) for word in edited} | {""}
    for word in change.add:
        if _compared(word) not in there:
            there.add(_compared(word))
            edited.append(word.strip())
    return tuple(edited)


def _held_lists(write: Write) -> dict[str, Held[WordList]]:
    origins = _origins(write, tables.word_lists.c.kind, tables.word_lists.c.origin)
    return {each.key: Held(0, each, origin=origins[each.key]) for each in Reader(write.connection).word_lists}


def _compared(word: str) -> str:
    return word.strip().casefold()


def _bare(entry: S) -> S:
    return replace(entry, id=0)


def _held(write: Write, table: Table, entries: Mapping[int, S]) -> dict[str, Held[S]]:
    origins = _origins(write, table.c.key, table.c.origin)
    return {each.key: Held(the_id, _bare(each), origin=origins[each.key]) for the_id, each in entries.items()}


def _origins(write: Write, key: Column[str], origin: Column[Origin]) -> dict[str, Origin | None]:
    return {name: where for name, where in write.connection.execute(select(key, origin))}  # noqa: C416 (rows, not pairs)


def _put_speaker(write: Write, origin: Origin, held: Held[Speaker] | None, speaker: Speaker) -> None:
    the_id = _put(write, origin, tables.speakers, held, speaker.key, wording_columns("name", speaker.name))
    rows = [{"speaker_id": the_id, "position": at, "alias": alias} for at, alias in enumerate(speaker.aliases)]
    _replace_rows(write, tables.speaker_aliases.c.speaker_id, the_id, rows)


def _put_topic(write: Write, origin: Origin, held: Held[Topic] | None, topic: Topic) -> None:
    the_id = _put(write, origin, tables.topics, held, topic.key, wording_columns("label", topic.label))
    rows = [
        {"topic_id": the_id, "kind": kind, "position": position, "term": term}
        for kind, terms in ((ALIAS, topic.aliases), (WORD, topic.words))
        for position, term in enumerate(terms)
    ]
    _replace_rows(write, tables.topic_terms.c.topic_id, the_id, rows)


def _put(
    write: Write,
    origin: Origin,
    table: Table,
    held: Held[S] | None,
    key: str,
    wording: Mapping[str, str | None],
) -> int:
    """Update the row that is held, or insert one under the next id; return its id."""
    columns = {**wording, "revision": write.revision, "origin": origin}
    if held:
        write.connection.execute(update(table).where(table.c.id == held.id).values(columns))
        return held.id
    the_id = next_id(write.connection, table)
    write.connection.execute(insert(table), {"id": the_id, "key": key, **columns})
    return the_id


def _put_words(write: Write, origin: Origin, held: Held[WordList] | None, entry: WordList) -> None:
    table, kind = tables.word_lists, str(entry.key)  # of a WordKind its value: PostgreSQL's driver would store its name
    columns = {"kind": kind, "revision": write.revision, "origin": origin}
    write.connection.execute(update(table).where(table.c.kind == kind) if held else insert(table), columns)
    rows = [{"kind": kind, "position": at, "word": word} for at, word in enumerate(entry.words)]
    _replace_rows(write, tables.words.c.kind, kind, rows)


def _replace_rows(write: Write, owner: Column[Any], its_id: int | str, rows: Sequence[Mapping[str, object]]) -> None:
    table = owner.table
    write.connection.execute(delete(table).where(owner == its_id))
    if rows:
        write.connection.execute(insert(table), rows)
