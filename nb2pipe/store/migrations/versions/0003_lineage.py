"""What steps used: values of earlier steps, files and URLs; and runs whose values were given up."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the two tables and the column."""
    op.add_column("runs", sa.Column("values_removed_at", sa.DateTime(timezone=True)))
    _of_step_run(
        "step_inputs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("group", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
    )
    op.create_index("ix_step_inputs_digest", "step_inputs", ["digest"])
    _of_step_run(
        "step_data",
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger()),
    )
    op.create_index("ix_step_data_path", "step_data", ["path"])
    op.create_index("ix_step_data_digest", "step_data", ["digest"])


def _of_step_run(name: str, *columns: "sa.Column[object]") -> None:
    op.create_table(
        name,
        sa.Column("step_run", _KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *columns,
        sa.Column("more", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step_run", "position", name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["step_run"], ["step_runs.key"], name=f"fk_{name}_step_run", ondelete="CASCADE"),
    )
