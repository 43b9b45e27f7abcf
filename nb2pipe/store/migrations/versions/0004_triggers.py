"""What sets off schedules besides the clock, and what their runs used."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column("firings", sa.Column("cause", sa.Text()))
    op.add_column("firings", sa.Column("parameters", sa.Text()))
    op.add_column("firings", sa.Column("taken_at", _TIME))
    op.add_column("firings", sa.Column("used_s", sa.Double()))
    op.create_index("ix_firings_schedule_id_taken_at", "firings", ["schedule_id", "taken_at"])
    _of_schedule(
        "watches",
        ("schedule_id", "place"),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("poll_s", sa.Double(), nullable=False),
        sa.Column("settle_s", sa.Double(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Text()),
        sa.Column("changed_at", _TIME),
        sa.Column("fault", sa.Text(), nullable=False),
    )
    _of_schedule(
        "followers",
        ("schedule_id", "after_id"),
        sa.Column("after_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["after_id"], ["schedules.id"], name="fk_followers_after_id", ondelete="CASCADE"),
    )
    op.create_index("ix_followers_after_id", "followers", ["after_id"])
    _of_schedule("call_tokens", ("schedule_id",), sa.Column("digest", sa.Text(), nullable=False))
    _of_schedule(
        "calls",
        ("schedule_id", "key"),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("called_at", _TIME, nullable=False),
    )


def _of_schedule(name: str, key: "tuple[str, ...]", *parts: "sa.schema.SchemaItem") -> None:
    op.create_table(
        name,
        sa.Column("schedule_id", sa.Text(), nullable=False),
        *parts,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name=f"fk_{name}_schedule_id", ondelete="CASCADE"),
    )
