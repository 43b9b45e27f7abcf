"""Answers of the real service that the lab extension's unit tests read: each is what the service says today."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.server.openapi import document as description
from nb2pipe.server.routes import ROUTES
from tests.house.source import ROOT
from tests.notebook.building import code, document, markdown
from tests.server.calling import API, Api, Server

SAMPLES = Path(__file__).parent / "samples"
DESCRIPTION = ROOT / "jupyter_extension/openapi.json"
WRITE = bool(os.environ.get("WRITE_SAMPLES"))
"""Set by whoever changes the service: ``WRITE_SAMPLES=1 pytest tests/server/test_samples.py`` writes them anew."""

NOTEBOOKS = {
    "check-three-steps": document(
        markdown("# Sums"),
        code("import math", "setup"),
        code("rows: int = 3  # how many\nname = 'x'", "parameters"),
        code("xs = list(range(rows))", "step:make"),
        code("total = sum(xs)", "step:add"),
        code("root = math.sqrt(len(xs))", "step:root"),
        code("total", "metrics"),
    ),
    "check-undefined-name": document(code("x = 1", "step:a"), code("print(nosuch)", "step:b")),
    "check-untagged": document(markdown("# Load"), code("x = 1"), code("print(x)")),
    "check-empty": document(),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_check(name: str, server: Server, api: Api) -> None:
    """The pipeline and findings of a notebook."""
    text = json.dumps(NOTEBOOKS[name])
    _hold(server, name, {"notebook": NOTEBOOKS[name], "answer": api.ok("POST", "/notebooks/check", _unsaved(text))})


def test_check_of_what_is_no_notebook(server: Server, api: Api) -> None:
    """There is no pipeline, and a finding says why."""
    _hold(server, "check-broken", {"notebook": None, "answer": api.ok("POST", "/notebooks/check", _unsaved("{"))})


def test_problem(server: Server, api: Api) -> None:
    """A refusal."""
    _hold(server, "problem-unknown-run", {"status": 404, "answer": api.refused(404, "GET", "/runs/nosuch")})


def test_step_settings(server: Server, api: Api) -> None:
    """What can be set of a step."""
    _hold(server, "step-settings", api.ok("GET", "/step-settings"))


def test_description() -> None:
    """The description that the extension's types are made from is that of the service.

    After a change of the service: ``WRITE_SAMPLES=1`` as above, then ``npm run types`` in jupyter_extension.
    """
    _same(DESCRIPTION, description(ROUTES, API))


def _unsaved(text: str) -> dict[str, str]:
    return {"path": "sample.ipynb", "text": text}


def _hold(server: Server, name: str, found: Any) -> None:
    """Hold an answer against its file, without the path of the folder that this very server serves."""
    _same(SAMPLES / f"{name}.json", json.loads(json.dumps(found).replace(f"{server.root}/", "")))


def _same(path: Path, found: Any) -> None:
    text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    if WRITE:
        path.write_text(text, "utf-8")
    assert json.loads(text) == json.loads(path.read_text("utf-8")), f"{path.name} is out of date: {__doc__}"
