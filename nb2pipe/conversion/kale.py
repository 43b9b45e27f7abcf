"""Notebooks tagged for Kale: what their ``prev:`` tags leave out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.summary import Origins, Summary
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Edge, Notebook


def kale_findings(
    notebook: Notebook, edges: Sequence[Edge], summaries: list[Summary], origins: Origins
) -> Iterator[Diagnostic]:
    """Says where data flows between steps that ``prev:`` tags leave unordered."""
    if "kubeflow_notebook" not in notebook.metadata and not any(cell.tag.kale for cell in notebook.cells):
        return
    declared = _declared(summaries)
    by_name = {summary.name: summary for summary in summaries}
    for edge in edges:
        if edge.source in declared[edge.target]:
            continue
        summary = by_name[edge.target]
        for name in edge.names:
            need = summary.needs[name]
            makers = [cell for cell in sorted(need.makers) if origins.maker(cell, name) == edge.source]
            made = makers[0]
            changes = (
                name in origins.cells[made].changes and name in summary.binds and name not in origins.cells[made].binds
            )
            code = "N2P311" if changes else "N2P310"
            cell = notebook.cells[need.cell]
            yield diagnostic(
                code,
                cell,
                need.read.line,
                edge.target,
                name=name,
                source=edge.source,
                made=str(made + 1),
                cell=str(need.cell + 1),
            )


def _declared(summaries: list[Summary]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for summary in summaries:
        before = {name for name in summary.unit.after if name in found}
        found[summary.name] = before.union(*(found[name] for name in before))
    return found
