"""Runs and the scheduler as processes that outlive the one that asks for them, such as a lab that is closed."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from nb2pipe.app.executors import Executors
from nb2pipe.app.hints import likely_executor
from nb2pipe.app.home import check_home
from nb2pipe.app.parameters import Given
from nb2pipe.app.places import notebook_folder
from nb2pipe.app.plan import RunPlan, RunRequest, plan_run
from nb2pipe.app.run import Begin, new_run, run_notebook
from nb2pipe.app.spares import Spares
from nb2pipe.app.spawning import beating, killed_on_error, last_words, places, spawn, tell
from nb2pipe.app.told import wanted_notify
from nb2pipe.errors import ExecutionError, Nb2pipeError, RefusedError
from nb2pipe.execution.process import ReadyKernels
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings, load_settings
from nb2pipe.store import open_store, with_process
from nb2pipe.store.processes import Process, process_here

LOG = "process.log"
PATIENCE_S = 30.0
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class RunOrder:
    """A run that somebody asks for.

    Args:
        notebook: absolute path.
        text: the notebook's text where it is not that of the file, as for one that is not saved.
        parameters: values by name.
        flags: settings by key, such as ``executor``.
        output: absolute path of the executed notebook; empty for the run's folder.
        tags: labels.
        kernel_name: kernel spec; None for the notebook's own.
        user: who asks; empty for whoever runs this process.
        notify: who is told of it: ``NAME`` of a channel, or ``NAME:EVENT``.
        from_step: it and the steps after it are run whatever the cache has; empty for what is not in the cache.
        cwd: working directory of the steps; None for the notebook's folder.
        timeout_s: seconds for each step that sets none itself.
    """

    notebook: str
    text: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    output: str = ""
    tags: tuple[str, ...] = ()
    kernel_name: str | None = None
    user: str = ""
    notify: tuple[str, ...] = ()
    from_step: str = ""
    cwd: str | None = None
    timeout_s: float | None = None


def settings_for(notebook: str, settings: Settings, flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings for a notebook: those of its folder and those given, with home and store of ``settings``.

    Raises:
        SettingsError: a setting is unknown or wrong.
    """
    return load_settings({**(flags or {}), **places(settings)}, cwd=notebook_folder(notebook))


def start_run(order: RunOrder, settings: Settings, spares: Spares | None = None) -> Run:
    """Start a run in a process of its own; it is in the store, waiting, when this returns.

    Args:
        order: what is to run.
        settings: for home and store.
        spares: has a process that stands ready, it may be; None to start one.

    Raises:
        RefusedError: nothing was started: the diagnostics or the message say why.
        ExecutionError: the system has no room for a process.
    """
    own = settings_for(order.notebook, settings, order.flags)
    plan = plan_run(_request(order), own, text=order.text)
    check_home(own.home)
    run = new_run(plan)
    log = own.home / "runs" / run.id / LOG
    process = (spares.take(own, log) if spares else None) or spawn(own.home, log)
    run = replace(run, state=State.QUEUED, started_at=None, user=order.user or run.user)
    run = with_process(run, process_here(process.pid))
    with killed_on_error(process), open_store(own.store_url, own.home) as store:
        store.add_run(run)
    tell(process, {"run": run.id, **_order_data(order, plan), "settings": places(settings), "log": str(log)})
    reaper = threading.Thread(target=_reap, args=(process, run.id, own), name=f"nb2pipe run {run.id}", daemon=True)
    reaper.start()
    return run


def run_ordered(said: Mapping[str, Any], kernels: ReadyKernels | None = None) -> State:
    """Run what :func:`start_run` ordered to its end, in the process that it started.

    Args:
        said: the order, as it came.
        kernels: that stand ready; closed in any case. None to start them while the notebook is read.

    Returns:
        How it ended.
    """
    lists = {name: tuple(said["order"][name]) for name in ("tags", "notify")}
    order = RunOrder(**{**said["order"], **lists})
    settings = load_settings({**order.flags, **said["settings"]}, cwd=notebook_folder(order.notebook))
    with Executors(settings, kernels=kernels) as executors, open_store(settings.store_url, settings.home) as store:
        if kernels is None:
            executors.warm(likely_executor(order.notebook, settings))
        queued = store.run(said["run"])
        with beating(store, lambda: [queued.id]) as stop:
            try:
                begin: Begin = lambda plan, run: stop()  # noqa: E731 - named for its type
                return run_notebook(
                    _request(order), settings, executors=executors, text=order.text, begin=begin, queued=queued
                ).state
            except RefusedError as error:
                told = "; ".join(each.message for each in error.diagnostics if each.severity == "error")
                store.end_queued(queued.id, State.FAILED, told or error.message)
                return store.run(queued.id).state


def start_scheduler(settings: Settings) -> tuple[Process, bool]:
    """Have a scheduler: the one that sees to schedules already, or a new process that outlives this one.

    Returns:
        The process that sees to schedules, and whether it was started here.

    Raises:
        ExecutionError: it could not be started, or ended at once; its last words say why.
    """
    log = settings.home / "scheduler.log"
    with open_store(settings.store_url, settings.home) as store:
        holder = store.lease.holder()
        if holder is not None:
            return holder, False
        process = spawn(settings.home, log)
        tell(process, {"scheduler": settings.jobs, "settings": places(settings)})
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and process.poll() is None:
            holder = store.lease.holder()
            if holder is not None:
                if holder.pid != process.pid:  # somebody else was faster, and one is enough
                    process.terminate()
                threading.Thread(target=process.wait, name="nb2pipe scheduler", daemon=True).start()
                return holder, holder.pid == process.pid
            time.sleep(_LOOK_EVERY_S)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait()
    said = last_words(log)
    raise ExecutionError(f"The scheduler did not start. {said}".strip(), hint=f"{log} has all that it said.")


def _request(order: RunOrder) -> RunRequest:
    return RunRequest(
        order.notebook,
        order.output,
        given=Given(values=order.parameters),
        tags=order.tags,
        kernel_name=order.kernel_name,
        notify=wanted_notify(order.notify),
        from_step=order.from_step,
        cwd=order.cwd,
        timeout_s=order.timeout_s,
    )


def _order_data(order: RunOrder, plan: RunPlan) -> dict[str, Any]:
    """The order with the text that was planned: a file that changes meanwhile changes nothing."""
    return {"order": {**vars(order), "text": plan.pipeline.notebook.text}}


def _reap(process: subprocess.Popen[bytes], run_id: str, settings: Settings) -> None:
    """Wait for the process, so that it leaves no corpse; a run that it never began has failed."""
    code = process.wait()
    said = last_words(settings.home / "runs" / run_id / LOG)
    message = f"Its process ended with code {code} before the run began. {said}".strip()
    with contextlib.suppress(Nb2pipeError), open_store(settings.store_url, settings.home) as store:
        store.end_queued(run_id, State.FAILED, message)
