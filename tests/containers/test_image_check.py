"""``nb2pipe image check`` on the real engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.containers.engine import find_engine
from nb2pipe.images.check import Lack, check_image
from nb2pipe.images.needs import Need
from nb2pipe.images.record import BuiltImage, record_image
from nb2pipe.model.step_settings import Volume
from tests.app.samples import write_notebook
from tests.cli.calling import call
from tests.containers.images import Image
from tests.images.environments import write
from tests.notebook.building import code

pytestmark = pytest.mark.usefixtures("engine")


def notebook(folder: Path, image: Image | None = None) -> str:
    """A notebook that imports pandas and a module beside it, with settings for an image."""
    settings: dict[str, Any] = {"image": image.tag, "volumes": list(image.volumes)} if image else {}
    write(folder, {"helpers.py": "import sklearn"})
    first = code("import pandas, helpers", "step:a", nb2pipe=settings)
    return write_notebook(folder / "n.ipynb", first, code("try:\n    import nosuch\nexcept ImportError:\n    pass"))


def check(path: str, *options: str) -> tuple[int, Any]:
    """Exit code and answer."""
    done = call("image", "check", "--json", path, *options)
    assert done.stdout, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def test_an_image_that_has_all(tmp_path: Path, fast: Image) -> None:
    """The image that a step names, with the step's volumes, lacks nothing; modules beside the notebook are fine."""
    code_, [answer] = check(notebook(tmp_path, fast))
    assert (0, True, [], fast.tag, ["a"]) == (
        code_,
        answer["ok"],
        answer["lacks"],
        answer["image"],
        answer["steps"],
    )


def test_an_image_that_lacks_packages(tmp_path: Path, debian: Image) -> None:
    """Each package is named, with who needs it and the line for the Containerfile; exit code 1."""
    code_, [answer] = check(notebook(tmp_path), "--image", debian.tag)
    assert (1, False) == (code_, answer["ok"])
    lacks = {lack["what"]: lack for lack in answer["lacks"] if lack["severity"] == "error"}
    assert {"papermill", "ipykernel", "cloudpickle", "pandas", "scikit-learn"} == set(lacks) - {"Python"}
    assert "helpers.py, line 1 imports sklearn" == lacks["scikit-learn"]["why"]
    assert f"RUN python3 -m pip install pandas=={lacks['pandas']['here']}" == lacks["pandas"]["line"]
    text = call("image", "check", notebook(tmp_path), "--image", debian.tag).stdout.decode()
    assert f"  {lacks['pandas']['line']}\n" in text


def test_an_image_without_python(tmp_path: Path, fast: Image) -> None:
    """Without its volumes the fast image has no Python: that is all that is said."""
    code_, [answer] = check(notebook(tmp_path), "--image", fast.tag)
    assert (1, ["Python"]) == (code_, [lack["what"] for lack in answer["lacks"]])


def test_other_versions_are_a_warning(fast: Image) -> None:
    """A version that differs from here, and a Python that does, do not fail the check; nothing is imported."""
    parts = [volume.split(":") for volume in fast.volumes]
    volumes = [Volume(source, target, read_only=True) for source, target, _ in parts]
    needs = [Need("pandas", "pandas", "0.1", "cell 1 imports it"), Need("nosuch.inner", "", "", "cell 2 imports it")]
    first, second, third = check_image(find_engine(), fast.tag, needs, "2.7", volumes)
    assert ("warning", "Python", "2.7") == (first.severity, first.what, first.here)
    assert ("warning", "pandas", "0.1") == (second.severity, second.what, second.here)
    assert (
        Lack("error", "nosuch.inner", "", "", "cell 2 imports it", "RUN python3 -m pip install nosuch.inner") == third
    )


def test_the_built_image_is_looked_into(tmp_path: Path, debian: Image, nb2pipe_home: Path) -> None:
    """Where steps name none, it is the one that was built; an image that is gone, or none at all, is refused."""
    path = notebook(tmp_path)
    done = call("image", "check", path)
    assert (2, True) == (done.returncode, b"step 'a' names no image, and none was built" in done.stderr)
    record_image(nb2pipe_home, path, BuiltImage(debian.tag, "1", "", "c"))
    assert debian.tag == check(path)[1][0]["image"]
    record_image(nb2pipe_home, path, BuiltImage("localhost/nb2pipe-test-none:1", "1", "", "c"))
    done = call("image", "check", path)
    assert (2, True) == (done.returncode, b"there is no image 'localhost/nb2pipe-test-none:1'" in done.stderr)
