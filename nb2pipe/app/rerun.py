"""Running again: from a step on, or what an earlier run left undone."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nb2pipe.app.history import looking
from nb2pipe.errors import Nb2pipeError, SettingsError
from nb2pipe.model import Run
from nb2pipe.model.json import to_json
from nb2pipe.notebook import read_notebook
from nb2pipe.settings import Settings

OPTIONS = "options.json"
"""File in a run's folder: what its record does not say of how it was asked for."""
_KEYS = ("executor", "image", "container_engine", "jobs", "retries", "timeout_s")


@dataclass(frozen=True)
class Again:
    """An earlier run, as it was asked for.

    Args:
        run: its record.
        parameters: values by name that were given, so that defaults are the notebook's of now; all values where the
            run's folder is gone.
        flags: settings by key; the cache is on.
        kernel_name: kernel spec; None for the notebook's own.
        cwd: working directory of the steps; None for the notebook's folder.
        timeout_s: seconds for each step that sets none itself; None for no such limit.
        notify: who is told of it: ``NAME:EVENT,EVENT``.
        is_changed: whether cells of the notebook file are others now than those that ran.
    """

    run: Run
    parameters: Mapping[str, Any]
    flags: Mapping[str, Any]
    kernel_name: str | None
    cwd: str | None
    timeout_s: float | None
    notify: tuple[str, ...]
    is_changed: bool


def keep_options(folder: Path, options: Mapping[str, Any], settings: Settings) -> None:
    """Keep with a run how it was asked for.

    Args:
        folder: the run's.
        options: what of it is kept beside settings, by the names of :class:`Again`.
        settings: those in force; of them only flags are kept, the others may be others the next time.
    """
    flags = {key: getattr(settings, key) for key in _KEYS if settings.origins.get(key, "").startswith("flag ")}
    with contextlib.suppress(OSError):  # a run goes on; running it again then has less to go by
        folder.mkdir(parents=True, exist_ok=True)
        (folder / OPTIONS).write_text(json.dumps(to_json({**options, "flags": flags})), "utf-8")


def run_again(settings: Settings, word: str) -> Again:
    """How an earlier run was asked for.

    Args:
        settings: the settings in force.
        word: its id, the beginning of it or of its tail, ``latest``.

    Raises:
        SettingsError: no run or several runs fit, it ran elsewhere, or what was kept of it is damaged.
        NotebookError: its notebook file cannot be read any more.
    """
    with looking(settings) as store:
        run = store.run(word)
    if run.target:
        hint = "Send its notebook again (nb2pipe submit), or run it here (nb2pipe run)."
        raise SettingsError(f"Run {run.id} was sent to {run.target}: it is not run again from here.", hint=hint)
    kept = _kept(settings.home / "runs" / run.id / OPTIONS)
    flags = kept.get("flags", {"executor": run.executor})
    return Again(
        run,
        kept.get("parameters", run.parameters),
        {**flags, "cache": True},
        kept.get("kernel_name"),
        kept.get("cwd"),
        kept.get("timeout_s"),
        tuple(f"{each.channel}:{','.join(event.value for event in each.events)}" for each in run.notify),
        _cells(run.notebook_path) != _cells(run.notebook_path, run.notebook_text),
    )


def _kept(path: Path) -> dict[str, Any]:
    """What was kept of how a run was asked for; nothing where its folder is gone."""
    try:
        found: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        found = error
    if not isinstance(found, dict):
        message = f"How the run was asked for cannot be read: {path} is damaged."
        raise SettingsError(message, hint="Remove that file to run it with all its parameters and the settings of now.")
    return found


def _cells(path: str, text: str | None = None) -> list[tuple[Any, ...]] | None:
    """What of a notebook a run depends on; None for a text that is no notebook to this nb2pipe."""
    try:
        cells = read_notebook(path, text=text).cells
    except Nb2pipeError:
        if text is None:
            raise
        return None
    return [(cell.kind, cell.source, cell.tags, cell.metadata.get("nb2pipe")) for cell in cells if cell.kind == "code"]
