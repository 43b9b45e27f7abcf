"""From a pipeline to the documents of an engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version

import yaml

from nb2pipe.errors import Diagnostic, RefusedError
from nb2pipe.kubeflow.beside import Beside
from nb2pipe.kubeflow.codes import finding
from nb2pipe.kubeflow.findings import findings_of
from nb2pipe.kubeflow.lint import faults_of
from nb2pipe.kubeflow.names import task_names
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.packing import check_slice, pack, slice_of
from nb2pipe.kubeflow.parts import part_keys, plans_of
from nb2pipe.kubeflow.programs import images_of_ours
from nb2pipe.kubeflow.schema import schema_faults
from nb2pipe.kubeflow.spec import Compiled, TaskPlan, build_spec
from nb2pipe.kubeflow.wiring import Wires, wires_of
from nb2pipe.model import Pipeline, Step

CHECK = "nb2pipe-check"
MOST_STEP_BYTES = 100_000
"""Of a step's code: all arguments of a program together end at 128 KiB on Linux, and the engine adds its own."""
MOST_BYTES = 400_000
"""Of all steps: a cluster keeps a run in one record of about a megabyte, together with what becomes of it."""


def compile_pipeline(pipeline: Pipeline, options: CompileOptions) -> Compiled:
    """A pipeline as an engine wants it.

    Args:
        pipeline: a plan without errors, each step's image in its settings.
        options: what for.

    Raises:
        RefusedError: the engine cannot run it; the diagnostics say what to do.
    """
    _refuse(list(findings_of(pipeline, options)))
    tasks = all_tasks(pipeline)
    wires = wires_of(pipeline)
    beside = Beside(pipeline)
    ours = images_of_ours(pipeline)
    plans, big = list[TaskPlan](), []
    for step in pipeline.steps:
        files = beside.files_of(step, wires[step.name].ancestors)
        packed = pack(slice_of(pipeline, step, wires[step.name], tasks, files))
        if len(packed) > MOST_STEP_BYTES:
            big.append(_too_big(pipeline, step, packed, files))
        plans += plans_of(step, tasks, wires[step.name], packed, ours.get(step.name))
    check = _check(pipeline, wires, tasks)
    plans += [check] if check else []
    _refuse(big or _all_too_big(pipeline, plans))
    compiled = build_spec(pipeline, plans, tasks, options, version("nb2pipe"))
    _refuse([finding("N2P949", pipeline, what=fault) for fault in (*schema_faults(compiled), *faults_of(compiled))])
    return compiled


def all_tasks(pipeline: Pipeline) -> dict[str, str]:
    """Names of the tasks of a pipeline: by step, by :data:`CHECK`, and by the keys of parts of container cells."""
    return task_names([*(step.name for step in pipeline.steps), CHECK, *part_keys(pipeline)])


def compiled_text(compiled: Compiled) -> str:
    """The documents as YAML; the same pipeline gives the same text."""
    parts = [compiled.spec, *([compiled.platform] if compiled.platform else [])]
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return "---\n".join(yaml.dump(part, Dumper=dumper, width=10**9, allow_unicode=True) for part in parts)


def _check(pipeline: Pipeline, wires: Mapping[str, Wires], tasks: Mapping[str, str]) -> TaskPlan | None:
    """The task at the end, where steps ran side by side."""
    if all(len(wires[step.name].ancestors) == number for number, step in enumerate(pipeline.steps)):
        return None
    waited_for = {source for each in wires.values() for source in each.states}
    sinks = tuple(step.name for step in pipeline.steps if step.name not in waited_for)
    packed = pack(check_slice(pipeline, sinks, tasks))
    worker = pipeline.steps[-1]
    if worker.containers:
        image = images_of_ours(pipeline)[worker.name]
        worker = replace(worker, settings=replace(worker.settings, image=image))
    return TaskPlan(worker, tasks[CHECK], Wires(states=sinks), {}, "--check", packed)


def _too_big(pipeline: Pipeline, step: Step, packed: str, files: Mapping[str, bytes]) -> Diagnostic:
    biggest = max(files, key=lambda name: len(files[name]), default="")
    part = f"the file {biggest}" if biggest else "its code"
    size, most = len(packed) // 1000, MOST_STEP_BYTES // 1000
    return finding("N2P945", pipeline, step, what=f"step {step.name!r}", size=size, most=most, part=part)


def _all_too_big(pipeline: Pipeline, plans: list[TaskPlan]) -> list[Diagnostic]:
    size = sum(len(plan.packed) for plan in plans)
    if size <= MOST_BYTES:
        return []
    biggest = max(plans, key=lambda plan: len(plan.packed)).step
    words = {"what": "the pipeline", "size": size // 1000, "most": MOST_BYTES // 1000}
    return [finding("N2P945", pipeline, biggest, **words, part=f"step {biggest.name!r}")]


def _refuse(found: list[Diagnostic]) -> None:
    if found:
        number = "1 problem" if len(found) == 1 else f"{len(found)} problems"
        raise RefusedError(f"the notebook cannot be compiled: {number}", diagnostics=found)
