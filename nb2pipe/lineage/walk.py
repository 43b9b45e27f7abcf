"""Which part of a graph made something, and which part used it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Literal

from nb2pipe.lineage.graph import ArtifactNode, DataNode, Edge, Graph, StepNode
from nb2pipe.model import State

Direction = Literal["upstream", "downstream"]
EVER = datetime.max.replace(tzinfo=UTC)


def walk(graph: Graph, starts: Iterable[str], direction: Direction, run_id: str = "") -> Graph:
    """What ``starts`` were made of, or what was made of them, themselves included.

    Going up, a value leads to the step of the same run that made it (or took it from the cache), else to the one that
    really made it; a file leads to the last step that wrote this version before it was read. Going down, everything
    that read a value or this version of a file counts, in any run; but what a run took from the cache was not made by
    it, so that of such a value only the run's own use counts.

    Args:
        graph: all that is known.
        starts: ids of nodes.
        direction: which way.
        run_id: the run that is meant where a value is in several; empty for the one that made it.
    """
    next_to = _makers(graph) if direction == "upstream" else _users(graph)
    seen: dict[tuple[str, str], None] = {}
    edges: dict[Edge, None] = {}
    todo = [(start, _home(graph, start, run_id)) for start in starts if start in graph.nodes]
    while todo:
        node, home = todo.pop(0)
        if (node, _borrower(graph, home)) in seen:
            continue
        seen[node, _borrower(graph, home)] = None
        for other in next_to(node, home):
            edges[Edge(other, node) if direction == "upstream" else Edge(node, other)] = None
            todo.append((other, _home(graph, other, home)))
    reached = {node for node, _ in seen}
    return Graph({node: graph.nodes[node] for node in graph.nodes if node in reached}, tuple(edges))


def _borrower(graph: Graph, home: str) -> str:
    """The run of the step ``home``, if that took its values from the cache; else nothing."""
    node = graph.nodes.get(home)
    return node.run.id if isinstance(node, StepNode) and node.step.state is State.CACHED else ""


def _home(graph: Graph, node: str, otherwise: str) -> str:
    """The step by whose eyes a node is looked at: its own id for a step, else the one that led there."""
    return node if isinstance(graph.nodes[node], StepNode) else otherwise


def _makers(graph: Graph) -> Callable[[str, str], Iterable[str]]:
    def makers(node: str, home: str) -> Iterable[str]:
        what = graph.nodes[node]
        found = graph.sources(node)
        if isinstance(what, ArtifactNode):
            return _maker_of_value(graph, found, home)
        if isinstance(what, DataNode):
            return _maker_of_data(graph, found, home)
        return found

    return makers


def _maker_of_value(graph: Graph, makers: Iterable[str], home: str) -> list[str]:
    steps = _steps(graph, makers)
    reader = graph.nodes.get(home)
    run_id = reader.run.id if isinstance(reader, StepNode) else home
    own = [step for step in steps if step.run.id == run_id]
    real = [step for step in steps if step.step.state is not State.CACHED]
    return [step.id for step in (own or real or steps)[:1]]


def _maker_of_data(graph: Graph, makers: Iterable[str], home: str) -> list[str]:
    reader = graph.nodes.get(home)
    before = EVER
    if isinstance(reader, StepNode):
        before = _time(reader)
    steps = [step for step in _steps(graph, makers) if step.step.state is not State.CACHED]
    earlier = [step for step in steps if _time(step) <= before and step.id != home]
    return [max(earlier, key=_time).id] if earlier else []


def _steps(graph: Graph, ids: Iterable[str]) -> list[StepNode]:
    return [node for node in (graph.nodes[each] for each in ids) if isinstance(node, StepNode)]


def _time(node: StepNode) -> datetime:
    return node.step.started_at or node.run.created_at


def _users(graph: Graph) -> Callable[[str, str], Iterable[str]]:
    def users(node: str, home: str) -> Iterable[str]:
        found = graph.targets(node)
        borrower = _borrower(graph, home)
        if borrower and isinstance(graph.nodes[node], ArtifactNode):
            return [step.id for step in _steps(graph, found) if step.run.id == borrower]
        return found

    return users
