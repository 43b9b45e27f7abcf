"""Which modules kernels may have loaded before their step asks for them.

Under Run All, a module that an earlier cell imported is there for all later cells. So a kernel for a later step may
have it loaded from the start: that spares each step the import, and is what Run All does. Only modules that are
known to bear a fork and to do nothing visible when imported are taken, and none where the notebook changes the
environment, which some of them read once.
"""

from __future__ import annotations

import ast
from pathlib import Path

from nb2pipe.analysis.source import parse_source
from nb2pipe.model import Pipeline, Step

# fmt: off
FORK_SAFE = frozenset({
    "dateutil", "joblib", "matplotlib", "networkx", "numpy", "pandas", "scipy", "seaborn", "sklearn", "statsmodels",
    "sympy",
})
# fmt: on


def loadable_modules(pipeline: Pipeline, step: Step) -> list[str]:
    """Dotted names of the modules that a step imports and that kernels of later steps may have from the start."""
    if step.name == pipeline.steps[-1].name or any(
        "environ" in each.ambient_writes or each.settings.env for each in pipeline.steps
    ):
        return []
    names: dict[str, None] = {}
    folder = Path(pipeline.notebook.folder)
    for index in (*step.setup_cells, *step.cells):
        for name in _imported(pipeline.notebook.cells[index].source):
            top = name.split(".")[0]
            if top in FORK_SAFE and not (folder / top).exists() and not (folder / f"{top}.py").exists():
                names[name] = None
    return list(names)


def _imported(source: str) -> list[str]:
    """Dotted module names in the import statements of a cell, magics beside them or not."""
    if "import" not in source:
        return []
    tree, _ = parse_source(source)
    if tree is None:
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.append(node.module)
    return found
