"""A pipeline as a Mermaid flowchart, for READMEs and pull requests."""

from __future__ import annotations

from nb2pipe.model import Pipeline, Step
from nb2pipe.report.graph import edge_labels, needed_parents, parents_of, shorten


def pipeline_mermaid(pipeline: Pipeline) -> str:
    """A ``flowchart TD``; orders that other edges already imply and that carry nothing are left out."""
    ids = {step.name: f"s{number}" for number, step in enumerate(pipeline.steps, 1)}
    needed = needed_parents(parents_of(pipeline))
    lines = ["flowchart TD"]
    lines += [f"    {ids[step.name]}{_box(step)}" for step in pipeline.steps]
    for edge in pipeline.edges:
        labels = edge_labels(edge)
        if not labels and edge.source not in needed[edge.target]:
            continue
        text = f'-->|"{quoted(shorten(labels, 40))}"|' if labels else "-->"
        lines.append(f"    {ids[edge.source]} {text} {ids[edge.target]}")
    return "\n".join(lines) + "\n"


def _box(step: Step) -> str:
    """A box, with two lines at its sides and the image in it for a step that runs a program in a container."""
    name = quoted(step.name) + ("<br/>needs approval" if step.settings.approval is not None else "")
    if not step.containers:
        return f'["{name}"]'
    images = "<br/>".join(quoted(call.image) for call in step.containers)
    return f'[["{name}<br/>{images}"]]'


def quoted(text: str) -> str:
    """Text within Mermaid's double quotes; its entity codes start with ``#``."""
    kept = "".join(c if c.isalnum() or c in " _-.,:+/()@" else f"#{ord(c)};" for c in text)
    return kept.replace("\n", " ")
