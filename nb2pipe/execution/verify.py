"""What was observed is held against the plan: two steps that did not wait for each other must not have touched."""

from __future__ import annotations

from collections.abc import Collection

from nb2pipe.model import CellFailure, Observation, Pipeline, StepRun
from nb2pipe.model.ambient import FIGURES

RNG_KEYS = frozenset({"random", "numpy.random", "torch"})


def conflict(
    pipeline: Pipeline,
    earlier: StepRun,
    later: StepRun,
    bound_between: Collection[str] = (),
    generators_set: Collection[str] = RNG_KEYS,
) -> CellFailure | None:
    """The fault of ``later``, if it should have seen something of ``earlier`` but did not wait for it.

    Args:
        pipeline: the plan, in which ``earlier`` stands before ``later`` and is none of its ancestors.
        earlier: finished step run.
        later: finished step run.
        bound_between: names that ancestors of ``later`` bound anew behind ``earlier``.
        generators_set: keys of random generators that any step up to ``later`` set. One that nobody set starts from
            what the system calls random, and who draws from it first is of no matter.
    """
    name = _shared_name(earlier, later, bound_between)
    if name is not None:
        return _failure(pipeline, earlier, later, name, f"variable {name!r}")
    key = _shared_ambient(earlier, later, generators_set)
    if key is not None:
        return _failure(pipeline, earlier, later, key, f"{key} (state that the kernel carries besides variables)")
    path = _shared_file(earlier.observation, later.observation)
    if path is not None:
        return _failure(pipeline, earlier, later, path, f"file {path!r}")
    return None


def _shared_file(earlier: Observation, later: Observation) -> str | None:
    """A file that the one wrote and the other read, by its place on this machine: containers see it where they like."""
    written = {earlier.places.get(path, path) for path in earlier.files_written}
    return next((path for path in later.files_read if later.places.get(path, path) in written), None)


def _shared_name(earlier: StepRun, later: StepRun, bound_between: Collection[str]) -> str | None:
    touched = {*earlier.observation.bound, *earlier.observation.changed, *earlier.observation.deleted}
    touched.difference_update(bound_between)
    seen = (*later.observation.reads, *later.observation.missed, *later.observation.changed, *later.observation.deleted)
    return next((name for name in seen if name in touched), None)


def _shared_ambient(earlier: StepRun, later: StepRun, generators_set: Collection[str]) -> str | None:
    """A random state that was set matters to those who draw from it; any other setting may matter to everyone."""
    for key in earlier.observation.ambient_changed:
        if matters(key, later.observation) and (key not in RNG_KEYS or key in generators_set):
            return key
    return None


def matters(key: str, seen: Observation) -> bool:
    """Whether ambient state may have mattered to a step: to any, but for what is only of use to who asks for it."""
    if key in RNG_KEYS:
        return key in seen.ambient_changed and key not in seen.generators_anew
    return key != FIGURES or key in seen.ambient_seen


def _failure(pipeline: Pipeline, earlier: StepRun, later: StepRun, name: str, what: str) -> CellFailure:
    first_cell = pipeline.step(later.step).cells[0]
    cell = pipeline.notebook.cells[first_cell]
    return CellFailure(
        "unplanned",
        "N2P401",
        f"step {later.step!r} needs {what}, which step {earlier.step!r} before it makes or changes, "
        f"but the plan did not foresee it and {later.step!r} did not wait for {earlier.step!r}",
        hint=f"add the tag `after:{earlier.step}` to the first cell of step {later.step!r} (cell {first_cell + 1})",
        cell_index=first_cell,
        cell_id=cell.id,
    )


def unavailable(pipeline: Pipeline, run: StepRun, others: dict[str, tuple[str, str]]) -> CellFailure | None:
    """The plan's fault behind a failed step: a name that it looked up, that exists in Run All, and was not given to it.

    Args:
        pipeline: the plan.
        run: the failed step run.
        others: name to (step that has it, why it was not available).
    """
    for name in run.observation.missed:
        if name in others:
            owner, reason = others[name]
            place = run.failure
            return CellFailure(
                "unplanned",
                "N2P402",
                f"step {run.step!r} reads {name!r} of step {owner!r}, but it is not available here: {reason}",
                hint=f"add the tag `after:{owner}` to the first cell of step {run.step!r}, or keep both in one step",
                traceback=place.traceback if place else "",
                cell_index=place.cell_index if place else None,
                cell_id=place.cell_id if place else None,
                line=place.line if place else None,
            )
    return None
