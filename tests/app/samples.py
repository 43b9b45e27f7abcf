"""Notebooks on disk, and settings with a home of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nb2pipe.app.parameters import Given
from nb2pipe.app.plan import RunRequest
from nb2pipe.settings import Settings, load_settings
from tests.notebook.building import code, document, markdown

TWO_STEPS = (
    markdown("# Sums"),
    code("rows: int = 3  # how many\nname = 'x'", "parameters"),
    code("xs = list(range(rows))\nprint('made', len(xs))", "step:make"),
    code("total = sum(xs)\ntotal", "step:add"),
    code("total", "metrics"),
)
FAILING = (
    code("x = 1\nprint('before')", "step:first"),
    code("y = 2\nz = x / 0", "step:second"),
    code("print(z)", "step:third"),
)
ENDLESS = (
    code("import time\nprint('begun', flush=True)\nwhile True:\n    time.sleep(0.05)", "step:endless"),
    code("print('after')", "step:last", "after:endless"),
)


def write_notebook(path: Path, *cells: dict[str, Any]) -> str:
    """Write a notebook; its path as text."""
    path.write_text(json.dumps(document(*cells), indent=1), encoding="utf-8")
    return str(path)


def settings_in(home: Path, **flags: Any) -> Settings:
    """Settings with everything below one folder."""
    return load_settings({"home": str(home), **flags}, env={}, cwd=home)


def request(path: str, output: str = "", **values: Any) -> RunRequest:
    """A request with parameter values."""
    return RunRequest(path, output, given=Given(values=values))


def outputs(notebook: dict[str, Any] | Any) -> list[str]:
    """What the code cells of a notebook printed, as one text each."""
    return [
        "".join("".join(output.get("text", ())) for output in cell["outputs"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
    ]
