"""``nb2pipe image build`` on the real engine, from Debian, with a package index, a local project and a registry."""

from __future__ import annotations

import json
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from nb2pipe.images.access import lend_access
from nb2pipe.images.record import built_image
from tests.app.samples import write_notebook
from tests.cli.calling import call
from tests.containers.engine import Engine
from tests.containers.images import Image
from tests.images.environments import write
from tests.notebook.building import code

OTHER_USER = "12345:12345"
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "nb2pipe-test-mine"
version = "0.7"
dependencies = ["iniconfig"]
[tool.hatch.build.targets.wheel]
packages = ["mine"]
"""
USE = """\
import editables, helpers, iniconfig, mine, papermill, ipykernel, cloudpickle
from importlib.metadata import version
from pathlib import Path
Path.home().joinpath("x").write_text("")
print(version("editables"), version("nb2pipe-test-mine"), helpers.__file__)
"""


@dataclass(frozen=True)
class Folder:
    """A folder with a notebook, and a home."""

    path: Path
    home: Path
    base: str

    def build(self, *options: str, notebook: str = "n.ipynb") -> subprocess.CompletedProcess[bytes]:
        """``nb2pipe image build`` in it."""
        return self.call("image", "build", notebook, "--base", self.base, *options)

    def call(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """A command in it."""
        return call(*words, cwd=self.path, env={"NB2PIPE_HOME": str(self.home)})

    def built(self, *options: str) -> Any:
        """The same, which succeeds, as data."""
        done = self.build("--json", *options)
        assert 0 == done.returncode, done.stderr.decode()
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, engine: Engine, debian: Image) -> Folder:
    """A notebook with a module beside it, and a project that requirements.txt names by its folder; image built."""
    path = tmp_path_factory.mktemp("notebook")
    write(
        path,
        {
            "helpers.py": f"# {uuid.uuid4()}\nimport iniconfig\n",
            "requirements.txt": "editables\n-e project\n",
            "project/pyproject.toml": PYPROJECT,
            "project/mine/__init__.py": "",
        },
    )
    write_notebook(path / "n.ipynb", code("import editables, helpers"), code("import mine", "step:a"))
    found = Folder(path, tmp_path_factory.mktemp("home"), debian.tag)
    with engine.alone("notebook"):  # who comes second finds the layers of packages made
        data = found.built()
    assert (True, "podman", [], ["helpers.py"]) == (
        data["built"],
        data["engine"],
        data["diagnostics"],
        data["modules"],
    )
    return found


def layers(engine: Engine, tag: str) -> list[str]:
    """Digests of an image's layers."""
    [found] = json.loads(engine.run("image", "inspect", tag).stdout)
    listed: list[str] = found["RootFS"]["Layers"]
    return listed


def test_the_image_has_what_the_notebook_imports(engine: Engine, folder: Folder) -> None:
    """Without a network and under any user id: packages in the versions from here, the project, and the module."""
    image = built_image(folder.home, str(folder.path / "n.ipynb"))
    assert image is not None
    done = engine.run("run", "--rm", "--init", "--network=none", "--user", OTHER_USER, image.tag, "python3", "-c", USE)
    assert ["0.7", "/opt/nb2pipe/modules/helpers.py"] == done.stdout.split()[1:]


def test_nothing_of_this_machine_is_in_the_image(engine: Engine, folder: Folder, tmp_path: Path) -> None:
    """No layer and no line of its history has pip's configuration, or says where the index is."""
    tag = folder.built()["tag"]
    access = lend_access(tmp_path, {})
    lent = {word for line in access.files["pip.conf"].read_text("utf-8").splitlines() for word in line.split()}
    urls = {word.partition("://")[2] for word in lent if "://" in word}
    said = engine.run("history", "--no-trunc", tag).stdout + engine.run("image", "inspect", tag).stdout
    assert [] == [url for url in urls | {str(path) for path in access.folders} if url in said]
    source = "from pathlib import Path; print(sum(f.stat().st_size for f in Path('/run').rglob('*') if f.is_file()))"
    assert "0\n" == engine.run("run", "--rm", "--network=none", tag, "python3", "-c", source).stdout


def test_nothing_changed_means_nothing_built(folder: Folder) -> None:
    """The second time it says so at once, and the engine builds nothing."""
    first, again = folder.built(), folder.build()
    assert (False, 0) == (first["built"], again.returncode)
    assert b"is up to date: nothing has changed since it was built" in again.stdout
    assert b"STEP" not in again.stderr


def test_a_changed_module_makes_a_new_last_layer(engine: Engine, folder: Folder) -> None:
    """All layers below the modules are those of before; the record has the new image."""
    before = folder.built()
    (folder.path / "helpers.py").write_text(f"# {uuid.uuid4()}\nimport iniconfig\n")
    after = folder.built()
    assert after["built"] and before["tag"] != after["tag"]
    old, new = layers(engine, before["tag"]), layers(engine, after["tag"])
    assert (len(old), old[:-1]) == (len(new), new[:-1]) and old[-1] != new[-1]
    image = built_image(folder.home, str(folder.path / "n.ipynb"))
    assert image is not None and after["image_id"] == image.image_id


def test_push_and_pull_by_digest(engine: Engine, folder: Folder, registry_host: str) -> None:
    """A pushed image is had by the digest that was recorded, also by who never built it; the record keeps it."""
    data = folder.built("--push", f"{registry_host}/team/n")
    assert f"{registry_host}/team/n:{data['content'][:12]}" == data["pushed"]
    pulled = engine.run("pull", "--quiet", "--tls-verify=false", data["reference"]).stdout.strip()
    assert data["image_id"].removeprefix("sha256:") == pulled
    again = folder.built()
    image = built_image(folder.home, str(folder.path / "n.ipynb"))
    assert image is not None
    assert (data["reference"], data["reference"]) == (again["reference"], image.reference)
    done = folder.call("compile", "n.ipynb", "-o", "-", "--local-images")  # its registry is on this machine
    assert 0 == done.returncode, done.stderr.decode()
    executors = yaml.safe_load(done.stdout)["deploymentSpec"]["executors"].values()
    assert {data["reference"]} == {each["container"]["image"] for each in executors}


def test_a_tag_of_ones_own(engine: Engine, folder: Folder) -> None:
    """``--tag`` names the image further and is recorded."""
    tag = f"localhost/nb2pipe-test-tag:{uuid.uuid4().hex[:8]}"
    data = folder.built("--tag", tag)
    try:
        assert engine.has_image(tag) and tag == data["tag"]
    finally:
        engine.run("untag", tag)


def test_failures_say_what_to_do(folder: Folder, fast: Image, tmp_path: Path) -> None:
    """A base without Python, a version that no index has, a registry out of reach: exit code 2, no traceback."""
    write_notebook(tmp_path / "n.ipynb", code("x = 1"))
    write(tmp_path, {"requirements.txt": "click==0.0.0.999"})
    elsewhere = Folder(tmp_path, folder.home, folder.base)
    failures = {
        "has no python3 with venv": Folder(tmp_path, folder.home, fast.tag).build(),
        "pip says: No matching distribution found for click==0.0.0.999": elsewhere.build(),
        "the registry cannot be reached": folder.build("--push", "127.0.0.1:1/n"),
    }
    for message, done in failures.items():
        said = done.stderr.decode()
        assert (2, True, False) == (done.returncode, message in said, "Traceback" in said), said
        assert said.rstrip().splitlines()[-1].startswith("    "), "a hint stands last"
