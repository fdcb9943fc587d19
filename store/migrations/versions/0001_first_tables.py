"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_TABLES = (
    "audit",
    "claim_codes",
    "library",
    "light_words",
    "replies",
    "roles",
    "sources",
    "speakers",
    "statements",
    "subscriptions",
    "terms",
    "topics",
    "deliveries",
    "facts",
    "source_versions",
    "statement_versions",
    "subscription_topics",
    "topic_terms",
    "delivery_transitions",
    "disputes",
    "fact_versions",
    "postings",
    "receipts",
    "delivery_facts",
)


def upgrade() -> None:
    _audit()
    _claim_codes()
    _library()
    _light_words()
    _replies()
    _roles()
    _sources()
    _speakers()
    _statements()
    _subscriptions()
    _terms()
    _topics()
    _deliveries()
    _facts()
    _source_versions()
    _statement_versions()
    _subscription_topics()
    _topic_terms()
    _delivery_transitions()
    _disputes()
    _fact_versions()
    _postings()
    _receipts()
    _delivery_facts()
    op.execute("INSERT INTO library (id, revision) VALUES (1, 0)")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_target_id", "audit", ["target", "id"], unique=False)


def _claim_codes() -> None:
    op.create_table(
        "claim_codes",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_claim_codes")),
    )


def _library() -> None:
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("seeds_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_library_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
    )


def _light_words() -> None:
    op.create_table(
        "light_words",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_light_words")),
    )


def _replies() -> None:
    op.create_table(
        "replies",
        sa.Column("once_key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("once_key", name=op.f("pk_replies")),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_by", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", name=op.f("pk_roles")),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_sources_key")),
    )


def _speakers() -> None:
    op.create_table(
        "speakers",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speakers")),
        sa.UniqueConstraint("key", name=op.f("uq_speakers_key")),
    )


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("key", name=op.f("uq_statements_key")),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("dm_user", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("wall_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("next_due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("live", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "platform", "space", "channel", "thread", "dm_user", "live", name="uq_subscriptions_live_address"
        ),
    )
    op.create_index("ix_subscriptions_state_next_due", "subscriptions", ["state", "next_due"], unique=False)


def _terms() -> None:
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("df", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("term", name=op.f("uq_terms_term")),
    )


def _topics() -> None:
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=True),
        sa.Column("label_zh", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("key", name=op.f("uq_topics_key")),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_revision", sa.Integer(), nullable=False),
        sa.Column("to_revision", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name=op.f("fk_deliveries_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("nonce", name=op.f("uq_deliveries_nonce")),
        sa.UniqueConstraint("subscription_id", "slot", name=op.f("uq_deliveries_subscription_id_slot")),
    )
    op.create_index("ix_deliveries_state_slot", "deliveries", ["state", "slot"], unique=False)


def _facts() -> None:
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_facts_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
        sa.UniqueConstraint("key", name=op.f("uq_facts_key")),
    )
    op.create_index(op.f("ix_facts_statement_id"), "facts", ["statement_id"], unique=False)


def _source_versions() -> None:
    op.create_table(
        "source_versions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["sources.id"], name=op.f("fk_source_versions_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_source_versions")),
    )
    op.create_index(op.f("ix_source_versions_revision"), "source_versions", ["revision"], unique=False)


def _statement_versions() -> None:
    op.create_table(
        "statement_versions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["statements.id"], name=op.f("fk_statement_versions_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_statement_versions_source_id")),
        sa.ForeignKeyConstraint(["speaker_id"], ["speakers.id"], name=op.f("fk_statement_versions_speaker_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_statement_versions")),
    )
    op.create_index(op.f("ix_statement_versions_revision"), "statement_versions", ["revision"], unique=False)


def _subscription_topics() -> None:
    op.create_table(
        "subscription_topics",
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_subscription_topics_subscription_id")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_subscription_topics_topic_id")),
        sa.PrimaryKeyConstraint("subscription_id", "position", name=op.f("pk_subscription_topics")),
    )


def _topic_terms() -> None:
    op.create_table(
        "topic_terms",
        sa.Column("topic_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_terms_topic_id")),
        sa.PrimaryKeyConstraint("topic_id", "kind", "position", name=op.f("pk_topic_terms")),
    )


def _delivery_transitions() -> None:
    op.create_table(
        "delivery_transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=True),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_transitions_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_transitions")),
    )
    op.create_index(op.f("ix_delivery_transitions_delivery_id"), "delivery_transitions", ["delivery_id"], unique=False)


def _disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rejecting_fact_id", sa.Integer(), nullable=False),
        sa.Column("rejected_fact_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rejected_fact_id"], ["facts.id"], name=op.f("fk_disputes_rejected_fact_id")),
        sa.ForeignKeyConstraint(["rejecting_fact_id"], ["facts.id"], name=op.f("fk_disputes_rejecting_fact_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_disputes_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("key", name=op.f("uq_disputes_key")),
    )
    op.create_index(op.f("ix_disputes_rejected_fact_id"), "disputes", ["rejected_fact_id"], unique=False)
    op.create_index(op.f("ix_disputes_rejecting_fact_id"), "disputes", ["rejecting_fact_id"], unique=False)


def _fact_versions() -> None:
    op.create_table(
        "fact_versions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("text_zh", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("unit_en", sa.Text(), nullable=True),
        sa.Column("unit_zh", sa.Text(), nullable=True),
        sa.Column("qualifier", sa.String(length=20), nullable=False),
        sa.Column("voice", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=40), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_sort", sa.Date(), nullable=True),
        sa.Column("change", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("paragraph", sa.Integer(), nullable=True),
        sa.Column("standing", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("announced", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["facts.id"], name=op.f("fk_fact_versions_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_fact_versions_topic_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_fact_versions")),
    )
    op.create_index(op.f("ix_fact_versions_revision"), "fact_versions", ["revision"], unique=False)
    op.create_index(op.f("ix_fact_versions_topic_id"), "fact_versions", ["topic_id"], unique=False)


def _postings() -> None:
    op.create_table(
        "postings",
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["fact_id"], ["facts.id"], name=op.f("fk_postings_fact_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_postings_term_id")),
        sa.PrimaryKeyConstraint("term_id", "fact_id", name=op.f("pk_postings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_postings_fact_id"), "postings", ["fact_id"], unique=False)


def _receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("space", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("dm_user", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_receipts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    op.create_index(op.f("ix_receipts_delivery_id"), "receipts", ["delivery_id"], unique=False)


def _delivery_facts() -> None:
    op.create_table(
        "delivery_facts",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_facts_delivery_id")),
        sa.ForeignKeyConstraint(
            ["fact_id", "version"],
            ["fact_versions.id", "fact_versions.version"],
            name=op.f("fk_delivery_facts_fact_id_version"),
        ),
        sa.PrimaryKeyConstraint("delivery_id", "fact_id", name=op.f("pk_delivery_facts")),
    )
