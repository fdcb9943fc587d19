"""Deliveries by subscription and state: what a channel is still owed is found however many it has had."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INDEX = "ix_deliveries_subscription_id_state"


def upgrade() -> None:
    op.create_index(_INDEX, "deliveries", ["subscription_id", "state"])


def downgrade() -> None:
    op.drop_index(_INDEX, "deliveries")
