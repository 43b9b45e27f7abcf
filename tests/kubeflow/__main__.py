"""``python -m tests.kubeflow IN.ipynb OUT.ipynb [-f PARAMETERS] [--docker]``: a notebook run compiled.

Pods are processes of this machine, or with ``--docker`` containers by ``kfp.local``, in the images that steps name.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nb2pipe.app.files import notebook_json
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.parameters import given_parameters
from nb2pipe.conversion import refuse_errors
from nb2pipe.errors import RefusedError
from nb2pipe.execution.merge import executed_notebook
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.names import task_names
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.pod.files import lay_files
from nb2pipe.kubeflow.pod.main import FOLDER
from nb2pipe.kubeflow.pod.running import Room
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.model import Pipeline, State, StepRun
from tests.kubeflow.imaged import with_image
from tests.kubeflow.pods import PodRun, run_pods


def main() -> int:
    """Run it; exit code 0, 1 when a task failed, 2 when it is refused."""
    words = _parser().parse_args()
    path, out = words.notebook, words.out
    try:
        pipeline = with_image(read_pipeline(path), "localhost/none:1")
        refuse_errors(pipeline)
        _, given = given_parameters(files=words.files).resolve(pipeline.parameters)
        compiled = compile_pipeline(pipeline, CompileOptions(local_images=True))
    except RefusedError as error:
        sys.stderr.write(f"{error}\n" + "\n".join(str(each) for each in error.diagnostics) + "\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="nb2pipe-pods-") as folder:
        run = _run(compiled, Path(folder), given, in_docker=words.docker)
        document = executed_notebook(pipeline, given, _step_runs(pipeline, run))
        work = Room(Path(FOLDER) if words.docker else run.folder / "pod").work
        text = notebook_json(document).replace(str(work), str(Path(path).parent))
        Path(out).write_text(text, encoding="utf-8")
        steps = [step.name for step in pipeline.steps]
        for step, task in task_names(steps).items():
            if 0 == run.codes.get(task):
                lay_files([run.folder / task / "files"], steps, Path(path).parent)
            sys.stdout.write(f"{step}: {run.codes.get(task)}\n{run.logs.get(task, '')}\n")
    others = run.logs.keys() - task_names(steps).values()
    sys.stdout.write("".join(f"{task}: {run.codes.get(task)}\n{run.logs[task]}\n" for task in sorted(others)))
    return 0 if all(0 == code for code in run.codes.values()) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.kubeflow", description=__doc__)
    parser.add_argument("notebook")
    parser.add_argument("out")
    parser.add_argument("-f", dest="files", nargs="*", default=[])
    parser.add_argument("--docker", action="store_true")
    return parser


def _run(compiled: Compiled, folder: Path, given: Mapping[str, Any], *, in_docker: bool) -> PodRun:
    if not in_docker:
        return run_pods(compiled, folder, given)
    from tests.kubeflow.local import run_local  # the SDK takes half a second to load

    return run_local(compiled, folder, given)


def _step_runs(pipeline: Pipeline, run: PodRun) -> list[StepRun]:
    tasks = task_names(step.name for step in pipeline.steps)
    return [
        StepRun("r", step, State.SUCCEEDED, notebook_path=str(run.folder / task / "notebook"))
        for step, task in tasks.items()
        if (run.folder / task / "notebook").exists()
    ]


if __name__ == "__main__":
    sys.exit(main())
