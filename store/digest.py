"""What is new in a range of revisions, told as the library stands now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Table, func, select

from bot.domain.digests import DeliveryState, Digest, FactChange, NewStatement
from bot.domain.facts import Fact, Standing
from store.reading import Reader
from store.rows import chunks
from store.tables import deliveries, delivery_facts, fact_versions, facts, statement_versions

# What such a delivery was to show may stand in the channel; what certainly does not was taken back when it was settled.
_MAY_STAND = (DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The facts a range touches: by version of their own, or of their statement."""

    announced: frozenset[int]  # with something to tell, should they differ
    added: Mapping[int, int]  # every touched fact, with the revision it came in


def derive(reader: Reader, after: int, upto: int, topics: frozenset[str], subscription_id: int | None = None) -> Digest:
    """Return what is new in the revisions (after, upto] for these topics (none: all), told against what was shown."""
    touched = _touched(reader, after, upto)
    shown = _shown_to(reader, subscription_id, touched.added, after)
    now = reader.facts_by_id(touched.added)
    new = [
        fact
        for fact in now.values()
        if shown.is_news(fact.id, added := touched.added[fact.id])
        and (after < added <= upto or fact.id in touched.announced)
        and _follows(topics, fact)
    ]
    told = [fact for fact in new if is_current(fact)]
    older = {each for each in touched.announced if not shown.is_news(each, touched.added[each])}
    return Digest(
        statements=tuple(_by_statement(told)),
        changes=tuple(_changes(_as_shown(reader, older, after, shown), now, topics)),
        dropped=_dropped(reader, new, told, after),
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


def _as_shown(reader: Reader, ids: Iterable[int], after: int, shown: _Shown) -> dict[int, Fact]:
    """Facts as they stood at a revision, or in the later version that was shown since."""
    then = reader.facts_at(ids, after)
    for fact_id, fact in then.items():
        version = shown.versions.get(fact_id, fact.version)
        if version != fact.version:
            seen = next(each for each in reader.fact_versions(fact_id) if each.version == version)
            then[fact_id] = replace(seen, statement=fact.statement)
    return then


def is_current(fact: Fact) -> bool:
    """Whether neither the fact nor its statement is withdrawn or superseded."""
    return fact.standing is Standing.CURRENT and fact.statement.standing is Standing.CURRENT


def _touched(reader: Reader, after: int, upto: int) -> _Touched:
    own = _versions_in(reader, fact_versions, after, upto)
    of_statements = _versions_in(reader, statement_versions, after, upto)
    told_statements = [each for each, announced in of_statements.items() if announced]
    announced = {each for each, announced in own.items() if announced}
    announced |= _facts_of(reader, told_statements)
    return _Touched(frozenset(announced), _first_revisions(reader, announced | own.keys()))


def _versions_in(reader: Reader, versions: Table, after: int, upto: int) -> dict[int, bool]:
    """What has versions in the range, and whether any of them is announced."""
    query = select(versions.c.id, versions.c.announced).where(versions.c.revision > after, versions.c.revision <= upto)
    found: dict[int, bool] = {}
    for each, announced in reader.connection.execute(query):
        found[each] = found.get(each, False) or announced
    return found


def _facts_of(reader: Reader, statement_ids: Iterable[int]) -> set[int]:
    query = select(facts.c.id)
    found = (reader.connection.scalars(query.where(facts.c.statement_id.in_(chunk))) for chunk in chunks(statement_ids))
    return {each for ids in found for each in ids}


def _first_revisions(reader: Reader, ids: Iterable[int], versions: Table = fact_versions) -> dict[int, int]:
    query = select(versions.c.id, versions.c.revision).where(versions.c.version == 1)
    found = (reader.connection.execute(query.where(versions.c.id.in_(chunk))) for chunk in chunks(sorted(ids)))
    return {each: revision for rows in found for each, revision in rows}


def _follows(topics: frozenset[str], *versions: Fact) -> bool:
    return not topics or any(fact.topic.key in topics for fact in versions)


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


def _changes(then: Mapping[int, Fact], now: Mapping[int, Fact], topics: frozenset[str]) -> Iterable[FactChange]:
    for fact_id in sorted(then):
        before, after = then[fact_id], now[fact_id]
        if not _follows(topics, before, after):
            continue
        if is_current(after) and _differs(before, after):
            own = after.version != before.version
            yield FactChange(before, after, gone=False, reason=after.reason if own else after.statement.reason)
        elif is_current(before) and not is_current(after):
            yield FactChange(before, after, gone=True, reason=_why_gone(after))


def _differs(before: Fact, after: Fact) -> bool:
    moved = (before.topic.key, before.statement.speaker.key) != (after.topic.key, after.statement.speaker.key)
    return after.announces(before) or moved or not is_current(before)


def _why_gone(fact: Fact) -> str | None:
    return fact.statement.reason if fact.standing is Standing.CURRENT else fact.reason


def _dropped(reader: Reader, new: Iterable[Fact], told: Iterable[Fact], after: int) -> int:
    """Statements that came in the range, of whose followed facts none is left to tell."""
    left = {fact.statement.id for fact in new} - {fact.statement.id for fact in told}
    came = _first_revisions(reader, left, statement_versions)
    return sum(revision > after for revision in came.values())
