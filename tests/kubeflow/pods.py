"""Runs a compiled pipeline task by task as an engine does.

A pod of ours is a process of this machine, and the program of a container cell a container of this machine's podman.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.kubeflow.programs import PLACEHOLDER
from nb2pipe.kubeflow.spec import Compiled


@dataclass
class PodRun:
    """What came of one run.

    Args:
        folder: of all artifacts: ``TASK/NAME``.
        codes: exit code of each task that ran.
        logs: what each printed.
        told: what each said of its artifacts.
    """

    folder: Path
    codes: dict[str, int] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)

    def notebook(self, task: str) -> dict[str, Any]:
        """The executed notebook of a task."""
        found: dict[str, Any] = json.loads((self.folder / task / "notebook").read_text(encoding="utf-8"))
        return found


def run_pods(compiled: Compiled, folder: Path, given: Mapping[str, Any]) -> PodRun:
    """Run all tasks in an order that their artifacts allow; nothing runs behind a task that failed.

    Args:
        compiled: the pipeline.
        folder: an empty one.
        given: parameter values that are not the pipeline's own.
    """
    run = PodRun(folder)
    left = dict(compiled.spec["root"]["dag"]["tasks"])
    while left:
        ready = [name for name, task in left.items() if not set(task.get("dependentTasks", ())) & set(left)]
        assert ready, f"tasks wait for each other: {left}"
        for name in ready:
            task = left.pop(name)
            if all(0 == run.codes.get(other) for other in task.get("dependentTasks", ())):
                run_task(compiled, name, given, run)
    return run


def run_task(compiled: Compiled, name: str, given: Mapping[str, Any], run: PodRun) -> None:
    """Run one task, with what those before it left in the folder of a run.

    Args:
        compiled: the pipeline.
        name: of the task.
        given: parameter values that are not the pipeline's own.
        run: gets what came of it.
    """
    spec = compiled.spec
    declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
    values = {key: each["defaultValue"] for key, each in declared.items() if "defaultValue" in each} | dict(given)
    _run_pod(spec, name, spec["root"]["dag"]["tasks"][name], values, run)


def _run_pod(
    spec: Mapping[str, Any], name: str, task: Mapping[str, Any], values: Mapping[str, Any], run: PodRun
) -> None:
    component = spec["components"][task["componentRef"]["name"]]
    container = spec["deploymentSpec"]["executors"][component["executorLabel"]]["container"]
    made = component.get("outputDefinitions", {}).get("artifacts", {})
    told = run.folder / name / "told.json"
    document = {
        "inputs": {
            "parameterValues": {
                key: _as_sent(values[each["componentInputParameter"]])
                for key, each in task.get("inputs", {}).get("parameters", {}).items()
                if each["componentInputParameter"] in values
            },
            "artifacts": {
                key: {"artifacts": [{"uri": str(_place(run, each["taskOutputArtifact"]))}]}
                for key, each in task.get("inputs", {}).get("artifacts", {}).items()
            },
        },
        "outputs": {
            "artifacts": {key: {"artifacts": [{"name": key, "uri": str(run.folder / name / key)}]} for key in made},
            "outputFile": str(told),
        },
    }
    variables = {each["name"]: each["value"] for each in container.get("env", ())}
    if "{{$}}" in container["args"]:
        words = [json.dumps(document) if word == "{{$}}" else word for word in container["args"]]
        program = [sys.executable, *container["command"][1:], *words, "--folder", str(run.folder / "pod")]
    else:
        (run.folder / name).mkdir()  # the launcher sees to the folders of outputs, whoever the image's user is
        (run.folder / name).chmod(0o777)
        program = _podman(container, document, run.folder, variables)
    done = subprocess.run(
        program,
        cwd=run.folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    run.codes[name], run.logs[name] = done.returncode, done.stdout
    if told.exists():
        run.told[name] = json.loads(told.read_text(encoding="utf-8"))


def _podman(
    container: Mapping[str, Any], document: Mapping[str, Any], folder: Path, variables: Mapping[str, str]
) -> list[str]:
    """The words that run a program in its own image, which sees the artifacts and nothing else."""

    def path(found: re.Match[str]) -> str:
        place: str = document[found[1]]["artifacts"][found[2]]["artifacts"][0]["uri"]
        return place

    first, *words = (PLACEHOLDER.sub(path, word) for word in (*container["command"], *container["args"]))
    given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    options = ["--rm", "--init", "--pull=never", "--network=none", "--volume", f"{folder}:{folder}"]
    return ["podman", "run", *options, *given, "--entrypoint", first, container["image"], *words]


def _place(run: PodRun, source: Mapping[str, str]) -> Path:
    return run.folder / source["producerTask"] / source["outputArtifactKey"]


def _as_sent(value: Any) -> Any:
    """A value as it arrives: every number is a float on its way."""
    if isinstance(value, bool) or not isinstance(value, (int, list, dict)):
        return value
    if isinstance(value, int):
        return float(value)
    return [_as_sent(item) for item in value] if isinstance(value, list) else {k: _as_sent(v) for k, v in value.items()}
