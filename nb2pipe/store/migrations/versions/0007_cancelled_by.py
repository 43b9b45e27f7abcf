"""Who asked a run to stop."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("runs", sa.Column("cancel_requested_by", sa.Text(), nullable=False, server_default=""))
