"""Compiled pipelines in real containers, by ``kfp.local`` on a dockerd: outputs of Run All, failures that tell."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.conversion import refuse_errors
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.model import Pipeline
from tests.containers.docker import Docker, open_docker, why_no_docker
from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.execution.running import plan, with_gap
from tests.kubeflow.image import pod_image
from tests.kubeflow.imaged import with_image
from tests.kubeflow.local import notebook_in, run_local
from tests.kubeflow.notebooks import EXAMPLES, read
from tests.kubeflow.pods import PodRun
from tests.law.bench import Options, hold_one
from tests.law.runs import KFP
from tests.law.sources import find_subjects
from tests.law.subject import Subject, make_cell, make_document
from tests.law.table import line

pytestmark = pytest.mark.timeout(900)  # the first of them may make the image, and starts a dockerd
LOCAL = CompileOptions(local_images=True)
HARD = [
    ("parameters", "rows = 3\nrate = 2.0\nshape = {'wide': [1, 2.0], 'm': 0}"),
    (
        "step:make",
        """\
import os, random
import numpy as np
random.seed(7)
np.random.seed(7)
class Point:
    def __init__(self, x):
        self.x = x
    def double(self):
        return Point(self.x * 2)
points = [Point(n) for n in range(rows)]
same = points
os.makedirs('out/deep')
with open('out/a.txt', 'w') as file:
    file.write('one')
with open('gone.txt', 'w') as file:
    file.write('soon')
os.environ['NB2P_MADE'] = 'here'
print(random.random(), np.random.rand())""",
    ),
    (
        "step:draw",
        """\
print(random.random(), np.random.rand(), rows / rate, shape, os.environ['NB2P_MADE'])
print([point.double().x for point in points], isinstance(points[0], Point), same is points)
points.append(Point(rows))""",
    ),
    (
        "step:files",
        """\
with open('out/a.txt') as file:
    print(file.read())
with open('out/a.txt', 'a') as file:
    file.write(' two')
os.remove('gone.txt')""",
    ),
    (
        "step:last",
        """\
with open('out/a.txt') as file:
    print(file.read(), os.path.exists('gone.txt'), os.path.isdir('out/deep'))
print(len(same), random.random(), np.random.rand(), repr(rows))""",
    ),
]


@pytest.fixture(scope="module")
def image(engine: Engine) -> Image:
    """The image that pods run in."""
    return pod_image(engine)


@pytest.fixture(scope="module")
def dockerd(engine: Engine, image: Image) -> Iterator[Docker]:
    """A Docker that has the image, for all tests of this file."""
    reason = why_no_docker()
    if reason is not None:
        pytest.skip(f"needs docker: {reason}")
    with open_docker() as opened, pytest.MonkeyPatch.context() as patch:
        opened.take(engine, image)
        for name, value in opened.environment().items():
            patch.setenv(name, value)
        yield opened


def hold(subject: Subject, image: Image, docker: Docker) -> None:
    """Hold a notebook against the law with each step in a container that ``kfp.local`` starts."""
    options = Options(jobs=(1,), caches=("cold",), executor=KFP, settings={"image": image.tag}, timeout_s=300)
    finding = hold_one(subject, options)
    assert ("equal", True) == (finding.verdict.kind, finding.right), line(finding)
    assert [] == docker.containers()


def run(pipeline: Pipeline, image: Image, folder: Path, **how: Any) -> PodRun:
    """Run a pipeline of a notebook that was written into ``folder``."""
    (folder / "run").mkdir()
    refuse_errors(pipeline)
    return run_local(compile_pipeline(with_image(pipeline, image.tag), LOCAL), folder / "run", {}, **how)


@pytest.mark.parametrize("name", ["churn", "time_series", "tour"])
def test_examples_keep_the_law(name: str, image: Image, dockerd: Docker) -> None:
    """Examples give the outputs and files of Run All."""
    (subject,) = find_subjects(EXAMPLES, name)
    hold(subject, image, dockerd)


def test_the_example_in_other_languages(
    image: Image, engine: Engine, bare: Image, vibration: Image, dockerd: Docker
) -> None:
    """Container cells are tasks of their own images, which have neither Python nor nb2pipe."""
    for each in (bare, vibration):
        dockerd.take(engine, each)
    (subject,) = find_subjects(EXAMPLES, "vibration")
    hold(subject, image, dockerd)


def test_what_crosses_between_containers(image: Image, dockerd: Docker) -> None:
    """Files written, changed and removed, random state, classes, shared references, parameters in their order."""
    cells = [make_cell(number, "code", source, [tag]) for number, (tag, source) in enumerate(HARD)]
    hold(Subject("hard", make_document(cells), parameters={"rows": 5, "rate": 4.0}), image, dockerd)


def test_a_failure_is_told_by_its_log(tmp_path: Path, image: Image, dockerd: Docker) -> None:
    """The log of the step that fails names the cell and the error, and holds the executed notebook."""
    found = run(read(EXAMPLES / "errors_on_purpose.ipynb", ""), image, tmp_path)

    (failed,) = [task for task, code in found.codes.items() if code]
    assert list(found.codes)[-1] == failed
    notebook = json.loads(notebook_in(found.logs[failed]))
    broken = [
        (cell["id"], output["ename"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", ())
        if "error" == output["output_type"]
    ]
    ((cell, error),) = broken
    said = found.logs[failed].rpartition("nb2pipe-notebook\n")[2]
    assert f"(id {cell})" in said and error in said and "Traceback" in said


def test_steps_that_should_have_waited(tmp_path: Path, image: Image, dockerd: Docker) -> None:
    """Where one step should have seen what another beside it did, the last task fails and names both."""
    cells = [
        ("step:first", "items = [1]\nsame = items"),
        ("step:make", "same.append(2)"),
        ("step:use", "n = len(items)"),
    ]
    found = run(with_gap(plan(tmp_path, cells), "make", "use"), image, tmp_path)

    assert {"first": 0, "make": 0, "use": 0, "nb2pipe-check": 1} == found.codes
    said = found.logs["nb2pipe-check"]
    assert "N2P401" in said and "'make'" in said and "'use'" in said and "after:make" in said


def test_a_user_without_rights(tmp_path: Path, image: Image, dockerd: Docker) -> None:
    """Clusters run containers under ids of their own, and with an image that nobody can write to."""
    cells = [("step:a", "import os\nopen('a.txt', 'w').write('kept')\nx = os.getuid()"), ("step:b", "print(x)")]
    found = run(plan(tmp_path, cells), image, tmp_path, user="4321:0", read_only=True, tmpfs={"/tmp": ""})

    assert {"a": 0, "b": 0} == found.codes, found.logs
    assert "4321\n" == found.notebook("b")["cells"][-1]["outputs"][0]["text"]


def test_a_container_that_is_stopped(tmp_path: Path, image: Image, dockerd: Docker) -> None:
    """A cluster that stops a pod gives it some seconds: the log has the notebook with what was printed until then."""
    cells = [("step:a", "import threading\nprint('so far', flush=True)\nthreading.Event().wait()")]

    def stop(container: Any) -> None:
        for text in container.logs(stream=True):
            if b"so far" in text:
                threading.Thread(target=container.stop, kwargs={"timeout": 60}).start()
                break

    found = run(plan(tmp_path, cells), image, tmp_path, watch=stop)

    assert {"a": 1} == found.codes
    assert "so far" in found.notebook("a")["cells"][0]["outputs"][0]["text"]
    assert "Step 'a'" in found.logs["a"]
