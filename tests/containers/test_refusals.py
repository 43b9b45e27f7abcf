"""What is refused before a container runs a step, each with what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.containers.images import Image
from tests.containers.notebooks import Done, nb2pipe, write

ONE = [("step:a", "print(1)")]


def refused(folder: Path, *words: str, **environment: str) -> str:
    """What ``nb2pipe run`` says when it refuses."""
    done: Done = nb2pipe("run", "n.ipynb", "out.ipynb", *words, cwd=folder, **environment)
    assert 2 == done.code, done
    assert "Traceback" not in done.err
    return " ".join(done.err.split())


def test_no_image(tmp_path: Path, fast: Image) -> None:
    """A step without an image is refused where containers are asked for."""
    write(tmp_path / "n.ipynb", None, ONE)
    said = refused(tmp_path, "--executor", "container")
    assert "N2P510" in said and "nb2pipe image build" in said


@pytest.mark.usefixtures("engine")
def test_missing_image(tmp_path: Path) -> None:
    """An image that is not here and cannot be fetched is named, with the way out."""
    write(tmp_path / "n.ipynb", Image("localhost/nb2pipe-test-none:1"), ONE)
    said = refused(tmp_path)
    assert "N2P511" in said and "is not on this machine" in said and "cell 1" in said


def test_image_without_papermill(tmp_path: Path, debian: Image) -> None:
    """An image that lacks what a step needs is refused with the line to add."""
    write(tmp_path / "n.ipynb", debian, ONE)
    said = refused(tmp_path)
    assert "N2P512" in said and "RUN pip install papermill ipykernel" in said


SETTINGS: dict[str, tuple[dict[str, Any], str, str]] = {
    "volume": ({"volumes": ["nowhere/here:/mnt/x"]}, "N2P503", "does not exist"),
    "secret": ({"secrets": {"A": "env:NB2P_TEST_UNSET"}}, "N2P504", "is not set"),
    "gpu": ({"gpus": 1}, "N2P502", "has none"),
}


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_that_cannot_be_honoured(tmp_path: Path, fast: Image, kind: str) -> None:
    """A volume, a secret or a GPU that is not there is refused before anything runs."""
    settings, code, words = SETTINGS[kind]
    write(tmp_path / "n.ipynb", fast, ONE, **settings)
    said = refused(tmp_path)
    assert code in said and words in said


def test_a_file_that_a_container_does_not_see(tmp_path: Path, fast: Image) -> None:
    """A literal path outside of the shared folders is refused with the volume to add, and read once it is."""
    outside, inside = tmp_path / "data", tmp_path / "work"
    outside.mkdir()
    inside.mkdir()
    (outside / "x.txt").write_text("seen")
    cells = [("step:a", f"print(open('{outside}/x.txt').read())")]
    write(inside / "n.ipynb", fast, cells)
    said = refused(inside)
    assert "N2P513" in said and f"{outside}:{outside}:ro" in said
    write(inside / "n.ipynb", fast, cells, volumes=[f"{outside}:{outside}:ro"])
    assert 0 == nb2pipe("run", "n.ipynb", cwd=inside).code


def test_a_file_that_is_lost_with_its_container(tmp_path: Path, fast: Image) -> None:
    """A literal path outside of the shared folders is no place to write to; one that shows at run time is told."""
    outside, inside = tmp_path / "data", tmp_path / "work"
    outside.mkdir()
    inside.mkdir()
    cells = [
        ("step:a", f"open('{outside}/x.txt', 'w').write('made')"),
        ("step:b", f"print(open('{outside}/x.txt').read())"),
    ]
    write(inside / "n.ipynb", fast, cells)
    said = refused(inside)
    assert "N2P513" in said and "is lost with its container" in said and f"{outside}:{outside}" in said
    write(inside / "n.ipynb", fast, cells, volumes=[f"{outside}:{outside}"])
    assert 0 == nb2pipe("run", "n.ipynb", cwd=inside).code
    assert "made" == (outside / "x.txt").read_text()
    write(inside / "n.ipynb", fast, [("step:a", "import os\nopen(os.sep + 'mnt' + os.sep + 'x', 'w').write('x')")])
    done = nb2pipe("run", "n.ipynb", cwd=inside)
    assert 0 == done.code and "wrote /mnt/x inside its container, gone with it" in done.out, done


def test_no_engine(tmp_path: Path, fast: Image) -> None:
    """Without an engine the run is refused with how to get one."""
    write(tmp_path / "n.ipynb", fast, ONE)
    said = refused(tmp_path, PATH=str(tmp_path))
    assert "no container engine: podman is not installed" in said and "--executor process" in said


def test_settings_for_a_cluster_are_told(tmp_path: Path, fast: Image) -> None:
    """Where a cluster would run a step does not count on this machine, which is said, in containers and without."""
    settings: dict[str, Any] = {
        "image_pull_secrets": ["login"],
        "node_selector": {"disktype": "ssd"},
        "tolerations": ["gpu:NoSchedule"],
    }
    write(tmp_path / "n.ipynb", fast, ONE, **settings)
    for executor in ("container", "process"):
        done = nb2pipe("run", "n.ipynb", "out.ipynb", "--executor", executor, cwd=tmp_path)
        said = " ".join(done.err.split())
        assert 0 == done.code, done
        assert [f"setting {name!r} of step 'a' is not used" in said for name in settings] == [True] * 3, said


def test_network_is_no_setting_of_processes(tmp_path: Path) -> None:
    """What only containers can do is refused by name where steps run as processes."""
    write(tmp_path / "n.ipynb", None, ONE, network="none")
    assert "N2P505" in refused(tmp_path)
