"""One run of a schedule, in the process that the scheduler started for it."""

from __future__ import annotations

import threading
from dataclasses import replace

from nb2pipe.app.cancel import Cancel
from nb2pipe.app.parameters import Given
from nb2pipe.app.plan import RunRequest
from nb2pipe.app.result import RunResult
from nb2pipe.app.run import run_notebook
from nb2pipe.app.schedules.dispatch import who_is_told
from nb2pipe.app.schedules.keeping import readable, settings_of
from nb2pipe.errors import RefusedError
from nb2pipe.model import Run, Schedule, Source, State
from nb2pipe.scheduling.codes import finding
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store


def run_scheduled(run_id: str, settings: Settings) -> State:
    """Run a waiting run of a schedule to its end; nothing happens if it does not wait any more.

    Args:
        run_id: the whole id.
        settings: the scheduler's settings, for the store; the schedule's own are laid over them.

    Returns:
        How it ended.
    """
    with open_store(settings.store_url, settings.home) as store:
        queued = store.run(run_id)
        if queued.state is not State.QUEUED:
            return queued.state
        name, path = queued.schedule_id, queued.notebook_path
        try:
            schedule = readable(store.schedules.entry(queued.schedule_id))
            name, path = schedule.name, schedule.notebook_path
            return _run(schedule, queued, settings, store)
        except RefusedError as error:
            told = "; ".join(each.message for each in error.diagnostics if each.severity == "error") or error.message
            found = finding("N2P805", name=name, what=told, path=path)
            store.end_queued(run_id, State.FAILED, f"{found.code}: {found.message}")
            return store.run(run_id).state


def _run(schedule: Schedule, queued: Run, settings: Settings, store: Store) -> State:
    timeout_s = schedule.policy.timeout_s
    cancel = Cancel()
    late = f"took longer than {timeout_s:g} s" if timeout_s is not None else ""
    timer = threading.Timer(timeout_s or 0.0, cancel.request, [late])
    timer.daemon = True
    if timeout_s is not None:
        timer.start()
    try:
        result = run_notebook(
            RunRequest(
                schedule.notebook_path,
                given=Given(values=dict(queued.parameters)),
                tags=schedule.tags,
                images=schedule.images,
                notify=tuple(who_is_told(settings, lambda line: None)(schedule)),
            ),
            settings_of(schedule, settings),
            text=schedule.notebook_text if schedule.source is Source.SNAPSHOT else None,
            cancel=cancel,
            queued=queued,
        )
    finally:
        timer.cancel()
    return _ended(result, cancel, late, store)


def _ended(result: RunResult, cancel: Cancel, late: str, store: Store) -> State:
    """How it ended; a run that was stopped for taking too long has failed."""
    if late and cancel.reason == late and result.state is State.CANCELLED:
        return store.update_run(replace(result.run, state=State.FAILED, message=late)).state
    return result.state
