"""A batch as a process that outlives the one that asks for it."""

from __future__ import annotations

import contextlib
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.app.batches.plan import BatchRequest, plan_batch, queued_runs, shared
from nb2pipe.app.batches.running import batch_notebook
from nb2pipe.app.batches.sets import ParameterSet, value_sets, with_common
from nb2pipe.app.detached import settings_for
from nb2pipe.app.home import check_home
from nb2pipe.app.parameters import Given
from nb2pipe.app.places import notebook_folder
from nb2pipe.app.spawning import beating, killed_on_error, last_words, places, spawn, tell
from nb2pipe.app.told import wanted_notify
from nb2pipe.errors import Nb2pipeError, RefusedError, SettingsError
from nb2pipe.model import Run, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings, load_settings
from nb2pipe.store import open_store
from nb2pipe.store.processes import process_here

MOST_RUNS = 1000


@dataclass(frozen=True)
class BatchOrder:
    """A batch that somebody asks for.

    Args:
        notebook: absolute path.
        text: the notebook's text where it is not that of the file.
        grid: name of a parameter to its values; every combination is run.
        sets: name to value each; with a grid, each with every combination.
        parameters: what all runs share; sets and grid win.
        flags: settings by key; ``jobs`` are the steps at a time within one run.
        runs_at_a_time: how many runs go on side by side; None for the setting ``jobs``.
        fail_fast: whether to start no further run once one failed.
        output_dir: absolute folder of the executed notebooks; empty for the runs' folders.
        tags: labels of all runs.
        kernel_name: kernel spec; None for the notebook's own.
        user: who asks; empty for whoever runs this process.
        notify: who is told of its runs: ``NAME`` of a channel, or ``NAME:EVENT``.
    """

    notebook: str
    text: str | None = None
    grid: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    sets: Sequence[Mapping[str, Any]] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    runs_at_a_time: int | None = None
    fail_fast: bool = False
    output_dir: str = ""
    tags: tuple[str, ...] = ()
    kernel_name: str | None = None
    user: str = ""
    notify: tuple[str, ...] = ()


def start_batch(order: BatchOrder, settings: Settings) -> tuple[Run, ...]:
    """Start a batch in a process of its own; all its runs are in the store, queued, when this returns.

    Args:
        order: what is to run.
        settings: for home and store.

    Raises:
        RefusedError: nothing was started: the message says which sets are wrong, or why the notebook cannot run.
        ExecutionError: the system has no room for a process.
    """
    own = settings_for(order.notebook, settings, order.flags)
    plans = plan_batch(_request(order, own), own, order.text)
    check_home(own.home)
    log = own.home / "batches" / f"{new_run_id()}.log"
    process = spawn(own.home, log)
    runs = queued_runs(plans, order.user, process_here(process.pid))
    with killed_on_error(process), open_store(own.store_url, own.home) as store:
        for run in runs:
            store.add_run(run)
    text = plans[0].pipeline.notebook.text  # a file that changes meanwhile changes nothing
    tell(
        process,
        {
            "batch": [run.id for run in runs],
            "order": {**vars(order), "text": text},
            "settings": places(settings),
        },
    )
    name = f"nb2pipe batch {runs[0].batch_id}"
    threading.Thread(target=_reap, args=(process, runs, own, log), name=name, daemon=True).start()
    return tuple(runs)


def run_batch_ordered(said: Mapping[str, Any]) -> None:
    """Run what :func:`start_batch` ordered to its end, in the process that it started.

    Args:
        said: the order, as it came.
    """
    lists = {name: tuple(said["order"][name]) for name in ("sets", "tags", "notify")}
    order = BatchOrder(**{**said["order"], **lists})
    settings = load_settings({**order.flags, **said["settings"]}, cwd=notebook_folder(order.notebook))
    request = _request(order, settings)
    if "jobs" not in order.flags:
        settings = shared(settings, request.runs_at_a_time)
    with open_store(settings.store_url, settings.home) as store:
        queued = [store.run(run_id) for run_id in said["batch"]]
        with beating(store, lambda: said["batch"]):
            try:
                batch_notebook(request, settings, text=order.text, queued=queued)
            except RefusedError as error:
                told = "; ".join(each.message for each in error.diagnostics if each.severity == "error")
                for run in queued:
                    store.end_queued(run.id, State.FAILED, told or error.message)


def _request(order: BatchOrder, settings: Settings) -> BatchRequest:
    sets = _sets(order)
    return BatchRequest(
        order.notebook,
        tuple(sets),
        runs_at_a_time=min(order.runs_at_a_time or settings.jobs, len(sets)),
        output_dir=order.output_dir,
        fail_fast=order.fail_fast,
        kernel_name=order.kernel_name,
        tags=order.tags,
        notify=wanted_notify(order.notify),
        user=order.user,
    )


def _sets(order: BatchOrder) -> list[ParameterSet]:
    count = max(len(order.sets), 1)
    for values in order.grid.values():
        count *= len(values)
    if not count or not (order.sets or order.grid):
        raise SettingsError("the batch has no parameter sets", hint="Give a grid of values, or a list of sets.")
    if count > MOST_RUNS:
        raise SettingsError(
            f"the batch has {count} runs; at most {MOST_RUNS} are taken at once", hint="Make several batches of it."
        )
    return with_common(value_sets(order.grid, order.sets), Given(values=order.parameters))


def _reap(process: subprocess.Popen[bytes], runs: Sequence[Run], settings: Settings, log: Any) -> None:
    """Wait for the process, so that it leaves no corpse; runs that it never began have failed."""
    code = process.wait()
    message = f"The process of its batch ended with code {code} before the run began. {last_words(log)}".strip()
    with contextlib.suppress(Nb2pipeError), open_store(settings.store_url, settings.home) as store:
        for run in runs:
            store.end_queued(run.id, State.FAILED, message)
    if not code:
        log.unlink(missing_ok=True)
