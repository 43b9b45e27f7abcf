"""Notebooks that are read from and written to other machines, and addresses that nothing here can use."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nb2pipe.app.remote import PACKAGES, check_remote, is_remote
from nb2pipe.errors import SettingsError
from tests.app.samples import TWO_STEPS, outputs, write_notebook
from tests.cli.calling import call


@pytest.mark.parametrize(
    ("path", "expected"),
    [("s3://b/k", True), ("gs://b/k", True), ("https://x/y", True), ("C:/x", False), ("./a://b", False), ("-", False)],
)
def test_remote(path: str, expected: bool) -> None:
    """Only what begins with a scheme is left to papermill."""
    assert expected == is_remote(path)


@pytest.mark.parametrize("url", ["nosuch://host/out.ipynb", "ftp://host/out.ipynb", "https://github.com/a/b/out.ipynb"])
def test_places_that_nothing_writes_to(url: str) -> None:
    """A scheme that papermill does not know, or only reads, is refused before time is spent on a run."""
    with pytest.raises(SettingsError, match="papermill writes to no such place") as caught:
        check_remote(url, "it")
    assert "s3://" in caught.value.hint


@pytest.mark.parametrize("scheme", PACKAGES)
def test_places_whose_package_is_missing(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package that papermill needs, the refusal says what to install."""
    monkeypatch.setattr("nb2pipe.app.remote.find_spec", lambda module: None)
    with pytest.raises(SettingsError, match=f"{PACKAGES[scheme][0]}' is missing") as caught:
        check_remote(f"{scheme}://bucket/out.ipynb", "it")
    assert f"pip install '{PACKAGES[scheme][1]}'" == caught.value.hint


class Bucket(ThreadingHTTPServer):
    """A server that keeps what is put into it."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        super().__init__(("127.0.0.1", 0), _Requests)


class _Requests(BaseHTTPRequestHandler):
    server: Bucket

    def do_GET(self) -> None:
        found = self.server.kept.get(self.path)
        self.send_response(200 if found is not None else 404)
        self.end_headers()
        self.wfile.write(found or b"rows: 5")

    def do_PUT(self) -> None:
        self.server.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403 if "closed" in self.path else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """A server that runs."""
    with Bucket() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_from_there_and_back(bucket: Bucket, tmp_path: Path) -> None:
    """Notebook and parameters come from a server; executed notebook and report go to it."""
    bucket.kept["/in.ipynb"] = Path(write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)).read_bytes()
    bucket.kept["/p.yaml"] = b"rows: 4"
    at = f"http://127.0.0.1:{bucket.server_port}"
    done = call("run", f"{at}/in.ipynb", f"{at}/out.ipynb", "-f", f"{at}/p.yaml", "--report", f"{at}/r.html")
    assert (0, False) == (done.returncode, b"Warning" in done.stderr), done
    assert "made 4\n" in outputs(json.loads(bucket.kept["/out.ipynb"]))
    assert bucket.kept["/r.html"].startswith(b"<!DOCTYPE html>")


def test_a_server_that_refuses_costs_nothing(bucket: Bucket, tmp_path: Path) -> None:
    """When the executed notebook cannot be put where it was wanted, it is kept, and the exit code says so."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = call("run", path, f"http://127.0.0.1:{bucket.server_port}/closed.ipynb")
    assert 1 == done.returncode
    [kept] = [line for line in done.stdout.decode().splitlines() if "is kept in" in line]
    assert "made 3\n" in outputs(json.loads(Path(kept.split("'")[1]).read_text("utf-8")))


def test_parameters_that_are_not_there(bucket: Bucket, tmp_path: Path) -> None:
    """What a server says instead of a parameter file is not taken for one, even where it reads like one."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    done = call("run", path, "-f", f"http://127.0.0.1:{bucket.server_port}/nosuch.yaml")
    assert (2, b"", True) == (done.returncode, done.stdout, b"404" in done.stderr)


def test_schemes_are_told_from_paths_without_a_warning() -> None:
    """papermill warns of names that do not end in .ipynb, which is no matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_remote("https://host/report.html", "it")
