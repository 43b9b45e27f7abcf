"""Notebooks in other languages than Python: one step, or a chain that hands on files."""

from __future__ import annotations

import itertools

from nb2pipe.conversion.approvals import approval_findings
from nb2pipe.conversion.diagnose import diagnostic
from nb2pipe.conversion.layout import read_layout
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Edge, Link, Notebook, Pipeline, Step
from nb2pipe.notebook import notebook_diagnostics, pipeline_name, step_settings


def foreign_pipeline(notebook: Notebook) -> Pipeline:
    """The pipeline of a notebook whose code is not analysed.

    Its variables cannot cross from step to step; with ``"nb2pipe": {"data": "files"}`` in its metadata the steps run
    one after the other and hand on files only.
    """
    layout = read_layout(notebook)
    steps = []
    for unit in layout.units:
        shared = sorted({*layout.shared_cells(unit), *layout.parameters})
        settings = step_settings(notebook, unit.tagged)
        steps.append(Step(unit.name, unit.cells, tuple(shared), unit.after, uses_shell=True, settings=settings))
    edges = []
    for first, second in itertools.pairwise(steps):
        reason = f"Steps in {notebook.language} run in the notebook's order: what they use is not known."
        edges.append(Edge(first.name, second.name, (Link("conservative", "*", reason),)))
    found = [*notebook_diagnostics(notebook), *approval_findings(notebook)]
    if len(steps) > 1 and not _hands_on_files(notebook):
        found.append(_refusal(notebook, steps[1]))
    return Pipeline(pipeline_name(notebook), notebook, (), tuple(steps), tuple(edges), tuple(found))


def _hands_on_files(notebook: Notebook) -> bool:
    own = notebook.metadata.get("nb2pipe")
    return isinstance(own, dict) and own.get("data") == "files"


def _refusal(notebook: Notebook, step: Step) -> Diagnostic:
    index = step.cells[0] if step.cells else None
    cell = notebook.cells[index] if index is not None else None
    return diagnostic("N2P320", cell, None, step.name, language=notebook.language, step=step.name)
