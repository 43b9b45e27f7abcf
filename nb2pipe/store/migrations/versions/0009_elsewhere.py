"""Runs elsewhere: the target that each was sent to, and by what the engine there knows it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and find a run by them."""
    op.add_column("runs", sa.Column("target", sa.Text(), nullable=False, server_default=""))
    op.add_column("runs", sa.Column("remote_id", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_runs_target_remote_id", "runs", ["target", "remote_id"])
