"""Writing where a user points."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from nb2pipe.app.files import check_apart, check_writable, notebook_json, write_text
from nb2pipe.errors import ExecutionError, SettingsError


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    """A file is replaced, keeps its permissions, and nothing else is left behind."""
    path = tmp_path / "out.txt"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o600)
    write_text(str(path), "new ü \ud800", "it")
    assert "new ü \\ud800" == path.read_text("utf-8")
    assert 0o600 == path.stat().st_mode & 0o777
    assert [path] == list(tmp_path.iterdir())


def test_links_and_pipes_stay_what_they_are(tmp_path: Path) -> None:
    """A link is followed, a named pipe is written to."""
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    target.write_text("", encoding="utf-8")
    link.symlink_to(target)
    write_text(str(link), "text", "it")
    assert ("text", True) == (target.read_text("utf-8"), link.is_symlink())
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")))
    reader.start()
    write_text(str(pipe), "through", "it")
    reader.join()
    assert ["through"] == read


def test_what_cannot_be_written(tmp_path: Path) -> None:
    """A missing folder is refused beforehand, and an error of ours afterwards."""
    missing = str(tmp_path / "no" / "out.ipynb")
    with pytest.raises(SettingsError, match="no folder"):
        check_writable(missing, "it")
    with pytest.raises(SettingsError, match="is a folder"):
        check_writable(str(tmp_path), "it")
    with pytest.raises(ExecutionError, match="could not be written"):
        write_text(missing, "x", "it")
    for fine in ("", "-", "https://host/key", str(tmp_path / "new")):
        check_writable(fine, "it")


def test_nothing_is_written_over_what_the_same_command_reads_or_writes(tmp_path: Path) -> None:
    """Two ways to write one path are one file; a place that takes anything may be named twice."""
    notebook = tmp_path / "n.ipynb"
    (tmp_path / "link").symlink_to(notebook)
    for other in (notebook, tmp_path / "sub" / ".." / "n.ipynb", tmp_path / "link"):
        with pytest.raises(SettingsError, match="the notebook and the report are the same file") as caught:
            check_apart(("the notebook", str(notebook)), ("the report", str(other)))
        assert "Name another for the report." == caught.value.hint
    fine = ("/dev/null", "/dev/null", "-", "-", "", "", "s3://b/k", "s3://b/k", str(notebook))
    check_apart(*((f"place {number}", path) for number, path in enumerate(fine)))


def test_notebooks_are_written_as_nbformat_writes_them() -> None:
    """Sorted keys, an indent of one, text as it is, a line end at the end."""
    assert '{\n "a": "ü",\n "b": 1\n}\n' == notebook_json({"b": 1, "a": "ü"})
