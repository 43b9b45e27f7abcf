"""Kale's notebook metadata, old keys and new."""

from __future__ import annotations

from typing import Any

import pytest

from nb2pipe.model.step_settings import Resources, StepSettings, Volume
from nb2pipe.notebook import notebook_diagnostics, step_settings
from tests.notebook.building import code, codes, notebook

GOOD: list[tuple[str, dict[str, Any], StepSettings]] = [
    ("old image", {"docker_image": "python:3.11"}, StepSettings(image="python:3.11")),
    ("new image", {"base_image": "python:3.12"}, StepSettings(image="python:3.12")),
    ("empty image", {"docker_image": ""}, StepSettings()),
    ("both the same", {"docker_image": "a", "base_image": "a"}, StepSettings(image="a")),
    ("caching", {"enable_caching": False}, StepSettings(cache=False)),
    ("timeout", {"timeout": 60}, StepSettings(timeout_s=60.0)),
    ("names", {"pipeline_name": "p", "experiment_name": "e", "experiment": {"id": "1"}}, StepSettings()),
    ("Kale's own", {"marshal_volume": True, "marshal_path": "/marshal", "notebook_path": "a.ipynb"}, StepSettings()),
    ("switched off", {"katib_run": False, "autosnapshot": False, "snapshot_volumes": False}, StepSettings()),
    ("no volumes", {"volumes": []}, StepSettings()),
    (
        "volume",
        {"volumes": [{"type": "pvc", "name": "data", "mount_point": "/data", "annotations": []}]},
        StepSettings(volumes=(Volume("pvc:data", "/data"),)),
    ),
    (
        "volume with variable",
        {"volumes": [{"type": "pvc", "name": "my-data", "mount_point": "/d", "expose_as_env_var": True}]},
        StepSettings(volumes=(Volume("pvc:my-data", "/d"),), env={"KALE_VOLUME_MY_DATA": "/d"}),
    ),
    (
        "default tags",
        {"steps_defaults": ["limit:cpu:500m", "label:a:b", "label:c:d", "image:x:1", "cache:disabled", "secret:s:k:V"]},
        StepSettings(
            image="x:1",
            resources=Resources(cpus=0.5),
            cache=False,
            labels={"a": "b", "c": "d"},
            secrets={"V": "secret:s/k"},
        ),
    ),
    (
        "default object",
        {
            "steps_defaults": {
                "limits": {"memory": "1Gi", "amd.com/gpu": 1},
                "labels": {"a": "b"},
                "annotations": {"c": "d"},
                "base_image": "x:1",
                "enable_caching": True,
                "retry_count": 2,
                "timeout": 5,
                "secrets": {"V": {"secret_name": "s", "secret_key": "k"}},
            }
        },
        StepSettings(
            image="x:1",
            resources=Resources(memory_mib=1024, gpus=1, gpu_type="amd.com/gpu"),
            retries=2,
            timeout_s=5.0,
            cache=True,
            secrets={"V": "secret:s/k"},
            labels={"a": "b"},
            annotations={"c": "d"},
        ),
    ),
]


@pytest.mark.parametrize(("kale", "expected"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_metadata_is_read(kale: dict[str, Any], expected: StepSettings) -> None:
    """What Kale's metadata set holds for every step, without a finding."""
    read = notebook(code("x = 1", "block:a"), metadata={"kubeflow_notebook": kale})
    assert (expected, ()) == (step_settings(read, [0]), notebook_diagnostics(read))


FINDINGS: list[tuple[str, Any, str, str, str]] = [
    ("unknown", {"colour": 1}, "N2P124", "warning", "colour"),
    ("misspelt", {"docker_imgae": "x"}, "N2P124", "warning", "'docker_image'"),
    ("snapshots", {"autosnapshot": True}, "N2P125", "warning", "autosnapshot"),
    ("Katib", {"katib_run": True}, "N2P125", "warning", "katib_run"),
    ("two images", {"docker_image": "a", "base_image": "b"}, "N2P122", "error", "base_image"),
    ("clone", {"volumes": [{"type": "clone", "name": "w", "mount_point": "/w"}]}, "N2P125", "warning", "'w'"),
    ("volume without path", {"volumes": [{"name": "w"}]}, "N2P126", "error", "mount_point"),
    ("volumes an object", {"volumes": {"name": "w"}}, "N2P126", "error", "not a list"),
    ("not an object", "x", "N2P126", "warning", "not an object"),
    ("defaults a text", {"steps_defaults": "limit:cpu:1"}, "N2P126", "error", "list"),
    ("default tag", {"steps_defaults": ["colour:red"]}, "N2P126", "error", "colour:red"),
    ("default step", {"steps_defaults": ["step:x"]}, "N2P126", "error", "step:x"),
    ("default number", {"steps_defaults": [5]}, "N2P126", "error", "5"),
    ("default limit", {"steps_defaults": ["limit:cpu"]}, "N2P112", "error", "limit:NAME:VALUE"),
    ("default limits", {"steps_defaults": {"limits": {"disk": "1"}}}, "N2P112", "error", "'disk'"),
    ("default key", {"steps_defaults": {"colour": "red"}}, "N2P126", "error", "colour"),
    ("retry interval", {"steps_defaults": {"retry_interval": "5m"}}, "N2P125", "warning", "retry_interval"),
    ("wrong value", {"timeout": "soon"}, "N2P121", "error", "timeout_s"),
]


@pytest.mark.parametrize(
    ("kale", "expected", "severity", "words"), [row[1:] for row in FINDINGS], ids=[row[0] for row in FINDINGS]
)
def test_findings(kale: Any, expected: str, severity: str, words: str) -> None:
    """What is unknown or has no effect is said as a warning; what cannot be honoured is an error."""
    found = notebook_diagnostics(notebook(code("x = 1", "block:a"), metadata={"kubeflow_notebook": kale}))
    assert [(expected, severity)] == [(item.code, item.severity) for item in found]
    assert words in f"{found[0].message} {found[0].hint}"


def test_our_metadata_wins_over_kales() -> None:
    """A notebook may have both: the metadata ``nb2pipe`` counts, and a step's own over both."""
    kale = {"docker_image": "old", "timeout": 5}
    read = notebook(
        code("x = 1", "step:a"),
        code("y = 1", "step:b", "image:own"),
        metadata={"kubeflow_notebook": kale, "nb2pipe": {"image": "new"}},
    )
    images = [(step_settings(read, [index]).image, step_settings(read, [index]).timeout_s) for index in (0, 1)]
    assert ([("new", 5.0), ("own", 5.0)], []) == (images, codes(notebook_diagnostics(read)))
