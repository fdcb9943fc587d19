"""Topics left out, holidays, what comes immediately, the data that schedules are computed with; and leases.

Subscriptions of before leave nothing out: those to working days go on through public holidays.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_AT_ONCE = "ix_subscriptions_state_rhythm_cursor"
_SUBSCRIPTIONS = sa.table(
    "subscriptions", sa.column("rhythm", sa.String()), sa.column("next_due", sa.DateTime(timezone=True))
)


def upgrade() -> None:
    op.add_column("library", sa.Column("schedule_data", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("holidays", sa.String(length=10), nullable=True))
    op.create_index(_AT_ONCE, "subscriptions", ["state", "rhythm", "cursor"])
    op.add_column("subscription_topics", sa.Column("excluded", sa.Boolean(), nullable=True))
    op.execute(sa.update(sa.table("subscription_topics", sa.column("excluded", sa.Boolean()))).values(excluded=False))
    with op.batch_alter_table("subscription_topics") as topics:
        topics.alter_column("excluded", existing_type=sa.Boolean(), nullable=False)
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def downgrade() -> None:
    """Go back. What was left out comes again, holidays are days like others, and what came immediately comes daily."""
    op.drop_table("leases")
    op.execute("DELETE FROM subscription_topics WHERE excluded")
    op.drop_column("subscription_topics", "excluded")
    daily = sa.update(_SUBSCRIPTIONS).values(rhythm="daily", next_due=datetime.now(UTC))
    op.execute(daily.where(_SUBSCRIPTIONS.c.rhythm == "immediately"))
    op.drop_index(_AT_ONCE, "subscriptions")
    op.drop_column("subscriptions", "holidays")
    op.drop_column("library", "schedule_data")
