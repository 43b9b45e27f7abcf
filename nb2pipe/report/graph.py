"""Questions about the shape of a pipeline that every picture of it asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nb2pipe.model import Edge, Pipeline

SIGNS = {"ambient": "@", "file": "file ", "declared": "after:", "conservative": "?"}


def parents_of(pipeline: Pipeline) -> dict[str, list[str]]:
    """Direct parents of every step, in notebook order."""
    order = {step.name: number for number, step in enumerate(pipeline.steps)}
    found: dict[str, set[str]] = {step.name: set() for step in pipeline.steps}
    for edge in pipeline.edges:
        found[edge.target].add(edge.source)
    return {name: sorted(sources, key=order.__getitem__) for name, sources in found.items()}


def needed_parents(parents: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Parents without those that another parent already waits for (the transitive reduction).

    Args:
        parents: direct parents by step, steps in an order in which each stands behind its parents.
    """
    ancestors: dict[str, set[str]] = {}
    needed = {}
    for name, direct in parents.items():
        through: set[str] = set().union(*(ancestors[parent] for parent in direct))
        ancestors[name] = through | set(direct)
        needed[name] = [parent for parent in direct if parent not in through]
    return needed


def levels(parents: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Steps by the length of the longest way to them; steps of one level never wait for each other."""
    level: dict[str, int] = {}
    rows: list[list[str]] = []
    for name, direct in parents.items():
        level[name] = max((level[parent] + 1 for parent in direct), default=0)
        if level[name] == len(rows):
            rows.append([])
        rows[level[name]].append(name)
    return rows


def side_by_side(pipeline: Pipeline) -> list[list[str]]:
    """Groups of two or more steps that can run at the same time."""
    return [row for row in levels(parents_of(pipeline)) if len(row) > 1]


def edge_labels(edge: Edge) -> list[str]:
    """What crosses an edge, shortly: variable names first, then ``@random``, ``file data.csv``, ``after:load``."""
    labels = list(edge.names)
    for link in edge.links:
        if link.kind == "variable":
            continue
        sign = SIGNS[link.kind]
        text = link.name if link.name.startswith(sign.strip()) else f"{sign}{link.name}"
        if text not in labels:
            labels.append(text)
    return labels


def shorten(labels: Sequence[str], width: int) -> str:
    """As many labels as fit into ``width`` characters, and how many more there are: ``df, model +3``."""
    text = ""
    for number, label in enumerate(labels):
        more = f"{text}, {label}" if text else label
        rest = len(labels) - number - 1
        if text and len(more) + (len(f" +{rest}") if rest else 0) > width:
            return f"{text} +{len(labels) - number}"
        text = more
    return text


def cell_range(indexes: Sequence[int]) -> str:
    """Cell numbers for a reader, counted from 1: ``cells 2-4, 7``."""
    parts: list[list[int]] = []
    for index in indexes:
        if parts and parts[-1][-1] == index - 1:
            parts[-1].append(index)
        else:
            parts.append([index])
    texts = [str(part[0] + 1) if len(part) == 1 else f"{part[0] + 1}-{part[-1] + 1}" for part in parts]
    return f"{'cell' if len(indexes) == 1 else 'cells'} {', '.join(texts)}" if texts else "no cells"
