"""Whether a run will most likely be all cached, and where it will run, known before anything heavy is loaded.

Kernels are started before the notebook is even read, since nothing takes longer. Where no step will need one that is
waste, and on a small machine slows down the run itself. So a run that could be taken from the cache as a whole leaves a
mark. A mark that is wrong costs a little time: the kernels are then started when the first step needs one.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

from nb2pipe.app.executors import AUTO, CONTAINER, PROCESS
from nb2pipe.app.places import is_local
from nb2pipe.images.record import built_image
from nb2pipe.model import State, StepRun
from nb2pipe.settings import Settings

MOST_MARKS = 500
SIGNS_OF_IMAGES = (b'"image"', b'"image:')
"""How a setting and a tag of Kale's stand in a notebook's text; within a cell's source the quotes would be escaped."""


def mark_of(home: Path, notebook: str, *words: str) -> Path | None:
    """The file that marks a notebook as it stands with these words (parameters, folder, kernel); None if not local."""
    if not is_local(notebook):
        return None
    try:
        digest = hashlib.sha256(Path(notebook).read_bytes())
    except OSError:
        return None
    digest.update("\0".join((str(Path(notebook).absolute()), *words)).encode())
    return home / "hints" / digest.hexdigest()[:32]


def likely_executor(notebook: str, settings: Settings) -> str:
    """The executor that a notebook will most likely take; a guess from its text, made before it is understood.

    Args:
        notebook: file, URL, or ``-``.
        settings: the settings in force.

    Returns:
        Empty where there is nothing to go by.
    """
    if settings.executor != AUTO:
        return settings.executor
    if settings.image:
        return CONTAINER
    if not is_local(notebook):
        return PROCESS
    try:
        text = Path(notebook).read_bytes()
    except OSError:
        return ""
    names_image = any(sign in text for sign in SIGNS_OF_IMAGES)
    return CONTAINER if names_image or built_image(settings.home, notebook) is not None else PROCESS


def leave_mark(mark: Path, steps: Iterable[StepRun]) -> None:
    """Leave or remove a mark, as the run that just ended suggests."""
    all_kept = all(step.state is State.CACHED or (step.state.is_good and not step.reason) for step in steps)
    with contextlib.suppress(OSError):  # only time is lost
        if not all_kept:
            mark.unlink(missing_ok=True)
            return
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
        marks = sorted(mark.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in marks[MOST_MARKS:]:
            old.unlink(missing_ok=True)
