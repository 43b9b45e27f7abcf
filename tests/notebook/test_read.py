"""Reading notebooks that are as they should be, and nearly so."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nb2pipe.errors import NotebookError
from nb2pipe.model.notebook import Role
from nb2pipe.notebook import read_notebook
from tests.notebook.building import code, codes, document, markdown

GOOD = json.dumps(document(markdown("# Ä"), code("print('é')", "step:load"), code("")), ensure_ascii=False)


class _Files(BaseHTTPRequestHandler):
    """Serves one notebook, as text without a named encoding, and nothing else."""

    def do_GET(self) -> None:
        """Answer with the notebook, or with an error page."""
        found = self.path == "/good.ipynb"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(GOOD.encode() if found else b"<html>not here</html>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web() -> Iterator[str]:
    """The address of a web server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def write(folder: Path, text: str | bytes, name: str = "a.ipynb") -> str:
    """A file of this text, line ends as they are."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_cells_are_read_with_text_tags_and_meaning(tmp_path: Path) -> None:
    """A file becomes cells with kind, source, tags and what the tags mean."""
    path = write(tmp_path, GOOD)
    notebook = read_notebook(path)
    assert ["markdown", "code", "code"] == [cell.kind for cell in notebook.cells]
    assert "print('é')" == notebook.cells[1].source
    assert (Role.STEP, "load") == (notebook.cells[1].tag.role, notebook.cells[1].tag.step)
    assert [False, True, False] == [cell.is_code for cell in notebook.cells]
    assert (str(tmp_path), path) == (notebook.folder, notebook.path)


def test_text_and_digest_are_those_of_the_file(tmp_path: Path) -> None:
    """Text is kept to the byte, Windows line ends included, and the digest is the file's."""
    data = json.dumps(document(code()), indent=1).replace("\n", "\r\n").encode()
    notebook = read_notebook(write(tmp_path, data))
    assert data.decode() == notebook.text
    assert hashlib.sha256(data).hexdigest() == notebook.digest


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    """A file that some editor began with a byte-order mark is read, and its text keeps the mark."""
    notebook = read_notebook(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()))
    assert (3, "\ufeff") == (len(notebook.cells), notebook.text[0])


def test_source_may_be_a_list_of_lines() -> None:
    """Jupyter writes sources as lists of lines; they are joined as they are."""
    lines = {**code(), "source": ["a = 1\n", "b = 2"]}
    notebook = read_notebook("a.ipynb", text=json.dumps(document(lines)))
    assert "a = 1\nb = 2" == notebook.cells[0].source


def test_standard_input_is_read(tmp_path: Path) -> None:
    """The path ``-`` reads standard input, and relative paths mean the working directory."""
    program = "from nb2pipe.notebook import read_notebook as r; n = r('-'); print(n.path, n.folder, len(n.cells))"
    result = subprocess.run(
        [sys.executable, "-c", program], input=GOOD.encode(), capture_output=True, cwd=tmp_path, check=True
    )
    assert f"- {os.path.realpath(tmp_path)} 3\n" == result.stdout.decode()


def test_urls_are_read_as_utf_8(web: str) -> None:
    """A notebook at a URL is read by papermill's rules, and as UTF-8 though the server names no encoding."""
    assert "print('é')" == read_notebook(f"{web}/good.ipynb").cells[1].source


@pytest.mark.parametrize("address", ["/none.ipynb", None])
def test_urls_that_fail_are_errors(web: str, address: str | None) -> None:
    """An error page is no notebook, nor is a scheme that nobody knows."""
    with pytest.raises(NotebookError) as caught:
        read_notebook(f"{web}{address}" if address else "nowhere://a.ipynb")
    assert ["N2P001"] == codes(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, ("python3", "python")),
        ({"kernelspec": {"name": "ir", "language": "R"}}, ("ir", "r")),
        ({"kernelspec": {"name": "conda-x"}, "language_info": {"name": "Python"}}, ("conda-x", "python")),
        ({"kernelspec": None, "language_info": "odd"}, ("python3", "python")),
    ],
)
def test_kernel_and_language(metadata: dict[str, object], expected: tuple[str, str]) -> None:
    """Kernel and language are found where papermill finds them, and are Python's where none is named."""
    raw = {**document(code()), "metadata": metadata}
    notebook = read_notebook("a.ipynb", text=json.dumps(raw))
    assert (expected, ()) == ((notebook.kernel_name, notebook.language), notebook.diagnostics)


def test_a_language_without_kernel_is_an_error() -> None:
    """A notebook in R that names no kernel cannot be started."""
    raw = {**document(code()), "metadata": {"language_info": {"name": "R"}}}
    assert ["N2P012"] == codes(read_notebook("a.ipynb", text=json.dumps(raw)).diagnostics)


def test_missing_ids_are_made_up_by_position() -> None:
    """A file of nbformat 4.4 has no ids: they are made up, the same each time, in cells and document."""
    raw = document(code(), code("y = 2"))
    for cell in raw["cells"]:
        del cell["id"]
    notebook = read_notebook("a.ipynb", text=json.dumps({**raw, "nbformat_minor": 4}))
    assert ["cell-1", "cell-2"] == [cell.id for cell in notebook.cells]
    assert ["cell-1", "cell-2"] == [cell["id"] for cell in notebook.document["cells"]]
    assert (5, ()) == (notebook.document["nbformat_minor"], notebook.diagnostics)


def test_duplicate_and_illegal_ids_are_replaced_with_a_warning() -> None:
    """The first of two cells with one id keeps it; made-up ids never clash with real ones."""
    raw = document(code(id="a"), code(), code(), code())
    for cell, cell_id in zip(raw["cells"], ["a", "a", "cell-2", "not legal!"], strict=True):
        cell["id"] = cell_id
    notebook = read_notebook("a.ipynb", text=json.dumps(raw))
    assert ["a", "cell-2-2", "cell-2", "cell-4"] == [cell.id for cell in notebook.cells]
    found = [(item.code, item.severity, item.cell_index) for item in notebook.diagnostics]
    assert [("N2P010", "warning", 1), ("N2P011", "warning", 3)] == found


def test_parts_that_other_tools_leave_out_are_filled_in() -> None:
    """Cells without metadata, outputs and counts, as scripts write them, are read."""
    raw = {"cells": [{"cell_type": "code", "source": "x = 1"}], "nbformat": 4}
    cell = read_notebook("a.ipynb", text=json.dumps(raw)).document["cells"][0]
    assert ({}, [], None, "cell-1") == (cell["metadata"], cell["outputs"], cell["execution_count"], cell["id"])


def test_old_versions_are_upgraded() -> None:
    """nbformat 3 is upgraded in memory, with a note; its text stays."""
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Load"]},
        {"cell_type": "code", "input": ["x = 1"], "language": "python", "metadata": {}, "outputs": []},
    ]
    old = {"metadata": {"name": "old"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    notebook = read_notebook("a.ipynb", text=json.dumps(old))
    assert [("markdown", "## Load"), ("code", "x = 1")] == [(cell.kind, cell.source) for cell in notebook.cells]
    assert (4, json.dumps(old)) == (notebook.document["nbformat"], notebook.text)
    assert ["cell-1", "cell-2"] == [cell.id for cell in notebook.cells]
    assert [("N2P006", "info")] == [(item.code, item.severity) for item in notebook.diagnostics]


@pytest.mark.parametrize(
    "old",
    [
        {"nbformat": 1, "cells": [{"cell_type": "code", "code": "x = 1"}]},
        {
            "nbformat": 2,
            "metadata": {},
            "worksheets": [{"cells": [{"cell_type": "code", "input": "x = 1", "language": "python", "outputs": []}]}],
        },
    ],
    ids=["1", "2"],
)
def test_the_oldest_versions_are_upgraded(old: dict[str, object]) -> None:
    """nbformat 1 and 2 too are brought to 4."""
    notebook = read_notebook("a.ipynb", text=json.dumps(old))
    assert (["x = 1"], ["N2P006"]) == ([cell.source for cell in notebook.cells], codes(notebook.diagnostics))


def test_newer_minor_versions_are_read_with_a_warning() -> None:
    """Minor versions only add, so 4.9 is read as 4.5."""
    notebook = read_notebook("a.ipynb", text=json.dumps({**document(code()), "nbformat_minor": 9}))
    assert [("N2P007", "warning")] == [(item.code, item.severity) for item in notebook.diagnostics]


def test_reading_loads_no_nbformat() -> None:
    """The hot path stays light: neither nbformat nor papermill is imported for an ordinary notebook."""
    program = (
        "import sys; from nb2pipe.notebook import read_notebook as r; r('a', text=sys.argv[1]);"
        "print(sorted({'nbformat', 'papermill', 'jsonschema', 'yaml'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program, GOOD], capture_output=True, check=True)
    assert b"[]\n" == result.stdout
