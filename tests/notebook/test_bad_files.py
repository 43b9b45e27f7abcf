"""Every file that is no usable notebook is a clear error with a code and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import NotebookError
from nb2pipe.notebook import read_notebook
from tests.notebook.building import code, codes, document, markdown

GOOD = json.dumps(document(code()), indent=1)


def with_cell(**changes: Any) -> str:
    """A notebook whose second cell is changed; None takes the key away."""
    cell = {key: value for key, value in {**code(), **changes}.items() if value is not None}
    return json.dumps(document(code(), cell))


FILES: list[tuple[str, str | bytes, str, str]] = [
    # what it is, the file, code, and a part of the message
    ("empty file", "", "N2P002", "an empty file"),
    ("blanks", " \n\n", "N2P002", "an empty file"),
    ("script", "import os\nprint(1)\n", "N2P002", "text but not a notebook"),
    ("web page", "<!DOCTYPE html><html></html>", "N2P002", "a web page"),
    ("other JSON", '{"name": "package"}', "N2P002", "no 'nbformat'"),
    ("list", "[1, 2]", "N2P002", "JSON (list)"),
    ("number", "5", "N2P002", "not a notebook"),
    ("cut off", GOOD[: len(GOOD) // 2], "N2P003", "cut off"),
    ("cut in a text", '{"nbformat": 4, "cel', "N2P003", "cut off"),
    ("missing comma", '{"nbformat": 4,\n "cells": [] "a": 1}', "N2P003", "line 2, column 14"),
    ("trailing comma", '{"nbformat": 4,\n "cells": [],\n}', "N2P003", "line 3, column 1"),
    ("merge conflict", GOOD.replace("\n", "\n<<<<<<< HEAD\n", 1), "N2P003", "merge conflict at line 2"),
    ("two documents", GOOD + GOOD, "N2P003", "Extra data"),
    ("nested deeply", '{"nbformat": 4, "cells": ' + "[" * 100_000 + "]" * 100_000 + "}", "N2P003", "nested too deeply"),
    ("huge number", '{"nbformat": ' + "9" * 5000 + "}", "N2P003", "damaged JSON"),
    ("Latin-1", GOOD.replace("x = 1", "é").encode("latin-1"), "N2P004", "byte 0xe9"),
    ("UTF-16", GOOD.encode("utf-16"), "N2P004", "not UTF-8"),
    ("version 5", '{"nbformat": 5, "cells": []}', "N2P005", "nbformat 5"),
    ("version 0", '{"nbformat": 0, "cells": []}', "N2P005", "nbformat 0"),
    ("version as text", '{"nbformat": "4", "cells": []}', "N2P005", "nbformat '4'"),
    ("version true", '{"nbformat": true, "cells": []}', "N2P005", "nbformat True"),
    ("no version", '{"cells": []}', "N2P005", "nbformat None"),
    ("odd minor", '{"nbformat": 4, "nbformat_minor": "x", "cells": []}', "N2P005", "nbformat_minor 'x'"),
    ("no cells", json.dumps(document()), "N2P008", "no cells"),
    ("no code", json.dumps(document(markdown("# Only words"), code("\n"))), "N2P008", "no code cell"),
    ("cells missing", '{"nbformat": 4}', "N2P009", "no list of 'cells'"),
    ("cells an object", '{"nbformat": 4, "cells": {}}', "N2P009", "no list of 'cells'"),
    ("4 with worksheets", '{"nbformat": 4, "worksheets": []}', "N2P009", "no list of 'cells'"),
    ("3 without worksheets", '{"nbformat": 3, "worksheets": 7}', "N2P009", "cannot be upgraded"),
    ("metadata a list", '{"nbformat": 4, "metadata": [], "cells": []}', "N2P009", "not an object"),
    ("cell a text", '{"nbformat": 4, "cells": ["x = 1"]}', "N2P009", "cell 1 is not an object"),
    ("unknown kind", with_cell(cell_type="heading"), "N2P009", "cell 2 has the kind 'heading'"),
    ("no kind", with_cell(cell_type=None), "N2P009", "cell 2 has the kind None"),
    ("source a number", with_cell(source=5), "N2P009", "cell 2 has no 'source'"),
    ("source missing", with_cell(source=None), "N2P009", "cell 2 has no 'source'"),
    ("source of numbers", with_cell(source=["x", 1]), "N2P009", "cell 2 has no 'source'"),
    ("cell metadata a text", with_cell(metadata="x"), "N2P009", "cell 2 has 'metadata'"),
    ("outputs an object", with_cell(outputs={}), "N2P009", "cell 2 has 'outputs'"),
]


@pytest.mark.parametrize(("data", "expected", "words"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_bad_file(tmp_path: Path, data: str | bytes, expected: str, words: str) -> None:
    """A bad file is refused with its code, its name and what is the matter; exit code 2."""
    path = tmp_path / "bad.ipynb"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(NotebookError) as caught:
        read_notebook(str(path))
    assert ([expected], 2) == (codes(caught.value.diagnostics), caught.value.exit_code)
    assert words in caught.value.message
    assert "bad.ipynb" in caught.value.message


def test_a_missing_file_names_the_one_that_is_close(tmp_path: Path) -> None:
    """A misspelt path proposes the notebook that is there."""
    (tmp_path / "churn_model.ipynb").write_text(GOOD)
    with pytest.raises(NotebookError, match="There is no file") as caught:
        read_notebook(str(tmp_path / "chrun-model.ipynb"))
    assert "churn_model.ipynb" in caught.value.hint


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """Where the folder is missing too, that is said."""
    with pytest.raises(NotebookError) as caught:
        read_notebook(str(tmp_path / "none" / "a.ipynb"))
    assert str(tmp_path / "none") in caught.value.hint


def test_a_folder_is_no_notebook(tmp_path: Path) -> None:
    """A folder is refused, with the notebooks that it holds."""
    (tmp_path / "inside.ipynb").write_text(GOOD)
    with pytest.raises(NotebookError, match="is a folder") as caught:
        read_notebook(str(tmp_path))
    assert (["N2P001"], "Notebooks in it: inside.ipynb.") == (codes(caught.value.diagnostics), caught.value.hint)


def test_other_reasons_of_the_system_are_told(tmp_path: Path) -> None:
    """Whatever else keeps the file from being read is said in the system's words."""
    loop = tmp_path / "loop.ipynb"
    loop.symlink_to(loop)
    with pytest.raises(NotebookError, match="cannot be read") as caught:
        read_notebook(str(loop))
    assert ["N2P001"] == codes(caught.value.diagnostics)


def test_a_path_with_a_null_byte_is_refused() -> None:
    """A path that no system can have is an error of ours too."""
    with pytest.raises(NotebookError, match="cannot be read"):
        read_notebook("a\0b.ipynb")
