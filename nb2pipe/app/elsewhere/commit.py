"""Which git commit a notebook is of."""

from __future__ import annotations

import subprocess
from pathlib import Path

PATIENCE_S = 5.0


def commit_of(path: str) -> str:
    """The commit of a notebook's folder, with ``-dirty`` where the notebook itself differs from it.

    Args:
        path: of the notebook.

    Returns:
        Empty where there is no git, no repository or no commit.
    """
    file = Path(path)
    if not file.is_file():
        return ""
    head = _git(file.parent, "rev-parse", "HEAD")
    if not head:
        return ""
    changed = _git(file.parent, "status", "--porcelain", "--", file.name)
    return f"{head}-dirty" if changed else head


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
