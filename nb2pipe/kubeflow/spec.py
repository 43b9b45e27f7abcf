"""The pipeline as Kubeflow's intermediate representation (``pipeline_spec.proto``, schema 2.1.0), as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.execution.hash_seed import HASH_SEED, POD_HASH_SEED
from nb2pipe.images.containerfile import WORKER
from nb2pipe.kubeflow.kinds import KINDS
from nb2pipe.kubeflow.names import pipeline_name, port_name
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.platform import executor_platform, place_platform
from nb2pipe.kubeflow.programs import Program
from nb2pipe.kubeflow.shown import ARTIFACT
from nb2pipe.kubeflow.wiring import Wires
from nb2pipe.model import Parameter, Pipeline, Step

SCHEMA = "2.1.0"
START = f"""\
import sys
sys.path.append({WORKER!r})
try:
    from nb2pipe.kubeflow.pod.main import main
except ModuleNotFoundError as error:
    sys.exit(f"nb2pipe: this image lacks {{error.name!r}}: build one with `nb2pipe image build NOTEBOOK --push`")
sys.exit(main())
"""
"""Starts the worker: the image has nb2pipe installed, or in a folder of its own."""


@dataclass(frozen=True)
class Compiled:
    """A pipeline for an engine.

    Args:
        spec: the ``PipelineSpec``.
        platform: the ``PlatformSpec``; empty where nothing needs one.
    """

    spec: Mapping[str, Any]
    platform: Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """Where an artifact comes from.

    Args:
        task: the task that makes it.
        name: what it is called there.
        kind: its type.
    """

    task: str
    name: str
    kind: str = ARTIFACT


@dataclass(frozen=True)
class TaskPlan:
    """All that one task is made of.

    Args:
        step: the step; for the last task, which checks, the step whose image it takes.
        task: its name.
        wires: what it is given.
        outputs: artifacts that it leaves, name to type.
        argument: ``--step`` or ``--check``, or the part of a container cell that it is; empty for its program.
        packed: what it needs of the pipeline.
        title: what it is called where people see it; the step's name, or its own for the check.
        given: further artifacts that it takes, by name.
        after: tasks that it waits for without taking anything.
        program: what the container runs in place of our worker.
    """

    step: Step
    task: str
    wires: Wires
    outputs: Mapping[str, str]
    argument: str
    packed: str
    title: str = ""
    given: Mapping[str, Source] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    program: Program | None = None

    @property
    def is_step(self) -> bool:
        """Whether it runs a step or a part of one, not the check at the end."""
        return self.argument != "--check"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that it takes: a program has none, only its files."""
        return self.step.parameters if self.is_step and self.program is None else ()

    @property
    def is_whole(self) -> bool:
        """Whether what the step's settings ask for is asked for here: of a container cell, for its program."""
        return self.is_step and (self.program is not None or not self.step.containers)


def build_spec(
    pipeline: Pipeline, plans: list[TaskPlan], tasks: Mapping[str, str], options: CompileOptions, version: str
) -> Compiled:
    """The documents of a pipeline.

    Args:
        pipeline: what is compiled.
        plans: its tasks in notebook order, the check behind them.
        tasks: name of the task of each step.
        options: what for.
        version: of nb2pipe.
    """
    root: dict[str, Any] = {"dag": {"tasks": {plan.task: _task(plan, tasks, options) for plan in plans}}}
    if pipeline.parameters:
        root["inputDefinitions"] = {"parameters": {each.name: _root_parameter(each) for each in pipeline.parameters}}
    spec = {
        "pipelineInfo": {"name": pipeline_name(pipeline.name, options.target)},
        "schemaVersion": SCHEMA,
        "sdkVersion": f"nb2pipe-{version}",
        "components": {f"comp-{plan.task}": _component(pipeline, plan, tasks) for plan in plans},
        "deploymentSpec": {"executors": {f"exec-{plan.task}": {"container": _container(plan)} for plan in plans}},
        "root": root,
    }
    return Compiled(spec, _platform(plans) if options.target == "kfp" else {})


def _platform(plans: list[TaskPlan]) -> dict[str, Any]:
    told = {
        f"exec-{plan.task}": executor_platform(plan.step, whole=plan.is_whole)
        if plan.is_step
        else place_platform(plan.step)  # the check has the image of a step, and runs where that does
        for plan in plans
    }
    executors = {name: each for name, each in told.items() if each}
    return {"platforms": {"kubernetes": {"deploymentSpec": {"executors": executors}}}} if executors else {}


def _inputs(plan: TaskPlan, tasks: Mapping[str, str]) -> dict[str, Source]:
    """Input artifacts of a task, by name."""
    parts = [("state", plan.wires.states), ("values", plan.wires.values)]
    if plan.is_step:
        parts.append(("files", plan.wires.states))
    found = {port_name(what, tasks[step]): Source(tasks[step], what) for what, steps in parts for step in steps}
    return {**found, **plan.given}


def _component(pipeline: Pipeline, plan: TaskPlan, tasks: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"executorLabel": f"exec-{plan.task}"}
    inputs: dict[str, Any] = {}
    artifacts = _inputs(plan, tasks)
    if artifacts:
        inputs["artifacts"] = {name: {"artifactType": _type(each.kind)} for name, each in artifacts.items()}
    if plan.parameters:
        wanted = [each for each in pipeline.parameters if each.name in plan.parameters]
        inputs["parameters"] = {each.name: _component_parameter(each) for each in wanted}
    if inputs:
        found["inputDefinitions"] = inputs
    if plan.outputs:
        outputs = {name: {"artifactType": _type(kind)} for name, kind in plan.outputs.items()}
        found["outputDefinitions"] = {"artifacts": outputs}
    return found


def _type(title: str) -> dict[str, str]:
    return {"schemaTitle": title, "schemaVersion": "0.0.1"}


def _component_parameter(parameter: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"parameterType": KINDS[parameter.type]}
    return {**found, "isOptional": True} if parameter.default is None else found


def _root_parameter(parameter: Parameter) -> dict[str, Any]:
    found: dict[str, Any] = {"parameterType": KINDS[parameter.type], "isOptional": True}
    if parameter.default is not None:
        found["defaultValue"] = parameter.default
    if parameter.help:
        found["description"] = parameter.help
    return found


def _container(plan: TaskPlan) -> dict[str, Any]:
    found: dict[str, Any] = {
        "image": plan.step.settings.image,
        "command": ["python3", "-c", START],
        "args": ["--executor_input", "{{$}}", plan.argument, plan.packed],
    }
    env = dict(plan.step.settings.env) if plan.is_step else {}
    if plan.program is not None:
        program = plan.program
        found = {"image": program.image, "command": list(program.command), "args": list(program.arguments)}
        env = {"HOME": "/tmp", **env}  # noqa: S108 - as everywhere: who runs it may have no home in its image
    elif plan.is_step and HASH_SEED not in env:
        env = {**POD_HASH_SEED, **env}
    if env:
        found["env"] = [{"name": name, "value": value} for name, value in env.items()]
    resources = _resources(plan.step) if plan.is_whole else {}
    return {**found, "resources": resources} if resources else found


def _resources(step: Step) -> dict[str, Any]:
    """Limits, each in the field of today and in that of older servers, as the SDK writes them."""
    wanted, found = step.settings.resources, dict[str, Any]()
    if wanted.cpus is not None:
        found |= {"cpuLimit": float(wanted.cpus), "resourceCpuLimit": f"{wanted.cpus:g}"}
    if wanted.memory_mib is not None:
        found |= {
            "memoryLimit": wanted.memory_mib * 2**20 / 1e9,
            "resourceMemoryLimit": f"{wanted.memory_mib}Mi",
        }
    if wanted.gpus:
        count, kind = str(wanted.gpus), wanted.gpu_type or "nvidia.com/gpu"
        found["accelerator"] = {"count": count, "type": kind, "resourceCount": count, "resourceType": kind}
    return found


def _task(plan: TaskPlan, tasks: Mapping[str, str], options: CompileOptions) -> dict[str, Any]:
    found: dict[str, Any] = {
        "componentRef": {"name": f"comp-{plan.task}"},
        "taskInfo": {"name": plan.title or (plan.step.name if plan.is_step else plan.task)},
        "cachingOptions": {"enableCache": True} if _is_cached(plan, options) else {},
    }
    inputs: dict[str, Any] = {}
    artifacts = _inputs(plan, tasks)
    if artifacts:
        inputs["artifacts"] = {
            name: {"taskOutputArtifact": {"producerTask": each.task, "outputArtifactKey": each.name}}
            for name, each in artifacts.items()
        }
    if plan.parameters:
        inputs["parameters"] = {name: {"componentInputParameter": name} for name in plan.parameters}
    if inputs:
        found["inputs"] = inputs
    if artifacts or plan.after:
        found["dependentTasks"] = sorted({*plan.after, *(each.task for each in artifacts.values())})
    if plan.is_step and plan.step.settings.retries:
        found["retryPolicy"] = {
            "maxRetryCount": plan.step.settings.retries,
            "backoffDuration": "0s",
            "backoffFactor": 2.0,
            "backoffMaxDuration": "3600s",
        }
    return found


def _is_cached(plan: TaskPlan, options: CompileOptions) -> bool:
    """Whether the engine may take an earlier result: not where a step sees what the engine does not."""
    if not plan.is_step or not options.cache:
        return False
    step = plan.step
    if step.settings.cache is not None:
        return step.settings.cache
    return not (step.uses_shell or step.urls_read or step.settings.volumes)
