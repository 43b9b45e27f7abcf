"""What is known without an engine: places, specifications, and what images lack."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.containers.engine import Engine
from nb2pipe.execution.containers.findings import image_findings, settings_findings
from nb2pipe.execution.containers.places import Mount, Places, repository_of
from nb2pipe.execution.containers.probe import ImageFacts
from nb2pipe.execution.containers.reap import Owner, reap
from nb2pipe.execution.containers.spec import mount_of
from nb2pipe.model import Volume
from tests.containers.images import Image
from tests.containers.notebooks import Cell, write

GOOD = ImageFacts("sha256:1", (3, 11, 2))
CELLS: list[Cell] = [("step:a", "x = 1"), ("step:b", "print(x)")]
LACKS = {
    "no Python": (ImageFacts("sha256:2"), "has no python3"),
    "an old Python": (ImageFacts("sha256:2", (3, 8, 1)), "has Python 3.8, and steps need 3.11 or newer"),
    "no papermill": (ImageFacts("sha256:2", (3, 11, 2), ("papermill",)), "lacks papermill"),
    "a broken one": (ImageFacts("sha256:2", (3, 11, 2), (), "ImportError: zmq"), "cannot run a step: ImportError: zmq"),
    "another Python": (ImageFacts("sha256:2", (3, 12, 0)), "reads x from step 'a', which runs in Python 3.11"),
}


def places(folder: Path) -> Places:
    """What containers of a notebook in ``folder`` see."""
    return Places((str(folder),), "/home/u/shared", "/home/u/kit")


@pytest.mark.parametrize("kind", LACKS)
def test_what_an_image_lacks(tmp_path: Path, kind: str) -> None:
    """Each lack of an image is an error that names the step; two Pythons may not hand on variables."""
    facts, words = LACKS[kind]
    pipeline = read_pipeline(str(write(tmp_path / "n.ipynb", Image("i:1"), CELLS)))
    found = list(image_findings(pipeline, {"a": GOOD, "b": facts}, places(tmp_path), "python3"))
    assert [("error", "b")] == [(each.severity, each.step) for each in found]
    assert words in found[0].message and found[0].hint
    assert [] == list(image_findings(pipeline, {"a": GOOD, "b": GOOD}, places(tmp_path), "python3"))


def test_a_folder_of_the_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook may not hide a folder that its image needs."""
    monkeypatch.setattr("nb2pipe.execution.containers.findings.SYSTEM", frozenset({str(tmp_path)}))
    pipeline = read_pipeline(str(write(tmp_path / "n.ipynb", Image("i:1"), CELLS)))
    assert ["N2P515"] == [each.code for each in settings_findings(pipeline)]


def test_the_repository_of_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest above it, with the data of a work tree; none that holds the user's home or belongs to the system."""
    top, inner = tmp_path / "top", tmp_path / "top/a/b"
    inner.mkdir(parents=True)
    (top / ".git").mkdir()
    assert (str(top),) == repository_of(str(inner)) == repository_of(str(top))
    tree = top / "a/tree"
    data = tmp_path / "main/.git/worktrees/tree"
    for folder in (tree, data):
        folder.mkdir(parents=True)
    (tree / ".git").write_text(f"gitdir: {data}\n")
    assert (str(tree), str(tmp_path / "main/.git")) == repository_of(str(tree))
    (tree / ".git").write_text("gitdir: ../../.git/modules/tree\n")
    assert (str(tree), str(top / ".git")) == repository_of(str(tree))
    for broken in ("gitdir: /no/such\n", "", "\x00"):
        (tree / ".git").write_text(broken)
        assert (str(tree),) == repository_of(str(tree))
    monkeypatch.setenv("HOME", str(top / "a"))
    assert () == repository_of(str(inner))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("nb2pipe.execution.containers.places.SYSTEM", frozenset({str(top)}))
    assert () == repository_of(str(inner))


def test_paths_of_a_container_are_found_here(tmp_path: Path) -> None:
    """Shared folders are where they are, volumes and the temporary folder elsewhere, the image's files nowhere."""
    shared = places(tmp_path / "work")
    volumes = (Mount("/data/x", "/mnt/data"),)
    expected = {
        f"{tmp_path}/work/a.csv": f"{tmp_path}/work/a.csv",
        "/mnt/data/b.csv": "/data/x/b.csv",
        "/mnt/data2/b.csv": None,
        "/tmp/c": "/home/u/shared/tmp/c",
        "/usr/share/d": None,
    }
    assert expected == {path: shared.here(path, volumes) for path in expected}


def test_folders_in_the_temporary_folder_are_mounted_in_it() -> None:
    """A notebook in /tmp is seen there, within the temporary folder of its own that its run has."""
    targets = [mount.target for mount in Places(("/tmp/work", "/tmp/work/sub"), "/s", "/k").mounts()]
    assert targets.index("/tmp") < targets.index("/tmp/work") and "/tmp/work/sub" not in targets
    assert "/tmp" in [mount.target for mount in Places(("/tmp",), "/s", "/k").mounts() if mount.source == "/tmp"]


def test_volumes_go_before_what_is_shared_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    """No path is mounted twice; what a volume shows of the user's home is in that of the container."""
    monkeypatch.setenv("HOME", "/home/u")
    shared = Places(("/job", "/job/sub", "/job/sub/runs"), "/s", "/k")

    def seen(*volumes: Mount) -> dict[str, str]:
        return {mount.target: mount.source for mount in shared.mounts(volumes)}

    assert {"/job", "/tmp"} < set(seen()) and "/job/sub" not in seen()
    repository = Mount("/job", "/job", read_only=True)
    assert {"/job/sub": "/job/sub"}.items() < seen(repository).items() and "/job" not in seen(repository)
    temporary = Mount("/tmp", "/tmp")
    assert "/tmp" not in seen(temporary) and "/tmp/x" == shared.here("/tmp/x", [temporary])
    home, part = Mount("/home/u", "/home/u"), Mount("/home/u/data", "/home/u/data", read_only=True)
    assert "/home/u" == seen(home)["/s/home"]
    assert ("/s/home", "/home/u/data") == (seen(part)["/s/home"], seen(part)["/s/home/data"])
    assert "/home/u/data/a" == shared.here("/s/home/data/a", [part]) == shared.here("/home/u/data/a", [part])
    assert "/s/home/a" == shared.here("/s/home/a", [part])
    assert [True] == [mount.read_only for mount in shared.mounts([part]) if mount.target == "/s/home/data"]


def test_odd_paths_are_quoted() -> None:
    """Commas and quotes in a path are no words of the engine's."""
    assert 'type=bind,"source=/a,""b""",target=/c,readonly' == Mount('/a,"b"', "/c", read_only=True).argument()


def test_volumes_are_paths_or_names(tmp_path: Path) -> None:
    """A plain name is a volume of the engine unless there is such a folder beside the notebook."""
    assert "cache" == mount_of(Volume("cache", "/c"), str(tmp_path)).source
    (tmp_path / "cache").mkdir()
    assert str(tmp_path / "cache") == mount_of(Volume("cache", "/c"), str(tmp_path)).source
    assert str(tmp_path / "x") == mount_of(Volume("./x", "/c"), str(tmp_path)).source


def test_only_the_dead_are_reaped(tmp_path: Path) -> None:
    """A mark that a living process holds stays; one that is left is removed with its folder once the engine answers."""
    program = tmp_path / "podman"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n[ "$1" = ps ] && echo 123 || true\n')
    program.chmod(0o755)
    marks = tmp_path / "marks"
    living = Owner(marks, "alive", Engine("podman", str(program), "4"))
    Owner(marks, "dead", Engine("podman", str(program), "4")).abandon()
    (marks / "dead").mkdir()
    assert 1 == reap(marks)
    assert ["alive.owner"] == [path.name for path in marks.iterdir()]
    assert "rm --force 123" in (tmp_path / "asked").read_text()
    living.close()
    assert [] == list(marks.iterdir())
