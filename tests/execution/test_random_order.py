"""Unordered steps and global random generators."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.model import State
from tests.execution.running import plan, run

DRAW = "import numpy as np\nfrom sklearn.svm import SVR\nm{0} = SVR().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])"


@pytest.mark.parametrize(
    ("first", "setup", "expected"),
    [
        ("x = 1", "import math", State.SUCCEEDED),
        ("import numpy as np\nnp.random.seed(1)", "import math", State.FAILED),
        ("x = 1", "import numpy as np\nnp.random.seed(1)", State.FAILED),
    ],
)
def test_draws_side_by_side_matter_only_once_a_seed_is_set(
    tmp_path: Path, first: str, setup: str, expected: State
) -> None:
    """Two steps that draw without waiting for each other are at fault exactly where somebody set the generator."""
    from dataclasses import replace

    cells = [("setup", setup), ("step:first", first), ("step:a", DRAW.format(1)), ("step:b", DRAW.format(2))]
    pipeline = plan(tmp_path, cells)
    edges = tuple(edge for edge in pipeline.edges if (edge.source, edge.target) != ("a", "b"))

    runs = run(replace(pipeline, edges=edges), tmp_path / "home", jobs=2)

    assert expected is runs["b"].state, runs["b"].failure
