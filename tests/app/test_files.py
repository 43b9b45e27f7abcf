"""Writing where a user points."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from nb2pipe.app.files import check_writable, is_remote, notebook_json, write_text
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
    for fine in ("", "-", "s3://bucket/key", str(tmp_path / "new")):
        check_writable(fine, "it")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("s3://b/k", True), ("gs://b/k", True), ("https://x/y", True), ("C:/x", False), ("./a://b", False), ("-", False)],
)
def test_remote(path: str, expected: bool) -> None:
    """Only what begins with a scheme is left to papermill."""
    assert expected == is_remote(path)


def test_notebooks_are_written_as_nbformat_writes_them() -> None:
    """Sorted keys, an indent of one, text as it is, a line end at the end."""
    assert '{\n "a": "ü",\n "b": 1\n}\n' == notebook_json({"b": 1, "a": "ü"})
