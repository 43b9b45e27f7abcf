"""Use-cases that look at runs, stop them and remove them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nb2pipe.app.elsewhere.stop import stop_run
from nb2pipe.app.users import user_name
from nb2pipe.artifacts.store import ArtifactStore
from nb2pipe.errors import NotFoundError
from nb2pipe.model import Run, State, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store

OPEN = tuple(state for state in State if not state.is_final)
WAIT_STEP_S = 0.2


@dataclass(frozen=True)
class RunDetails:
    """A run with its steps.

    Args:
        run: its record.
        steps: last value of each step.
        folder: what the run left on the disk.
    """

    run: Run
    steps: tuple[StepRun, ...]
    folder: Path


@dataclass(frozen=True)
class PruneResult:
    """What was removed, or would be.

    Args:
        run_ids: the runs, newest first.
        freed_bytes: bytes of their folders and of values that no run refers to any more; without the latter for a
            dry run.
        values_kept: why the values were left alone; empty if they were not.
    """

    run_ids: tuple[str, ...]
    freed_bytes: int
    values_kept: str = ""


def looking(settings: Settings) -> Store:
    """The store, with runs whose process is gone marked as interrupted."""
    store = open_store(settings.store_url, settings.home)
    store.mark_interrupted()
    return store


def list_runs(
    settings: Settings,
    *,
    limit: int | None = None,
    states: Iterable[State] = (),
    notebook: str | None = None,
    tag: str | None = None,
    since: datetime | None = None,
    user: str | None = None,
) -> tuple[list[Run], dict[str, dict[str, Any]]]:
    """Runs, newest first, and their metrics by run id.

    Args:
        settings: the settings in force.
        limit: at most so many, None for all.
        states: only runs in one of these.
        notebook: only runs of this notebook: its path, or the end of it (``churn.ipynb``).
        tag: only runs with this label.
        since: only runs created then or later; aware.
        user: only runs that this user started.
    """
    with looking(settings) as store:
        found = store.runs(states=states, tag=tag, since=since, user=user, limit=None if notebook else limit)
        if notebook:
            found = [run for run in found if _is_notebook(run.notebook_path, notebook)][:limit]
        return found, store.metrics([run.id for run in found])


def show_run(settings: Settings, word: str) -> RunDetails:
    """A run with its steps.

    Args:
        settings: the settings in force.
        word: its id, the beginning of it or of its tail, ``latest``.

    Raises:
        SettingsError: no run or several runs fit.
    """
    with looking(settings) as store:
        run = store.run(word)
        return RunDetails(run, tuple(store.step_runs(run.id)), settings.home / "runs" / run.id)


def cancel_run(settings: Settings, word: str, *, wait_s: float = 0.0, user: str = "") -> tuple[Run, bool]:
    """Ask a run to stop.

    Args:
        settings: the settings in force.
        word: its id, the beginning of it or of its tail, ``latest``.
        wait_s: seconds to wait for its end.
        user: who asks; empty for whoever runs this process.

    Returns:
        The run as it is now, and whether there was anything to stop.

    Raises:
        SettingsError: no run or several runs fit.
        RemoteError: it goes on elsewhere, and the engine there refused or did not answer.
    """
    with looking(settings) as store:
        run = store.run(word)
        if run.target:
            return stop_run(store, settings, run, wait_s=wait_s, user=user or user_name())
        asked = store.request_cancel(run.id, user or user_name())
        until = time.monotonic() + wait_s
        while asked and time.monotonic() < until and store.run(run.id).state in OPEN:
            time.sleep(WAIT_STEP_S)
            store.mark_interrupted()
        return store.run(run.id), asked


def prune_runs(
    settings: Settings,
    *,
    older_than: timedelta | None = None,
    keep_last: int = 0,
    states: Iterable[State] = (),
    ids: Sequence[str] | None = None,
    dry_run: bool = False,
    values_only: bool = False,
) -> PruneResult:
    """Remove runs, their folders, and the values that no remaining run refers to.

    Args:
        settings: the settings in force.
        older_than: only runs created longer ago.
        keep_last: not the newest so many of each pipeline.
        states: only runs in one of these.
        ids: only these.
        dry_run: remove nothing.
        values_only: remove the values that they saved, and keep their records, notebooks and logs.

    Raises:
        SettingsError: nothing says which runs, or one of ``ids`` is going on.
    """
    before = datetime.now(UTC) - older_than if older_than is not None else None
    with looking(settings) as store:
        chosen = [store.run(word).id for word in ids] if ids else None
        remove = store.retention.give_up_values if values_only else store.retention.delete_runs
        pruned = remove(ids=chosen, older_than=before, keep_last=keep_last, states=states, dry_run=dry_run)
        freed = sum(_size(folder) for folder in pruned.folders)
        if dry_run:
            return PruneResult(pruned.run_ids, freed)
        for folder in pruned.folders:
            shutil.rmtree(folder, ignore_errors=True)
        return _without_values(store, settings, pruned.run_ids, freed)


def _without_values(store: Store, settings: Settings, run_ids: tuple[str, ...], freed: int) -> PruneResult:
    """Remove the values that no run refers to any more, unless a run is going on."""
    going = [run for run in store.runs(states=OPEN) if not run.target]
    if going:  # what it is writing now is not in the store yet
        return PruneResult(run_ids, freed, f"run {going[0].id} is going on; prune again when it has ended")
    freed += ArtifactStore(settings.home / "artifacts").prune(store.retention.digests_in_use())
    return PruneResult(run_ids, freed)


def keep_to_limits(store: Store, settings: Settings) -> PruneResult:
    """Remove the values of runs that are older than the setting ``keep_values_days``; their records stay.

    Nothing is done while a run goes on, or where the setting says nothing.
    """
    if settings.keep_values_days is None or any(not run.target for run in store.runs(states=OPEN)):
        return PruneResult((), 0)
    before = datetime.now(UTC) - timedelta(days=settings.keep_values_days)
    pruned = store.retention.give_up_values(older_than=before)
    return _without_values(store, settings, pruned.run_ids, 0) if pruned.run_ids else PruneResult((), 0)


def step_logs(settings: Settings, word: str, step: str | None = None) -> Iterator[tuple[StepRun, str]]:
    """What the cells of a run printed, step by step.

    Args:
        settings: the settings in force.
        word: which run.
        step: only this step.

    Yields:
        Each step that has started, and the text of its log.

    Raises:
        SettingsError: there is no such run or step.
    """
    details = show_run(settings, word)
    for step_run in chosen_steps(details, step):
        if step_run.log_path:
            yield step_run, read_log(step_run.log_path)


def chosen_steps(details: RunDetails, step: str | None) -> tuple[StepRun, ...]:
    """All steps of a run, or the one of that name.

    Raises:
        SettingsError: it has none of that name.
    """
    if step is None:
        return details.steps
    found = tuple(step_run for step_run in details.steps if step_run.step == step)
    if not found:
        names = ", ".join(step_run.step for step_run in details.steps) or "none"
        raise NotFoundError(f"run {details.run.id} has no step {step!r}", hint=f"It has: {names}.")
    return found


def read_log(path: str) -> str:
    """The text of a log; says so where the file is gone."""
    try:
        return Path(path).read_text("utf-8", errors="replace")
    except OSError as error:
        return f"(the log cannot be read: {error})\n"


def _is_notebook(path: str, wanted: str) -> bool:
    return path == wanted or path.endswith(f"/{wanted}") or Path(path).absolute() == Path(wanted).absolute()


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
