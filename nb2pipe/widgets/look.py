"""What there is to know of a saved notebook, looked at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nb2pipe.app.executors import choose_executor
from nb2pipe.app.notebooks import check_notebook
from nb2pipe.app.pages import RunQuery, page_of_runs
from nb2pipe.app.places import notebook_folder
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Pipeline, Run
from nb2pipe.plugins import plugin_names
from nb2pipe.settings import Settings, load_settings

RUNS = 8


@dataclass(frozen=True)
class Look:
    """A notebook as it was saved.

    Args:
        path: absolute.
        saved_at: when, UTC.
        settings: those in force for it.
        pipeline: what it makes; None when it cannot be read.
        diagnostics: all findings.
        executor: where a run would be, and why, in words.
    """

    path: Path
    saved_at: datetime
    settings: Settings
    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]
    executor: str

    @property
    def is_refused(self) -> bool:
        """Whether a run would be refused whatever the parameters are."""
        return any(found.severity == "error" for found in self.diagnostics)


def look_at(path: Path, flags: Mapping[str, Any]) -> Look:
    """Read and check a notebook.

    Args:
        path: of its file.
        flags: settings by key, such as ``executor``.

    Raises:
        SettingsError: a setting is wrong.
        OSError: the file is gone.
    """
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    settings = load_settings(flags, cwd=notebook_folder(str(path)))
    found = check_notebook(str(path), settings)
    executor = ""
    if found.pipeline is not None:
        choice = choose_executor(found.pipeline, settings)
        executor = f"{choice.name}: {choice.reason}"
    return Look(path, saved_at, settings, found.pipeline, found.diagnostics, executor)


def executor_names() -> tuple[str, ...]:
    """All executors that can be chosen by name."""
    return plugin_names("executors")


def last_runs(look: Look) -> tuple[Run, ...]:
    """The newest runs of a notebook, newest first.

    Raises:
        StoreError: the store cannot be read.
    """
    return page_of_runs(look.settings, RunQuery(notebook=str(look.path)), limit=RUNS).runs
