"""Lineage for programs, and as a Mermaid flowchart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nb2pipe.lineage.graph import ArtifactNode, DataNode, Edge, Graph, MetricNode, Node, StepNode
from nb2pipe.lineage.target import Target
from nb2pipe.lineage.walk import Direction
from nb2pipe.model.json import to_json
from nb2pipe.report.data import run_data, step_data
from nb2pipe.report.lineage import node_text
from nb2pipe.report.mermaid import quoted


def lineage_data(target: Target, starts: Sequence[str], parts: Mapping[Direction, Graph]) -> dict[str, Any]:
    """Target, nodes and edges, and for each direction the ids of its nodes."""
    nodes, edges = _together(parts)
    runs = {node.run.id: node.run for node in nodes.values() if isinstance(node, StepNode)}
    return {
        "target": to_json(target),
        "starts": list(starts),
        **{direction: list(graph.nodes) for direction, graph in parts.items()},
        "nodes": [_node(node) for node in nodes.values()],
        "edges": [{"source": edge.source, "target": edge.target} for edge in edges],
        "runs": {run_id: run_data(run) for run_id, run in runs.items()},
    }


def _together(parts: Mapping[Direction, Graph]) -> tuple[dict[str, Node], list[Edge]]:
    nodes = {node_id: node for graph in parts.values() for node_id, node in graph.nodes.items()}
    return nodes, list(dict.fromkeys(edge for graph in parts.values() for edge in graph.edges))


def _node(node: Node) -> dict[str, Any]:
    if isinstance(node, StepNode):
        more = {"run_id": node.run.id, "step": step_data(node.step), "code": to_json(node.cells)}
        return {"id": node.id, "kind": "step", **more}
    if isinstance(node, ArtifactNode):
        return {"id": node.id, "kind": "artifact", **to_json(node.artifact)}
    if isinstance(node, DataNode):
        return {"id": node.id, "kind": "file", **to_json(node)}
    more = {"run_id": node.run_id, "step": node.step, **to_json(node.metric)}
    return {"id": node.id, "kind": "metric", **more}


def lineage_mermaid(parts: Mapping[Direction, Graph]) -> str:
    """A ``flowchart LR``: boxes are steps, round ones values, cylinders files, and hexagons metrics."""
    nodes, edges = _together(parts)
    ids = {node_id: f"n{number}" for number, node_id in enumerate(nodes, 1)}
    lines = ["flowchart LR", *(f"    {ids[node_id]}{_shape(node)}" for node_id, node in nodes.items())]
    lines += [f"    {ids[edge.source]} --> {ids[edge.target]}" for edge in edges]
    return "\n".join(lines) + "\n"


def _shape(node: Node) -> str:
    text = quoted(node_text(node, ""))
    if isinstance(node, StepNode):
        text = f"{quoted(node.step.step)}<br/>{quoted(node.run.id)}"
        return f'["{text}"]'
    if isinstance(node, ArtifactNode):
        return f'("{text}")'
    return f'{{{{"{text}"}}}}' if isinstance(node, MetricNode) else f'[("{text}")]'
