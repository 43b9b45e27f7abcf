"""Paths that clients name: none leads out of the folder that Jupyter serves."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nb2pipe.server.codes import ServiceError
from nb2pipe.server.contents import Contents
from tests.app.samples import TWO_STEPS, write_notebook
from tests.server.calling import Api, Server

OUT = (
    "",
    " ",
    ".",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "..",
    "../secret.ipynb",
    "a/../../secret.ipynb",
    "a/b/../../../secret.ipynb",
    "./../secret.ipynb",
    "a/..",
    "..\\secret.ipynb",
    "a\\..\\..\\secret.ipynb",
    "\\\\host\\share\\n.ipynb",
    "C:/secret.ipynb",
    "c:secret.ipynb",
    "file:///etc/passwd",
    "s3://bucket/n.ipynb",
    "http://127.0.0.1/n.ipynb",
    "%2e%2e/secret.ipynb",
    "..%2fsecret.ipynb",
    "a%2F..%2F..%2Fsecret.ipynb",
    "%252e%252e%252fsecret.ipynb",
    "a%5c..%5csecret.ipynb",
    "n.ipynb%00.txt",
    "n.ipynb\0",
    "\0",
    "a\nb.ipynb",
    "link_out.ipynb",
    "folder_out/secret.ipynb",
    "folder_out/../n.ipynb",
    "chain.ipynb",
    ".hidden.ipynb",
    ".hidden/n.ipynb",
    "a/.hidden/n.ipynb",
    "link_to_hidden.ipynb",
    "root-evil/../../root-evil/n.ipynb",
    "x" * 5000,
)
NOT_THERE = ("nosuch.ipynb", "a", "pipe.ipynb", "x" * 300 + ".ipynb", "n.ipynb/n.ipynb", "loop.ipynb", "~/n.ipynb", "-")


def prepare(root: Path) -> None:
    """A folder with what attackers look for around and within."""
    for name in (".hidden", "a/.hidden"):
        (root / name).mkdir(parents=True)
        write_notebook(root / name / "n.ipynb", *TWO_STEPS)
    beside = root.parent / f"{root.name}-evil"
    beside.mkdir()
    for path in (root / "n.ipynb", root / ".hidden.ipynb", root.parent / "secret.ipynb", beside / "n.ipynb"):
        write_notebook(path, *TWO_STEPS)
    (root / "link_out.ipynb").symlink_to(root.parent / "secret.ipynb")
    (root / "folder_out").symlink_to(root.parent)
    (root / "chain.ipynb").symlink_to("link_out.ipynb")
    (root / "link_to_hidden.ipynb").symlink_to(".hidden/n.ipynb")
    (root / "link_within.ipynb").symlink_to("n.ipynb")
    (root / "loop.ipynb").symlink_to("loop.ipynb")
    os.mkfifo(root / "pipe.ipynb")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder served."""
    found = tmp_path / "root"
    found.mkdir()
    prepare(found)
    return found


@pytest.mark.parametrize("path", OUT)
def test_no_way_out(root: Path, path: str) -> None:
    """Whatever leads out, is hidden, or could mean something else to somebody is refused: to read and to write."""
    contents = Contents(root)
    for use in (contents.notebook, contents.unsaved, contents.output):
        with pytest.raises(ServiceError) as refused:
            use(path)
        assert ("N2P853", 403) == (refused.value.code, refused.value.status)


@pytest.mark.parametrize("path", NOT_THERE)
def test_nothing_there(root: Path, path: str) -> None:
    """What is no file is not there: a folder, a pipe (which would be waited for), a link to itself, a name too long."""
    with pytest.raises(ServiceError) as refused:
        Contents(root).notebook(path)
    assert ("N2P854", 404) == (refused.value.code, refused.value.status)


def test_what_is_served(root: Path) -> None:
    """Plain paths, links within, and hidden files where Jupyter shows them; a root that is itself a link is one."""
    path = str(root / "n.ipynb")
    contents = Contents(root)
    for word in ("n.ipynb", "./n.ipynb", "link_within.ipynb"):
        assert path == contents.notebook(word)
    assert str(root / ".hidden.ipynb") == Contents(root, shows_hidden=True).notebook(".hidden.ipynb")
    assert ("n.ipynb", None) == (contents.relative(path), contents.relative(str(root.parent / "secret.ipynb")))
    unnamed = ("n.ipynb", str(root), str(root / ".hidden/n.ipynb"))
    assert [None, None, None] == [contents.relative(each) for each in unnamed]
    odd = write_notebook(root / "été 100% ünï ~.ipynb", *TWO_STEPS)
    assert odd == contents.notebook("été 100% ünï ~.ipynb")


def test_without_a_folder() -> None:
    """A contents manager without a folder serves no path, but a notebook's text can have a name."""
    contents = Contents(None, manager="S3Manager")
    assert "n.ipynb" == contents.unsaved("a/n.ipynb")
    with pytest.raises(ServiceError, match="S3Manager"):
        contents.notebook("a/n.ipynb")


@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", "/notebooks/check", {}),
        ("POST", "/notebooks/check", {"text": "{}"}),
        ("POST", "/notebooks/tags", {}),
        ("POST", "/notebooks/why", {"source": "a", "target": "b"}),
        ("POST", "/runs", {}),
        ("POST", "/runs", {"text": "{}"}),
        ("POST", "/schedules", {"cron": "0 7 * * *"}),
    ],
)
def test_every_operation_resolves(server: Server, api: Api, method: str, address: str, body: dict[str, str]) -> None:
    """No operation that names a notebook takes a path that leads out; nothing of the file stands in the answer."""
    secret = write_notebook(server.root.parent / "secret.ipynb", *TWO_STEPS)
    link = server.root / "out.ipynb"
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    for path in ("../secret.ipynb", secret, "out.ipynb", "..%2fsecret.ipynb"):
        assert "N2P853" == api.refused(403, method, address, {**body, "path": path})["code"]


def test_addresses_and_queries(server: Server, api: Api) -> None:
    """Paths in queries are resolved as well, and encoded slashes in an address are no way to files."""
    for word in ("..%2Fsecret.ipynb", "%2Fetc%2Fpasswd", "%252e%252e%252fx"):
        assert "N2P853" == api.refused(403, "GET", f"/runs?notebook={word}")["code"]
        assert "N2P853" == api.refused(403, "GET", f"/lineage?path={word}")["code"]
        assert "N2P854" == api.refused(404, "GET", f"/runs/{word}/notebook")["code"]
        assert "N2P854" == api.refused(404, "GET", f"/runs/{word}/steps/{word}/log")["code"]
    assert "N2P854" == api.refused(404, "GET", "/runs/%00")["code"]
    assert "N2P701" == api.refused(404, "GET", "/lineage?name=%2Fetc%2Fpasswd")["code"]
    body = {"path": "n.ipynb", "output": "../out.ipynb"}
    write_notebook(server.root / "n.ipynb", *TWO_STEPS)
    assert "N2P853" == api.refused(403, "POST", "/runs", body)["code"]
