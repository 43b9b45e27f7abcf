"""The tasks of one step: one, or three for a container cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nb2pipe.kubeflow.programs import given_to, left_by, program_of
from nb2pipe.kubeflow.spec import ARTIFACT, HTML, METRICS, TaskPlan
from nb2pipe.kubeflow.wiring import Wires
from nb2pipe.model import Pipeline, Step, StepTasks

STEP, HAND_OVER, TAKE_BACK = "--step", "--hand-over", "--take-back"
"""What our worker is asked to do."""


def part_keys(pipeline: Pipeline) -> list[str]:
    """Keys of the tasks that container cells have beside their steps' own, with a space that no step's name has."""
    return [key for step in pipeline.steps if step.containers for key in _keys(step)]


def step_tasks(pipeline: Pipeline, tasks: Mapping[str, str]) -> tuple[StepTasks, ...]:
    """The tasks of each step, in the order in which they run.

    Args:
        pipeline: what was compiled.
        tasks: names of all tasks: by step, and by the keys of parts.
    """
    return tuple(
        StepTasks(step.name, (*(tasks[key] for key in (_keys(step) if step.containers else ())), tasks[step.name]))
        for step in pipeline.steps
    )


def plans_of(step: Step, tasks: Mapping[str, str], wires: Wires, packed: str, ours: str | None) -> list[TaskPlan]:
    """The tasks of a step, in the order in which they run.

    Args:
        step: the step.
        tasks: names of all tasks: by step, and by the keys of parts.
        wires: what the step is given.
        packed: what it needs of the pipeline.
        ours: for a container cell, the image with our worker.
    """
    if not step.containers:
        return [TaskPlan(step, tasks[step.name], wires, _outputs(step), STEP, packed)]
    (call,) = step.containers
    worker = replace(step, settings=replace(step.settings, image=ours))
    before, program = (tasks[key] for key in _keys(step))
    given = {name: (before, name) for name in given_to(call)}
    left = {name: (program, name) for name in left_by(call)}
    return [
        TaskPlan(worker, before, wires, dict.fromkeys(given, ARTIFACT), HAND_OVER, packed, f"{step.name}-in"),
        TaskPlan(
            step,
            program,
            Wires(),
            dict.fromkeys(left, ARTIFACT),
            "",
            "",
            f"{step.name}-run",
            given=given,
            after=(before,),
            program=program_of(call),
        ),
        TaskPlan(
            worker, tasks[step.name], wires, _outputs(step), TAKE_BACK, packed, step.name, given=left, after=(program,)
        ),
    ]


def _keys(step: Step) -> tuple[str, str]:
    return f"{step.name} in", f"{step.name} run"


def _outputs(step: Step) -> Mapping[str, str]:
    found = {"state": ARTIFACT, "values": ARTIFACT, "files": ARTIFACT, "notebook": ARTIFACT, "page": HTML}
    return {**found, "metrics": METRICS} if step.metrics else found
