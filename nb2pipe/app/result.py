"""What a run gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from nb2pipe.model import CellFailure, Pipeline, Run, State, StepRun
from nb2pipe.report.words import duration_text


@dataclass(frozen=True)
class RunResult:
    """A finished run.

    Args:
        run: its record.
        pipeline: what ran.
        steps: last value of each step, in notebook order.
        notebook: the executed notebook as nbformat JSON.
        notebook_path: where it was written; empty if nowhere.
        report_path: where the HTML report was written; empty if none was asked for.
        home: folder of runs and artifacts.
        problems: what went wrong around the run itself, such as a store that could not record.
        warnings: what went wrong and does not matter to the run, such as an event that could not be sent.
    """

    run: Run
    pipeline: Pipeline
    steps: tuple[StepRun, ...]
    notebook: Mapping[str, Any] = field(repr=False)
    notebook_path: str = ""
    report_path: str = ""
    home: Path = field(default_factory=Path)
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Id of the run."""
        return self.run.id

    @property
    def state(self) -> State:
        """How it ended."""
        return self.run.state

    @property
    def parameters(self) -> Mapping[str, Any]:
        """All parameter values of the run."""
        return self.run.parameters

    @property
    def metrics(self) -> dict[str, Any]:
        """Value of every metric by name; of two steps that record one name, the later counts."""
        return {metric.name: metric.value for step in self.steps for metric in step.metrics}

    @property
    def failures(self) -> dict[str, CellFailure]:
        """Step to why it failed."""
        return {step.step: step.failure for step in self.steps if step.failure is not None}

    @property
    def ok(self) -> bool:
        """Whether all went well."""
        return self.state is State.SUCCEEDED and not self.problems

    def value(self, name: str) -> Any:
        """A variable that a step saved for later ones, or a parameter, as it was at the end of the run.

        Raises:
            ArtifactError: no step saved it, or what it saved is gone or damaged.
        """
        from nb2pipe.app.values import load_value

        artifacts = {artifact.name for step in self.steps for artifact in step.artifacts}
        if name in self.run.parameters and name not in artifacts:
            return self.run.parameters[name]
        return load_value(self.home / "artifacts", self.steps, name)

    def _repr_html_(self) -> str:
        """What a notebook shows of it: state and steps."""
        rows = "".join(
            f"<tr><td>{escape(step.step)}</td><td>{step.state.value}</td><td>{duration_text(step.duration_s)}</td></tr>"
            for step in self.steps
        )
        head = f"Run {escape(self.id)} <b>{self.state.value}</b> {escape(self.run.message)}"
        return f"<div>{head}</div><table><tr><th>Step</th><th>State</th><th>Time</th></tr>{rows}</table>"
