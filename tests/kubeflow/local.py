"""Runs a compiled pipeline by ``kfp.local``, each task in a container on a real dockerd."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest import mock

from google.protobuf import json_format
from kfp import components, local
from kfp.local import config, docker_task_handler, executor_input_utils

from nb2pipe.kubeflow.compiling import compiled_text
from nb2pipe.kubeflow.marks import taken_apart
from nb2pipe.kubeflow.spec import Compiled
from tests.kubeflow.pods import PodRun

PATIENCE_S = 300
SAME_AS_PLAIN = ("PYTHONHASHSEED", "COLUMNS")
"""Variables that a plain run has as well, and on which what cells print depends."""


def run_local(
    compiled: Compiled,
    folder: Path,
    given: Mapping[str, Any],
    watch: Callable[[Any], None] = lambda container: None,
    **how: Any,
) -> PodRun:
    """Run all tasks, one at a time and without a network; nothing runs behind a task that failed.

    Of a task that failed only its log is kept, as on a cluster; the executed notebook is the one that the log holds.

    Args:
        compiled: the pipeline, whose images docker has.
        folder: an empty one.
        given: parameter values that are not the pipeline's own.
        watch: is told of each container that was started.
        how: further arguments of docker's for each container, such as ``user``.
    """
    run, root = PodRun(folder / "none"), folder / "root"
    root.mkdir()
    root.chmod(0o777)  # containers may run under any id
    variables = {name: os.environ[name] for name in SAME_AS_PLAIN if name in os.environ}
    container = _Containers(run, watch)
    with ExitStack() as after:
        after.enter_context(mock.patch.object(docker_task_handler, "run_docker_container", container))
        after.enter_context(mock.patch.object(executor_input_utils, "construct_executor_input", container.tell))
        after.enter_context(mock.patch.object(config.LocalExecutionConfig, "instance", None))
        runner = local.DockerRunner(network_mode="none", environment=variables, **how)
        local.init(runner, str(root), str(folder / "workspace"), raise_on_error=False)
        components.load_component_from_text(compiled_text(compiled))(**given)
    for task, code in run.codes.items():
        said = run.folder / task / "executor_output.json"
        if code:
            _keep_only_the_log(run, task)
        elif said.exists():
            run.told[task] = json.loads(said.read_text(encoding="utf-8"))
    return run


class _Containers:
    """In the place of the SDK's own way to run a container, which may take one that failed for one that succeeded.

    That one has the engine remove the container, and reads a container that is gone as exit code 0 (issue 13332 of
    Kubeflow Pipelines); here it is removed after its exit code is known. And it knows no artifacts of a program that
    does not name them itself, where the launcher on a cluster takes all that the component has.
    """

    def __init__(self, run: PodRun, watch: Callable[[Any], None]) -> None:
        self._run, self._watch = run, watch
        self._construct = executor_input_utils.construct_executor_input
        self._told: Any = None

    def tell(self, **arguments: Any) -> Any:
        """What the next container is told; tasks run one at a time."""
        self._told = self._construct(**arguments)
        return self._told

    def __call__(self, client: Any, image: str, command: Sequence[str], volumes: Any, **arguments: Any) -> int:
        said = Path(self._told.outputs.output_file)
        place = said.parent
        self._run.folder = place.parent
        place.mkdir(parents=True, exist_ok=True)  # as the launcher does
        place.chmod(0o777)
        container = client.containers.create(image, list(command), volumes=volumes, **arguments)
        try:
            container.start()
            self._watch(container)
            code = int(container.wait(timeout=PATIENCE_S)["StatusCode"])
            self._run.codes[place.name] = code
            self._run.logs[place.name] = container.logs().decode()
        finally:
            container.remove(force=True)
        if code == 0 and not said.exists():
            artifacts = json_format.MessageToDict(self._told.outputs).get("artifacts", {})
            said.write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
        return code


def _keep_only_the_log(run: PodRun, task: str) -> None:
    shutil.rmtree(run.folder / task, ignore_errors=True)
    text = notebook_in(run.logs[task])
    if text:
        (run.folder / task).mkdir(parents=True)
        (run.folder / task / "notebook").write_text(text, encoding="utf-8")


def notebook_in(log: str) -> str:
    """The executed notebook that stands packed in the log of a task that failed; empty where there is none."""
    notebook = taken_apart(log).notebook
    return json.dumps(notebook) if notebook else ""
