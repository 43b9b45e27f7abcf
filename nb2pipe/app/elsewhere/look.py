"""Asking engines elsewhere how runs are: all at once, and within a time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from nb2pipe.app.elsewhere.targets import connected, find_target
from nb2pipe.errors import Nb2pipeError, NotFoundError, RemoteError
from nb2pipe.kubeflow.marks import taken_apart
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.steps import Fetched
from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteTask
from nb2pipe.model import Run, State, StepTasks


@dataclass(frozen=True)
class Look:
    """What a look at a run came to.

    Args:
        run: its record.
        told: what its engine says; None where that did not answer.
        problem: why not; empty where it did.
        is_gone: whether the engine knows the run no more.
        is_unknown: whether its target is unknown here, as that of another person who shares the store may be.
        fetched: logs of steps.
    """

    run: Run
    told: RemoteRun | None = None
    problem: str = ""
    is_gone: bool = False
    is_unknown: bool = False
    fetched: tuple[Fetched, ...] = ()


@dataclass(frozen=True)
class Wish:
    """What is wanted of a look.

    Args:
        logs: whether to fetch logs: of steps that have ended, and of those that are named.
        steps: names of steps whose logs are wanted whether they have ended or not.
    """

    logs: bool = False
    steps: tuple[str, ...] = ()


def look_at(runs: Sequence[Run], wish: Wish, *, budget_s: float, most_s: float | None = None) -> Iterator[Look]:
    """Ask after runs; each target on a thread of its own, so that a dead one holds up no other.

    Args:
        runs: of any targets.
        wish: what is wanted.
        budget_s: seconds for all of it.
        most_s: seconds that one answer may take; None for what each target says.

    Yields:
        A look for each run, in any order; those that came too late say so.
    """
    by_target: dict[str, list[Run]] = {}
    for run in runs:
        by_target.setdefault(run.target, []).append(run)
    found: queue.SimpleQueue[Look] = queue.SimpleQueue()
    for name, own in by_target.items():
        arguments = (name, own, wish, most_s, found)
        threading.Thread(target=_look, args=arguments, name=f"nb2pipe look at {name}", daemon=True).start()
    until, missing = time.monotonic() + budget_s, {run.id: run for run in runs}
    while missing:
        try:
            look = found.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            yield from (Look(run, problem=f"no answer within {budget_s:g} s") for run in missing.values())
            return
        missing.pop(look.run.id, None)
        yield look


def _look(name: str, runs: Sequence[Run], wish: Wish, most_s: float | None, found: queue.SimpleQueue[Look]) -> None:
    left = list(runs)
    try:
        with closing(connected(find_target(name), most_s)) as remote:
            while left:
                look = _one(remote, left[0], wish)
                found.put(look)
                left.pop(0)
    except Exception as error:  # of the target, foreign code included: what it does not say of one run, it says of all
        problem = error.message if isinstance(error, Nb2pipeError) else f"{type(error).__name__}: {error}"
        for run in left:
            found.put(Look(run, problem=problem, is_unknown=isinstance(error, NotFoundError)))


def _one(remote: Remote, run: Run, wish: Wish) -> Look:
    try:
        told = remote.status(run.remote_id)
    except RemoteError as error:
        if error.code != GONE:
            raise
        return Look(run, problem=f"{error.message}", is_gone=True)
    fetched, problem = _logs(remote, run, told, wish)
    return Look(run, told, problem, fetched=fetched)


def _has_ended(own: Sequence[RemoteTask], names: StepTasks, told: RemoteRun) -> bool:
    """Whether nothing more will be printed for a step: what failed keeps its tasks behind it from beginning."""
    states = [task.state for task in own]
    is_whole = len(own) == len(names.tasks) or told.state.is_final or State.FAILED in states
    return bool(own) and is_whole and all(state.is_final for state in states)


def _logs(remote: Remote, run: Run, told: RemoteRun, wish: Wish) -> tuple[tuple[Fetched, ...], str]:
    """Logs of steps, and why there are no more."""
    assert run.elsewhere is not None
    tasks = {each.name: each for each in told.tasks}
    found: list[Fetched] = []
    check = StepTasks("", (run.elsewhere.check,)) if run.elsewhere.check else None
    try:
        for each in (*run.elsewhere.steps, *([check] if check else [])):
            own = [tasks[name] for name in each.tasks if name in tasks]
            ended = _has_ended(own, each, told)
            is_new = wish.logs and ended and each.tasks[-1] not in run.elsewhere.fetched
            if own and (is_new or each.step in wish.steps):
                log = "".join(remote.log(run.remote_id, task) for task in own)
                done = tuple(each.tasks) if ended else ()
                found.append(Fetched(each.step, done, taken_apart(log)))
    except RemoteError as error:
        return tuple(found), error.message
    return tuple(found), ""
