"""A person's approvals of steps."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "approvals",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME),
        sa.Column("verdict", sa.Text()),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("decided_at", _TIME),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "step", name="pk_approvals"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_approvals_run_id", ondelete="CASCADE"),
    )
    op.create_index("ix_approvals_verdict", "approvals", ["verdict"])
