"""Container cells on a cluster: three tasks each, as the SDK builds them, and what cannot be done refused by name."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import Diagnostic, RefusedError
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.lint import faults_of
from nb2pipe.kubeflow.options import CompileOptions, Target
from nb2pipe.kubeflow.pod.exchange import prelude
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.model import ContainerCall, Exchange
from tests.kubeflow.notebooks import Cells, pipeline_of
from tests.kubeflow.sdk import built_by_sdk
from tests.kubeflow.test_compile import as_proto

TOOL = "registry.example.com/tool:1"
CELLS: Cells = (
    ("setup", "%load_ext nb2pipe"),
    ("parameters", "rows = 3"),
    ("step:make", "Data = list(range(rows))"),
    (
        "step:script",
        f"%%container {TOOL} --in Data=data.json --in rows --out text=text.txt\nwc -c < $in_Data > $out_text",
    ),
    ("step:tool", f"%%container {TOOL} --in text=text.txt --out more --entrypoint /tool\n-v {{in_text}} {{out_more}}"),
    ("step:alone", f"%%container {TOOL} --entrypoint /tool\n--warm"),
    ("step:show", "print(text, more)"),
)
SETTINGS: dict[str, Any] = {
    "cpus": 0.5,
    "retries": 2,
    "env": {"A": "b"},
    "secrets": {"TOKEN": "secret:vault/key"},
    "volumes": ["pvc:claim:/data"],
    "labels": {"team": "x"},
    "node_selector": {"disktype": "ssd"},
    "timeout_s": 90.4,
}


def one(call: str, image: str = "registry.example.com/ours:1", **settings: Any) -> tuple[Cells, dict[str, Any]]:
    """A notebook with one container cell."""
    made = ("step:make", "a = b = 1")
    return (("setup", "%load_ext nb2pipe"), made, ("step:cell", f"%%container {call}")), settings


def refused(folder: Path, cells: Cells, target: Target = "kfp", **settings: Any) -> tuple[Diagnostic, ...]:
    """The findings that a notebook is refused for."""
    with pytest.raises(RefusedError) as caught:
        compile_pipeline(pipeline_of(folder, cells, **settings), CompileOptions(target))
    return caught.value.diagnostics


def test_a_cell_becomes_three_tasks(tmp_path: Path) -> None:
    """The image of ours, the cell's, and ours; parameters go to ours alone; who takes nothing waits too."""
    spec = compile_pipeline(pipeline_of(tmp_path, CELLS), CompileOptions()).spec
    tasks = spec["root"]["dag"]["tasks"]
    executors = {name.removeprefix("exec-"): each for name, each in spec["deploymentSpec"]["executors"].items()}
    assert ["script-in", "script-run", "script", "tool-in", "tool-run", "tool"] == list(tasks)[1:7]
    assert {"alone-run", "script-run", "tool-run"} == {
        name for name, each in executors.items() if each["container"]["image"] == TOOL
    }
    assert {"rows"} == set(tasks["script-in"]["inputs"]["parameters"])
    assert ["script-in"] == tasks["script-run"]["dependentTasks"]
    assert ["alone-run"] == [name for name in tasks["alone"]["dependentTasks"] if name.startswith("alone")]
    assert "inputs" not in tasks["alone-run"] and ["alone-in"] == tasks["alone-run"]["dependentTasks"]
    text, more = "{{$.inputs.artifacts['in_text'].path}}/text.txt", "{{$.outputs.artifacts['out_more'].path}}"
    assert ["-v", text, more] == executors["tool-run"]["container"]["args"]
    assert {"in_Data", "in_rows", "start"} == set(tasks["script-run"]["inputs"]["artifacts"])


@pytest.mark.parametrize("settings", [{}, SETTINGS], ids=["plain", "settings"])
def test_it_is_what_the_sdk_builds(tmp_path: Path, settings: dict[str, Any]) -> None:
    """Placeholders, waits and settings stand where the SDK puts them, and the linter has nothing to say."""
    compiled = compile_pipeline(pipeline_of(tmp_path, CELLS, **settings), CompileOptions())
    documents = built_by_sdk(compiled, tmp_path)
    assert as_proto(documents[0]) == as_proto(compiled.spec)
    assert [] == list(faults_of(compiled))
    if settings:
        executors = compiled.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        theirs = documents[1]["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
        assert set(theirs) == set(executors)
        assert {"podMetadata", "nodeSelector"} == set(executors["exec-tool-in"])
        assert "90" == theirs["exec-tool-run"]["activeDeadlineSeconds"]
        assert theirs["exec-tool-run"]["activeDeadlineSeconds"] == executors["exec-tool-run"]["activeDeadlineSeconds"]


def test_names_are_kept_apart(tmp_path: Path) -> None:
    """A step that is called like a part of another."""
    cells = [*CELLS, ("step:tool-in", "pass"), ("step:tool-run", "pass")]
    tasks = compile_pipeline(pipeline_of(tmp_path, cells), CompileOptions()).spec["root"]["dag"]["tasks"]
    assert {"tool", "tool-in", "tool-in-2", "tool-run", "tool-run-2"} == {name for name in tasks if "tool" in name}


CALLS = [
    ("TOOL --in a=/opt/a.bin --entrypoint /t\n{in_a}", "puts a file at /opt/a.bin", "script for the shell"),
    ("TOOL --out x=/var/x.json --entrypoint /t\n{out_x}", "puts a file at /var/x.json", "script for the shell"),
    ("TOOL --in a --entrypoint /t\n-v", "is not told where --in a is", "{in_a}"),
    ("TOOL --out x --entrypoint /t\n-v", "is not told where --out x is", "{out_x}"),
    ("TOOL --entrypoint /t\n'$(HOME)'", "in the place of '$('", "script for the shell"),
    ("TOOL --entrypoint /t\n'{{x}}'", "in the place of '{{'", "script for the shell"),
    ("TOOL --entrypoint /t\n'$$'", "in the place of '$$'", "script for the shell"),
]


@pytest.mark.parametrize(("call", "why", "advice"), CALLS, ids=[why for _, why, _ in CALLS])
def test_what_only_a_shell_can_do(tmp_path: Path, call: str, why: str, advice: str) -> None:
    """A program that no shell starts finds its files only where its arguments say, and they are taken as they are."""
    (found,) = refused(tmp_path, one(call.replace("TOOL", TOOL))[0])
    assert ("N2P947", 2, "cell") == (found.code, found.cell_index, found.step)
    assert why in found.message and "cell 3" in found.message and advice in found.hint


def test_no_image_of_ours(tmp_path: Path) -> None:
    """Values become files in an image with nb2pipe: the nearest step's, or there has to be one."""
    pipeline = pipeline_of(tmp_path, one(f"{TOOL}\ntrue")[0], image="")
    with pytest.raises(RefusedError) as caught:
        compile_pipeline(pipeline, CompileOptions())
    assert {"N2P942": "make", "N2P947": "cell"} == {each.code: each.step for each in caught.value.diagnostics}
    made, cell = pipeline.steps
    made = replace(made, settings=replace(made.settings, image="registry.example.com/made:1"))
    spec = compile_pipeline(replace(pipeline, steps=(made, cell)), CompileOptions()).spec
    images = {name: each["container"]["image"] for name, each in spec["deploymentSpec"]["executors"].items()}
    assert (made.settings.image, TOOL) == (images["exec-cell-in"], images["exec-cell-run"])


def test_the_cells_image_is_of_this_machine(tmp_path: Path) -> None:
    """The image that the cell names must be one that the cluster can pull."""
    (found,) = refused(tmp_path, one("localhost/tool\ntrue")[0])
    assert "N2P943" == found.code and "'localhost/tool'" in found.message


@pytest.mark.parametrize(("target", "setting"), [("vertex", "timeout_s"), ("kfp", "network"), ("vertex", "network")])
def test_settings(tmp_path: Path, target: Target, setting: str) -> None:
    """What the engine cannot do for a program is refused by name."""
    value: Any = 5 if setting == "timeout_s" else "none"
    found = refused(tmp_path, one(f"{TOOL}\ntrue")[0], target, **{setting: value})
    assert {"N2P944"} == {each.code for each in found} and f"`{setting}`" in found[-1].message
    assert "cell" == found[-1].step


def test_a_placeholder_of_nothing_is_a_fault(tmp_path: Path) -> None:
    """The linter holds placeholders against what the component declares."""
    spec = compile_pipeline(pipeline_of(tmp_path, CELLS), CompileOptions()).spec
    spec["components"]["comp-tool-run"]["inputDefinitions"]["artifacts"].pop("in_text")
    assert any("asks for 'in_text' of its inputs" in fault for fault in faults_of(Compiled(spec, {})))


@pytest.mark.parametrize("name", ["a b.txt", "it's.txt", "$(touch x).txt", '"q".txt'])
def test_paths_are_quoted(tmp_path: Path, name: str) -> None:
    """Whatever stands in a PATH is a name for the shell."""
    call = ContainerCall(TOOL, (), (Exchange("x", f"{tmp_path}/{name}"),), script="echo $out_x\n")
    text = prelude(call, {"out_x": f"{tmp_path}/{name}"}, set(), 1)
    kept = "\n".join(line for line in text.splitlines() if line.startswith("out_x="))
    done = subprocess.run(["sh", "-ec", f'{kept}\nprintf %s "$out_x"'], capture_output=True, text=True, check=True)
    assert f"{tmp_path}/{name}" == done.stdout
    assert 0 == subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode
