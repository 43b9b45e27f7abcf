"""The README's table of step settings on clusters: each setting stands there, and each cell says what is so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import RefusedError
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions, Target
from nb2pipe.kubeflow.packing import unpack
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.notebook.settings import SETTINGS
from tests.house.source import ROOT
from tests.kubeflow.notebooks import pipeline_of

HEAD = "| setting | Kubeflow | Vertex AI |\n|---|---|---|\n"
ROW = re.compile(r"\| (.+?) \| (.+?) \| (.+?) \|")
ENGINES: tuple[Target, ...] = ("kfp", "vertex")

VALUES: Mapping[str, Mapping[str, Any]] = {
    "image": {"image": "registry.example.com/mine:7"},
    "env": {"env": {"MODE": "fast"}},
    "cache": {"cache": False},
    "retries": {"retries": 2},
    "timeout_s": {"timeout_s": 77.5},
    "cpus": {"cpus": 1.5},
    "memory_mib": {"memory_mib": 768},
    "gpus": {"gpus": 3, "gpu_type": "example.com/gpu"},
    "gpu_type": {"gpus": 3, "gpu_type": "example.com/gpu"},
    "secrets": {"secrets": {"TOKEN": "secret:vault/token"}},
    "volumes": {"volumes": ["pvc:claim:/data"]},
    "labels": {"labels": {"team": "risk"}},
    "annotations": {"annotations": {"note": "any text"}},
    "image_pull_secrets": {"image_pull_secrets": ["login"]},
    "node_selector": {"node_selector": {"disktype": "ssd"}},
    "tolerations": {"tolerations": ["spot=yes:NoSchedule"]},
    "network": {"network": "none"},
    "approval": {"approval": True},
    "approval_timeout_s": {"approval_timeout_s": 60},
}
"""A value of each setting, with what it wants beside it."""
HONOURED = {
    "image": '"image": "registry.example.com/mine:7"',
    "env": '{"name": "MODE", "value": "fast"}',
    "cache": '"cachingOptions": {}',
    "retries": '"maxRetryCount": 2',
    "cpus": '"resourceCpuLimit": "1.5"',
    "memory_mib": '"resourceMemoryLimit": "768Mi"',
    "gpus": '"resourceCount": "3"',
    "gpu_type": '"resourceType": "example.com/gpu"',
    "secrets": '"secretName": "vault"',
    "volumes": '"mountPath": "/data"',
    "labels": '"labels": {"team": "risk"}',
    "annotations": '"annotations": {"note": "any text"}',
    "image_pull_secrets": '"secretName": "login"',
    "node_selector": '"labels": {"disktype": "ssd"}',
    "tolerations": '"key": "spot"',
}
"""What stands in the pipeline where a setting is honoured."""


def table() -> dict[str, dict[Target, str]]:
    """The cells of the table, by setting and engine."""
    lines = (ROOT / "README.md").read_text("utf-8").partition(HEAD)[2].partition("\n\n")[0].splitlines()
    found: dict[str, dict[Target, str]] = {}
    for line in lines:
        row = ROW.fullmatch(line)
        assert row is not None, line
        names, kfp, vertex = row.groups()
        found.update({name: {"kfp": kfp, "vertex": vertex} for name in re.findall(r"`(\w+)`", names)})
    return found


TABLE = table()


def compiled(folder: Path, target: Target, settings: Mapping[str, Any]) -> Compiled:
    """A pipeline whose one step has these settings."""
    return compile_pipeline(pipeline_of(folder, [("step:a", "x = 1")], **settings), CompileOptions(target))


def test_every_setting_stands_there() -> None:
    """None is left out, and each cell begins with yes or refused."""
    assert set(SETTINGS) == set(TABLE) == set(VALUES)
    words = {re.split(r"\W", cell)[0] for cells in TABLE.values() for cell in cells.values()}
    assert {"yes", "refused"} == words


@pytest.mark.parametrize("target", ENGINES)
@pytest.mark.parametrize("name", SETTINGS)
def test_what_it_says_is_so(tmp_path: Path, name: str, target: Target) -> None:
    """A setting that it calls honoured is in the pipeline; one that it calls refused is refused by its name."""
    settings = VALUES[name]
    if TABLE[name][target].startswith("refused"):
        with pytest.raises(RefusedError) as caught:
            compiled(tmp_path, target, settings)
        assert [("N2P944", "a")] == [(each.code, each.step) for each in caught.value.diagnostics]
        assert f"has the setting `{name}`" in caught.value.diagnostics[0].message
        return
    found, plain = compiled(tmp_path, target, settings), compiled(tmp_path, target, {})
    if name == "timeout_s":  # the worker sees to it
        (executor,) = found.spec["deploymentSpec"]["executors"].values()
        assert 77.5 == unpack(executor["container"]["args"][-1]).pipeline.step("a").settings.timeout_s
        return
    texts = [json.dumps([each.spec, each.platform]) for each in (found, plain)]
    assert [True, False] == [HONOURED[name] in text for text in texts]
