"""The notebooks that are measured; ``salt`` makes the code new, so that no cache of an earlier round holds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Cell = tuple[str, str]  # its tag, or "" for none, and its source


def document(cells: Sequence[Cell]) -> dict[str, Any]:
    """nbformat 4.5 JSON of code cells."""
    return {
        "cells": [
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"cell-{index}",
                "metadata": {"tags": [tag]} if tag else {},
                "outputs": [],
                "source": source.splitlines(keepends=True),
            }
            for index, (tag, source) in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def write(path: Path, cells: Sequence[Cell]) -> Path:
    """Write a notebook of these cells."""
    path.write_text(json.dumps(document(cells), indent=1) + "\n", encoding="utf-8")
    return path


def untagged(salt: int) -> list[Cell]:
    """Ten small cells without tags, as papermill users have them."""
    return [("", f"x = {salt}"), *[("", f"x = x + {n}\nprint(x)") for n in range(1, 10)]]


def chain(salt: int, steps: int = 10) -> list[Cell]:
    """Trivial steps, each of which needs the one before."""
    return [("step:s0", f"x = {salt}"), *[(f"step:s{n}", f"x = x + {n}\nprint(x)") for n in range(1, steps)]]


def noisy(salt: int, cells: int = 100, size_bytes: int = 2_000_000) -> list[Cell]:
    """A cell with a big output, and many small ones that make the file be written again."""
    line = "the quick brown fox jumps over the lazy dog ".ljust(99, ".")
    print_all = f"print('\\n'.join([{line!r}] * {size_bytes // 100}))\nx = {salt}"
    return [("", print_all), *[("", f"x = x + {n}") for n in range(1, cells)]]


def three_steps(salt: int, edit: int = 0) -> list[Cell]:
    """Load, clean and report; the same work as :func:`ploomber_tasks`."""
    return [
        ("step:load", f"rows = [[i, i * 2 + {salt}] for i in range(1000)]"),
        ("step:clean", "clean = [row for row in rows if row[0] % 2]"),
        ("step:report", f"print(sum(row[1] for row in clean) + {edit})"),
    ]


def ploomber_tasks(salt: int, edit: int = 0) -> dict[str, list[Cell]]:
    """The three steps as ploomber has them: a notebook each, handing files on."""
    dump = "with open(product['data'], 'w') as file:\n    json.dump({}, file)"
    load = "import json\nwith open(upstream[{!r}]['data']) as file:\n    rows = json.load(file)"
    return {
        "load": [
            ("parameters", "upstream = None\nproduct = None"),
            ("", f"import json\nrows = [[i, i * 2 + {salt}] for i in range(1000)]"),
            ("", dump.format("rows")),
        ],
        "clean": [
            ("parameters", "upstream = ['load']\nproduct = None"),
            ("", load.format("load") + "\nclean = [row for row in rows if row[0] % 2]"),
            ("", dump.format("clean")),
        ],
        "report": [
            ("parameters", "upstream = ['clean']\nproduct = None"),
            ("", load.format("clean") + f"\nprint(sum(row[1] for row in rows) + {edit})"),
        ],
    }


def large(steps: int = 100, cells_per_step: int = 10) -> list[Cell]:
    """A notebook of 1,000 code cells in 100 steps, of the kind that people write."""
    first = ["frame_0 = pd.DataFrame({'a': range(100), 'b': 1.5})", "totals = {}", "limit = 1"]
    cells: list[Cell] = [("setup", "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt")]
    cells += _step(0, [*first, *["frame_0.head()"] * (cells_per_step - 1 - len(first))])
    for n in range(1, steps):
        cells += _step(n, [KINDS[index % len(KINDS)].format(n=n, m=n - 1) for index in range(cells_per_step)])
    return cells


def _step(n: int, sources: Sequence[str]) -> list[Cell]:
    return [(f"step:s{n}" if index == 0 else "", source) for index, source in enumerate(sources)]


# Cells as people write them; ``n`` is the step, ``m`` the one before.
KINDS = (
    "frame_{n} = frame_{m}.assign(c=lambda frame: frame.a * {n}).query('a > @limit')",
    "def rate_{n}(frame, weight=0.5):\n    total = frame['a'].sum() * weight\n    return total / len(frame)",
    "groups = frame_{n}.groupby('a').agg({{'b': 'mean'}}).reset_index()",
    "limit = frame_{n}['b'].max()\nif limit > 10:\n    limit = 10\nelse:\n    limit -= 1",
    "scores = [rate_{n}(part, weight) for weight in (0.1, 0.5) for part in (frame_{n}, groups)]",
    "fig, ax = plt.subplots()\nax.plot(frame_{n}['a'], frame_{n}['b'], label=f'step {{len(scores)}}')\nax.legend()",
    "frame_{n}['d'] = np.where(frame_{n}['a'] > limit, frame_{n}['b'], 0)\nframe_{n} = frame_{n}.dropna()",
    "for key, value in groups.items():\n    totals[key, {n}] = value.mean()\n    print(key, value)",
    "summary_{n} = {{'rows': len(frame_{n}), 'scores': scores, 'limit': limit}}\nsummary_{n}",
    "print('so far', len(totals), {n})",
)
