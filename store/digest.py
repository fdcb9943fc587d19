"""What is new in a range of revisions, told as the library stands now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, exists, func, or_, select, union

from bot.domain.digests import DeliveryState, Digest, FactChange, NewStatement
from bot.domain.facts import Fact, Standing
from store.reading import Reader
from store.rows import chunks
from store.tables import deliveries, delivery_facts, disputes, fact_versions, facts, statement_versions
from store.tables import topics as topic_rows

MOST_TOUCHED = 2_000  # facts that one digest looks at; it shows a dozen
MOST_HELD = 200  # facts of a digest that is held for others
# What such a delivery was to show may stand in the channel; what certainly does not was taken back when it was settled.
_MAY_STAND = (DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.UNKNOWN)


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
    shown = _shown_to(reader, subscription_id, touched.ids, after)
    news = frozenset(each for each in touched.ids if shown.is_news(each, touched.added[each]))
    versions = shown.versions

    def told() -> Digest:
        return _told(reader, (after, upto), followed, touched, news, versions)

    if len(touched.ids) > MOST_HELD:
        return told()
    return reader.held_digest((after, upto, followed, news, frozenset(versions.items())), told)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The facts that a digest looks at, the revision in which each of them came, and how many more there are."""

    ids: Sequence[int]
    added: Mapping[int, int]
    left_out: int


def _told(
    reader: Reader,
    revisions: tuple[int, int],
    followed: Followed,
    touched: _Touched,
    news: AbstractSet[int],
    versions: Mapping[int, int],
) -> Digest:
    """Return the digest for those to whom these facts are news, and these versions of others were shown last."""
    after, upto = revisions
    now = reader.facts_by_id(touched.ids)
    new = [fact for fact in now.values() if fact.id in news and followed.takes(fact)]
    told = [fact for fact in new if is_current(fact)]
    older = [each for each in touched.ids if each not in news]
    changes = list(_changes(_as_shown(reader, older, after, versions), now, followed))
    named = {fact.id for fact in told} | {change.now.id for change in changes}
    changes += _newly_disputed(reader, after, upto, followed, named)
    return Digest(
        statements=tuple(_by_statement(told)),
        changes=tuple(changes),
        dropped=_dropped(reader, new, told, after),
        left_out=touched.left_out,
        rejects=tuple(_rejects(reader, (fact.id for fact in told))),
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which version of a fact a subscription's digests have shown last. Facts that came after revision `since` and are
    not among them are news to it.
    """

    versions: Mapping[int, int]
    since: int

    def is_news(self, fact_id: int, added: int) -> bool:
        return added > self.since and fact_id not in self.versions


def _shown_to(reader: Reader, subscription_id: int | None, ids: Iterable[int], after: int) -> _Shown:
    """What a subscription was shown of these facts; without one, everything up to `after` counts as shown."""
    if subscription_id is None:
        return _Shown({}, after)
    own = deliveries.c.subscription_id == subscription_id
    first = reader.connection.scalar(select(func.min(deliveries.c.from_revision)).where(own))
    query = (
        select(delivery_facts.c.fact_id, func.max(delivery_facts.c.version).label("version"))
        .join(deliveries, deliveries.c.id == delivery_facts.c.delivery_id)
        .where(own, deliveries.c.state.in_(_MAY_STAND))
        .group_by(delivery_facts.c.fact_id)
    )
    found = (
        reader.connection.execute(query.where(delivery_facts.c.fact_id.in_(chunk))) for chunk in chunks(sorted(ids))
    )
    versions = {row.fact_id: row.version for rows in found for row in rows}
    return _Shown(versions, after if first is None else min(first, after))


def _as_shown(reader: Reader, ids: Iterable[int], after: int, shown: Mapping[int, int]) -> dict[int, Fact]:
    """Facts as they stood at a revision, or in the later version that was shown since."""
    then = reader.facts_at(ids, after)
    for fact_id, fact in then.items():
        version = shown.get(fact_id, fact.version)
        if version != fact.version:
            seen = next(each for each in reader.fact_versions(fact_id) if each.version == version)
            then[fact_id] = replace(seen, statement=fact.statement)
    return then


def is_current(fact: Fact) -> bool:
    """Whether neither the fact nor its statement is withdrawn or superseded."""
    return fact.standing is Standing.CURRENT and fact.statement.standing is Standing.CURRENT


def _touched(reader: Reader, after: int, upto: int, followed: Followed) -> _Touched:
    """The facts that a version of their own or of their statement may announce something of, the oldest facts first so
    that corrections come before what a great import brought.
    """
    own = select(fact_versions.c.id).where(*_announced(fact_versions, after, upto))
    of_statements = select(statement_versions.c.id).where(*_announced(statement_versions, after, upto))
    stated = select(facts.c.id).where(facts.c.statement_id.in_(of_statements))
    if followed.topics or followed.excluded:
        own = own.where(followed.was_about(fact_versions.c.id))
        stated = stated.where(followed.was_about(facts.c.id))
    both = union(own, stated).subquery()
    found = list(reader.connection.scalars(select(both.c.id).order_by(both.c.id).limit(MOST_TOUCHED + 1)))
    left_out = 0
    if len(found) > MOST_TOUCHED:
        left_out = (reader.connection.scalar(select(func.count()).select_from(both)) or 0) - MOST_TOUCHED
    ids = found[:MOST_TOUCHED]
    return _Touched(ids, _first_revisions(reader, ids), left_out)


def _announced(versions: Table, after: int, upto: int) -> tuple[ColumnElement[bool], ...]:
    return versions.c.revision > after, versions.c.revision <= upto, versions.c.announced.is_(True)


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
        if is_current(after) and _differs(before, after):
            own = after.version != before.version
            yield FactChange(before, after, gone=False, reason=after.reason if own else after.statement.reason)
        elif is_current(before) and not is_current(after):
            yield FactChange(before, after, gone=True, reason=_why_gone(after))


def _newly_disputed(
    reader: Reader, after: int, upto: int, followed: Followed, named: AbstractSet[int]
) -> Iterable[FactChange]:
    """Facts that are disputed since, where neither they nor what rejects them is told otherwise."""
    row = disputes.c
    came = select(row.rejecting_fact_id, row.rejected_fact_id).where(row.revision > after, row.revision <= upto)
    rows = reader.connection.execute(came.order_by(row.id).limit(MOST_TOUCHED)).all()
    pairs = [pair for pair in rows if pair.rejecting_fact_id not in named and pair.rejected_fact_id not in named]
    held = reader.facts_by_id({each for pair in pairs for each in (pair.rejecting_fact_id, pair.rejected_fact_id)})
    fresh: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        if is_current(held[pair.rejecting_fact_id]) and is_current(held[pair.rejected_fact_id]):
            fresh[pair.rejected_fact_id].add(pair.rejecting_fact_id)
    for fact_id in sorted(fresh):
        now = held[fact_id]
        if followed.takes(now):
            earlier = tuple(each for each in now.rejected_by if each.fact_id not in fresh[fact_id])
            yield FactChange(replace(now, rejected_by=earlier), now, gone=False, reason=None)


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
        if is_current(fact):
            yield pair.rejecting_fact_id, fact


def _differs(before: Fact, after: Fact) -> bool:
    return after.announces(before) or _place_of(before) != _place_of(after) or not is_current(before)


def _place_of(fact: Fact) -> tuple[str | None, str]:
    """The keys of its topic and speaker."""
    return fact.topic.key if fact.topic else None, fact.statement.speaker.key


def _why_gone(fact: Fact) -> str | None:
    return fact.statement.reason if fact.standing is Standing.CURRENT else fact.reason


def _dropped(reader: Reader, new: Iterable[Fact], told: Iterable[Fact], after: int) -> int:
    """Statements that came in the range, of whose followed facts none is left to tell."""
    left = {fact.statement.id for fact in new} - {fact.statement.id for fact in told}
    came = _first_revisions(reader, left, statement_versions)
    return sum(revision > after for revision in came.values())
