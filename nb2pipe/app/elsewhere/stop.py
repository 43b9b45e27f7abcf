"""Use-case: stop a run elsewhere."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from nb2pipe.app.elsewhere.keep import SHOW_S, keep
from nb2pipe.app.elsewhere.look import Wish
from nb2pipe.app.elsewhere.targets import connected, find_target
from nb2pipe.errors import NotFoundError, RemoteError
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.steps import gone
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store

LOOK_EVERY_S = 1.0


def stop_run(store: Store, settings: Settings, run: Run, *, wait_s: float, user: str) -> tuple[Run, bool]:
    """Have the engine stop a run.

    Args:
        store: that has the run.
        settings: the settings in force.
        run: that goes on elsewhere.
        wait_s: seconds to wait for its end.
        user: who asks.

    Returns:
        The run as it is now, and whether there was anything to stop. Where its target was removed, nobody can be asked
        any more, and the record of one's own run ends here.

    Raises:
        NotFoundError: its target is unknown here, and it is another person's run.
        RemoteError: the engine refused or did not answer.
    """
    if run.state.is_final:
        return run, False
    try:
        target = find_target(run.target)
    except NotFoundError as error:
        if run.user != user:  # whose target it is may have it still
            raise
        return _given_up(store, run, f"it was given up here: {error.message}"), True
    try:
        with closing(connected(target)) as remote:
            remote.cancel(run.remote_id)
    except RemoteError as error:
        if error.code != GONE:
            raise
    asked = store.request_cancel(run.id, user)
    until = time.monotonic() + wait_s
    while True:
        keep(store, settings, [store.run(run.id)], Wish(logs=True), budget_s=SHOW_S)
        found = store.run(run.id)
        if found.state.is_final or time.monotonic() >= until:
            return found, asked
        time.sleep(LOOK_EVERY_S)


def _given_up(store: Store, run: Run, why: str) -> Run:
    for step in store.step_runs(run.id):
        if not step.state.is_final:
            store.record(replace(step, state=State.INTERRUPTED, reason=why))
    return store.update_run(gone(run, why, datetime.now(UTC)))
