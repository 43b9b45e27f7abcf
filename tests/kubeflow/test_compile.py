"""What compiled pipelines hold: the same as the SDK builds, whole, deterministic, and unmoved by edits elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf import json_format
from kfp import components
from kfp.kubernetes import kubernetes_executor_config_pb2
from kfp.pipeline_spec import pipeline_spec_pb2

from nb2pipe.errors import NotebookError
from nb2pipe.kubeflow.beside import MOST_READ_BYTES
from nb2pipe.kubeflow.compiling import compile_pipeline, compiled_text
from nb2pipe.kubeflow.kinds import KINDS
from nb2pipe.kubeflow.options import CompileOptions, Target
from nb2pipe.kubeflow.packing import unpack
from nb2pipe.kubeflow.shown import DATASET, MODEL
from nb2pipe.kubeflow.shown import KINDS as BY_SUFFIX
from nb2pipe.model import Pipeline
from tests.house.source import ROOT
from tests.kubeflow.generated import generated
from tests.kubeflow.notebooks import EXAMPLES, pipeline_of, read
from tests.kubeflow.sdk import built_by_sdk

COMPILED = ("churn", "time_series", "tour", "errors_on_purpose", "vibration")
DIAMOND = (
    ("parameters", "rows = 3  # how many\nrate: float = 1\nnames = ['a']\nmore = {'a': 1}\nflag = True\nwho = 'x'"),
    ("step:load", "import numpy as np\ndata = np.arange(rows)"),
    ("step:left", "left = data.sum() * rate"),
    ("step:right", "right = data.max()\nprint(names, more, flag, who)"),
    ("step:join after:right", "print(left + right)"),
    ("metrics", "total = left + right"),
)
ALL_SETTINGS: dict[str, Any] = {
    "cpus": 0.5,
    "memory_mib": 512,
    "gpus": 2,
    "retries": 3,
    "env": {"A": "b"},
    "secrets": {"TOKEN": "secret:vault/key"},
    "volumes": ["pvc:claim:/data"],
    "labels": {"team": "x"},
    "annotations": {"note": "y"},
    "image_pull_secrets": ["login", "other"],
    "node_selector": {"disktype": "ssd"},
    "tolerations": ["gpu=yes:NoSchedule", {"key": "a", "effect": "NoExecute", "tolerationSeconds": 60}, "b"],
    "cache": False,
}


SHOWN = sorted(set(BY_SUFFIX.values()))


def example(name: str) -> Pipeline:
    """An example notebook."""
    return read(EXAMPLES / f"{name}.ipynb")


def as_proto(document: Any) -> Any:
    """A pipeline as a message, without the name of what wrote it."""
    message = pipeline_spec_pb2.PipelineSpec()
    json_format.ParseDict({**document, "sdkVersion": ""}, message)
    return message


def as_platform(document: Any) -> dict[str, Any]:
    """What Kubernetes is told of each executor as a message."""
    found = {}
    for name, told in document["platforms"]["kubernetes"]["deploymentSpec"]["executors"].items():
        found[name] = kubernetes_executor_config_pb2.KubernetesExecutorConfig()
        json_format.ParseDict(told, found[name])
    return found


@pytest.mark.parametrize("name", COMPILED)
def test_examples_are_what_the_sdk_builds(name: str, tmp_path: Path) -> None:
    """Every example gives the message that the SDK gives for the same steps."""
    compiled = compile_pipeline(example(name), CompileOptions(local_images=True))
    ours, theirs = as_proto(compiled.spec), as_proto(built_by_sdk(compiled, tmp_path)[0])
    for message in (ours, theirs):  # the SDK's way to say what a parameter is for is a docstring, read by a parser
        for parameter in message.root.input_definitions.parameters.values():
            parameter.description = ""
    assert theirs == ours


def test_all_settings_are_what_the_sdk_builds(tmp_path: Path) -> None:
    """Limits, retries, variables, secrets, volumes, labels and annotations stand where the SDK puts them."""
    compiled = compile_pipeline(pipeline_of(tmp_path, DIAMOND, **ALL_SETTINGS), CompileOptions())
    spec, platform = built_by_sdk(compiled, tmp_path)
    assert {"rows", "rate", "names", "more", "flag", "who"} == set(spec["root"]["inputDefinitions"]["parameters"])
    ours, theirs = as_proto(compiled.spec), as_proto(spec)
    ours.root.input_definitions.parameters["rows"].description = ""
    assert theirs == ours
    executors = compiled.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    assert {"exec-load", "exec-left", "exec-right", "exec-join", "exec-nb2pipe-check"} == set(executors)
    assert as_platform(platform) == as_platform(compiled.platform)


@pytest.mark.parametrize("name", COMPILED)
@pytest.mark.parametrize("target", ["kfp", "vertex"])
def test_examples_load_back(name: str, target: Target, tmp_path: Path) -> None:
    """The SDK reads what was written; the same notebook gives the same bytes."""
    options = CompileOptions(target, local_images=True)
    text = compiled_text(compile_pipeline(example(name), options))
    assert text == compiled_text(compile_pipeline(example(name), options))
    (tmp_path / "pipeline.yaml").write_text(text, encoding="utf-8")
    loaded = components.load_component_from_file(str(tmp_path / "pipeline.yaml"))
    assert set(loaded.pipeline_spec.root.dag.tasks) == set(yaml.safe_load(text)["root"]["dag"]["tasks"])


def test_every_process_gives_the_same_bytes(tmp_path: Path) -> None:
    """Whatever order Python has sets in, an engine that knows a step's arguments finds them as they were."""
    command = [sys.executable, "-m", "tests.kubeflow.bytes", str(tmp_path)]
    said = [
        subprocess.run(
            command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(said[0].splitlines()) > len(COMPILED)
    assert said[0] == said[1]


def test_vertex_gets_one_document(tmp_path: Path) -> None:
    """Whatever the settings, a file for Vertex holds the pipeline alone."""
    pipeline = pipeline_of(tmp_path, DIAMOND, cpus=2, gpus=1, gpu_type="NVIDIA_TESLA_T4")
    assert 1 == len(list(yaml.safe_load_all(compiled_text(compile_pipeline(pipeline, CompileOptions("vertex"))))))


def test_a_step_takes_only_what_it_uses(tmp_path: Path) -> None:
    """Parameters and values go to the steps that use them, and to no other, so that the engine's cache knows them."""
    spec = compile_pipeline(pipeline_of(tmp_path, DIAMOND), CompileOptions()).spec
    tasks = spec["root"]["dag"]["tasks"]
    taken = {name: set(task.get("inputs", {}).get("parameters", {})) for name, task in tasks.items()}
    assert ({"rows"}, {"rate"}, {"names", "more", "flag", "who"}) == (taken["load"], taken["left"], taken["right"])
    assert set() == taken["join"] | taken["nb2pipe-check"]
    given = {name: set(task.get("inputs", {}).get("artifacts", {})) for name, task in tasks.items()}
    assert {"state_load", "files_load", "values_load"} == given["left"]
    assert {"state_left", "state_right", "files_left", "files_right", "values_left", "values_right"} == given["join"]
    assert {"state_join"} == given["nb2pipe-check"]


def test_an_edit_leaves_other_steps_as_they_are(tmp_path: Path) -> None:
    """The code of one step stands in its own task alone."""
    edited = [(tag, source.replace("data.sum()", "data.mean()")) for tag, source in DIAMOND]
    first, second = (
        compile_pipeline(pipeline_of(tmp_path, cells), CompileOptions()).spec["deploymentSpec"]["executors"]
        for cells in (DIAMOND, edited)
    )
    assert {"exec-left"} == {name for name in first if first[name] != second[name]}


def test_files_beside_the_notebook_travel(tmp_path: Path) -> None:
    """Modules that a step imports, and data that it names, are in its task."""
    (tmp_path / "helper.py").write_text("import other\n")
    (tmp_path / "other.py").write_text("one = 1\n")
    (tmp_path / "unused.py").write_text("")
    (tmp_path / "data.bin").write_bytes(bytes(range(256)))
    cells = [("step:a", "import helper\ndata = open('data.bin', 'rb').read()"), ("step:b", "print(len(data))")]
    packed = sent(pipeline_of(tmp_path, cells))
    assert {"helper.py", "other.py", "data.bin"} == set(packed["exec-a"])
    assert bytes(range(256)) == packed["exec-a"]["data.bin"]
    assert {} == packed["exec-b"]


def sent(pipeline: Pipeline) -> dict[str, dict[str, bytes]]:
    """The files that travel, by executor."""
    executors = compile_pipeline(pipeline, CompileOptions()).spec["deploymentSpec"]["executors"]
    return {name: unpack(executor["container"]["args"][-1]).files() for name, executor in executors.items()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import os\nprint(os.listdir('data'))", {"data/a.csv", "data/deep/b.csv"}),
        ("import os\nprint(list(os.walk('.')))", {"data/a.csv", "data/deep/b.csv", "n.ipynb", ".hidden"}),
        ("import glob\nprint(glob.glob('data/*.csv'))", {"data/a.csv", "data/deep/b.csv"}),
        ("from pathlib import Path\nprint(sorted(Path('data').iterdir()))", {"data/a.csv", "data/deep/b.csv"}),
        ("import random\nprint(open(f'data/{random.choice([1, 2])}.csv'))", {"data/a.csv", "data/deep/b.csv"}),
        ("print(open('.hidden').read())", {".hidden"}),
    ],
)
def test_what_a_step_lists_travels(tmp_path: Path, source: str, expected: set[str]) -> None:
    """A folder that is listed, and a pattern, would give fewer files in a pod: all that it may find are there."""
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    for name in ("data/a.csv", "data/deep/b.csv", ".hidden", ".git/config"):
        (tmp_path / name).write_text(name)
    (tmp_path / "data" / "dead").symlink_to("nowhere")
    assert expected == set(sent(pipeline_of(tmp_path, [("step:a", source)]))["exec-a"])


def test_a_folder_that_is_far_too_big_is_refused(tmp_path: Path) -> None:
    """What a step lists is not read at all where it cannot fit."""
    with (tmp_path / "big.bin").open("wb") as file:
        file.truncate(MOST_READ_BYTES + 1)
    pipeline = pipeline_of(tmp_path, [("step:a", "import os\nprint(os.listdir())")])
    with pytest.raises(NotebookError, match=r"step 'a' reads 2 files .* the biggest is big\.bin"):
        compile_pipeline(pipeline, CompileOptions())


@pytest.mark.parametrize("seed", range(30))
def test_generated_pipelines_are_what_the_sdk_builds(seed: int, tmp_path: Path) -> None:
    """Pipelines of any form give the message that the SDK gives, the settings of Kubernetes included."""
    compiled = compile_pipeline(generated(tmp_path, seed), CompileOptions())
    documents = built_by_sdk(compiled, tmp_path)
    assert as_proto(documents[0]) == as_proto(compiled.spec)
    told = [compiled.platform] if compiled.platform else []
    assert [as_platform(each) for each in documents[1:]] == [as_platform(each) for each in told]


def test_generated_pipelines_are_many_things(tmp_path: Path) -> None:
    """What is generated has all that it is to have, somewhere."""
    found = [compile_pipeline(generated(tmp_path, seed), CompileOptions()) for seed in range(30)]
    texts = [compiled_text(each) for each in found]
    for word in (*KINDS.values(), *SHOWN, "retryPolicy", "tolerations", "pvcMount", "nb2pipe-check", "accelerator"):
        assert any(word in text for text in texts), word
    assert any(len(each.spec["root"]["dag"]["tasks"]) > 6 for each in found)
    assert texts == [compiled_text(compile_pipeline(generated(tmp_path, seed), CompileOptions())) for seed in range(30)]


def test_files_are_artifacts_of_their_own(tmp_path: Path) -> None:
    """A file that a step names shows under its name as what it is; one outside of the folder does not."""
    source = "\n".join(f"open({path!r}, 'w')" for path in ("out/A b.csv", "a_b.csv", "/tmp/x.csv", "m.joblib"))
    spec = compile_pipeline(pipeline_of(tmp_path, [("step:a", source)]), CompileOptions()).spec
    made = spec["components"]["comp-a"]["outputDefinitions"]["artifacts"]
    files = {name: each["artifactType"]["schemaTitle"] for name, each in made.items() if name.startswith("file_")}
    assert {"file_out_a_b_csv": DATASET, "file_a_b_csv": DATASET, "file_m_joblib": MODEL} == files
