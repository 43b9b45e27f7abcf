"""What the schema of a pipeline lets pass and an engine does not: references, cycles, types, images, names, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nb2pipe.kubeflow.programs import PLACEHOLDER
from nb2pipe.kubeflow.spec import Compiled

NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
EXPANDED = ("{{$.", "$(")
"""What launcher, Argo or kubelet would put something else in the place of."""
MOST_ARGUMENTS = 128 * 1024


def faults_of(compiled: Compiled) -> Iterator[str]:
    """All that is wrong with a compiled pipeline, in words; nothing for one that holds together."""
    spec = compiled.spec
    components = spec.get("components", {})
    executors = spec.get("deploymentSpec", {}).get("executors", {})
    tasks = spec["root"]["dag"]["tasks"]
    if not NAME.fullmatch(spec["pipelineInfo"]["name"]):
        yield f"the pipeline's name {spec['pipelineInfo']['name']!r} is none for Kubernetes"
    ports = {each.get("executorLabel"): _ports(each) for each in components.values()}
    for name, executor in executors.items():
        yield from _executor(name, executor, ports.get(name, set()))
    for name, component in components.items():
        if component.get("executorLabel") not in executors:
            yield f"component {name!r} runs {component.get('executorLabel')!r}, which is not there"
    root = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    for name, task in tasks.items():
        component = components.get(task["componentRef"]["name"])
        if component is None:
            yield f"task {name!r} is of {task['componentRef']['name']!r}, which is not there"
        else:
            yield from _task(name, task, component, components, tasks, root)
    yield from _cycles(tasks)
    told = compiled.platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    yield from (f"Kubernetes is told of {name!r}, which is not there" for name in told if name not in executors)


def _ports(component: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What a component's container may ask the path of: side and name."""
    sides = ("inputs", "inputDefinitions"), ("outputs", "outputDefinitions")
    return {(side, name) for side, key in sides for name in component.get(key, {}).get("artifacts", {})}


def _executor(name: str, executor: Mapping[str, Any], ports: set[tuple[str, str]]) -> Iterator[str]:
    container = executor["container"]
    if not container.get("image"):
        yield f"{name!r} has no image"
    words = [*container.get("command", ()), *container.get("args", ())]
    if sum(len(word.encode()) + 1 for word in words) >= MOST_ARGUMENTS:
        yield f"the arguments of {name!r} are longer than {MOST_ARGUMENTS // 1024} KiB together"
    asked = {(side, each) for word in words for side, each in PLACEHOLDER.findall(word)}
    yield from (f"{name!r} asks for {each!r} of its {side}, which is not there" for side, each in sorted(asked - ports))
    if any(sign in PLACEHOLDER.sub("", word) for word in words for sign in EXPANDED):
        yield f"an argument of {name!r} holds what the engine would replace"


def _task(
    name: str,
    task: Mapping[str, Any],
    component: Mapping[str, Any],
    components: Mapping[str, Any],
    tasks: Mapping[str, Any],
    root: Mapping[str, Any],
) -> Iterator[str]:
    if not NAME.fullmatch(name):
        yield f"task {name!r} has no name for Kubernetes"
    wanted = component.get("inputDefinitions", {})
    given = task.get("inputs", {})
    for kind in ("artifacts", "parameters"):
        asked, got = wanted.get(kind, {}), given.get(kind, {})
        needed = {key for key, each in asked.items() if not each.get("isOptional")}
        yield from (f"task {name!r} is not given {key!r}" for key in sorted(needed - set(got)))
        yield from (f"task {name!r} is given {key!r}, which it does not take" for key in sorted(set(got) - set(asked)))
    for key, each in given.get("parameters", {}).items():
        source = root.get(each["componentInputParameter"])
        if source is None:
            yield f"task {name!r} takes {key!r} from {each['componentInputParameter']!r}, which is not there"
        elif source["parameterType"] != wanted.get("parameters", {}).get(key, source)["parameterType"]:
            yield f"task {name!r} takes {key!r} as another type than the pipeline has it"
    for key, each in given.get("artifacts", {}).items():
        yield from _artifact(name, key, each["taskOutputArtifact"], wanted, components, tasks)
    yield from (f"task {name!r} waits for {each!r}, which is not there" for each in _waits(task) if each not in tasks)


def _artifact(
    name: str,
    key: str,
    source: Mapping[str, str],
    wanted: Mapping[str, Any],
    components: Mapping[str, Any],
    tasks: Mapping[str, Any],
) -> Iterator[str]:
    maker = tasks.get(source["producerTask"])
    component = components.get(maker["componentRef"]["name"], {}) if maker else {}
    made = component.get("outputDefinitions", {}).get("artifacts", {}).get(source["outputArtifactKey"])
    if made is None:
        yield f"task {name!r} takes {key!r} from {source['producerTask']!r}, which does not make it"
    elif made["artifactType"] != wanted.get("artifacts", {}).get(key, made)["artifactType"]:
        yield f"task {name!r} takes {key!r} as another type than it is made"


def _waits(task: Mapping[str, Any]) -> set[str]:
    given = task.get("inputs", {}).get("artifacts", {}).values()
    return {*task.get("dependentTasks", ()), *(each["taskOutputArtifact"]["producerTask"] for each in given)}


def _cycles(tasks: Mapping[str, Any]) -> Iterator[str]:
    left = {name: _waits(task) & set(tasks) for name, task in tasks.items()}
    while left:
        free = {name for name, waits in left.items() if not waits}
        if not free:
            yield f"tasks wait for each other in a circle: {', '.join(sorted(left))}"
            return
        left = {name: waits - free for name, waits in left.items() if name not in free}
