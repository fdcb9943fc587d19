"""What is new in a range of revisions, told as the library stands now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, exists, func, or_, select

from bot.domain.digests import Digest, FactChange, NewStatement
from bot.domain.facts import Fact
from store.announced import announced_facts
from store.disputed import Pair, dispute_changes, disputes_between, why_gone
from store.known import Known, known_to, spoken_of
from store.reading import Reader
from store.rows import chunks
from store.tables import disputes, fact_versions, statement_versions
from store.tables import topics as topic_rows

MOST_TOUCHED = 2_000  # facts that one digest looks at; it shows a dozen
MOST_HELD = 200  # facts of a digest that is held for others


@dataclass(frozen=True, slots=True)
class Followed:
    """The topics that a subscription follows (none: all), by their keys, but for those that are left out."""

    topics: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()

    def takes(self, *versions: Fact) -> bool:
        """Whether it hears of a fact that stands, or stood, in one of these versions. Who follows everything hears also
        of those that have no topic.
        """
        return any(self._takes(version.topic.key if version.topic else None) for version in versions)

    def _takes(self, topic: str | None) -> bool:
        return topic not in self.excluded and (not self.topics or topic in self.topics)

    def was_about(self, fact_id: Column[int]) -> ColumnElement[bool]:
        """Whether it hears of any version of a fact."""
        version = fact_versions.alias()
        conditions = [version.c.id == fact_id]
        if self.topics:
            conditions.append(version.c.topic_id.in_(_ids(self.topics)))
        if self.excluded:
            conditions.append(or_(version.c.topic_id.is_(None), version.c.topic_id.not_in(_ids(self.excluded))))
        return exists().where(*conditions)


def _ids(keys: Iterable[str]) -> Select[Any]:
    return select(topic_rows.c.id).where(topic_rows.c.key.in_(keys))


def derive(reader: Reader, after: int, upto: int, followed: Followed, subscription_id: int | None = None) -> Digest:
    """Return what is new in the revisions (after, upto] on these topics, told against what was shown.

    Thousands of channels may be due at nine, most of which have seen the same: what is told to one of them is held for
    the others.
    """
    touched = reader.held_digest((after, upto, followed), lambda: _touched(reader, after, upto, followed))
    known = known_to(reader, subscription_id, touched.looked_at, after)
    news = frozenset(each for each in touched.ids if known.is_news(each, touched.added[each]))

    def told() -> Digest:
        return _told(reader, after, followed, touched, news, known)

    if len(touched.ids) > MOST_HELD:
        return told()
    return reader.held_digest((after, upto, followed, news, *known.key), told)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The facts that a digest looks at, the revision in which each of them came, and how many more there are; and the
    disputes of which there may be something to say.
    """

    ids: Sequence[int]
    added: Mapping[int, int]
    left_out: int
    disputes: Sequence[Pair]

    @property
    def looked_at(self) -> set[int]:
        """All facts on whose versions it hangs what is told."""
        return {*self.ids, *(fact_id for each in self.disputes for fact_id in (each.rejecting, each.rejected))}


def _told(
    reader: Reader, after: int, followed: Followed, touched: _Touched, news: AbstractSet[int], known: Known
) -> Digest:
    """Return the digest for those who know as much, and to whom these facts are news."""
    now = reader.facts_by_id(touched.ids)
    new = [fact for fact in now.values() if fact.id in news and followed.takes(fact)]
    told = [fact for fact in new if fact.is_current]
    older = [each for each in touched.ids if each not in news]
    changes = list(_changes(_as_known(reader, older, after, known), now, followed))
    named = {fact.id for fact in told} | {change.now.id for change in changes}
    disputed = dispute_changes(reader, touched.disputes, after, known, named)
    changes += (change for change in disputed if followed.takes(change.now))
    rejecting = [*told, *(fact for change in changes for fact in (change.now, *change.by))]
    return Digest(
        statements=tuple(_by_statement(told)),
        changes=tuple(changes),
        dropped=_dropped(reader, new, told, after),
        left_out=touched.left_out,
        rejects=tuple(_rejects(reader, (fact.id for fact in rejecting if fact.is_current))),
        as_of=reader.revision,
    )


def _as_known(reader: Reader, ids: Sequence[int], after: int, known: Known) -> dict[int, Fact]:
    """Facts as the channel knows them: as they stood when they were shown last; those that were not, when a digest went
    over them since, or else at the revision `after`.
    """
    spoken, by_revision = spoken_of(reader, ids, known.spoken), defaultdict[int, list[int]](list)
    for fact_id in ids:
        by_revision[known.shown_at(fact_id) or spoken.get(fact_id, after)].append(fact_id)
    then = {fact.id: fact for at, those in by_revision.items() for fact in reader.facts_at(those, at).values()}
    for fact_id, fact in then.items():
        shown = known.shown.get(fact_id)
        if shown and shown.as_of is None and shown.version != fact.version:
            seen = next(each for each in reader.fact_versions(fact_id) if each.version == shown.version)
            then[fact_id] = replace(seen, statement=fact.statement)
    return then


def _touched(reader: Reader, after: int, upto: int, followed: Followed) -> _Touched:
    """The facts that a version of their own or of their statement may announce something of, the oldest facts first so
    that corrections come before what a great import brought.
    """
    where = followed.was_about if followed.topics or followed.excluded else None
    both = announced_facts(after, upto, where).subquery()
    found = list(reader.connection.scalars(select(both.c.id).order_by(both.c.id).limit(MOST_TOUCHED + 1)))
    left_out = 0
    if len(found) > MOST_TOUCHED:
        left_out = (reader.connection.scalar(select(func.count()).select_from(both)) or 0) - MOST_TOUCHED
    ids = found[:MOST_TOUCHED]
    return _Touched(ids, _first_revisions(reader, ids), left_out, disputes_between(reader, after, upto))


def _first_revisions(reader: Reader, ids: Iterable[int], versions: Table = fact_versions) -> dict[int, int]:
    query = select(versions.c.id, versions.c.revision).where(versions.c.version == 1)
    found = (reader.connection.execute(query.where(versions.c.id.in_(chunk))) for chunk in chunks(sorted(ids)))
    return {each: revision for rows in found for each, revision in rows}


def _by_statement(told: Iterable[Fact]) -> Iterable[NewStatement]:
    grouped: dict[int, list[Fact]] = defaultdict(list)
    for fact in told:
        grouped[fact.statement.id].append(fact)
    for statement_id in sorted(grouped):
        group = sorted(grouped[statement_id], key=_place)
        yield NewStatement(group[0].statement, tuple(group))


def _place(fact: Fact) -> tuple[bool, int, int]:
    """The order of the source; facts without a paragraph come last."""
    return fact.paragraph is None, fact.paragraph or 0, fact.id


def _changes(then: Mapping[int, Fact], now: Mapping[int, Fact], followed: Followed) -> Iterable[FactChange]:
    for fact_id in sorted(then):
        before, after = then[fact_id], now[fact_id]
        if not followed.takes(before, after):
            continue
        if after.is_current and _differs(before, after):
            own = after.version != before.version
            yield FactChange(before, after, gone=False, reason=after.reason if own else after.statement.reason)
        elif before.is_current and not after.is_current:
            yield FactChange(before, after, gone=True, reason=why_gone(after))


def _rejects(reader: Reader, told: Iterable[int]) -> Iterable[tuple[int, Fact]]:
    """The current facts that these reject, with the id of the one that does."""
    row = disputes.c
    query = select(row.rejecting_fact_id, row.rejected_fact_id).order_by(row.id)
    found = [
        pair
        for chunk in chunks(told)
        for pair in reader.connection.execute(query.where(row.rejecting_fact_id.in_(chunk)))
    ]
    rejected = reader.facts_by_id({pair.rejected_fact_id for pair in found})
    for pair in found:
        fact = rejected[pair.rejected_fact_id]
        if fact.is_current:
            yield pair.rejecting_fact_id, fact


def _differs(before: Fact, after: Fact) -> bool:
    return after.announces(before) or _place_of(before) != _place_of(after) or not before.is_current


def _place_of(fact: Fact) -> tuple[str | None, str]:
    """The keys of its topic and speaker."""
    return fact.topic.key if fact.topic else None, fact.statement.speaker.key


def _dropped(reader: Reader, new: Iterable[Fact], told: Iterable[Fact], after: int) -> int:
    """Statements that came in the range, of whose followed facts none is left to tell."""
    left = {fact.statement.id for fact in new} - {fact.statement.id for fact in told}
    came = _first_revisions(reader, left, statement_versions)
    return sum(revision > after for revision in came.values())
