"""What commands that were killed left running."""

from __future__ import annotations

from pathlib import Path

from nb2pipe.execution.containers.reap import reap


def remove_left_behind(home: Path) -> None:
    """Remove containers whose nb2pipe is gone; costs next to nothing where there are none.

    Args:
        home: folder of runs, artifacts and what else is kept.
    """
    folder = home / "containers"
    if folder.is_dir():
        reap(folder)
