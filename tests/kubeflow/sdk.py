"""The same pipeline as Kubeflow's own SDK builds it, out of what our compiled one says: two ways that have to agree."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from kfp import compiler, dsl, kubernetes
from kfp.dsl.pipeline_task import PipelineTask

from nb2pipe.kubeflow.spec import Compiled

KINDS: Mapping[str, Any] = {
    "NUMBER_INTEGER": int,
    "NUMBER_DOUBLE": float,
    "STRING": str,
    "BOOLEAN": bool,
    "LIST": list,
    "STRUCT": dict,
}
ARTIFACTS: Mapping[str, Any] = {
    "system.Artifact": dsl.Artifact,
    "system.Dataset": dsl.Dataset,
    "system.HTML": dsl.HTML,
    "system.Markdown": dsl.Markdown,
    "system.Model": dsl.Model,
    "system.Metrics": dsl.Metrics,
}


def built_by_sdk(compiled: Compiled, folder: Path) -> list[dict[str, Any]]:
    """The documents that the SDK writes: the pipeline, and what Kubernetes is told of it if anything.

    Args:
        compiled: whose steps, parameters and settings are taken; their order and wiring is the SDK's to find.
        folder: for the SDK's file.
    """
    spec = compiled.spec
    told = compiled.platform.get("platforms", {}).get("kubernetes", {}).get("deploymentSpec", {}).get("executors", {})
    made = {name: _component(spec, name) for name in spec["components"]}

    def body(*values: Any) -> None:
        given = dict(zip(inspect.signature(body).parameters, values, strict=True))
        tasks: dict[str, PipelineTask] = {}
        left = dict(spec["root"]["dag"]["tasks"])
        while left:
            name = next(key for key, each in left.items() if set(each.get("dependentTasks", ())) <= set(tasks))
            tasks[name] = _task(name, left.pop(name), spec, made, given, tasks)
            _after(tasks[name], spec["root"]["dag"]["tasks"][name], tasks)
            _settings(tasks[name], spec, name, told.get(f"exec-{name}", {}))

    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    _sign(body, {name: (KINDS[each["parameterType"]], each.get("defaultValue")) for name, each in declared.items()})
    whole = dsl.pipeline(name=spec["pipelineInfo"]["name"])(body)
    path = folder / "sdk.yaml"
    compiler.Compiler().compile(whole, str(path))
    return list(yaml.safe_load_all(path.read_text(encoding="utf-8")))


def _component(spec: Mapping[str, Any], name: str) -> Callable[..., PipelineTask]:
    component = spec["components"][name]
    container = spec["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
    inputs, outputs = component.get("inputDefinitions", {}), component.get("outputDefinitions", {})

    def body(*given: Any) -> dsl.ContainerSpec:
        return dsl.ContainerSpec(image=container["image"], command=container["command"], args=container["args"])

    arguments = {key: KINDS[each["parameterType"]] for key, each in inputs.get("parameters", {}).items()}
    for key, each in inputs.get("artifacts", {}).items():
        arguments[key] = dsl.Input[ARTIFACTS[each["artifactType"]["schemaTitle"]]]
    for key, each in outputs.get("artifacts", {}).items():
        arguments[key] = dsl.Output[ARTIFACTS[each["artifactType"]["schemaTitle"]]]
    optional = {key for key, each in inputs.get("parameters", {}).items() if each.get("isOptional")}
    body.__name__ = name.removeprefix("comp-")
    _sign(body, {key: (kind, None if key in optional else inspect.Parameter.empty) for key, kind in arguments.items()})
    made: Callable[..., PipelineTask] = dsl.container_component(body)
    return made


def _sign(body: Callable[..., Any], arguments: Mapping[str, tuple[Any, Any]]) -> None:
    parameters = [
        inspect.Parameter(key, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=kind, default=default)
        for key, (kind, default) in sorted(
            arguments.items(), key=lambda item: item[1][1] is not inspect.Parameter.empty
        )
    ]
    body.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    body.__annotations__ = {key: kind for key, (kind, _) in arguments.items()}


def _task(
    name: str,
    task: Mapping[str, Any],
    spec: Mapping[str, Any],
    made: Mapping[str, Callable[..., PipelineTask]],
    given: Mapping[str, Any],
    tasks: Mapping[str, PipelineTask],
) -> PipelineTask:
    inputs = task.get("inputs", {})
    words = {key: given[each["componentInputParameter"]] for key, each in inputs.get("parameters", {}).items()}
    for key, each in inputs.get("artifacts", {}).items():
        source = each["taskOutputArtifact"]
        words[key] = tasks[source["producerTask"]].outputs[source["outputArtifactKey"]]
    found = made[task["componentRef"]["name"]](**words)
    found.set_display_name(task["taskInfo"]["name"])
    found.set_caching_options(bool(task["cachingOptions"].get("enableCache")))
    policy = task.get("retryPolicy")
    if policy:
        found.set_retry(policy["maxRetryCount"], policy["backoffDuration"], policy["backoffFactor"], "3600s")
    return found


def _after(task: PipelineTask, said: Mapping[str, Any], tasks: Mapping[str, PipelineTask]) -> None:
    """Waits that no artifact shows."""
    shown = {
        each["taskOutputArtifact"]["producerTask"] for each in said.get("inputs", {}).get("artifacts", {}).values()
    }
    task.after(*(tasks[name] for name in said.get("dependentTasks", ()) if name not in shown))


def _settings(task: PipelineTask, spec: Mapping[str, Any], name: str, told: Mapping[str, Any]) -> None:
    container = spec["deploymentSpec"]["executors"][f"exec-{name}"]["container"]
    for variable in container.get("env", ()):
        task.set_env_variable(variable["name"], variable["value"])
    resources = container.get("resources", {})
    if "resourceCpuLimit" in resources:
        task.set_cpu_limit(resources["resourceCpuLimit"])
    if "resourceMemoryLimit" in resources:
        task.set_memory_limit(resources["resourceMemoryLimit"])
    if "accelerator" in resources:
        task.set_accelerator_type(resources["accelerator"]["resourceType"])
        task.set_accelerator_limit(int(resources["accelerator"]["resourceCount"]))
    if "activeDeadlineSeconds" in told:
        kubernetes.set_timeout(task, int(told["activeDeadlineSeconds"]))
    for secret in told.get("secretAsEnv", ()):
        keys = {each["secretKey"]: each["envVar"] for each in secret["keyToEnv"]}
        kubernetes.use_secret_as_env(task, secret["secretName"], keys)
    for claim in told.get("pvcMount", ()):
        kubernetes.mount_pvc(task, claim["constant"], claim["mountPath"])
    if "imagePullSecret" in told:
        kubernetes.set_image_pull_secrets(task, [each["secretName"] for each in told["imagePullSecret"]])
    for key, value in told.get("nodeSelector", {}).get("labels", {}).items():
        kubernetes.add_node_selector(task, key, value)
    for each in told.get("tolerations", ()):
        seconds = int(each["tolerationSeconds"]) if "tolerationSeconds" in each else None
        words = (each.get(name) for name in ("key", "operator", "value", "effect"))
        kubernetes.add_toleration(task, *words, seconds)
    for key, value in told.get("podMetadata", {}).get("labels", {}).items():
        kubernetes.add_pod_label(task, key, value)
    for key, value in told.get("podMetadata", {}).get("annotations", {}).items():
        kubernetes.add_pod_annotation(task, key, value)
