"""Lineage in words: what something is, what it was made from, and what used it, as trees."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from nb2pipe.lineage.graph import ArtifactNode, Graph, MetricNode, Node, StepNode
from nb2pipe.lineage.walk import Direction
from nb2pipe.model import State
from nb2pipe.report.approvals import approval_text
from nb2pipe.report.graph import cell_range
from nb2pipe.report.words import local_time, size_text

SHORT = 8
MOST_BRANCHES = 25
TITLES: Mapping[Direction, str] = {"upstream": "Made from", "downstream": "Used by"}
NOTHING: Mapping[Direction, str] = {
    "upstream": "nothing that a run recorded",
    "downstream": "nothing that a run recorded",
}


def lineage_text(starts: Sequence[str], parts: Mapping[Direction, Graph], *, run_id: str, with_code: bool) -> str:
    """The trees of each direction, and before them the steps that are meant, in full.

    Args:
        starts: ids of what was asked about.
        parts: graph by direction; all have the starts.
        run_id: the run whose steps need not be told by it; empty for none.
        with_code: whether to print the code of all steps in the graphs.
    """
    blocks = [block for node in _steps_in_full(starts, parts) for block in [step_text(node, run_id)]]
    for direction, graph in parts.items():
        lines = [TITLES[direction], *_trees(graph, starts, direction, run_id)]
        blocks.append("\n".join(lines))
    if with_code:
        blocks += [_code_block(node, run_id) for node in _all_steps(parts) if node.cells]
    return "\n\n".join(blocks)


def _steps_in_full(starts: Sequence[str], parts: Mapping[Direction, Graph]) -> list[StepNode]:
    """The step that made what was asked about, if that is one value, metric or step."""
    if len(starts) != 1:
        return []
    for graph in parts.values():
        for each in (starts[0], *graph.sources(starts[0])):
            node = graph.nodes.get(each)
            if isinstance(node, StepNode):
                return [node]
    return []


def _all_steps(parts: Mapping[Direction, Graph]) -> list[StepNode]:
    nodes = {node_id: node for graph in parts.values() for node_id, node in graph.nodes.items()}
    return [node for node in nodes.values() if isinstance(node, StepNode)]


def step_text(node: StepNode, run_id: str) -> str:
    """Everything that is recorded of how a step ran."""
    run, step, seen = node.run, node.step, node.step.observation
    who = f"{run.user}@{run.host}" if run.user else run.host
    state = f"cached, from run {step.cached_from}" if step.state is State.CACHED else step.state.value
    facts = {
        "run": f"{run.id}  ({shown_path(run.notebook_path)})",
        "state": state,
        "time": local_time(step.started_at),
        "approval": approval_text(step.approval) if step.approval else "",
        "by": who,
        "cells": ", ".join(str(cell.index + 1) for cell in node.cells if not cell.is_setup),
        "parameters": _pairs(step.parameters),
        "metrics": _pairs({metric.name: metric.value for metric in step.metrics}),
        "python": seen.python,
        "packages": ", ".join(f"{name} {version}" for name, version in seen.distributions.items()),
        "image": seen.image,
    }
    lines = [f"{name.ljust(10)}  {value}" for name, value in facts.items() if value]
    code = [f"    {line}" for cell in node.cells if not cell.is_setup for line in cell.source.splitlines()]
    return "\n".join([f"Step {step.step}", *(f"  {line}" for line in lines), *(["  code", *code] if code else [])])


def _code_block(node: StepNode, run_id: str) -> str:
    lines = [f"Code of {_step_name(node, run_id)}"]
    for cell in node.cells:
        setup = ", setup" if cell.is_setup else ""
        lines += [f"  cell {cell.index + 1}{setup}", *(f"    {line}" for line in cell.source.splitlines())]
    return "\n".join(lines)


def _trees(graph: Graph, starts: Sequence[str], direction: Direction, run_id: str) -> Iterator[str]:
    seen: set[str] = set()
    roots = [start for start in starts if start in graph.nodes]
    inner = {each for start in roots for each in _next(graph, start, direction)}
    tops = [start for start in roots if not _is_below(graph, start, roots, direction)] or roots
    if not inner:
        yield f"  {NOTHING[direction]}"
        return
    for top in tops:
        yield f"  {node_text(graph.nodes[top], run_id)}"
        yield from (f"  {line}" for line in _branches(graph, top, direction, run_id, seen, ""))


def _is_below(graph: Graph, start: str, roots: Sequence[str], direction: Direction) -> bool:
    """Whether another start leads to this one, so that it appears in that tree anyway."""
    todo, seen = list(_next(graph, start, "upstream" if direction == "downstream" else "downstream")), set()
    while todo:
        node = todo.pop()
        if node in roots:
            return True
        if node not in seen:
            seen.add(node)
            todo += _next(graph, node, "upstream" if direction == "downstream" else "downstream")
    return False


def _next(graph: Graph, node: str, direction: Direction) -> tuple[str, ...]:
    return graph.sources(node) if direction == "upstream" else graph.targets(node)


def _branches(graph: Graph, node: str, direction: Direction, run_id: str, seen: set[str], indent: str) -> Iterator[str]:
    """The lines below a node; what was drawn before is only named again."""
    if node in seen:
        return
    seen.add(node)
    what = graph.nodes[node]
    inner = what.run.id if isinstance(what, StepNode) else run_id
    below = _next(graph, node, direction)
    earlier = len(below) - MOST_BRANCHES
    if earlier > 0:
        yield f"{indent}├─ {earlier} earlier ones (--format json lists them)"
    for each in below[-MOST_BRANCHES:]:
        is_last = each == below[-1]
        again = " (see above)" if each in seen and _next(graph, each, direction) else ""
        yield f"{indent}{'└─' if is_last else '├─'} {node_text(graph.nodes[each], inner)}{again}"
        yield from _branches(graph, each, direction, inner, seen, indent + ("   " if is_last else "│  "))


def node_text(node: Node, run_id: str) -> str:
    """One node on one line; a step of run ``run_id`` without its run."""
    if isinstance(node, StepNode):
        parameters = _pairs(node.step.parameters)
        cells = tuple(cell.index for cell in node.cells if not cell.is_setup)
        state = "" if node.step.state is State.SUCCEEDED else f"({_state(node)})"
        return "  ".join(
            word for word in (_step_name(node, run_id), cell_range(cells) if cells else "", parameters, state) if word
        )
    if isinstance(node, ArtifactNode):
        value = node.artifact
        words = (value.name, value.type.rpartition(".")[2], value.preview, value.digest[:SHORT])
        return "  ".join(word for word in words if word)
    if isinstance(node, MetricNode):
        return f"metric {node.metric.name} = {_value(node.metric.value)}"
    size = "" if node.size_bytes is None else size_text(node.size_bytes)
    return "  ".join(word for word in (shown_path(node.path), size, node.digest[:SHORT]) if word)


def _state(node: StepNode) -> str:
    step = node.step
    return f"cached from run {step.cached_from}" if step.cached_from else step.state.value


def _step_name(node: StepNode, run_id: str) -> str:
    name = f"step {node.step.step}"
    if node.run.id == run_id:
        return name
    return f"{name} of run {node.run.id} ({shown_path(node.run.notebook_path)}, {local_time(node.run.created_at)})"


def _pairs(values: Mapping[str, object]) -> str:
    return " ".join(f"{name}={_value(value)}" for name, value in values.items())


def _value(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else f"{text[:39]}…"


def shown_path(path: str) -> str:
    """A path from the working directory where it lies below it, else as it is."""
    here = Path.cwd()
    return os.path.relpath(path, here) if Path(path).is_relative_to(here) else path
