"""Settings of steps: values, units, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from nb2pipe.model.step_settings import Resources, StepSettings, Toleration, Volume
from nb2pipe.notebook import assign_cells, notebook_diagnostics, pipeline_name, read_notebook, step_settings
from nb2pipe.notebook.settings import SETTINGS, read_settings
from tests.notebook.building import code, notebook

GOOD: list[tuple[str, Any, StepSettings]] = [
    ("image", "python:3.12", StepSettings(image="python:3.12")),
    ("cpus", 2, StepSettings(resources=Resources(cpus=2.0))),
    ("cpus", "0.5", StepSettings(resources=Resources(cpus=0.5))),
    ("cpus", "500m", StepSettings(resources=Resources(cpus=0.5))),
    ("memory_mib", 2048, StepSettings(resources=Resources(memory_mib=2048))),
    ("memory_mib", "2048", StepSettings(resources=Resources(memory_mib=2048))),
    ("memory_mib", "1Gi", StepSettings(resources=Resources(memory_mib=1024))),
    ("memory_mib", "1.5 GiB", StepSettings(resources=Resources(memory_mib=1536))),
    ("memory_mib", "1G", StepSettings(resources=Resources(memory_mib=954))),
    ("memory_mib", "1048577B", StepSettings(resources=Resources(memory_mib=2))),
    ("memory_mib", "128974848000m", StepSettings(resources=Resources(memory_mib=123))),
    ("gpus", 1, StepSettings(resources=Resources(gpus=1))),
    ("gpus", "0", StepSettings(resources=Resources(gpus=0))),
    ("gpu_type", "nvidia.com/gpu", StepSettings(resources=Resources(gpu_type="nvidia.com/gpu"))),
    ("retries", 3, StepSettings(retries=3)),
    ("timeout_s", 1.5, StepSettings(timeout_s=1.5)),
    ("timeout_s", None, StepSettings()),
    ("cache", False, StepSettings(cache=False)),
    ("cache", "on", StepSettings(cache=True)),
    ("cache", "Disabled", StepSettings(cache=False)),
    ("env", {"A": "b", "N": 1}, StepSettings(env={"A": "b", "N": "1"})),
    ("secrets", {"A": "env:B"}, StepSettings(secrets={"A": "env:B"})),
    ("secrets", {"A": "file:/run/a b"}, StepSettings(secrets={"A": "file:/run/a b"})),
    ("secrets", {"A": "secret:db/key"}, StepSettings(secrets={"A": "secret:db/key"})),
    ("volumes", ["/data:/data:ro"], StepSettings(volumes=(Volume("/data", "/data", True),))),
    ("volumes", ["pvc:big:/mnt"], StepSettings(volumes=(Volume("pvc:big", "/mnt"),))),
    ("volumes", [{"source": "a", "target": "/b"}], StepSettings(volumes=(Volume("a", "/b"),))),
    ("labels", {"a/b": "c"}, StepSettings(labels={"a/b": "c"})),
    ("approval", True, StepSettings(approval="May this step run?")),
    ("approval", "on", StepSettings(approval="May this step run?")),
    ("approval", False, StepSettings()),
    ("approval", "Off", StepSettings()),
    ("approval", " Deploy? ", StepSettings(approval="Deploy?")),
    ("approval_timeout_s", "90", StepSettings(approval_timeout_s=90.0)),
    ("annotations", {"note": "any text: at all"}, StepSettings(annotations={"note": "any text: at all"})),
    ("image_pull_secrets", ["login", "other.one"], StepSettings(image_pull_secrets=("login", "other.one"))),
    ("node_selector", {"disktype": "ssd"}, StepSettings(node_selector={"disktype": "ssd"})),
    ("tolerations", ["a=b:NoSchedule"], StepSettings(tolerations=(Toleration("a", "Equal", "b", "NoSchedule"),))),
    ("tolerations", ["x.y/a:NoExecute"], StepSettings(tolerations=(Toleration("x.y/a", "Exists", "", "NoExecute"),))),
    ("tolerations", ["a", "b="], StepSettings(tolerations=(Toleration("a", "Exists"), Toleration("b")))),
    ("tolerations", [{"operator": "Exists"}], StepSettings(tolerations=(Toleration("", "Exists"),))),
    (
        "tolerations",
        [{"key": "a", "value": "b", "effect": "NoExecute", "tolerationSeconds": 60}],
        StepSettings(tolerations=(Toleration("a", "Equal", "b", "NoExecute", 60),)),
    ),
]


@pytest.mark.parametrize(("name", "value", "expected"), GOOD, ids=[f"{row[0]}={row[1]}" for row in GOOD])
def test_good_values(name: str, value: Any, expected: StepSettings) -> None:
    """A right value is read, whatever unit it is written in."""
    found: list[str] = []
    assert expected == read_settings({name: value}, lambda code, *_: found.append(code))
    assert [] == found


BAD: list[tuple[str, Any, str, str]] = [
    ("image", "", "N2P121", "a text"),
    ("image", 5, "N2P121", "a text"),
    ("image", "two words", "N2P121", "without blanks"),
    ("cpus", 0, "N2P121", "above 0"),
    ("cpus", -1, "N2P121", "above 0"),
    ("cpus", True, "N2P121", "processors"),
    ("cpus", "1Gi", "N2P121", "'500m'"),
    ("cpus", "two", "N2P121", "processors"),
    ("cpus", float("inf"), "N2P121", "processors"),
    ("cpus", [1], "N2P121", "processors"),
    ("memory_mib", "500x", "N2P121", "'2Gi'"),
    ("memory_mib", 0.5, "N2P121", "whole number"),
    ("memory_mib", 0, "N2P121", "above 0"),
    ("gpus", -1, "N2P121", "at least 0"),
    ("gpus", 1.5, "N2P121", "whole number"),
    ("gpu_type", 3, "N2P121", "text"),
    ("retries", "many", "N2P121", "whole number"),
    ("timeout_s", "10m", "N2P121", "seconds"),
    ("timeout_s", 0, "N2P121", "above 0"),
    ("cache", "perhaps", "N2P121", "true or false"),
    ("cache", 1, "N2P121", "true or false"),
    ("env", ["A=1"], "N2P121", "object"),
    ("env", {"A B": "1"}, "N2P121", "variable names"),
    ("env", {"A": True}, "N2P121", "as text"),
    ("env", {"A": None}, "N2P121", "as text"),
    ("secrets", {"A": "hunter2"}, "N2P127", "env:NAME"),
    ("secrets", "hunter2", "N2P127", "env:NAME"),
    ("secrets", {"A": {"value": "hunter2"}}, "N2P127", "env:NAME"),
    ("volumes", "/a:/b", "N2P121", "a list"),
    ("volumes", ["/a"], "N2P121", "TARGET"),
    ("volumes", ["/a:b"], "N2P121", "absolute"),
    ("volumes", [{"source": "a", "target": "/b", "mode": "ro"}], "N2P121", "TARGET"),
    ("volumes", ["/a:/c", "/b:/c"], "N2P121", "once"),
    ("labels", {"a b": "c"}, "N2P121", "a key"),
    ("labels", {"a": "not allowed!"}, "N2P121", "63"),
    ("labels", {"a": 1}, "N2P121", "text"),
    ("approval", "  ", "N2P121", "the question"),
    ("approval", 1, "N2P121", "the question"),
    ("approval", ["Deploy?"], "N2P121", "the question"),
    ("approval_timeout_s", 0, "N2P121", "above 0"),
    ("approval_timeout_s", 1e18, "N2P121", "ten years"),
    ("aproval", True, "N2P120", "'approval'"),
    ("annotations", [], "N2P121", "object"),
    ("image_pull_secrets", "login", "N2P121", "a list"),
    ("image_pull_secrets", ["Login_1"], "N2P121", "lower-case"),
    ("image_pull_secrets", ["a", "a"], "N2P121", "a list"),
    ("node_selector", ["ssd"], "N2P121", "'disktype'"),
    ("node_selector", {"disktype": "not allowed!"}, "N2P121", "63"),
    ("tolerations", "a=b:NoSchedule", "N2P121", "a list"),
    ("tolerations", ["a=b:Never"], "N2P121", "NoSchedule"),
    ("tolerations", ["not allowed!"], "N2P121", "KEY"),
    ("tolerations", [{"key": "a", "taint": "b"}], "N2P121", "'operator'"),
    ("tolerations", [{"key": "a", "operator": "In"}], "N2P121", "'operator'"),
    ("tolerations", [{"key": 1}], "N2P121", "kubectl"),
    ("tolerations", [{"value": "b"}], "N2P121", "puts up with every taint"),
    ("tolerations", [{"key": "a", "operator": "Exists", "value": "b"}], "N2P121", "without a value"),
    ("tolerations", [{"key": "a", "effect": "NoSchedule", "tolerationSeconds": 5}], "N2P121", "NoExecute"),
    ("tolerations", [{"key": "a", "effect": "NoExecute", "tolerationSeconds": "5"}], "N2P121", "whole number"),
    ("memory", "1Gi", "N2P120", "'memory_mib'"),
    ("cpu", 1, "N2P120", "'cpus'"),
    ("timeout", 5, "N2P120", "'timeout_s'"),
    ("zzz", 1, "N2P120", "Known settings: annotations, approval"),
]


@pytest.mark.parametrize(("name", "value", "expected", "words"), BAD, ids=[f"{row[0]}={row[1]}" for row in BAD])
def test_bad_values(name: str, value: Any, expected: str, words: str) -> None:
    """A wrong value keeps the default and is reported once, with how to write it; a secret is never shown."""
    found: list[tuple[str, str, str]] = []
    assert StepSettings() == read_settings({name: value}, lambda *item: found.append(item))
    assert [expected] == [item[0] for item in found]
    assert all(words in item[2] and "hunter2" not in str(item) for item in found)


def test_the_list_of_settings_is_that_of_the_model() -> None:
    """Every field of StepSettings and Resources can be set, and nothing else."""
    fields = (set(StepSettings.__dataclass_fields__) - {"resources"}) | set(Resources.__dataclass_fields__)
    assert fields == set(SETTINGS)


def test_a_steps_settings_come_from_all_its_cells_over_the_notebooks() -> None:
    """Defaults of the notebook hold unless a cell of the step says otherwise; maps join by key."""
    read = notebook(
        code("a = 1", "step:a", nb2pipe={"cpus": 4, "labels": {"who": "a"}}),
        code("b = 2", nb2pipe={"retries": 2}),
        code("c = 3", "step:c"),
        metadata={"nb2pipe": {"name": "x", "cpus": 1, "retries": 1, "labels": {"team": "t"}, "env": {"A": "1"}}},
    )
    cells = assign_cells(read)
    assert {"a": (0, 1), "c": (2,)} == cells
    labels = {"team": "t", "who": "a"}
    expected = StepSettings(resources=Resources(cpus=4.0), retries=2, labels=labels, env={"A": "1"})
    assert expected == step_settings(read, cells["a"])
    assert (1.0, 1) == (step_settings(read, cells["c"]).resources.cpus, step_settings(read, cells["c"]).retries)
    assert () == notebook_diagnostics(read)


def test_two_values_in_two_cells_of_a_step_are_an_error() -> None:
    """What a step's cells set must agree; the finding names step and cell."""
    read = notebook(code("a", "step:a", nb2pipe={"cpus": 1}), code("b", "step:b"), code("c", "step:a", "limit:cpu:2"))
    found = notebook_diagnostics(read)
    assert [("N2P122", 2, "a")] == [(item.code, item.cell_index, item.step) for item in found]


def test_wrong_settings_are_located() -> None:
    """A finding about a cell's setting names the cell and the step; one about the notebook's says so."""
    read = notebook(code("a", "step:a", "limit:cpu:x"), metadata={"nb2pipe": {"retires": 1}})
    found = notebook_diagnostics(read)
    assert [("N2P120", None, None), ("N2P121", 0, "a")] == [(item.code, item.cell_index, item.step) for item in found]
    assert "'retries'" in found[0].hint


def test_cells_belong_to_steps_by_order() -> None:
    """Untagged and metrics cells follow the step before them; setup, parameters and skip belong to none."""
    read = notebook(
        code("import os", "setup"),
        code("n = 1", "parameters"),
        code("early = 1"),
        code("", "step:load"),
        code("x = 1"),
        code("y", "skip"),
        code("def f(): pass", "functions"),
        code("z = 1"),
        code("acc", "metrics"),
        code("m = 1", "step:model"),
        code("x = 2", "step:load"),
    )
    assert {"start": (2,), "load": (3, 4, 7, 8, 10), "model": (9,)} == assign_cells(read)


@pytest.mark.parametrize(
    ("metadata", "path", "expected"),
    [
        ({}, "work/Churn model.ipynb", "Churn model"),
        ({}, "-", "notebook"),
        ({}, "s3://bucket/a/b.ipynb", "b"),
        ({}, "https://x.org/a.ipynb?raw=1", "a"),
        ({"kubeflow_notebook": {"pipeline_name": "kale"}}, "a.ipynb", "kale"),
        ({"kubeflow_notebook": {"pipeline_name": ""}}, "a.ipynb", "a"),
        ({"kubeflow_notebook": {"pipeline_name": "kale"}, "nb2pipe": {"name": "own"}}, "a.ipynb", "own"),
    ],
)
def test_pipeline_name(metadata: dict[str, Any], path: str, expected: str) -> None:
    """The name comes from our metadata, else Kale's, else the file."""
    text = notebook(code(), metadata=metadata).text
    assert expected == pipeline_name(read_notebook(path, text=text))
