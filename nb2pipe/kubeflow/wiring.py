"""Which step needs what of which other step: what a step is not given, it does not see, and a cache does not ask for.

``state`` is what a step and all before it were seen to do, with the state that a kernel carries besides variables:
small, and wanted by every step that waits. ``values`` are the variables that it left. ``files``, which
it and all before it wrote, go where ``state`` goes: what asks for a file cannot always be seen.
"""

from __future__ import annotations

from dataclasses import dataclass

from nb2pipe.model import Edge, Pipeline, Step
from nb2pipe.report.graph import needed_parents, parents_of

ALL = "*"


@dataclass(frozen=True)
class Wires:
    """Steps that a step gets something from, each in notebook order.

    Args:
        states: steps that it waits for directly: what they were given is in what they give, files as well.
        values: steps whose variables it may read.
        ancestors: all steps that it waits for.
    """

    states: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    ancestors: tuple[str, ...] = ()


def wires_of(pipeline: Pipeline) -> dict[str, Wires]:
    """What each step is given, by step."""
    nearest = needed_parents(parents_of(pipeline))
    edges: dict[str, list[Edge]] = {step.name: [] for step in pipeline.steps}
    for edge in pipeline.edges:
        edges[edge.target].append(edge)
    order = {step.name: number for number, step in enumerate(pipeline.steps)}
    ancestors: dict[str, set[str]] = {}
    found = {}
    for step in pipeline.steps:
        parents = [edge.source for edge in edges[step.name]]
        ancestors[step.name] = set(parents).union(*(ancestors[parent] for parent in parents))

        def sorted_steps(names: set[str]) -> tuple[str, ...]:
            return tuple(sorted(names, key=order.__getitem__))

        found[step.name] = Wires(
            tuple(nearest[step.name]),
            sorted_steps(_values(step, edges[step.name], ancestors[step.name])),
            sorted_steps(ancestors[step.name]),
        )
    return found


def _values(step: Step, edges: list[Edge], ancestors: set[str]) -> set[str]:
    if ALL in step.eager:
        return ancestors
    sources = {source for port in step.inputs for source in port.sources}
    sources |= {edge.source for edge in edges if any(link.kind in ("variable", "conservative") for link in edge.links)}
    return sources & ancestors
