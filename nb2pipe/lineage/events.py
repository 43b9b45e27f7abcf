"""Runs and steps as OpenLineage events, in the classes of its own client, which is imported when they are wanted.

A notebook is a job, and so is each of its steps, whose runs name the notebook's run as parent. Files are datasets of
the namespaces that OpenLineage gives them (``file``, ``https://host``, ``s3://bucket``), and values that steps hand on
are datasets of the namespace ``nb2pipe``; a dataset's version is its SHA-256. https://openlineage.io/docs/spec/naming
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nb2pipe import __version__
from nb2pipe.lineage.graph import AMBIENT, CodeCell
from nb2pipe.model import DataUse, Run, State, StepRun, Verdict

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent

PRODUCER = f"urn:nb2pipe:{__version__}"
FACET_SCHEMA = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunFacet"
VALUES = "nb2pipe"
OWN_TAGS = "nb2pipe"


@dataclass(frozen=True)
class Job:
    """What events are about.

    Args:
        namespace: of jobs, as the user's OpenLineage has it.
        run: the run.
        language: of the notebook.
        cells: code of each step, by its name.
    """

    namespace: str
    run: Run
    language: str
    cells: Mapping[str, Sequence[CodeCell]]


def run_uuid(run: Run, step: str = "") -> str:
    """The UUID of a run or of a step's run: the same whenever it is asked for."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"nb2pipe:{run.id}/{step}"))


def run_event(job: Job, state: State, at: datetime, steps: Iterable[StepRun] = ()) -> RunEvent:
    """The event of a run's start or end.

    Args:
        job: what it is about.
        state: running for the start, else how it ended.
        at: when.
        steps: last value of each step, for the end.
    """
    from openlineage.client import event_v2, facet_v2

    run, done = job.run, tuple(steps)
    facets: dict[str, Any] = {
        **_engine(),
        **_tags(run, run_id=run.id, user=run.user, executor=run.executor),
        **_parameters(run.parameters),
        **_error(run.message if state is State.FAILED else "", job.language, ""),
    }
    kind = facet_v2.job_type_job.JobTypeJobFacet("BATCH", "NB2PIPE", "PIPELINE", producer=PRODUCER)
    written = {use.path for step in done for use in step.data if use.use == "written"}
    outside = [use for step in done for use in step.data if use.path not in written or use.use == "written"]
    return event_v2.RunEvent(
        eventTime=at.isoformat(),
        producer=PRODUCER,
        run=event_v2.Run(run_uuid(run), facets),
        job=event_v2.Job(job.namespace, run.pipeline, {"jobType": kind}),
        eventType=_event_type(state),
        inputs=[_input(*_place(use), use.digest) for use in _once(outside, "read")],
        outputs=[_output(*_place(use), use.digest, use.size_bytes) for use in _once(outside, "written")],
    )


def step_event(job: Job, step: StepRun, state: State, at: datetime) -> RunEvent:
    """The event of a step's start or end.

    Args:
        job: what it is about.
        step: the step's run.
        state: running for the start, else how it ended.
        at: when.
    """
    from openlineage.client import event_v2, facet_v2

    run, failure = job.run, step.failure
    parent = facet_v2.parent_run.ParentRunFacet(
        facet_v2.parent_run.Run(run_uuid(run)),
        facet_v2.parent_run.Job(job.namespace, run.pipeline),
        producer=PRODUCER,
    )
    facets: dict[str, Any] = {
        "parent": parent,
        **_engine(),
        **_tags(run, **_own_tags(step)),
        **_parameters(step.parameters),
        **_environment(step),
        **_error(f"{failure.name}: {failure.message}" if failure else "", job.language, _trace(step)),
    }
    source = "\n\n".join(cell.source for cell in job.cells.get(step.step, ()) if not cell.is_setup)
    code = facet_v2.source_code_job.SourceCodeJobFacet(job.language, source, producer=PRODUCER)
    kind = facet_v2.job_type_job.JobTypeJobFacet("BATCH", "NB2PIPE", "STEP", producer=PRODUCER)
    values = [(item.step, item.name, item.digest) for item in step.inputs]
    saved = [item for item in step.artifacts if not item.name.startswith(AMBIENT)]
    return event_v2.RunEvent(
        eventTime=at.isoformat(),
        producer=PRODUCER,
        run=event_v2.Run(run_uuid(run, f"{step.step}/{step.attempt}"), facets),
        job=event_v2.Job(job.namespace, f"{run.pipeline}.{step.step}", {"jobType": kind, "sourceCode": code}),
        eventType=_event_type(state),
        inputs=[
            *(_input(*_place(use), use.digest) for use in _once(step.data, "read")),
            *(_input(VALUES, f"{run.pipeline}.{maker}.{name}", digest) for maker, name, digest in values),
        ],
        outputs=[
            *(_output(*_place(use), use.digest, use.size_bytes) for use in _once(step.data, "written")),
            *(_output(VALUES, f"{run.pipeline}.{step.step}.{a.name}", a.digest, a.size_bytes) for a in saved),
        ],
    )


def _own_tags(step: StepRun) -> dict[str, str]:
    """What is ours to say of a step."""
    approval = step.approval
    return {
        "run_id": step.run_id,
        "image": step.observation.image,
        "cached_from": step.cached_from or "",
        "approved_by": approval.user if approval is not None and approval.verdict is Verdict.APPROVED else "",
    }


def _event_type(state: State) -> Any:
    from openlineage.client.event_v2 import RunState

    if not state.is_final:
        return RunState.START
    if state.is_good:
        return RunState.COMPLETE
    return RunState.FAIL if state is State.FAILED else RunState.ABORT


def _once(uses: Iterable[DataUse], use: str) -> list[DataUse]:
    """Each file once: the version that was read first or written last."""
    found: dict[str, DataUse] = {}
    for item in uses:
        if item.use == use and (use == "written" or item.path not in found):
            found[item.path] = item
    return list(found.values())


def _place(use: DataUse) -> tuple[str, str]:
    """Namespace and name of a file or URL."""
    if not use.is_url:
        return "file", use.path
    parts = urlsplit(use.path)
    host = parts.netloc.rpartition("@")[2]
    name = parts.path.lstrip("/") or "/"
    return f"{parts.scheme}://{host}", f"{name}?{parts.query}" if parts.query else name


def _input(namespace: str, name: str, digest: str) -> Any:
    from openlineage.client.event_v2 import InputDataset

    return InputDataset(namespace, name, facets=_version(digest))


def _output(namespace: str, name: str, digest: str, size_bytes: int | None) -> Any:
    from openlineage.client import event_v2, facet_v2

    facets: dict[str, Any] = {}
    if size_bytes is not None:
        statistics = facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet
        facets["outputStatistics"] = statistics(size=size_bytes, fileCount=1, producer=PRODUCER)
    return event_v2.OutputDataset(namespace, name, outputFacets=facets, facets=_version(digest))


def _version(digest: str) -> dict[str, Any]:
    from openlineage.client.facet_v2 import dataset_version_dataset

    if not digest:
        return {}
    return {"version": dataset_version_dataset.DatasetVersionDatasetFacet(digest, producer=PRODUCER)}


def _engine() -> dict[str, Any]:
    from openlineage.client.facet_v2 import processing_engine_run

    facet = processing_engine_run.ProcessingEngineRunFacet(__version__, "nb2pipe", producer=PRODUCER)
    return {"processing_engine": facet}


def _tags(run: Run, **own: str) -> dict[str, Any]:
    from openlineage.client.facet_v2 import tags_run

    tags = [tags_run.TagsRunFacetFields(tag, "true", "USER") for tag in run.tags]
    tags += [tags_run.TagsRunFacetFields(f"{OWN_TAGS}.{key}", value, "NB2PIPE") for key, value in own.items() if value]
    return {"tags": tags_run.TagsRunFacet(tags, producer=PRODUCER)}


def _parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    from openlineage.client.facet_v2 import execution_parameters_run as facets

    if not values:
        return {}
    listed = [facets.ExecutionParameter(name, value=json.dumps(value)) for name, value in values.items()]
    return {"executionParameters": facets.ExecutionParametersRunFacet(listed, producer=PRODUCER)}


def _environment(step: StepRun) -> dict[str, Any]:
    """Python, packages and metrics, for which OpenLineage has no facets of its own."""
    from openlineage.client.facet_v2 import RunFacet

    facts: dict[str, Any] = {
        "python": step.observation.python,
        "packages": dict(step.observation.distributions),
        "metrics": {metric.name: _plain(metric.value) for metric in step.metrics},
    }
    known = {name: value for name, value in facts.items() if value}
    return {"nb2pipe_step": RunFacet(producer=PRODUCER).with_additional_properties(**known)} if known else {}


def _plain(value: Any) -> Any:
    """A value that JSON has: NaN and infinities as text."""
    return value if not isinstance(value, float) or math.isfinite(value) else str(value)


def _error(message: str, language: str, trace: str) -> dict[str, Any]:
    from openlineage.client.facet_v2 import error_message_run

    if not message:
        return {}
    facet = error_message_run.ErrorMessageRunFacet(message, language, trace or None, producer=PRODUCER)
    return {"errorMessage": facet}


def _trace(step: StepRun) -> str:
    return step.failure.traceback if step.failure is not None else ""
