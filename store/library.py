"""One snapshot of the store, to read from."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, or_, select

from bot.domain.digests import Delivery, DeliveryState, Digest, Subscription, Transition
from bot.domain.facts import (
    Counts,
    Dispute,
    DisputeEntry,
    Fact,
    LibraryContent,
    Speaker,
    Standing,
    Statement,
    Topic,
)
from bot.domain.people import CONSOLE, Address, Platform, Role, RoleHolder
from bot.domain.words import Unanswered, WordList
from bot.ports import FACTS_OF_A_STATEMENT, FACTS_OF_A_TOPIC, AuditEntry, Candidates
from store import audit, deliveries, digest, roles, search, subscriptions, tables, unanswered
from store.held import RevisionCache
from store.reading import IS_CURRENT, Reader, newest_of
from store.rows import chunks, fact_entry, statement_entry

_FACT, _DISPUTE = tables.fact_versions, tables.disputes
_KINDS = {
    "source": tables.sources,
    "speaker": tables.speakers,
    "topic": tables.topics,
    "statement": tables.statements,
    "fact": tables.facts,
}
_SAID_ON = tables.statement_versions.c.said_on
_NEWEST_FIRST = (
    _FACT.c.period_sort.desc().nulls_last(),
    _FACT.c.period_start.desc().nulls_last(),
    _SAID_ON.desc(),
    _FACT.c.id,
)
_OLDEST_LAST = (
    _FACT.c.period_sort.desc().nulls_first(),
    _FACT.c.period_start.desc().nulls_first(),
    _SAID_ON.desc(),
    _FACT.c.id.desc(),
)


class SqlLibrary:
    """Implements `bot.ports.Library`, which says what each method returns. `postings_read` counts what the last call
    of `candidates` read of the index.
    """

    def __init__(self, connection: Connection, cache: RevisionCache | None = None) -> None:
        self._connection = connection
        self._reader = Reader(connection, cache)
        self.postings_read = 0

    def revision(self) -> int:
        """The library's revision."""
        return self._reader.revision

    def counts(self) -> Counts:
        """How much the library holds, whatever its standing."""
        return self._reader.counts

    def topics(self) -> Sequence[Topic]:
        """All topics, in the order they came."""
        return list(self._reader.topics.values())

    def word_lists(self) -> Sequence[WordList]:
        """All word lists: kinds of words first, then places."""
        return list(self._reader.word_lists)

    def speakers(self) -> Sequence[Speaker]:
        """All speakers, in the order they came."""
        return list(self._reader.speakers.values())

    def current_facts(self, topic: str, limit: int = FACTS_OF_A_TOPIC) -> Sequence[Fact]:
        """Current facts of a topic, newest period first (none last), then newest said, then id."""
        return self._reader.newest(topic, limit, self._newest)

    def _newest(self, topic: str, limit: int) -> Sequence[Fact]:
        return self._reader.facts(newest_of(topic, IS_CURRENT), order=_NEWEST_FIRST, limit=limit)

    def fact(self, fact_id: int) -> Fact | None:
        """The fact of this id, with its source's text where that is held."""
        found = self._reader.facts_by_id([fact_id]).get(fact_id)
        return replace(found, statement=self._with_text(found.statement)) if found else None

    def versions(self, fact_id: int) -> Sequence[Fact]:
        """All versions of a fact, oldest first; those before the last are corrected where they were current."""
        held = self._reader.fact_versions(fact_id)
        return [_corrected(each) for each in held[:-1]] + held[-1:]

    def all_facts(self, topic: str, limit: int = FACTS_OF_A_TOPIC) -> Sequence[Fact]:
        """The newest facts of a topic at their newest version, oldest period first (none last)."""
        return self._reader.facts(newest_of(topic), order=_OLDEST_LAST, limit=limit)[::-1]

    def statement(self, statement_id: int) -> Statement | None:
        """The statement of this id, with its source's text where that is held."""
        found = self._reader.statements([statement_id]).get(statement_id)
        return self._with_text(found) if found else None

    def facts_of(self, statement_id: int, limit: int = FACTS_OF_A_STATEMENT) -> Sequence[Fact]:
        """A statement's first facts, in the order they came."""
        return self._reader.facts(tables.facts.c.statement_id == statement_id, limit=limit)

    def candidates(self, terms: Sequence[str], limit: int) -> Candidates:
        """Current facts that hold most and rarest of the terms first."""
        best = search.find(self._connection, terms, limit)
        self.postings_read = best.postings_read
        found = self._reader.facts_by_id(best.ids, IS_CURRENT)
        return Candidates([found[fact_id] for fact_id in best.ids if fact_id in found], best.cut_short)

    def unanswered(self, limit: int, asker: str = CONSOLE) -> Sequence[Unanswered]:
        """Questions that nothing answered, most often asked first."""
        return unanswered.most_asked(self._connection, limit, asker)

    def disputes(self, fact_ids: Sequence[int]) -> Sequence[Dispute]:
        """Disputes between current facts in which any of these takes part."""
        found = {
            dispute.id: dispute
            for chunk in chunks(fact_ids)
            for dispute in self._disputes(
                or_(_DISPUTE.c.rejecting_fact_id.in_(chunk), _DISPUTE.c.rejected_fact_id.in_(chunk)), IS_CURRENT
            )
        }
        return [found[each] for each in sorted(found)]

    def holds(self, kind: str, key: str) -> bool:
        """Whether there is a source, speaker, topic, statement or fact by this key."""
        table = _KINDS[kind]
        return self._connection.scalar(select(table.c.id).where(table.c.key == key)) is not None

    def content(self) -> LibraryContent:
        """The whole library at its newest versions, without the store's own numbers."""
        disputes = self._disputes()
        return LibraryContent(
            sources=tuple(replace(each, id=0, version=0) for each in self._reader.all_sources()),
            speakers=tuple(replace(each, id=0) for each in self.speakers()),
            topics=tuple(replace(each, id=0) for each in self.topics()),
            statements=tuple(statement_entry(each) for each in self._reader.all_statements()),
            facts=tuple(fact_entry(each) for each in self._reader.facts()),
            disputes=tuple(_entry_of(each) for each in disputes),
            word_lists=tuple(self.word_lists()),
        )

    def log(self, limit: int, target: str | None = None) -> Sequence[AuditEntry]:
        """Newest audit rows first."""
        return audit.log(self._connection, limit, target)

    def reply_to(self, once_key: str) -> str | None:
        """What was said when a change was made for this key."""
        replies = tables.replies.c
        reply: str | None = self._connection.scalar(select(replies.reply).where(replies.once_key == once_key))
        return reply

    def role(self, actor: str) -> Role:
        """The person's role, and with it the revision: every answer needs both."""
        role, self._reader.revision = roles.standing_of(self._connection, actor)
        return role

    def role_holders(self) -> Sequence[RoleHolder]:
        """Everybody who was granted a role."""
        return roles.holders(self._connection)

    def subscription_at(self, address: Address) -> Subscription | None:
        """The subscription there that has not ended."""
        return subscriptions.at_address(self._connection, address)

    def subscriptions(self, platform: Platform, space: str) -> Sequence[Subscription]:
        """Subscriptions of one workspace that have not ended."""
        return subscriptions.in_space(self._connection, platform, space)

    def subscriptions_to(self, platform: Platform, channel: str) -> Sequence[Subscription]:
        """Subscriptions of channels of this id that have not ended."""
        row = tables.subscriptions.c
        there = (row.platform == platform, row.channel == channel, row.live.is_(True))
        return subscriptions.find(self._connection, *there, by=row.id)

    def digest(
        self,
        after: int,
        upto: int,
        topics: Sequence[str],
        subscription_id: int | None = None,
        excluded: Sequence[str] = (),
    ) -> Digest:
        """What is new in the revisions (after, upto]."""
        followed = digest.Followed(frozenset(topics), frozenset(excluded))
        return digest.derive(self._reader, after, upto, followed, subscription_id)

    def deliveries(self, subscription_id: int, limit: int) -> Sequence[Delivery]:
        """A subscription's deliveries, newest first."""
        held = subscriptions.by_id(self._connection, [subscription_id]).get(subscription_id)
        return deliveries.newest_of(self._connection, held, limit) if held else []

    def deliveries_in(self, subscription_id: int, states: Collection[DeliveryState], limit: int) -> Sequence[Delivery]:
        """A subscription's deliveries that are in one of these states, newest first."""
        held = subscriptions.by_id(self._connection, [subscription_id]).get(subscription_id)
        row = tables.deliveries.c
        query = select(tables.deliveries).where(row.subscription_id == subscription_id, row.state.in_(states))
        newest = query.order_by(row.slot.desc(), row.id.desc()).limit(limit)
        return [deliveries.delivery_of(each, held) for each in self._connection.execute(newest)] if held else []

    def troubled(self, subscription_ids: Collection[int]) -> Collection[int]:
        """Those of these subscriptions whose last digest failed or may be lost."""
        return deliveries.troubled(self._connection, subscription_ids)

    def merged_into(self, delivery: Delivery) -> Sequence[datetime]:
        """The slots of the deliveries that went into one, newest first."""
        return deliveries.merged_into(self._connection, delivery)

    def delivery(self, delivery_id: int) -> Delivery | None:
        """The delivery of a number."""
        row = deliveries.find(self._connection, delivery_id)
        if row is None:
            return None
        return deliveries.delivery_of(
            row, subscriptions.by_id(self._connection, [row.subscription_id])[row.subscription_id]
        )

    def transitions(self, delivery_id: int) -> Sequence[Transition]:
        """The steps a delivery took, oldest first."""
        return deliveries.steps_of(self._connection, delivery_id)

    def _with_text(self, statement: Statement) -> Statement:
        """The statement with its source's text, which lists of facts do without."""
        source = self._reader.whole_sources([statement.source.id])[statement.source.id]
        return replace(statement, source=source)

    def _disputes(self, which: ColumnElement[bool] | None = None, *facts: ColumnElement[bool]) -> list[Dispute]:
        """Disputes whose two facts both meet the conditions."""
        query = select(_DISPUTE).order_by(_DISPUTE.c.id)
        rows = self._connection.execute(query if which is None else query.where(which)).all()
        ids = {each for row in rows for each in (row.rejecting_fact_id, row.rejected_fact_id)}
        held = self._reader.facts_by_id(ids, *facts)
        sources = self._reader.sources({row.source_id for row in rows})
        return [
            Dispute(row.key, held[row.rejecting_fact_id], held[row.rejected_fact_id], sources[row.source_id], row.id)
            for row in rows
            if row.rejecting_fact_id in held and row.rejected_fact_id in held
        ]


def _entry_of(dispute: Dispute) -> DisputeEntry:
    return DisputeEntry(dispute.key, dispute.rejecting.key, dispute.rejected.key, dispute.source.key)


def _corrected(fact: Fact) -> Fact:
    return replace(fact, standing=Standing.CORRECTED) if fact.standing is Standing.CURRENT else fact
