"""What came of a delivery's posts, and as of which revision it was derived; and what a channel is still owed, found by
its subscription, however many digests it has had.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEX = "ix_deliveries_subscription_id_state"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("as_of", sa.Integer(), nullable=True))
    op.add_column("deliveries", sa.Column("unsure_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("deliveries", sa.Column("unconfirmed", sa.Integer(), server_default="0", nullable=False))
    op.create_index(_INDEX, "deliveries", ["subscription_id", "state"])


def downgrade() -> None:
    op.drop_index(_INDEX, "deliveries")
    op.drop_column("deliveries", "unconfirmed")
    op.drop_column("deliveries", "unsure_since")
    op.drop_column("deliveries", "as_of")
