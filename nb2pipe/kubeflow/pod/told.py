"""What the engine tells a pod: its ``ExecutorInput``, with paths for everything that comes in and goes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOUNTS = {"gs://": "/gcs/", "minio://": "/minio/", "s3://": "/s3/", "oci://": "/oci/"}
"""Where the launcher has objects of a store, by the scheme of their address."""


@dataclass(frozen=True)
class Told:
    """What came with the start of a pod.

    Args:
        document: the ``ExecutorInput`` as JSON.
    """

    document: Mapping[str, Any]

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Values of parameters by name."""
        found: Mapping[str, Any] = self._part("inputs").get("parameterValues") or {}
        return found

    def given(self, name: str) -> Path:
        """Where an input artifact is.

        Raises:
            ValueError: the engine did not hand it over.
        """
        return _path(self._artifact("inputs", name))

    def place(self, name: str) -> Path | None:
        """Where an output artifact goes; None where the pipeline has none of this name."""
        if name not in (self._part("outputs").get("artifacts") or {}):
            return None
        return _path(self._artifact("outputs", name))

    def tell(self, metadata: Mapping[str, Mapping[str, Any]]) -> None:
        """Say more of output artifacts, as the engine shows it.

        All of them are named: ``kfp.local`` knows no others once a step says anything.

        Args:
            metadata: by name of the artifact.
        """
        told = self._part("outputs").get("outputFile")
        if not told:
            return
        artifacts = {
            name: {"artifacts": [{**self._artifact("outputs", name), "metadata": dict(metadata.get(name, {}))}]}
            for name in self._part("outputs").get("artifacts") or {}
        }
        path = Path(told)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")

    def _part(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.document.get(name) or {}
        return found

    def _artifact(self, part: str, name: str) -> Mapping[str, Any]:
        listed = (self._part(part).get("artifacts") or {}).get(name) or {}
        artifacts = listed.get("artifacts") or []
        if not artifacts:
            raise ValueError(f"the engine handed over no artifact {name!r}")
        found: Mapping[str, Any] = artifacts[0]
        return found


def _path(artifact: Mapping[str, Any]) -> Path:
    if artifact.get("customPath"):
        return Path(artifact["customPath"])
    uri = str(artifact.get("uri", ""))
    for scheme, folder in MOUNTS.items():
        if uri.startswith(scheme):
            return Path(folder + uri.removeprefix(scheme))
    return Path(uri)
