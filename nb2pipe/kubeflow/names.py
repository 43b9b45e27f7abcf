"""Names as Kubernetes wants them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nb2pipe.notebook.placement import OBJECT_NAME

MOST_NAME = 63
"""Characters of a label of Kubernetes, which names become parts of."""

MOST_PIPELINE_NAME, STAMP = 128, 15
NAMELESS = "notebook"


def dns_name(text: str) -> str:
    """Lower-case letters, digits and hyphens, a letter or digit at both ends; empty if nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def is_object_name(text: str) -> bool:
    """Whether an object of Kubernetes may be called so."""
    return re.fullmatch(OBJECT_NAME, text) is not None


def pipeline_name(text: str, target: str) -> str:
    """The name of a pipeline. On Vertex it begins with a letter, and a time of 15 characters is put behind it."""
    name = dns_name(text) or NAMELESS
    if target == "vertex":
        name = name if name[0].isalpha() else f"{NAMELESS}-{name}"
        return name[: MOST_PIPELINE_NAME - STAMP].strip("-")
    return name[:MOST_PIPELINE_NAME].strip("-")


def task_names(steps: Iterable[str]) -> dict[str, str]:
    """Names of tasks by step, each made from its step's, no two alike.

    Raises:
        ValueError: a step's name holds nothing that a task's may hold.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for step in steps:
        base = dns_name(step)[:MOST_NAME].strip("-")
        if not base:
            raise ValueError(step)
        name, number = base, 2
        while name in taken:
            name = f"{base[: MOST_NAME - len(str(number)) - 1]}-{number}"
            number += 1
        taken.add(name)
        found[step] = name
    return found


def port_name(what: str, task: str = "") -> str:
    """The name of an input or output: ``values``, ``values_train_model``."""
    return f"{what}_{task.replace('-', '_')}" if task else what
