"""The tables of digests: who wants them, what is owed, how it was posted, and what owners are told."""

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
)

from bot.domain.digests import DeliveryState, Rhythm, SubscriptionState
from bot.domain.text import Locale
from store.columns import Choice, Instant
from store.table_parts import address, metadata, ref, row_id

subscriptions = Table(
    "subscriptions",
    metadata,
    row_id(),
    *address(),
    Column("owner", Text, nullable=False),
    Column("rhythm", Choice(Rhythm), nullable=False),
    Column("wall_time", Time, nullable=False),
    Column("zone", Text, nullable=False),
    Column("weekday", Integer),
    Column("holidays", String(10)),  # whose public holidays are left out; empty where none are
    Column("locale", Choice(Locale), nullable=False),
    Column("cursor", Integer, nullable=False),
    Column("next_due", Instant, nullable=False),
    Column("last_due", Instant),
    Column("state", Choice(SubscriptionState), nullable=False),
    Column("note", Text),
    Index("ix_subscriptions_state_next_due", "state", "next_due"),
    Index("ix_subscriptions_state_rhythm_cursor", "state", "rhythm", "cursor"),  # of what comes immediately
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
    ref("topic_id", "topics.id"),
    Column("excluded", Boolean, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    row_id(),
    ref("subscription_id", "subscriptions.id"),
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
    Column("as_of", Integer),  # the library's revision when what it says was derived last
    Column("unsure_since", Instant),  # the claim since which it may stand and nobody knows; empty where it does not
    Column("unconfirmed", Integer, nullable=False, server_default="0"),  # posts of which no word came
    UniqueConstraint("subscription_id", "slot"),
    Index("ix_deliveries_state_slot", "state", "slot"),
    Index("ix_deliveries_subscription_id_state", "subscription_id", "state"),  # of its many, those not at their end
)

delivery_transitions = Table(
    "delivery_transitions",
    metadata,
    row_id(),
    ref("delivery_id", "deliveries.id", index=True),
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
    row_id(),
    ref("delivery_id", "deliveries.id", nullable=True, index=True),
    *address(),
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
    row_id(),
    ref("subscription_id", "subscriptions.id", index=True),
    *address(),
    Column("slot", Instant),  # of the digest that failed or may not stand; empty where the subscription is paused
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

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
