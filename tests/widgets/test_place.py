"""Which notebook a cell belongs to, as editors and servers tell."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nb2pipe.errors import NotFoundError, SettingsError
from nb2pipe.widgets.place import notebook_given, notebook_here
from nb2pipe.widgets.sessions import notebook_of_kernel

TOKEN = "t" * 8


@dataclass
class Server:
    """A Jupyter server as far as its sessions go."""

    sessions: Any
    status: int = 200
    location: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """The server's URL while it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append((self.path, self.headers.get("Authorization", "")))
            self.send_response(server.status)
            if server.location:
                self.send_header("Location", server.location)
            self.end_headers()
            self.wfile.write(json.dumps(server.sessions).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    own = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=own.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{own.server_port}/base/"
    finally:
        own.shutdown()
        own.server_close()
        thread.join()


def kernel_file(folder: Path, url: str, root: Path | None) -> str:
    """The connection file of kernel ``k1`` beside the runtime file of a server."""
    server = {"url": url, "token": TOKEN, "root_dir": None if root is None else str(root)}
    (folder / "jpserver-1.json").write_text(json.dumps(server), encoding="utf-8")
    (folder / "jpserver-2.json").write_text("not JSON", encoding="utf-8")
    return str(folder / "kernel-k1.json")


def session(kernel: str, path: str) -> dict[str, Any]:
    """One session as a Jupyter server lists it."""
    return {"kernel": {"id": kernel}, "path": path, "type": "notebook"}


def shell(file: str = "", **names: Any) -> Any:
    """IPython's shell as far as it is asked: the kernel's connection file, and the user's names."""
    application = SimpleNamespace(abs_connection_file=file)
    return SimpleNamespace(user_ns=names, kernel=SimpleNamespace(parent=application))


@pytest.mark.parametrize("path", ["sub/n.ipynb", "RTC:sub/n.ipynb"])
def test_jupyter_session(tmp_path: Path, path: str) -> None:
    """The server whose runtime file stands beside the kernel's names the notebook, wherever it was renamed to."""
    notebook = tmp_path / "sub/n.ipynb"
    notebook.parent.mkdir()
    notebook.write_text("{}", encoding="utf-8")
    server = Server([None, {"kernel": 1}, session("k0", "other.ipynb"), session("k1", path)])
    with serving(server) as url:
        file = kernel_file(tmp_path, url, tmp_path)
        assert notebook == notebook_here(shell(file), {"JPY_SESSION_NAME": str(tmp_path / "old.ipynb")}, {})
    assert [("/base/api/sessions", f"token {TOKEN}")] == server.asked


@pytest.mark.parametrize(
    "server",
    [
        Server([session("k0", "n.ipynb")]),
        Server([session("k1", "a console")]),
        Server({"message": "Forbidden"}, status=403),
        Server("not a list"),
    ],
    ids=["another kernel", "a console", "forbidden", "no sessions"],
)
def test_jupyter_knows_no_notebook(tmp_path: Path, server: Server) -> None:
    """A server that knows no notebook of this kernel, or is none, names none."""
    with serving(server) as url:
        assert "" == notebook_of_kernel(kernel_file(tmp_path, url, tmp_path))


def test_token_stays_with_its_server(tmp_path: Path) -> None:
    """A server that sends elsewhere is not followed there, and one that is gone names no notebook."""
    elsewhere = Server([session("k1", "n.ipynb")])
    with serving(elsewhere) as other, serving(Server([], status=302, location=f"{other}api/sessions")) as url:
        assert "" == notebook_of_kernel(kernel_file(tmp_path, url, tmp_path))
    assert [] == elsewhere.asked
    assert "" == notebook_of_kernel(kernel_file(tmp_path, url, tmp_path))
    assert "" == notebook_of_kernel(kernel_file(tmp_path, url, None))


def test_editors_and_servers(tmp_path: Path) -> None:
    """VS Code names the file in a variable, an older Jupyter server in the environment."""
    notebook = tmp_path / "n.ipynb"
    notebook.write_text("{}", encoding="utf-8")
    assert notebook == notebook_here(shell(__vsc_ipynb_file__=str(notebook)), {}, {})
    assert notebook == notebook_here(shell(), {"JPY_SESSION_NAME": str(notebook)}, {})


@pytest.mark.parametrize(
    ("names", "env", "said"),
    [
        ({}, {}, "cannot tell which notebook this is"),
        ({}, {"JPY_SESSION_NAME": "/x/Console 1"}, "cannot tell which notebook this is"),
        ({"__vsc_ipynb_file__": "Untitled-1.ipynb"}, {}, "'Untitled-1.ipynb' is no saved file"),
        ({}, {"JPY_SESSION_NAME": "/x/gone.ipynb"}, "'/x/gone.ipynb' is no saved file"),
    ],
)
def test_nobody_tells(names: dict[str, Any], env: dict[str, str], said: str) -> None:
    """Where nobody tells, or the notebook is not saved, the error says to give the path."""
    with pytest.raises(NotFoundError, match=said) as caught:
        notebook_here(shell(**names), env, {})
    assert "Give its path: nb2pipe.panel('NAME.ipynb')" in caught.value.hint
    with pytest.raises(NotFoundError, match="cannot tell"):
        notebook_here(None, {}, {})


def test_colab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Colab hands the notebook over; a copy of it stands beside the kernel, under a name that leads nowhere else."""
    monkeypatch.chdir(tmp_path)
    notebook = {"cells": [], "metadata": {"colab": {"name": "../a <b>.ipynb"}}, "nbformat": 4, "nbformat_minor": 0}
    message = SimpleNamespace(blocking_request=lambda name, request, timeout_sec: {"ipynb": notebook})
    path = notebook_here(None, {}, {"google.colab": SimpleNamespace(_message=message)})
    assert (tmp_path, "_a _b_.nb2pipe.ipynb") == (path.parent, path.name)
    assert notebook == json.loads(path.read_text("utf-8"))


def _silent(name: str, request: str, timeout_sec: int) -> None:
    raise TimeoutError("no answer")


@pytest.mark.parametrize(
    "colab",
    [
        SimpleNamespace(),
        SimpleNamespace(_message=SimpleNamespace(blocking_request=_silent)),
        SimpleNamespace(_message=SimpleNamespace(blocking_request=lambda name, request, timeout_sec: None)),
    ],
    ids=["another Colab", "no answer", "nothing"],
)
def test_colab_does_not_tell(colab: Any) -> None:
    """A Colab that does not hand the notebook over is an error that says what to do."""
    with pytest.raises(SettingsError) as caught:
        notebook_here(None, {}, {"google.colab": colab})
    assert "path" in caught.value.hint


def test_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path that the user gives is made absolute; what is no file of a folder is refused."""
    (tmp_path / "n.ipynb").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert tmp_path / "n.ipynb" == notebook_given("n.ipynb")
    with pytest.raises(NotFoundError, match=r"there is no notebook 'm\.ipynb'"):
        notebook_given("m.ipynb")
    for path in ("s3://bucket/n.ipynb", "-"):
        with pytest.raises(SettingsError, match="in a folder"):
            notebook_given(path)
