"""Locales without the signs of a notebook, and names that are wide on a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nb2pipe.report.words import display_width, padded
from tests.app.samples import write_notebook
from tests.cli.calling import call
from tests.notebook.building import code

WIDE = (
    code("print('訓練 ü')", "step:訓練模型"),
    code("y = '\ud83d\ude00'\nprint(y)", "step:ä-name-that-is-longer-than-all-the-others-are"),
    code("print(1)", "step:ab"),
)
POSIX = {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_whatever_the_locale(tmp_path: Path, encoding: str) -> None:
    """JSON and notebooks in a pipe are UTF-8, and nothing fails for a sign that the locale lacks."""
    path = write_notebook(tmp_path / "n.ipynb", *WIDE)
    locale = {"PYTHONIOENCODING": encoding}
    executed = json.loads(call("run", path, "-", env=locale).stdout.decode("utf-8"))
    assert "訓練 ü\n" == executed["cells"][0]["outputs"][0]["text"]
    for words in (("run", path, "--json"), ("runs", "show", "--json"), ("show", path, "--json")):
        assert "訓練模型" in json.dumps(json.loads(call(*words, env=locale).stdout.decode("utf-8")), ensure_ascii=False)
    for text in (f"run {path}", f"show {path}", f"check {path}", "runs", "runs show", "logs"):
        done = call(*text.split(), env=locale)
        assert (0, False) == (done.returncode, b"Traceback" in done.stderr), text


def test_a_locale_whose_files_cannot_be_named_so(tmp_path: Path) -> None:
    """Where the locale cannot name a step's folder, what to set is said in one line."""
    path = write_notebook(tmp_path / "n.ipynb", *WIDE)
    done = call("run", path, env=POSIX)
    assert 1 == done.returncode
    assert b"PYTHONUTF8=1" in done.stderr
    assert b"Traceback" not in done.stderr


def test_lone_surrogates_can_be_printed(tmp_path: Path) -> None:
    """Half a character, as JSON may hold one, is written as its code."""
    path = write_notebook(tmp_path / "n.ipynb", code("s = '\ud800'", "parameters"), code("t = len(s)", "step:a"))
    for words in (("show",), ("run", "--help-notebook"), ("run",), ("run", "--json"), ("check",)):
        done = call(*words, path)
        assert b"Traceback" not in done.stderr
        assert done.returncode in (0, 2)


def test_steps_are_drawn_in_columns(tmp_path: Path) -> None:
    """Cells stand below each other though names are wide."""
    shown = call("show", write_notebook(tmp_path / "n.ipynb", *WIDE)).stdout.decode("utf-8").splitlines()
    [wide] = [line for line in shown if "● 訓練模型" in line]
    [narrow] = [line for line in shown if "● ab " in line]
    assert display_width(narrow.partition("cell ")[0]) == display_width(wide.partition("cell ")[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ab", "ab  "), ("日本", "日本"), ("日", "日  "), ("e\u0301", "e\u0301   "), ("abcdef", "abcdef")],
)
def test_padding(text: str, expected: str) -> None:
    """Texts are filled up by the columns that they take; wider ones are kept."""
    assert expected == padded(text, 4)
