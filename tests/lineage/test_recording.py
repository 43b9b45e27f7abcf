"""What a run records of what its steps used."""

from __future__ import annotations

import hashlib
import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.run import run_notebook
from nb2pipe.execution.digests import BIG_BYTES, file_digest
from nb2pipe.execution.session.urls import request_url
from nb2pipe.model import DataUse, Input, State, StepRun
from nb2pipe.store import open_store
from tests.app.samples import request, settings_in, write_notebook
from tests.notebook.building import code


def sha256(text: str) -> str:
    """Digest of a text's bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


def run_steps(folder: Path, *cells: dict[str, Any]) -> dict[str, StepRun]:
    """Run cells as a notebook in ``folder``; its steps as the store has them, by name."""
    settings = settings_in(folder / "home", jobs=1)
    result = run_notebook(request(write_notebook(folder / "n.ipynb", *cells)), settings)
    assert State.SUCCEEDED is result.state, result.failures
    with open_store(settings.store_url, settings.home) as store:
        return {step.step: step for step in store.step_runs(result.id)}


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a,b\n1,2\n")

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def server() -> Iterator[str]:
    """The URL of a server that answers every request with a table."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answer) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_address[1]}"
        http.shutdown()


def test_files_and_values_are_recorded(tmp_path: Path) -> None:
    """Files have digest and size as they were when read, values their artifact; for cached steps as well."""
    (tmp_path / "in.csv").write_text("1\n")
    cells = (
        code("text = open('in.csv').read()", "step:load"),
        code("open('out.csv', 'w').write(text * 2)\nn = len(text)", "step:save"),
        code("with open('out.csv', 'r+') as f:\n    f.read(); f.write('more')", "step:change"),
        code("print(n)", "step:show"),
    )
    for expected in (State.SUCCEEDED, State.CACHED):
        (tmp_path / "out.csv").write_text("1\n1\n1\n" if expected is State.SUCCEEDED else "1\n1\nmore")
        steps = run_steps(tmp_path, *cells)
        assert expected is steps["load"].state
        assert (DataUse("read", str(tmp_path / "in.csv"), sha256("1\n"), 2),) == steps["load"].data
        [artifact] = [item for item in steps["load"].artifacts if item.name == "text"]
        assert (Input("text", artifact.digest, artifact.group, "load"),) == steps["save"].inputs
        assert (DataUse("written", str(tmp_path / "out.csv"), sha256("1\n1\n"), 4),) == steps["save"].data
        assert (
            DataUse("read", str(tmp_path / "out.csv"), sha256("1\n1\n"), 4),
            DataUse("written", str(tmp_path / "out.csv"), sha256("1\n1\nmore"), 8),
        ) == steps["change"].data
        assert ["n"] == [item.name for item in steps["show"].inputs]
        assert steps["show"].observation.python.startswith("CPython 3.")


def test_what_is_no_use_of_data(tmp_path: Path) -> None:
    """A file read back after it was written is only written; one left as it was is only read."""
    for name in ("back.txt", "gone.txt"):
        (tmp_path / name).write_text("old")
    cells = (
        code("open('back.txt', 'w').write('new')\nprint(open('back.txt').read())", "step:back"),
        code("import sqlite3\nsqlite3.connect('base.db').execute('create table if not exists t (a)')", "step:make"),
        code("print(sqlite3.connect('base.db').execute('select * from t').fetchall())", "step:ask", "after:make"),
        code("import os\nos.remove('gone.txt')\nprint(os.path.exists('never.txt'), os.listdir('.'))", "step:remove"),
    )
    steps = run_steps(tmp_path, *cells)
    uses = {name: [(use.use, Path(use.path).name) for use in step.data] for name, step in steps.items()}
    assert [("written", "back.txt")] == uses["back"]
    assert [("written", "base.db")] == uses["make"]
    assert [("read", "base.db")] == uses["ask"]
    assert [("removed", "gone.txt")] == uses["remove"]


def test_a_file_that_others_changed_meanwhile(tmp_path: Path) -> None:
    """A file that is not as it was when it was read has no digest: what was read cannot be known any more."""
    (tmp_path / "in.txt").write_text("old")
    source = (
        "import subprocess\ntext = open('in.txt').read()\n"
        "subprocess.run(['sh', '-c', 'echo newer > in.txt'], check=True)"
    )
    steps = run_steps(tmp_path, code(source, "step:a"))
    assert (DataUse("read", str(tmp_path / "in.txt"), "", 6),) == steps["a"].data


def test_urls_are_recorded(tmp_path: Path, server: str) -> None:
    """URLs asked for and sent to, with secrets in them masked."""
    source = (
        "import pandas, urllib.request\n"
        f"df = pandas.read_csv('{server}/data.csv?token=abc')\n"
        f"urllib.request.urlopen(urllib.request.Request('{server}/put', data=b'x', method='PUT')).read()"
    )
    steps = run_steps(tmp_path, code(source, "step:a"))
    assert (
        DataUse("read", f"{server}/data.csv?token=***"),
        DataUse("written", f"{server}/put"),
    ) == steps["a"].data


class _Connection:
    def __init__(self, host: str, port: int, default: int, tunnel: str | None = None) -> None:
        self.host, self.port, self.default_port = host, port, default
        self._tunnel_host, self._tunnel_port = tunnel, 443


@pytest.mark.parametrize(
    ("expected", "connection", "data"),
    [
        (("read", "https://h/a?b=1"), _Connection("h", 443, 443), b"GET /a?b=1 HTTP/1.1\r\nHost: h\r\n\r\n"),
        (("read", "http://[::1]:8080/"), _Connection("::1", 8080, 80), b"HEAD / HTTP/1.1\r\n\r\n"),
        (("written", "https://real/x"), _Connection("proxy", 3128, 443, "real"), b"PUT /x HTTP/1.1\r\n\r\n"),
        (("read", "http://real/x"), _Connection("proxy", 3128, 80), b"GET http://real/x HTTP/1.1\r\n\r\n"),
        (
            ("read", "https://h/?X-Amz-Security-Token=***"),
            _Connection("h", 443, 443),
            b"GET /?X-Amz-Security-Token=a HTTP/1.1\r\n",
        ),
        (None, _Connection("h", 443, 443), b"CONNECT h:443 HTTP/1.1\r\n\r\n"),
        (None, _Connection("h", 443, 443), b"the body of a request"),
        (None, _Connection("h", 443, 443), object()),
    ],
)
def test_what_requests_ask_for(expected: object, connection: _Connection, data: object) -> None:
    """A URL by scheme, host, port and proxy; nothing for what is no request for data."""
    assert expected == request_url(connection, data)


def test_digests_of_big_files_are_remembered(tmp_path: Path) -> None:
    """A big file is read through once, and again when it changes; a small or fresh one is read every time."""
    path, memory = tmp_path / "big", tmp_path / "memory"
    path.write_bytes(b"x" * BIG_BYTES)
    first = file_digest(str(path), memory)
    assert not memory.exists(), "just written: it may change again within the same tick of the clock"
    old = time.time_ns() - 10 * 10**9
    os.utime(path, ns=(old, old))
    [place] = _remembered_long_ago(path, memory)
    place.write_text(json.dumps({**json.loads(place.read_text()), "digest": "looked up"}))
    assert "looked up" == file_digest(str(path), memory)
    path.write_bytes(b"y" * BIG_BYTES)
    assert first != file_digest(str(path), memory) != "looked up"
    place.write_text("{")
    assert file_digest(str(path)) == file_digest(str(path), memory)


def _remembered_long_ago(path: Path, memory: Path) -> list[Path]:
    """The entry of a file, made as if the file had not been changed for a while."""
    status = path.stat()
    marks = [status.st_size, status.st_ino, status.st_mtime_ns, status.st_ctime_ns]
    memory.mkdir()
    place = memory / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    place.write_text(json.dumps({"marks": marks, "digest": file_digest(str(path))}))
    return [place]
