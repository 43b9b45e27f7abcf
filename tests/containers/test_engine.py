"""The tests' own podman: it leaves nothing, and stands a move of its folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.containers.engine import Engine, mounts_in, open_engine, remove_engine, why_not
from tests.containers.images import fast_image


def start_sleeper(engine: Engine) -> None:
    """Start a container that stays."""
    engine.run("run", "--detach", "--init", *fast_image(engine).arguments(), "sleep", "600")


@pytest.mark.usefixtures("engine")
def test_remove_leaves_nothing(tmp_path: Path) -> None:
    """Removing an engine ends its containers and leaves no file and no mount, and does not touch another's."""
    own = open_engine(tmp_path / "engine")
    run = (own.folder / "run").readlink()
    start_sleeper(own)
    assert run.is_dir() and [] != mounts_in(own.folder)
    remove_engine(own.folder)
    assert [] == mounts_in(own.folder) + mounts_in(run)
    assert not run.exists() and not own.folder.exists()


@pytest.mark.usefixtures("engine")
def test_a_moved_folder_starts_anew(tmp_path: Path) -> None:
    """A folder that was moved, as a checkout may be, is emptied and used, for podman refuses to work in it."""
    before = open_engine(tmp_path / "before")
    tag = fast_image(before).tag
    before.folder.rename(tmp_path / "after")
    after = open_engine(tmp_path / "after")
    try:
        assert not after.has_image(tag)
        assert tag == fast_image(after).tag
    finally:
        remove_engine(after.folder)


@pytest.mark.usefixtures("engine")
def test_images_are_kept(tmp_path: Path) -> None:
    """What one process made, the next finds, also after a restart of the machine took the folder of what runs."""
    tag = fast_image(open_engine(tmp_path / "engine")).tag
    run = (tmp_path / "engine/run").readlink()
    shutil.rmtree(run)
    again = open_engine(tmp_path / "engine")
    try:
        assert again.has_image(tag) and run.is_dir()
    finally:
        remove_engine(again.folder)


def test_absence_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where podman is missing, the reason of the skip names what is not installed and how to get it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    reason = why_not(tmp_path / "engine")
    assert reason is not None and "podman" in reason and ".ci/system-packages" in reason
