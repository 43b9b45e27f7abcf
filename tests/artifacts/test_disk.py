"""A disk that is full."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from nb2pipe.errors import ArtifactError
from tests.artifacts.making import namespace, save, store_in


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if mount.returncode:
        pytest.skip("needs mount: a tmpfs cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_nothing_is_left(small_disk: Path) -> None:
    """A full disk is an error of ours with a way out, and what was written so far is gone."""
    store = store_in(small_disk)
    with pytest.raises(ArtifactError, match="disk is full") as caught:
        save(store, {**namespace(), "a": np.zeros(500_000)})
    assert "runs prune" in caught.value.hint
    assert [] == [path for path in small_disk.rglob("*") if path.is_file()]
    assert save(store, {**namespace(), "a": 1}).digests
