"""Use-case: what the store says of runs elsewhere, brought up to date."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.app.elsewhere.fired import keep_schedules
from nb2pipe.app.elsewhere.look import Look, Wish, look_at
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.kubeflow.remote.steps import (
    Fetched,
    first_failure,
    gone,
    run_as_told,
    steps_as_told,
    with_fetched,
)
from nb2pipe.model import Run, State, StepRun
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from nb2pipe.store.store import Store

OPEN = tuple(state for state in State if not state.is_final)
LIST_S = 6.0
"""Seconds that a list of runs waits for engines elsewhere."""
SHOW_S = 60.0
"""Seconds that the look at one run waits, its logs included."""
ANSWER_S = 5.0
"""Seconds for one answer while a list waits."""
WATCH_EVERY_S = 3.0
LOG_EVERY_S = 4.0


@dataclass(frozen=True)
class Stale:
    """A run of which the engine did not tell.

    Args:
        run: its record.
        problem: why not.
    """

    run: Run
    problem: str


def keep_current(settings: Settings) -> list[Stale]:
    """Ask after all runs that go on elsewhere, their states only; bounded in time, and a dead server is no error.

    Schedules elsewhere are asked first for the runs that they made.

    Args:
        settings: the settings in force.

    Returns:
        The runs whose record may be out of date.
    """
    with open_store(settings.store_url, settings.home) as store:
        keep_schedules(store, settings.home, budget_s=LIST_S, most_s=ANSWER_S)
        return keep(store, settings, open_runs(store), Wish(), budget_s=LIST_S, most_s=ANSWER_S)


def keep_run_current(settings: Settings, word: str, *, steps: tuple[str, ...] = ()) -> list[Stale]:
    """Ask after one run, with the logs of the steps that have ended; nothing is asked for a run of this machine.

    Args:
        settings: the settings in force.
        word: which run.
        steps: of which to fetch the log, whether they have ended or not.

    Raises:
        SettingsError: no run or several runs fit.
    """
    with open_store(settings.store_url, settings.home) as store:
        run = store.run(word)
        if not run.target or not (steps or _is_missing_something(run)):
            return []
        return keep(store, settings, [run], Wish(logs=True, steps=steps), budget_s=SHOW_S)


def keep_log_current(settings: Settings, word: str, step: str, least_age_s: float = LOG_EVERY_S) -> list[Stale]:
    """Fetch what a step prints while it goes on; nothing for a step that has ended, or where that was done just now.

    Args:
        settings: the settings in force.
        word: which run.
        step: its name.
        least_age_s: seconds since the engine was asked last.

    Raises:
        SettingsError: no run or several runs fit.
    """
    with open_store(settings.store_url, settings.home) as store:
        run = store.run(word)
        if run.elsewhere is None:
            return []
        asked_at = run.elsewhere.asked_at
        if asked_at is not None and (datetime.now(UTC) - asked_at).total_seconds() < least_age_s:
            return []
        if not any(each.step == step and not each.state.is_final for each in store.step_runs(run.id)):
            return []
        return keep(store, settings, [run], Wish(logs=True, steps=(step,)), budget_s=LIST_S, most_s=ANSWER_S)


def steps_wanted(settings: Settings, word: str, step: str | None) -> tuple[str, ...]:
    """Steps of a run whose logs grow, of those that somebody wants to read: the one named, or all.

    Raises:
        SettingsError: no run or several runs fit.
    """
    with open_store(settings.store_url, settings.home) as store:
        run = store.run(word)
        if not run.target:
            return ()
        known = store.step_runs(run.id)
    return tuple(each.step for each in known if step in (None, each.step) and not each.state.is_final)


def watch_run(
    settings: Settings,
    run_id: str,
    *,
    watch: Callable[[StepRun], None] = lambda step: None,
    trouble: Callable[[str], None] = lambda problem: None,
    every_s: float = WATCH_EVERY_S,
    sleep: Callable[[float], object] = time.sleep,
) -> tuple[Run, list[StepRun]]:
    """Follow a run elsewhere to its end.

    Args:
        settings: the settings in force.
        run_id: of the run.
        watch: called with every new value of a step run.
        trouble: called where the engine does not answer, once for each reason; it is asked again and again.
        every_s: seconds between two looks.
        sleep: waits.

    Returns:
        The run and its steps at the end.
    """
    seen: dict[str, StepRun] = {}
    told = ""
    with open_store(settings.store_url, settings.home) as store:
        while True:
            stale = keep(store, settings, [store.run(run_id)], Wish(logs=True), budget_s=SHOW_S)
            problem = stale[0].problem if stale else ""
            if problem and problem != told:
                trouble(problem)
            told = problem
            steps = store.step_runs(run_id)
            for step in steps:
                if seen.get(step.step) != step:
                    seen[step.step] = step
                    watch(step)
            run = store.run(run_id)
            if run.state.is_final:
                return run, steps
            sleep(every_s)


def open_runs(store: Store) -> list[Run]:
    """Runs that go on elsewhere."""
    return [run for run in store.runs(states=OPEN) if run.target and run.remote_id]


def keep(
    store: Store,
    settings: Settings,
    runs: Iterable[Run],
    wish: Wish,
    *,
    budget_s: float,
    most_s: float | None = None,
) -> list[Stale]:
    """Ask after some runs, and keep what was told; see :func:`nb2pipe.app.elsewhere.look.look_at`."""
    stale = []
    for look in look_at(list(runs), wish, budget_s=budget_s, most_s=most_s):
        run = _kept(store, settings, look)
        if look.problem and not look.is_gone:
            stale.append(Stale(run, look.problem))
    return stale


def _is_missing_something(run: Run) -> bool:
    assert run.elsewhere is not None
    last = {each.tasks[-1] for each in run.elsewhere.steps}
    return not run.state.is_final or not last <= set(run.elsewhere.fetched)


def _kept(store: Store, settings: Settings, look: Look) -> Run:
    run, now = store.run(look.run.id), datetime.now(UTC)
    assert run.elsewhere is not None
    if look.is_unknown:
        return run
    if look.is_gone:
        return _kept_as_gone(store, run, look, now)
    if look.told is None:
        return store.update_run(replace(run, elsewhere=replace(run.elsewhere, problem=look.problem)))
    cancelled_by = store.cancelled_by(run.id) or ("nb2pipe cancel" if store.cancel_requested(run.id) else "")
    known = {step.step: step for step in store.step_runs(run.id)}
    if run.state.is_final:
        updated, steps = run, list(known.values())
    else:
        updated = run_as_told(run, look.told, now, cancelled_by=cancelled_by)
        steps = steps_as_told(updated, look.told, known)
    steps = _with_logs(settings, updated, steps, look.fetched)
    for step in steps:
        if known.get(step.step) != step:
            store.record(step)
    assert updated.elsewhere is not None
    done = {task for each in look.fetched for task in each.tasks}
    place = replace(updated.elsewhere, fetched=tuple(sorted({*updated.elsewhere.fetched, *done})), problem=look.problem)
    updated = first_failure(replace(updated, elsewhere=place), steps)
    if updated.state.is_final and done:
        _write_notebook(updated, steps)
    return store.update_run(updated) if updated != run else run


def _kept_as_gone(store: Store, run: Run, look: Look, now: datetime) -> Run:
    assert run.elsewhere is not None
    everything = tuple(task for each in run.elsewhere.steps for task in each.tasks)
    place = replace(run.elsewhere, fetched=everything, problem="")
    if run.state.is_final:
        return store.update_run(replace(run, elsewhere=place))
    for step in store.step_runs(run.id):
        if not step.state.is_final:
            store.record(replace(step, state=State.INTERRUPTED, reason=look.problem))
    return store.update_run(gone(replace(run, elsewhere=place), look.problem, now))


def _with_logs(settings: Settings, run: Run, steps: Sequence[StepRun], fetched: Sequence[Fetched]) -> list[StepRun]:
    found = {step.step: step for step in steps}
    folder = settings.home / "runs" / run.id / "elsewhere"
    for each in fetched:
        left = each.marked.step
        if not each.step:  # the check at the end: it speaks of the step that it found fault with
            if left is not None and left.failure is not None and left.step in found:
                found[left.step] = replace(found[left.step], state=State.FAILED, failure=left.failure)
            continue
        if each.step not in found:
            continue
        log = _written(folder / f"{each.step}.log", each.marked.text)
        notebook = ""
        if each.marked.notebook is not None:
            notebook = _written(folder / f"{each.step}.ipynb", json.dumps(each.marked.notebook, ensure_ascii=False))
        found[each.step] = with_fetched(found[each.step], each, run, log, notebook)
    return list(found.values())


def _written(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="replace")
    return str(path)


def _write_notebook(run: Run, steps: Sequence[StepRun]) -> None:
    """The executed notebook of the whole run, as a run on this machine leaves it."""
    try:
        pipeline = read_pipeline(run.notebook_path, run.notebook_text)
    except Nb2pipeError:  # of an older nb2pipe: the steps' own are there
        return
    defaults = {each.name: each.default for each in pipeline.parameters}
    given = {name: value for name, value in run.parameters.items() if defaults.get(name) != value}
    by_name = {step.step: step for step in steps}
    ordered = [by_name[step.name] for step in pipeline.steps if step.name in by_name]
    document = executed_notebook(pipeline, given, ordered, {"run_id": run.id})
    _written(Path(run.output_path), json.dumps(document, ensure_ascii=False, indent=1))
