"""Pipelines made at random, of any form, with settings and parameters of any type."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from nb2pipe.model import Pipeline
from tests.kubeflow.notebooks import pipeline_of

IMAGES = ("registry.example.com/team/image:1", "registry.example.com/other@sha256:" + "0" * 64)
# No text of two lines, which breaks the file that the SDK writes, and no None in a list, which it refuses.
DEFAULTS: dict[str, tuple[str, ...]] = {
    "int": ("3", "-7", "0"),
    "float": ("0.5", "1e-9", "-2.0"),
    "str": ("'x'", "''", "'ä: {{x}} $(y)'"),
    "bool": ("True", "False"),
    "list": ("[]", "[1, 2.5, 'a', False]", "[[1], {'a': [True]}]"),
    "dict": ("{}", "{'b': 1, 'a': {'c': [1.5]}}"),
}
ANNOTATIONS = (": str | None = None", ": int | None = None", ": float = 1", ": list[int] = []", ": dict[str, int] = {}")
TOLERATIONS = ("gpu=yes:NoSchedule", "spot:NoExecute", "any", {"operator": "Exists"})
WRITTEN = ("table.csv", "out/model.joblib", "report.html", "notes.md", "figure.png", "data.bin")


def generated(folder: Path, seed: int) -> Pipeline:
    """A pipeline of some steps.

    Args:
        folder: for its notebook.
        seed: the same one gives the same pipeline.
    """
    draw = random.Random(seed)
    names = [f"p{number}" for number in range(draw.randrange(6))]
    cells = [("parameters", "\n".join(_parameter(name, draw) for name in names))] if names else []
    if draw.random() < 0.5:
        cells.append(("setup", "import random, os"))
    steps: list[str] = []
    for number in range(draw.randrange(1, 9)):
        cells.append(_cell(number, names, steps, draw))
        steps.append(cells[-1][0].split()[0].removeprefix("step:"))
    if draw.random() < 0.5:
        cells.append(("metrics", f"score = len(v{len(steps) - 1})"))
    return pipeline_of(folder, cells, draw.choice(IMAGES), **_settings(draw))


def _parameter(name: str, draw: random.Random) -> str:
    if draw.random() < 0.3:
        return name + draw.choice(ANNOTATIONS)
    return f"{name} = {draw.choice(DEFAULTS[draw.choice(sorted(DEFAULTS))])}"


def _cell(number: int, parameters: list[str], steps: list[str], draw: random.Random) -> tuple[str, str]:
    """A step that reads some of what there is, changes some of it, and makes a variable of its own."""
    tags = [f"step:{draw.choice(('S', 's', 'load_', 'Train-'))}{number}"]
    if steps and draw.random() < 0.3:
        tags.append(f"after:{draw.choice(steps)}")
    read = [name for name in parameters if draw.random() < 0.4]
    read += [f"v{earlier}" for earlier in range(number) if draw.random() < 0.35]
    lines = [f"v{number} = [{', '.join(read)}]"]
    lines += [f"v{earlier}.append({number})" for earlier in range(number) if draw.random() < 0.15]
    lines += ["import random", "random.seed(1)"] if draw.random() < 0.2 else []
    lines += [f"open({name!r}, 'w').write('x')" for name in WRITTEN if draw.random() < 0.1]
    return " ".join(tags), "\n".join(lines)


def _settings(draw: random.Random) -> dict[str, Any]:
    every: dict[str, Any] = {
        "cpus": draw.choice((0.5, 2, "250m")),
        "memory_mib": draw.choice((512, "2Gi", "1500M")),
        "gpus": draw.choice((1, 2)),
        "retries": draw.choice((1, 5)),
        "timeout_s": 30.5,
        "cache": draw.random() < 0.5,
        "env": {"A": "b", "N": "1"},
        "secrets": {"TOKEN": "secret:vault/key", "OTHER": "secret:vault/other"},
        "volumes": ["pvc:claim:/data", "pvc:big:/mnt/big"],
        "labels": {"team": "x", "example.org/part": "y"},
        "annotations": {"note": "any text: at all"},
        "image_pull_secrets": ["login", "other"],
        "node_selector": {"disktype": "ssd"},
        "tolerations": draw.sample(TOLERATIONS, draw.randrange(1, len(TOLERATIONS))),
    }
    return {name: value for name, value in every.items() if draw.random() < 0.3}
