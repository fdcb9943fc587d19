"""What platforms' apps keep between two calls, notices to owners, and which fact versions each public message shows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _say_what_is_editable()
    _receipt_facts()
    _notices()
    _events()
    _parked()
    _conversations()


def downgrade() -> None:
    """Go back. Notices that were not told yet are lost, and which versions a shared answer shows."""
    for table in ("conversations", "parked", "events", "notices", "receipt_facts"):
        op.drop_table(table)
    op.drop_column("receipts", "editable")


def _say_what_is_editable() -> None:
    op.add_column("receipts", sa.Column("editable", sa.Boolean(), nullable=True))
    op.execute("UPDATE receipts SET editable = (message_id <> '')")
    with op.batch_alter_table("receipts") as receipts:
        receipts.alter_column("editable", existing_type=sa.Boolean(), nullable=False)


def _receipt_facts() -> None:
    op.create_table(
        "receipt_facts",
        sa.Column("receipt_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["fact_id", "version"],
            ["fact_versions.id", "fact_versions.version"],
            name=op.f("fk_receipt_facts_fact_id_version"),
        ),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipts.id"], name=op.f("fk_receipt_facts_receipt_id")),
        sa.PrimaryKeyConstraint("receipt_id", "fact_id", "version", name=op.f("pk_receipt_facts")),
    )
    op.execute(
        "INSERT INTO receipt_facts (receipt_id, fact_id, version) SELECT receipts.id, fact_id, version "
        "FROM receipts JOIN delivery_facts ON delivery_facts.delivery_id = receipts.delivery_id"
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        *_address(),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["subscription_id"], ["subscriptions.id"], name=op.f("fk_notices_subscription_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("nonce", name=op.f("uq_notices_nonce")),
    )
    op.create_index("ix_notices_state_id", "notices", ["state", "id"])
    op.create_index(op.f("ix_notices_subscription_id"), "notices", ["subscription_id"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_begun_at"), "events", ["begun_at"])


def _parked() -> None:
    op.create_table(
        "parked",
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_parked")),
    )
    op.create_index(op.f("ix_parked_at"), "parked", ["at"])


def _conversations() -> None:
    op.create_table(
        "conversations",
        *_address(),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("platform", "space", "channel", "thread", "dm_user", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_at"), "conversations", ["at"])


def _address() -> list[sa.Column[str]]:
    return [
        sa.Column("platform", sa.String(length=20), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("space", "channel", "thread", "dm_user")),
    ]
