"""Which batch a run belongs to, and the folder that data to be watched must be in."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and find a batch's runs by its id."""
    op.add_column("runs", sa.Column("batch_id", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_runs_batch_id", "runs", ["batch_id"])
    op.add_column("watches", sa.Column("within", sa.Text(), nullable=False, server_default=""))
