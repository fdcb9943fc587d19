"""Where unanswered questions were asked, and digests of which nobody knows whether they were posted.

Until now such a digest counted as failed. What it showed is still noted for it, which tells it from those that failed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_QUESTION = "question, locale, times, first_at, last_at"
_EVERYWHERE = "question, locale, sum(times), min(first_at), max(last_at)"


def upgrade() -> None:
    """Questions kept until now are the console's: nobody knows any more where they were asked."""
    op.add_column("notices", sa.Column("slot", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE deliveries SET state = 'unknown' WHERE state = 'failed' "
        "AND EXISTS (SELECT 1 FROM delivery_facts WHERE delivery_facts.delivery_id = deliveries.id)"
    )
    op.execute(f"CREATE TABLE meanwhile AS SELECT {_QUESTION} FROM unanswered")  # noqa: S608 (names of our own)
    op.drop_table("unanswered")
    _unanswered("platform", "space")
    op.execute(
        f"INSERT INTO unanswered (platform, space, {_QUESTION}) SELECT 'console', 'local', {_QUESTION} FROM meanwhile"  # noqa: S608
    )
    op.drop_table("meanwhile")


def downgrade() -> None:
    """Go back. Where each question was asked is lost, and notices of digests that may be lost."""
    op.execute("DELETE FROM notices WHERE slot IS NOT NULL")
    op.drop_column("notices", "slot")
    op.execute("UPDATE deliveries SET state = 'failed' WHERE state = 'unknown'")
    op.execute("UPDATE delivery_transitions SET \"after\" = 'failed' WHERE \"after\" = 'unknown'")
    op.execute(f"CREATE TABLE meanwhile AS SELECT {_QUESTION} FROM unanswered")  # noqa: S608
    op.drop_table("unanswered")
    _unanswered()
    op.execute(
        f"INSERT INTO unanswered ({_QUESTION}) SELECT {_EVERYWHERE} FROM meanwhile GROUP BY question, locale"  # noqa: S608
    )
    op.drop_table("meanwhile")


def _unanswered(*place: str) -> None:
    op.create_table(
        "unanswered",
        *(sa.Column(name, sa.String(length=20) if name == "platform" else sa.Text(), nullable=False) for name in place),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*place, "question", "locale", name=op.f("pk_unanswered")),
    )
    op.create_index("ix_unanswered_times_last_at", "unanswered", ["times", "last_at"], unique=False)
