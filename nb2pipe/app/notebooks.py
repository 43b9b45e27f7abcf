"""Use-cases that look at a notebook without running it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from nb2pipe.app.defaults import with_defaults
from nb2pipe.app.executors import executor_findings
from nb2pipe.conversion import build_pipeline
from nb2pipe.errors import Diagnostic, NotebookError
from nb2pipe.model import Pipeline
from nb2pipe.notebook import read_notebook
from nb2pipe.settings import Settings


@dataclass(frozen=True)
class CheckResult:
    """What ``check`` found in one notebook.

    Args:
        path: as given.
        pipeline: what it makes; None when it could not be read.
        diagnostics: all findings.
    """

    path: str
    pipeline: Pipeline | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_refused(self) -> bool:
        """Whether a run would refuse this notebook."""
        return any(diagnostic.severity == "error" for diagnostic in self.diagnostics)


def read_pipeline(path: str, text: str | None = None) -> Pipeline:
    """The pipeline that a notebook makes, its diagnostics inside.

    Args:
        path: file, URL, or ``-`` for standard input.
        text: the notebook's text where it is at hand already.

    Raises:
        NotebookError: it cannot be read.
    """
    return build_pipeline(read_notebook(path, text=text))


def check_notebook(path: str, settings: Settings, text: str | None = None) -> CheckResult:
    """All that is to be said about a notebook before it runs; that it cannot be read is a finding too.

    Args:
        path: file, URL, or ``-`` for standard input.
        settings: the settings in force.
        text: the notebook's text where it is at hand already, as that of an editor.
    """
    try:
        pipeline = read_pipeline(path, text)
    except NotebookError as error:
        found = error.diagnostics or (Diagnostic("N2P001", "error", error.message, error.hint),)
        return CheckResult(path, None, found)
    pipeline = with_defaults(pipeline, settings)
    return CheckResult(path, pipeline, (*pipeline.diagnostics, *executor_findings(pipeline, settings)))


def edge_reasons(pipeline: Pipeline, source: str, target: str) -> Sequence[str]:
    """Why ``target`` runs after ``source``, one sentence a reason; empty when neither waits for the other.

    Where they are not neighbours, the reasons along the shortest way are given.

    Raises:
        KeyError: no step of that name.
    """
    pipeline.step(source)
    pipeline.step(target)
    way = _shortest_way(pipeline, source, target)
    reasons = {(edge.source, edge.target): [link.reason for link in edge.links] for edge in pipeline.edges}
    return [
        reason if len(way) == 2 else f"{early} before {late}: {reason}"
        for early, late in itertools.pairwise(way)
        for reason in reasons[early, late]
    ]


def _shortest_way(pipeline: Pipeline, source: str, target: str) -> list[str]:
    ways = {source: [source]}
    todo = [source]
    while todo and target not in ways:
        here = todo.pop(0)
        for edge in pipeline.edges:
            if edge.source == here and edge.target not in ways:
                ways[edge.target] = [*ways[here], edge.target]
                todo.append(edge.target)
    return ways.get(target, [])
