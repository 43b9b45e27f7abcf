"""Names of images that go on meaning the same image, as snapshots of schedules keep them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from nb2pipe.app.defaults import with_images
from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError
from nb2pipe.execution.containers.images import Images
from tests.app.samples import TWO_STEPS, write_notebook

KNOWN: Mapping[str, Any] = {
    "registry.example.org/team/tour:1": {
        "Id": "ab12",
        "RepoDigests": ["other.example.org/x@sha256:00", "registry.example.org/team/tour@sha256:ff"],
    },
    "localhost/mine": {"Id": "cd34", "RepoDigests": []},
}


class Known:
    """An engine that knows some images."""

    def image(self, reference: str) -> Mapping[str, Any] | None:
        """What it knows of one."""
        found: Mapping[str, Any] | None = KNOWN.get(reference)
        return found


def test_by_digest_or_id() -> None:
    """An image of a registry is named by its digest there, else by its id; one not here is told."""
    images = Images(cast(Engine, Known()), lambda line: None)
    assert "registry.example.org/team/tour@sha256:ff" == images.pinned("registry.example.org/team/tour:1")
    assert "sha256:cd34" == images.pinned("localhost/mine")
    with pytest.raises(EngineError, match="is not on this machine"):
        images.pinned("localhost/none")


def test_steps_take_the_images_of_a_snapshot(tmp_path: Path) -> None:
    """Steps that a snapshot has images for run in these, the others as the notebook says."""
    pipeline = read_pipeline(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS))
    pinned = with_images(pipeline, {"make": "sha256:cd34", "gone": "sha256:00"})
    assert ["sha256:cd34", None] == [step.settings.image or None for step in pinned.steps]
