"""Notices that wait to be sent or were, and whether a schedule's latest due time failed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.create_table(
        "notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_state_next_at", "notices", ["state", "next_at"])
    op.create_index("ix_notices_created_at_id", "notices", ["created_at", "id"])
    op.create_index("ix_notices_run_id", "notices", ["run_id"])
    op.add_column("schedules", sa.Column("is_failing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text("UPDATE schedules SET is_failing = (failures > 0)"))
