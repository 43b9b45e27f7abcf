"""What engines show of a step beside its notebook: files that its code names, each an artifact of its own kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from nb2pipe.model import Step

ARTIFACT, DATASET, HTML, MARKDOWN = "system.Artifact", "system.Dataset", "system.HTML", "system.Markdown"
METRICS, MODEL = "system.Metrics", "system.Model"

_SUFFIXES: Mapping[str, str] = {
    DATASET: "arrow avro csv csv.gz feather h5 hdf5 jsonl npy npz orc parquet pq tsv tsv.gz xlsx zarr",
    MODEL: "bst cbm ckpt gguf joblib keras onnx pkl pickle pmml pt pth safetensors skops tflite ubj",
    HTML: "htm html",
    MARKDOWN: "markdown md",
}
KINDS = {f".{suffix}": kind for kind, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
"""Kind of artifact by the suffix of a file."""
MOST_BYTES = 256 * 2**20
"""Of a file that is shown: a bigger one travels with all others of its step, and is not uploaded a second time."""


def kind_of(path: str) -> str:
    """What kind of artifact a file is, by its name."""
    name = PurePosixPath(path).name.lower()
    return next((kind for suffix, kind in KINDS.items() if name.endswith(suffix)), ARTIFACT)


def shown_files(step: Step) -> dict[str, str]:
    """Files in the notebook's folder that a step is known to write: name of the artifact to path."""
    found: dict[str, str] = {}
    for text in step.files_written:
        path = PurePosixPath(text)
        if path.is_absolute() or ".." in path.parts or path.as_posix() in found.values() or "://" in text:
            continue
        base = "file_" + re.sub(r"[^a-z0-9]+", "_", path.as_posix().lower()).strip("_")
        name, number = base, 2
        while name in found:
            name, number = f"{base}_{number}", number + 1
        found[name] = path.as_posix()
    return found
