"""The tables. What the library holds is an identity row, which never changes but for the number of its newest version,
and version rows, which are only ever added.

Ids that people see (facts, statements) and all others of the library are given out by the store under the lock on the
`library` row: a rolled-back write leaves no gap, and both databases give the same ones.
"""

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from bot.domain.changes import Origin
from bot.domain.digests import DeliveryState, Rhythm, SubscriptionState
from bot.domain.facts import Qualifier, Standing, Voice
from bot.domain.people import Platform, Role
from bot.domain.text import Locale
from store.columns import Choice, Instant, PeriodText, StatedChange, ValueText

HEAD = "0004"  # the newest migration, so that a start can tell without importing Alembic

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _own_id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=False)


def _row_id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _key() -> Column[str]:
    return Column("key", Text, nullable=False, unique=True)


def _ref(name: str, target: str, *, nullable: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(target), nullable=nullable, index=index)


def _wording(name: str) -> list[Column[str]]:
    return [Column(f"{name}_en", Text), Column(f"{name}_zh", Text)]


def _version_of(identity: str) -> list[Column[int]]:
    return [
        Column("id", Integer, ForeignKey(f"{identity}.id"), primary_key=True, autoincrement=False),
        Column("version", Integer, primary_key=True, autoincrement=False),
    ]


def _written() -> list[Column[object]]:
    return [
        Column("revision", Integer, nullable=False, index=True),
        Column("origin", Choice(Origin), nullable=False),
        Column("created_at", Instant, nullable=False),
    ]


def _held_once() -> list[Column[object]]:
    """Of what is held in one version only. The origin is empty in rows older than that column, where none was found."""
    return [Column("revision", Integer, nullable=False), Column("origin", Choice(Origin))]


def _standing() -> list[Column[object]]:
    return [
        Column("standing", Choice(Standing), nullable=False),
        Column("reason", Text),
        Column("announced", Boolean, nullable=False),
    ]


def _address() -> list[Column[object]]:
    """An address; thread and user are empty where there is none, so that a unique index sees them."""
    return [
        Column("platform", Choice(Platform), nullable=False),
        Column("space", Text, nullable=False),
        Column("channel", Text, nullable=False),
        Column("thread", Text, nullable=False),
        Column("dm_user", Text, nullable=False),
    ]


library = Table(
    "library",
    metadata,
    _own_id(),
    Column("revision", Integer, nullable=False),
    Column("seeds_digest", Text),
    Column("index_version", Integer),  # of the way words were cut for the index; empty where none was built
    CheckConstraint("id = 1", name="one_row"),
)

sources = Table("sources", metadata, _own_id(), _key(), Column("version", Integer, nullable=False))

source_versions = Table(
    "source_versions",
    metadata,
    *_version_of("sources"),
    Column("title", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("url", Text),
    Column("published_on", Date, nullable=False),
    Column("language", Text, nullable=False),
    Column("text", Text),
    *_written(),
)

speakers = Table("speakers", metadata, _own_id(), _key(), *_wording("name"), *_held_once())

speaker_aliases = Table(
    "speaker_aliases",
    metadata,
    Column("speaker_id", Integer, ForeignKey("speakers.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("alias", Text, nullable=False),
)

topics = Table("topics", metadata, _own_id(), _key(), *_wording("label"), *_held_once())

topic_terms = Table(
    "topic_terms",
    metadata,
    Column("topic_id", Integer, ForeignKey("topics.id"), primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("term", Text, nullable=False),
)

word_lists = Table("word_lists", metadata, Column("kind", String(20), primary_key=True), *_held_once())

words = Table(
    "words",
    metadata,
    Column("kind", String(20), ForeignKey("word_lists.kind"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("word", Text, nullable=False),
)

statements = Table("statements", metadata, _own_id(), _key(), Column("version", Integer, nullable=False))

statement_versions = Table(
    "statement_versions",
    metadata,
    *_version_of("statements"),
    _ref("speaker_id", "speakers.id"),
    _ref("source_id", "sources.id"),
    Column("said_on", Date, nullable=False),
    *_standing(),
    *_written(),
)

facts = Table(
    "facts",
    metadata,
    _own_id(),
    _key(),
    _ref("statement_id", "statements.id", index=True),
    Column("version", Integer, nullable=False),
)

fact_versions = Table(
    "fact_versions",
    metadata,
    *_version_of("facts"),
    _ref("topic_id", "topics.id", nullable=True),
    *_wording("text"),
    Column("value", ValueText),
    *_wording("unit"),
    Column("qualifier", Choice(Qualifier), nullable=False),
    Column("voice", Choice(Voice), nullable=False),
    Column("period", PeriodText),
    Column("period_start", Date),
    Column("period_sort", Date),
    Column("change", StatedChange),
    Column("quote", Text),
    Column("paragraph", Integer),
    *_standing(),
    *_written(),
    # In the order of answers, so that the newest facts of a topic are read without sorting all it has.
    Index(None, "topic_id", "period_sort", "period_start", "id"),
)

disputes = Table(
    "disputes",
    metadata,
    _own_id(),
    _key(),
    _ref("rejecting_fact_id", "facts.id", index=True),
    _ref("rejected_fact_id", "facts.id", index=True),
    _ref("source_id", "sources.id"),
    Column("revision", Integer, nullable=False),
)

terms = Table(
    "terms",
    metadata,
    _own_id(),
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
    _row_id(),
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

subscriptions = Table(
    "subscriptions",
    metadata,
    _row_id(),
    *_address(),
    Column("owner", Text, nullable=False),
    Column("rhythm", Choice(Rhythm), nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekday", Integer),
    Column("locale", Choice(Locale), nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("last_due", Instant),
    Column("state", Choice(SubscriptionState), nullable=False),
    Column("note", Text),
    Index("ix_subscriptions_state_next_due", "state", "next_due"),
    # True until it ends, then NULL, which no unique index counts: one live subscription at an address. (A partial index
    # would say the same, but naming PostgreSQL here imports its dialect at every start.)
    Column("live", Boolean),
    UniqueConstraint("platform", "space", "channel", "thread", "dm_user", "live", name="uq_subscriptions_live_address"),
)

subscription_topics = Table(
    "subscription_topics",
    metadata,
    Column("subscription_id", Integer, ForeignKey("subscriptions.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    _ref("topic_id", "topics.id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    _row_id(),
    _ref("subscription_id", "subscriptions.id"),
    Column("slot", Instant, nullable=False),
    Column("from_revision", Integer, nullable=False),
    Column("to_revision", Integer, nullable=False),
    Column("nonce", String(25), nullable=False, unique=True),
    Column("state", Choice(DeliveryState), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
    Column("not_before", Instant),
    Column("settled_at", Instant),
    UniqueConstraint("subscription_id", "slot"),
    Index("ix_deliveries_state_slot", "state", "slot"),
)

delivery_transitions = Table(
    "delivery_transitions",
    metadata,
    _row_id(),
    _ref("delivery_id", "deliveries.id", index=True),
    Column("at", Instant, nullable=False),
    Column("before", Choice(DeliveryState)),
    Column("after", Choice(DeliveryState), nullable=False),
    Column("reason", Text),
)

delivery_facts = Table(
    "delivery_facts",
    metadata,
    Column("delivery_id", Integer, ForeignKey("deliveries.id"), primary_key=True, autoincrement=False),
    Column("fact_id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    ForeignKeyConstraint(["fact_id", "version"], ["fact_versions.id", "fact_versions.version"]),
)

receipts = Table(
    "receipts",
    metadata,
    _row_id(),
    _ref("delivery_id", "deliveries.id", nullable=True, index=True),
    *_address(),
    Column("message_id", Text, nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("editable", Boolean, nullable=False),
)

receipt_facts = Table(
    "receipt_facts",
    metadata,
    Column("receipt_id", Integer, ForeignKey("receipts.id"), primary_key=True, autoincrement=False),
    Column("fact_id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),  # a history shows several of one fact
    ForeignKeyConstraint(["fact_id", "version"], ["fact_versions.id", "fact_versions.version"]),
)


class NoticeState(StrEnum):
    """Where a notice stands. `done` is final: it was told, or there is nothing to tell any more."""

    OWED = "owed"
    CLAIMED = "claimed"
    DONE = "done"


notices = Table(
    "notices",
    metadata,
    _row_id(),
    _ref("subscription_id", "subscriptions.id", index=True),
    *_address(),
    Column("slot", Instant),  # of the digest that may not stand in the channel; empty where the subscription is paused
    Column("reason", Text),
    Column("nonce", String(25), nullable=False, unique=True),
    Column("state", Choice(NoticeState), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("not_before", Instant),
    Column("created_at", Instant, nullable=False),
    Index("ix_notices_state_id", "state", "id"),
)

events = Table(
    "events",
    metadata,
    Column("key", Text, primary_key=True),
    Column("begun_at", Instant, nullable=False, index=True),
    Column("finished_at", Instant),
)

parked = Table(
    "parked",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("text", Text, nullable=False),  # as a JSON string: people type what PostgreSQL does not take
    Column("at", Instant, nullable=False, index=True),
)

conversations = Table(
    "conversations",
    metadata,
    *_address(),
    Column("context", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    PrimaryKeyConstraint("platform", "space", "channel", "thread", "dm_user"),
)

replies = Table(
    "replies",
    metadata,
    Column("once_key", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reply", Text, nullable=False),
)
