"""What a run gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nb2pipe.errors import ArtifactError
from nb2pipe.model import CellFailure, Pipeline, Run, State, StepRun


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
    """

    run: Run
    pipeline: Pipeline
    steps: tuple[StepRun, ...]
    notebook: Mapping[str, Any] = field(repr=False)
    notebook_path: str = ""
    report_path: str = ""
    home: Path = field(default_factory=Path)
    problems: tuple[str, ...] = ()

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

    def value(self, name: str) -> Any:
        """Load a variable that a step saved, as it was when the last step that changed it ended.

        Raises:
            ArtifactError: no step saved it, or what it saved is gone or damaged.
        """
        from nb2pipe.artifacts import load_value

        found = [artifact for step in self.steps for artifact in step.artifacts if artifact.name == name]
        if not found:
            known = sorted({a.name for step in self.steps for a in step.artifacts if not a.name.startswith("@")})
            hint = "Saved are the variables that a later step may read: " + (", ".join(known) or "none here") + "."
            raise ArtifactError(f"no step of run {self.id} saved {name!r}", hint=hint)
        return load_value(self.home / "artifacts", found[-1])
