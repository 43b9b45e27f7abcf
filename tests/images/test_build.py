"""What is made of an engine's answers, told by a program that answers as an engine would."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from nb2pipe.containers.engine import Engine
from nb2pipe.containers.faults import EngineError
from nb2pipe.errors import SettingsError
from nb2pipe.images.build import LABEL, build, is_built, recipe_for
from nb2pipe.images.push import push
from tests.images.environments import plan_of, usual_site
from tests.notebook.building import code

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
LOST = "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken: /simple/click/\n"
NO_CLICK = (
    "ERROR: Could not find a version that satisfies click==9\nERROR: No matching distribution found for click==9\n"
)
CONFLICT = "ERROR: Cannot install a==1 and b==2 because of conflicts\nERROR: ResolutionImpossible: for help visit\n"
ENDED = "Error: building at STEP 6: exit status 1\n"


@pytest.fixture(autouse=True)
def _pip_without_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever pip is told on this machine, docker can be lent it."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", "")


def engine(folder: Path, name: str = "podman", **answers: str) -> Engine:
    """An engine that answers each command with a text, and with exit code 1 where there is none or it says so.

    Args:
        answers: by the command's first word; a text that begins with ``!`` is a failure, on standard error.
    """
    folder.mkdir(exist_ok=True)
    data = folder / "answers.json"
    data.write_text(json.dumps({"run": f"{PYTHON}\n", **answers}))
    program = folder / name
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"answer = json.load(open({str(data)!r})).get(sys.argv[1], '!Error: no such image')\n"
        "fails = answer.startswith('!')\n"
        "print(answer.lstrip('!'), end='', file=sys.stderr if fails else sys.stdout)\nsys.exit(fails)\n"
    )
    program.chmod(0o755)
    return Engine(name, str(program), "1")


def built(folder: Path, name: str = "podman", **answers: str) -> list[str]:
    """Build the image of a small notebook; what is shown meanwhile."""
    image = json.dumps([{"Id": "1d", "Config": {"Labels": {LABEL: "c"}}}])
    found = engine(folder, name, image=image, **answers)
    plan = plan_of(folder, usual_site(folder), code("import pandas"))
    shown: list[str] = []
    build(recipe_for(plan, "example.org/base:1", found, shown.append), found, shown.append)
    return shown


@pytest.mark.parametrize(
    ("name", "said", "message", "hint"),
    [
        ("podman", NO_CLICK + ENDED, "pip says: No matching distribution found for click==9", "requirements.txt"),
        ("podman", LOST + NO_CLICK + ENDED, "pip says: No matching", "The index cannot be reached"),
        ("podman", CONFLICT + ENDED, "pip says: Cannot install a==1 and b==2", "requirements.txt"),
        ("docker", f"#7 0.9 {CONFLICT}ERROR: failed to solve: process\n", "pip says: Cannot install a==1", "index"),
        (
            "podman",
            "nvidia-cublas\nERROR: [Errno 28] No space left on device\n" + ENDED,
            "the disk is full",
            "free some",
        ),
        ("podman", "Collecting nvidia-cublas\n" * 9 + "x\n" * 9 + ENDED, "building at STEP 6: exit status 1", ""),
    ],
)
def test_failed_builds_say_why(tmp_path: Path, name: str, said: str, message: str, hint: str) -> None:
    """pip's reason is told before the engine's, and names of packages are not taken for reasons."""
    with pytest.raises(EngineError) as caught:
        built(tmp_path, name, build=f"!{said}")
    assert message in caught.value.message
    assert hint in caught.value.hint and bool(hint) == bool(caught.value.hint)


def test_bases_are_looked_at_first(tmp_path: Path) -> None:
    """Without Python a base is refused before anything is built; another Python is told."""
    with pytest.raises(SettingsError, match="has no python3 with venv"):
        built(tmp_path / "a", run="!exec: python3: executable file not found in $PATH")
    with pytest.raises(SettingsError, match="has no python3 with venv"):
        built(tmp_path / "b", run="!ModuleNotFoundError: No module named 'ensurepip'")
    assert [f"The base has Python 3.4, here is {PYTHON}"] == [
        line.partition(":")[0] for line in built(tmp_path / "c", run="3.4\n", build="")
    ]


def test_bases_that_are_not_here(tmp_path: Path) -> None:
    """A name of this machine alone is not looked for elsewhere; where a pull fails, the option for another is told."""
    plan = plan_of(tmp_path, usual_site(tmp_path), code("x = 1"))
    absent = engine(tmp_path, image="!Error: no such image", pull="!Error: pinging container registry: no such host")
    with pytest.raises(SettingsError, match="no base image 'localhost/x' on this machine"):
        recipe_for(plan, "localhost/x", absent, print)
    with pytest.raises(EngineError, match="the registry cannot be reached") as caught:
        recipe_for(plan, "example.org/x", absent, print)
    assert "--base IMAGE" in caught.value.hint


def test_an_image_of_other_content_is_not_ours(tmp_path: Path) -> None:
    """A tag counts only with the label of the whole digest, which podman and docker show in different places."""
    plan = plan_of(tmp_path, usual_site(tmp_path), code("x = 1"))
    recipe = recipe_for(plan, "b", engine(tmp_path, image='[{"Id": "b"}]'), print)
    for labels, expected in (({LABEL: recipe.content}, "1d"), ({LABEL: "c"}, None), ({}, None)):
        for shape in ({"Labels": labels}, {"Config": {"Labels": labels}}):
            assert expected == is_built(recipe, engine(tmp_path, image=json.dumps([{"Id": "1d", **shape}])))
    assert None is is_built(recipe, engine(tmp_path))


def test_docker_is_lent_no_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docker cannot mount a folder into a build: where pip takes packages from one, that is said."""
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(SettingsError, match="which docker cannot lend to a build"):
        built(tmp_path, "docker", build="")


def test_docker_says_the_digest(tmp_path: Path) -> None:
    """docker writes no file with the digest, but prints it."""
    digest = f"sha256:{'0' * 64}"
    found = engine(tmp_path, "docker", tag="", push=f"1: Pushed\nlatest: digest: {digest} size: 1\n")
    assert digest == push(found, "a", "example.org/a:1", print)
