"""A failed cell as the reader of the notebook knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any

from nb2pipe.cli.terminal import harmless, has_colours, styled, without_ansi
from nb2pipe.cli.words import parameters_text
from nb2pipe.model import Artifact, CellFailure, Pipeline, StepRun
from nb2pipe.report.words import size_text

MOST_INPUTS = 12


def failure_text(
    pipeline: Pipeline, step_run: StepRun, earlier: Mapping[str, StepRun], output: str, stream: IO[Any]
) -> str:
    """Everything that helps to understand why a step failed.

    Args:
        pipeline: what ran.
        step_run: the failed step; its ``failure`` is not None.
        earlier: step runs by step, for what the failed step got from them.
        output: where the executed notebook is.
        stream: where it will be printed.
    """
    failure = step_run.failure
    assert failure is not None
    lines = [styled(f"Step {step_run.step!r} failed: {_full_place(pipeline, failure)}", stream, fg="red", bold=True)]
    if failure.traceback:
        traceback = failure.traceback if has_colours(stream) else without_ansi(failure.traceback)
        lines += ["", *(f"  {line}" for line in traceback.rstrip().split("\n")), ""]
    last = failure.message.strip().split("\n")[0]
    if last not in without_ansi(failure.traceback):
        text = f"{failure.name}: {failure.message}" if failure.name else failure.message
        lines += [f"  {line}" for line in without_ansi(text).rstrip().split("\n")]
    if failure.hint:
        lines.append(f"  {failure.hint}")
    lines += _inputs(pipeline, step_run, earlier)
    if step_run.log_path:
        lines.append(f"  What it printed: nb2pipe logs {step_run.run_id} {step_run.step}")
    if output and output != "-":
        lines.append(f"  Cells and outputs so far: {output}")
    return "\n".join(lines)


def where(failure: CellFailure) -> str:
    """``cell 3 (id a1b2), line 2``; empty where no cell is to blame."""
    if failure.cell_index is None:
        return ""
    text = f"cell {failure.cell_index + 1}"
    if failure.cell_id:
        text += f" (id {failure.cell_id})"
    return f"{text}, line {failure.line}" if failure.line else text


def _full_place(pipeline: Pipeline, failure: CellFailure) -> str:
    return ", ".join(part for part in (pipeline.notebook.path, where(failure)) if part)


def _inputs(pipeline: Pipeline, step_run: StepRun, earlier: Mapping[str, StepRun]) -> Iterator[str]:
    step = pipeline.step(step_run.step)
    if step_run.parameters:
        yield f"  Parameters: {harmless(parameters_text(step_run.parameters, 200))}"
    if not step.inputs:
        return
    yield "  Inputs:"
    for port in step.inputs[:MOST_INPUTS]:
        source, artifact = _last(port.sources, port.name, earlier)
        what = f": {_described(artifact)}" if artifact else ""
        yield harmless(f"    {port.name}{what}") + (f"  (from {source})" if source else "")
    if len(step.inputs) > MOST_INPUTS:
        yield f"    and {len(step.inputs) - MOST_INPUTS} more"


def _last(sources: tuple[str, ...], name: str, earlier: Mapping[str, StepRun]) -> tuple[str, Artifact | None]:
    for source in reversed(sources):
        for artifact in earlier[source].artifacts if source in earlier else ():
            if artifact.name == name:
                return source, artifact
    return (sources[-1] if sources else ""), None


def _described(artifact: Artifact) -> str:
    size = size_text(artifact.size_bytes)
    return ", ".join(part for part in (artifact.type, artifact.preview, size) if part)
