"""The tables. What the library holds is an identity row, which never changes but for the number of its newest version,
and version rows, which are only ever added. Those of digests stand in `digest_tables`,
those of platforms’ apps in `front_tables`.

Ids that people see (facts, statements) and all others of the library are given out by the store under the lock on the
`library` row: a rolled-back write leaves no gap, and both databases give the same ones.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from bot.domain.facts import Qualifier, Voice
from bot.domain.people import Platform, Role
from bot.domain.text import Locale
from store.columns import Choice, Instant, PeriodText, StatedChange, ValueText
from store.digest_tables import (
    NoticeState,
    deliveries,
    delivery_facts,
    delivery_transitions,
    leases,
    notices,
    receipt_facts,
    receipts,
    subscription_topics,
    subscriptions,
)
from store.front_tables import conversations, events, parked
from store.table_parts import (
    held_once,
    key,
    metadata,
    own_id,
    ref,
    row_id,
    standing,
    version_of,
    wording,
    written,
)

__all__ = [
    "HEAD",
    "NoticeState",
    "audit",
    "claim_codes",
    "conversations",
    "deliveries",
    "delivery_facts",
    "delivery_transitions",
    "disputes",
    "events",
    "fact_versions",
    "facts",
    "leases",
    "library",
    "metadata",
    "notices",
    "parked",
    "postings",
    "receipt_facts",
    "receipts",
    "replies",
    "roles",
    "source_versions",
    "sources",
    "speaker_aliases",
    "speakers",
    "statement_versions",
    "statements",
    "subscription_topics",
    "subscriptions",
    "terms",
    "topic_terms",
    "topics",
    "unanswered",
    "word_lists",
    "words",
]

HEAD = "0006"  # the newest migration, so that a start can tell without importing Alembic

library = Table(
    "library",
    metadata,
    own_id(),
    Column("revision", Integer, nullable=False),
    Column("seeds_digest", Text),
    Column("index_version", Integer),  # of the way words were cut for the index; empty where none was built
    Column("schedule_data", Text),  # with which data next_due was computed; empty before the first tick
    CheckConstraint("id = 1", name="one_row"),
)

sources = Table("sources", metadata, own_id(), key(), Column("version", Integer, nullable=False))

source_versions = Table(
    "source_versions",
    metadata,
    *version_of("sources"),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("url", Text),
    Column("published_on", Date, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", Text),
    *written(),
)

speakers = Table("speakers", metadata, own_id(), key(), *wording("name"), *held_once())

speaker_aliases = Table(
    "speaker_aliases",
    metadata,
    Column("speaker_id", Integer, ForeignKey("speakers.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("alias", Text, nullable=False),
)

topics = Table("topics", metadata, own_id(), key(), *wording("label"), *held_once())

topic_terms = Table(
    "topic_terms",
    metadata,
    Column("topic_id", Integer, ForeignKey("topics.id"), primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("term", Text, nullable=False),
)

word_lists = Table("word_lists", metadata, Column("kind", String(20), primary_key=True), *held_once())

words = Table(
    "words",
    metadata,
    Column("kind", String(20), ForeignKey("word_lists.kind"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("word", Text, nullable=False),
)

statements = Table("statements", metadata, own_id(), key(), Column("version", Integer, nullable=False))

statement_versions = Table(
    "statement_versions",
    metadata,
    *version_of("statements"),
    ref("speaker_id", "speakers.id"),
    ref("source_id", "sources.id"),
    Column("said_on", Date, nullable=False),
    *standing(),
    *written(),
)

facts = Table(
    "facts",
    metadata,
    own_id(),
    key(),
    ref("statement_id", "statements.id", index=True),
    Column("version", Integer, nullable=False),
)

fact_versions = Table(
    "fact_versions",
    metadata,
    *version_of("facts"),
    ref("topic_id", "topics.id", nullable=True),
    *wording("text"),
    Column("value", ValueText),
    *wording("unit"),
    Column("qualifier", Choice(Qualifier), nullable=False),
    Column("voice", Choice(Voice), nullable=False),
    Column("period", PeriodText),
    Column("period_start", Date),
    Column("period_sort", Date),
    Column("change", StatedChange),
    Column("quote", Text),
    Column("paragraph", Integer),
    *standing(),
    *written(),
    # In the order of answers, so that the newest facts of a topic are read without sorting all it has.
    Index(None, "topic_id", "period_sort", "period_start", "id"),
)

disputes = Table(
    "disputes",
    metadata,
    own_id(),
    key(),
    ref("rejecting_fact_id", "facts.id", index=True),
    ref("rejected_fact_id", "facts.id", index=True),
    ref("source_id", "sources.id"),
    Column("revision", Integer, nullable=False),
)

terms = Table(
    "terms",
    metadata,
    own_id(),
    Column("term", Text, nullable=False, unique=True),
    Column("df", Integer, nullable=False),
)

# No foreign keys: they would be checked for each of millions of rows, which can be made of the facts again at any time.
postings = Table(
    "postings",
    metadata,
    Column("term_id", Integer, primary_key=True, autoincrement=False),
    Column("fact_id", Integer, primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

audit = Table(
    "audit",
    metadata,
    row_id(),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("revision", Integer),
    Index("ix_audit_target_id", "target", "id"),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("platform", Choice(Platform), primary_key=True),
    Column("space", Text, primary_key=True),
    Column("question", Text, primary_key=True),
    Column("locale", Choice(Locale), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("ix_unanswered_times_last_at", "times", "last_at"),
)

roles = Table(
    "roles",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("role", Choice(Role), nullable=False),
    Column("granted_by", Text, nullable=False),
    Column("granted_at", Instant, nullable=False),
)

claim_codes = Table(
    "claim_codes",
    metadata,
    Column("code_hash", Text, primary_key=True),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("used_by", Text),
)

replies = Table(
    "replies",
    metadata,
    Column("once_key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reply", Text, nullable=False),
)
