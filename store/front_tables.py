"""The tables of what platforms' apps keep between two calls."""

from sqlalchemy import Column, PrimaryKeyConstraint, String, Table, Text

from store.columns import Instant
from store.table_parts import address, metadata

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
    *address(),
    Column("context", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    PrimaryKeyConstraint("platform", "space", "channel", "thread", "dm_user"),
)
