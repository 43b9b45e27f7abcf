"""Notebooks, runs, and what their steps did."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TIME = sa.DateTime(timezone=True)
_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""
    _notebooks_and_runs()
    _step_runs()
    _of_step_run(
        "cell_runs",
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("ended_at", _TIME),
    )
    _of_step_run(
        "artifacts",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("group", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
    )
    op.create_index("ix_artifacts_digest", "artifacts", ["digest"])
    _of_step_run(
        "metrics",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text()),
    )
    op.create_index("ix_metrics_name", "metrics", ["name"])


def _notebooks_and_runs() -> None:
    op.create_table(
        "notebooks",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_notebooks"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("pipeline", sa.Text(), nullable=False),
        sa.Column("notebook_path", sa.Text(), nullable=False),
        sa.Column("notebook_digest", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("process_started_at", sa.BigInteger(), nullable=False),
        sa.Column("executor", sa.Text(), nullable=False),
        sa.Column("output_path", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.Column("heartbeat_at", _TIME, nullable=False),
        sa.Column("cancel_requested_at", _TIME),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["notebook_digest"], ["notebooks.digest"], name="fk_runs_notebook_digest"),
    )
    op.create_index("ix_runs_created_at_id", "runs", ["created_at", "id"])
    op.create_index("ix_runs_pipeline_created_at", "runs", ["pipeline", "created_at"])
    op.create_index("ix_runs_notebook_path_created_at", "runs", ["notebook_path", "created_at"])
    op.create_index("ix_runs_state", "runs", ["state"])
    op.create_index("ix_runs_notebook_digest", "runs", ["notebook_digest"])
    op.create_table(
        "run_tags",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_run_tags"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_tags_run_id", ondelete="CASCADE"),
    )
    op.create_index("ix_run_tags_tag", "run_tags", ["tag"])


def _step_runs() -> None:
    op.create_table(
        "step_runs",
        sa.Column("key", _KEY, nullable=False),
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", _TIME),
        sa.Column("ended_at", _TIME),
        sa.Column("cells_total", sa.Integer(), nullable=False),
        sa.Column("failure", sa.Text()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cached_from", sa.Text()),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("log_path", sa.Text(), nullable=False),
        sa.Column("notebook_path", sa.Text(), nullable=False),
        sa.Column("peak_memory_bytes", sa.BigInteger()),
        sa.Column("kernel_started", sa.Boolean(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_step_runs"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_step_runs_run_id", ondelete="CASCADE"),
        sa.UniqueConstraint("run_id", "step", "attempt", name="uq_step_runs_run_id_step_attempt"),
    )
    op.create_index("ix_step_runs_cached_from", "step_runs", ["cached_from"])


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
