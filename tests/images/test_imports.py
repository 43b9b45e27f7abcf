"""Imports found by parsing, and modules beside the notebook followed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.images.found import Found, Place
from nb2pipe.images.imports import imports_in
from nb2pipe.images.installed import Environment
from nb2pipe.images.local import Local, follow
from tests.images.environments import Site, write

CELL = Place(cell=0)

ROWS = {
    "import a, b.c as d": [("a", "always"), ("b.c", "always")],
    "def f():\n    from x.y import z": [("x.y", "always")],
    "try:\n    import ujson\nexcept ImportError:\n    import json": [("ujson", "optional"), ("json", "optional")],
    "try:\n    import a\nexcept ValueError:\n    pass": [("a", "always")],
    "with contextlib.suppress(ImportError):\n    import a": [("a", "optional")],
    "if 'google.colab' in sys.modules:\n    from google.colab import drive": [("google.colab", "perhaps")],
    "if TYPE_CHECKING:\n    import a\nelse:\n    import b": [("b", "always")],
    "import importlib\nm = importlib.import_module('torch.nn')": [("importlib", "always"), ("torch.nn", "always")],
    "importlib.import_module(name)": [],
    "%%time\nimport a": [("a", "always")],
    "%%capture out\nimport a": [("a", "always")],
    "%time import a": [("a", "always")],
    "%%bash\nimport a": [],
    "%matplotlib inline\nimport a": [("matplotlib", "always"), ("a", "always")],
    "%%container image --in frame --out n=n.json\ntrue": [("pandas", "optional"), ("pyarrow", "optional")],
    "%%container image --in a=a.npy --out n=n.json\ntrue": [],
    "%%container\ntrue": [],
    "%load_ext line_profiler": [("line_profiler", "optional")],
    "from __future__ import annotations": [],
    "text = 'import a'\n# import b": [],
}


@pytest.mark.parametrize("source", ROWS)
def test_imports_are_found_where_they_stand(source: str) -> None:
    """In functions, branches and magics that hold Python; not in text, and not in other languages."""
    found = imports_in(source, CELL)
    assert found is not None
    assert ROWS[source] == [(item.module, item.certainty) for item in found.imports]


def test_lines_are_those_of_the_cell() -> None:
    """An import in a cell magic stands where the reader sees it."""
    found = imports_in("\n%%time\nimport a\n\nimport b", CELL)
    assert found is not None
    assert [3, 5] == [item.place.line for item in found.imports]
    assert "cell 1, line 3" == str(found.imports[0].place)


def test_what_is_no_python_is_none() -> None:
    """A cell that cannot be parsed is told from one without imports."""
    assert imports_in("import (", CELL) is None


def test_uses_and_folders_are_found() -> None:
    """Attributes, URLs and folders put on ``sys.path``, whatever they are written with."""
    found = imports_in("sys.path.append(str(Path('..') / 'src'))\ndf.to_parquet('s3://b/k')", CELL)
    assert found is not None
    assert (["../src"], {"s3://b/k"}) == (found.folders, found.texts)
    assert "to_parquet" in found.attributes


def followed(folder: Path, source: str, environment: Environment | None = None) -> Local:
    """What a notebook with one cell in a folder needs."""
    found = imports_in(source, CELL)
    assert found is not None
    return follow([found], folder, environment or Environment({}))


def modules(local: Local) -> set[str]:
    """What is imported from elsewhere."""
    return {item.module for item in local.found.imports}


def test_modules_beside_are_followed(tmp_path: Path) -> None:
    """What they import in turn counts, relative imports and submodules included; cycles end."""
    write(
        tmp_path,
        {
            "helpers.py": "import helpers, yaml\nfrom pkg.sub import deep",
            "pkg/__init__.py": "from . import other",
            "pkg/other.py": "import rich",
            "pkg/sub/__init__.py": "",
            "pkg/sub/deep.py": "from ..third import x",
            "pkg/third.py": "import attr",
            "pkg/unused.py": "import never",
            "pkg/data.json": "{}",
            "unused.py": "import never",
        },
    )
    local = followed(tmp_path, "import os, numpy\nfrom helpers import f")
    assert {"os", "numpy", "yaml", "rich", "attr"} == modules(local)
    assert {"helpers", "pkg"} == set(local.modules)
    targets = {file.target for file in local.files}
    assert {"helpers.py", "pkg/data.json", "pkg/unused.py", "pkg/sub/deep.py"} <= targets
    assert "unused.py" not in targets


def test_data_in_packages_has_limits(tmp_path: Path) -> None:
    """Big data, hidden folders and folders of data alone are not copied; what is too big is named."""
    write(
        tmp_path,
        {"pkg/__init__.py": "", "pkg/images/a.png": "x", "pkg/.git/a.py": "", "pkg/__pycache__/a.py": ""},
    )
    (tmp_path / "pkg/big.bin").write_bytes(bytes((1 << 20) + 1))
    local = followed(tmp_path, "import pkg")
    assert ["pkg/__init__.py"] == [file.target for file in local.files]
    assert ["pkg/big.bin"] == [file.target for file in local.too_big]


def test_what_python_finds_first_counts(tmp_path: Path) -> None:
    """A module beside the notebook hides an installed one; a folder without ``__init__`` does not."""
    site = Site(tmp_path / "site-packages")
    site.add("torch")
    write(tmp_path, {"nb/torch/x.py": "", "nb/space/x.py": "import rich"})
    assert {"torch"} == modules(followed(tmp_path / "nb", "import torch", site.environment))
    local = followed(tmp_path / "nb", "from space import x", site.environment)
    assert ({"rich"}, ["space/x.py"]) == (modules(local), [file.target for file in local.files])
    (tmp_path / "nb/torch/__init__.py").write_text("")
    assert set() == modules(followed(tmp_path / "nb", "import torch", site.environment))


def test_folders_on_the_path_are_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders that the notebook adds to ``sys.path``, and those of PYTHONPATH."""
    write(tmp_path, {"src/mine.py": "import yaml", "lib/other.py": "import rich", "nb/x.txt": ""})
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "lib"))
    local = followed(tmp_path / "nb", "sys.path.insert(0, '../src')\nimport mine, other")
    assert {"yaml", "rich"} == modules(local)
    assert [False, False] == [file.is_in(str(tmp_path / "nb")) for file in local.files]


def test_scripts_and_written_modules_are_followed(tmp_path: Path) -> None:
    """``%run`` of a script or notebook, and a module that ``%%writefile`` writes."""
    write(
        tmp_path,
        {"script.py": "import yaml", "other.ipynb": '{"cells": [{"cell_type": "code", "source": "import a"}]}'},
    )
    assert {"yaml", "a"} == modules(followed(tmp_path, "%run script.py -x\n%run ./other.ipynb"))
    cells = [imports_in(text, CELL) or Found() for text in ("%%writefile made.py\nimport rich", "import made")]
    local = follow(cells, tmp_path, Environment({}))
    assert ({"rich"}, {}) == (modules(local), local.modules)
