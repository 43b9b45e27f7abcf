"""Import names to distributions, by the metadata of what is installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.images.installed import Environment, Origin, installed_here
from tests.images.environments import Site, write

NO_EXTRAS = frozenset[str]()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """An empty environment."""
    return Site(tmp_path / "site-packages")


@pytest.mark.parametrize(
    ("module", "owner"),
    [("sklearn.linear_model", "scikit-learn"), ("yaml", "pyyaml"), ("dateutil", "python-dateutil"), ("zmq", "pyzmq")],
)
def test_names_that_differ(module: str, owner: str) -> None:
    """In the environment of the tests, modules lead to the distributions that brought them."""
    assert (owner,) == installed_here().owners(module)


def test_namespace_packages_are_told_apart_by_files(site: Site) -> None:
    """What is imported below a shared name decides, be it a module or a name taken from a package."""
    site.add("google-cloud-storage", files=["google/cloud/storage/__init__.py", "google/cloud/storage/client.py"])
    site.add("google-cloud-bigquery", files=["google/cloud/bigquery/__init__.py"])
    site.add("protobuf", files=["google/protobuf/__init__.py", "google/_upb/_message.abi3.so"])
    found = site.environment
    assert ("google-cloud-storage",) == found.owners("google.cloud", ["storage"])
    assert ("google-cloud-storage",) == found.owners("google.cloud.storage.client", ["Client"])
    assert ("google-cloud-storage", "google-cloud-bigquery") == found.owners("google.cloud", ["storage", "bigquery"])
    assert ("protobuf",) == found.owners("google.protobuf.message", ["Message"])
    assert ("protobuf",) == found.owners("google._upb._message")
    assert () == found.owners("google.colab", ["drive"])


def test_several_that_bring_the_same_are_all_taken(site: Site) -> None:
    """Two distributions with the same package are both needed, as here."""
    site.add("opencv-python", files=["cv2/__init__.py"])
    site.add("opencv-contrib-python", files=["cv2/__init__.py"])
    assert {"opencv-python", "opencv-contrib-python"} == set(site.environment.owners("cv2"))


def test_single_modules_and_extensions(site: Site) -> None:
    """Modules that are one file, of Python or of machine code, have an owner too."""
    site.add("six", files=["six.py"])
    site.add("fast", files=["_fast.cpython-311-x86_64-linux-gnu.so"])
    assert (("six",), ("fast",)) == (site.environment.owners("six"), site.environment.owners("_fast"))


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (None, "index"),
        ({"url": "file:///gone/feedstock_root/work", "dir_info": {}}, "index"),
        ({"url": "file://{here}", "dir_info": {"editable": True}}, "folder"),
        ({"url": "file://{here}/a%20b.whl", "archive_info": {}}, "file"),
        ({"url": "https://example.org/a-1.0.whl", "archive_info": {}}, "url"),
        ({"url": "https://example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}, "repository"),
    ],
)
def test_origins(site: Site, tmp_path: Path, url: dict[str, object] | None, origin: Origin) -> None:
    """Where a distribution came from; traces of folders that are gone, as conda leaves them, mean an index."""
    (tmp_path / "a b.whl").touch()
    if url is not None:
        url["url"] = str(url["url"]).replace("{here}", str(tmp_path))
    site.add("a", direct_url=url)
    assert origin == site.environment.installed["a"].origin


def test_projects_installed_for_editing_own_their_modules(site: Site, tmp_path: Path) -> None:
    """Their files are in no record, but in the project's folder, with ``src`` or without."""
    write(tmp_path, {"one/src/mine/__init__.py": "", "two/yours.py": ""})
    for name in ("one", "two"):
        url = {"url": f"file://{tmp_path / name}", "dir_info": {"editable": True}}
        site.add(name, files=[f"__editable__.{name}.pth"], direct_url=url)
    assert (("one",), ("two",)) == (site.environment.owners("mine"), site.environment.owners("yours"))
    assert () == site.environment.owners("nosuch")


def test_closure_follows_extras_and_markers(site: Site) -> None:
    """All that is needed on this machine, extras included where they are asked for; cycles end."""
    site.add("a", needs=["b[fast]>=1", "win; sys_platform == 'win32'", "(broken"])
    site.add("b", needs=["c; extra == 'fast'", "d; extra == 'slow'", "a"])
    for name in ("c", "d", "win"):
        site.add(name)
    assert {"a", "b", "c"} == set(site.environment.closure({"a": NO_EXTRAS}))
    assert {"a"} == set(site.environment.closure({"a": NO_EXTRAS}, without={"b"}))
    assert {"b", "d", "a", "c"} == set(site.environment.closure({"b": frozenset({"slow"})}))


def test_pins_leave_local_labels_out(site: Site) -> None:
    """Which build of a version it is, the index decides."""
    site.add("torch", "2.3.1+cpu")
    assert "torch==2.3.1" == site.environment.installed["torch"].pin
    assert None is Environment({}).get("torch")
