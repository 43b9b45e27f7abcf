"""What an engine cannot do is refused by name, with the cell and what to do."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import Diagnostic, RefusedError
from nb2pipe.kubeflow.compiling import compile_pipeline
from nb2pipe.kubeflow.options import CompileOptions, Target
from tests.kubeflow.notebooks import Cells, pipeline_of

ONE: Cells = [("step:a", "pass")]


def refused(folder: Path, cells: Cells, options: CompileOptions, **settings: Any) -> tuple[Diagnostic, ...]:
    """The findings that a notebook is refused for."""
    with pytest.raises(RefusedError) as caught:
        compile_pipeline(pipeline_of(folder, cells, **settings), options)
    return caught.value.diagnostics


SETTINGS: list[tuple[Target, dict[str, Any], str, str]] = [
    ("kfp", {"approval": "Deploy?"}, "approval", "asks nobody"),
    ("kfp", {"network": "none"}, "network", "is the cluster's"),
    ("kfp", {"gpus": 1, "gpu_type": "A100"}, "gpu_type", "nvidia.com/gpu"),
    ("kfp", {"secrets": {"T": "env:T"}}, "secrets", "secret:NAME/KEY"),
    ("kfp", {"secrets": {"T": "secret:My_Vault/key"}}, "secrets", "kubectl get"),
    ("kfp", {"secrets": {"T": "secret:vault/my=key"}}, "secrets", "kubectl get"),
    ("kfp", {"gpu_type": "nvidia.com/gpu"}, "gpu_type", "the setting gpus"),
    ("kfp", {"volumes": ["/data:/data"]}, "volumes", "pvc:NAME:/path"),
    ("kfp", {"volumes": ["pvc:My_Claim:/data"]}, "volumes", "kubectl get"),
    ("kfp", {"volumes": ["pvc:claim:/data:ro"]}, "volumes", "without :ro"),
    ("vertex", {"approval": "Deploy?"}, "approval", "asks nobody"),
    ("vertex", {"network": "none"}, "network", "is the cluster's"),
    ("vertex", {"gpus": 1}, "gpus", "NVIDIA_TESLA_T4"),
    ("vertex", {"gpu_type": "NVIDIA_TESLA_T4"}, "gpu_type", "the setting gpus"),
    ("vertex", {"secrets": {"T": "secret:vault/key"}}, "secrets", "Secret Manager"),
    ("vertex", {"volumes": ["pvc:claim:/data"]}, "volumes", "gs://"),
    ("vertex", {"labels": {"a": "b"}}, "labels", "labels"),
    ("vertex", {"annotations": {"a": "b"}}, "annotations", "annotations"),
    ("vertex", {"image_pull_secrets": ["login"]}, "image_pull_secrets", "Artifact Registry"),
    ("vertex", {"node_selector": {"disktype": "ssd"}}, "node_selector", "cpus, memory_mib and gpu_type"),
    ("vertex", {"tolerations": ["a:NoSchedule"]}, "tolerations", "cpus, memory_mib and gpu_type"),
]


@pytest.mark.parametrize(("target", "settings", "name", "words"), SETTINGS, ids=lambda item: str(item)[:40])
def test_settings(tmp_path: Path, target: Target, settings: dict[str, Any], name: str, words: str) -> None:
    """A setting that the engine cannot honour names itself, its step and the way out."""
    (found,) = refused(tmp_path, ONE, CompileOptions(target), **settings)
    assert ("N2P944", 0, "a") == (found.code, found.cell_index, found.step)
    assert f"`{name}`" in found.message and words in found.message + found.hint


def test_no_image(tmp_path: Path) -> None:
    """Steps without an image are named together."""
    (found,) = refused(tmp_path, [*ONE, ("step:b", "pass")], CompileOptions(), image="")
    assert "N2P942" == found.code and "steps 'a', 'b' have no image" in found.message


@pytest.mark.parametrize("image", ["localhost/x:1", "localhost:5000/x", "127.0.0.1:5000/x"])
def test_image_of_this_machine(tmp_path: Path, image: str) -> None:
    """An image that only this machine has is refused, unless the pipeline stays on it."""
    (found,) = refused(tmp_path, ONE, CompileOptions(), image=image)
    assert "N2P943" == found.code and image in found.message and "--push" in found.hint
    assert compile_pipeline(pipeline_of(tmp_path, ONE, image), CompileOptions(local_images=True)).spec


@pytest.mark.parametrize("source", ["model = None", "model: 'int | str' = 3"])
def test_parameter_type(tmp_path: Path, source: str) -> None:
    """A parameter of a type that Kubeflow lacks is named with its line."""
    found = refused(tmp_path, [("parameters", source), ("step:a", "print(model)")], CompileOptions())[0]
    assert ("N2P941", 0, 1) == (found.code, found.cell_index, found.line) and "'model'" in found.message


@pytest.mark.parametrize("default", ["2**53", "[1, {'a': -9007199254740993}]", "1e999"])
def test_number_that_would_be_rounded(tmp_path: Path, default: str) -> None:
    """An integer that no float holds, or a float that JSON has not, is refused with its parameter."""
    source = f"seed = {default.replace('2**53', '9007199254740992')}"
    (found,) = refused(tmp_path, [("parameters", source), ("step:a", "print(seed)")], CompileOptions())
    assert ("N2P940", 0, 1) == (found.code, found.cell_index, found.line) and "'seed'" in found.message


def test_name(tmp_path: Path) -> None:
    """A step's name of which nothing is left for Kubernetes."""
    (found,) = refused(tmp_path, [("step:__", "pass")], CompileOptions())
    assert "N2P946" == found.code


def test_too_big(tmp_path: Path) -> None:
    """A step that does not fit into the spec names the biggest file that it needs."""
    (tmp_path / "big.bin").write_bytes(random.Random(0).randbytes(200_000))
    (found,) = refused(tmp_path, [("step:a", "open('big.bin').read()")], CompileOptions())
    assert "N2P945" == found.code and "big.bin" in found.hint


def test_all_too_big(tmp_path: Path) -> None:
    """Steps that fit one by one, but not together."""
    (tmp_path / "some.bin").write_bytes(random.Random(0).randbytes(60_000))
    cells = [(f"step:s{number}", "open('some.bin').read()") for number in range(6)]
    (found,) = refused(tmp_path, cells, CompileOptions())
    assert "N2P945" == found.code and "the pipeline takes" in found.message


def test_another_language(tmp_path: Path) -> None:
    """Values cross as Python's objects."""
    from dataclasses import replace

    pipeline = pipeline_of(tmp_path, ONE)
    with pytest.raises(RefusedError) as caught:
        compile_pipeline(replace(pipeline, notebook=replace(pipeline.notebook, language="r")), CompileOptions())
    assert "N2P948" == caught.value.diagnostics[0].code
