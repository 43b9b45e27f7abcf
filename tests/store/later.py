"""A later nb2pipe, as far as the store's tables go."""

from __future__ import annotations

import shutil
from pathlib import Path

from nb2pipe.store.migrate import HEAD, MIGRATIONS

TOMORROW = '''
"""Tomorrow's change."""
import sqlalchemy as sa
from alembic import op

revision = "tomorrow"
down_revision = "{before}"

def upgrade() -> None:
    with op.batch_alter_table("runs") as batch:
        batch.add_column(sa.Column("approved_by", sa.Text()))
        batch.alter_column("user", nullable=True)
    op.execute("UPDATE runs SET approved_by = 'bob'")
    {more}
'''


def later(tmp_path: Path, more: str = "pass") -> Path:
    """The migrations of a later nb2pipe: one more, which remakes a table that others refer to, and then does more."""
    folder = tmp_path / "later %(here)s"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_tomorrow.py").write_text(TOMORROW.format(before=HEAD, more=more))
    return folder
