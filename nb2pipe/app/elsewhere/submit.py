"""Use-case: send a notebook to a target, and keep a record of the run there."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nb2pipe.app.compiling import compiled_for
from nb2pipe.app.elsewhere.commit import commit_of
from nb2pipe.app.elsewhere.targets import connected, find_target
from nb2pipe.app.home import check_home
from nb2pipe.app.parameters import Given
from nb2pipe.app.places import is_local
from nb2pipe.app.users import user_name
from nb2pipe.errors import SettingsError, StoreError
from nb2pipe.kubeflow.compiling import CHECK, all_tasks
from nb2pipe.kubeflow.findings import ENGINES
from nb2pipe.kubeflow.kinds import unsendable
from nb2pipe.kubeflow.options import CompileOptions
from nb2pipe.kubeflow.parts import step_tasks
from nb2pipe.kubeflow.remote.codes import not_possible
from nb2pipe.kubeflow.remote.values import RemoteRun, Submission
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.model import Elsewhere, Pipeline, Run, State, StepRun
from nb2pipe.model.ids import new_run_id
from nb2pipe.settings import Settings
from nb2pipe.settings.targets import Target
from nb2pipe.store import open_store


@dataclass(frozen=True)
class SubmitRequest:
    """What a user asks for.

    Args:
        notebook: file or URL.
        target: name of the target.
        given: parameter values.
        name: of the run there; empty for the pipeline's, with the time.
        labels: for the run there; those of the target are added.
        tags: the user's own labels, for the record here.
    """

    notebook: str
    target: str
    given: Given = field(default_factory=Given)
    name: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prepared:
    """A notebook that can be sent: all that is checked before a service is asked.

    Args:
        target: where to.
        pipeline: what the notebook makes, with the images of its steps.
        submission: what is sent.
        record: of the run, without what only the service knows.
        steps: the same of its steps.
    """

    target: Target
    pipeline: Pipeline
    submission: Submission
    record: Run
    steps: tuple[StepRun, ...]


def submit_notebook(
    request: SubmitRequest, settings: Settings, *, text: str | None = None, user: str = ""
) -> tuple[Run, Pipeline]:
    """Send a notebook to a target; it goes on there, whatever becomes of this process.

    Args:
        request: what to send.
        settings: the settings in force.
        text: the notebook's text where it is at hand already.
        user: who asks; empty for whoever runs this process.

    Returns:
        The record of the run, and its pipeline.

    Raises:
        RefusedError: nothing was sent, or the service refused it.
    """
    prepared = prepare(request, settings, text=text, user=user)
    check_home(settings.home)
    with (
        open_store(settings.store_url, settings.home) as store,
        closing(connected(prepared.target)) as remote,
    ):
        told = remote.submit(prepared.submission)
        try:
            run = store.add_run(sent(prepared.record, told))
        except StoreError:
            remote.cancel(told.id)  # nobody would know of it
            raise
        for step in prepared.steps:
            store.record(step)
    return run, prepared.pipeline


def prepare(request: SubmitRequest, settings: Settings, *, text: str | None = None, user: str = "") -> Prepared:
    """Compile a notebook for a target, held against all that can be known before it is sent.

    Raises:
        RefusedError: the notebook, a parameter, a label or the target makes it impossible.
    """
    target = find_target(request.target)
    if request.notebook == "-":
        raise SettingsError("A notebook that is sent needs a file or URL.", hint="Save it, and name the file.")
    options = CompileOptions(target.kind, cache=settings.cache)
    pipeline, compiled = compiled_for(request.notebook, options, settings, text)
    values, given = request.given.resolve(pipeline.parameters)
    sendable = _sendable(pipeline, given, target)
    now = datetime.now(UTC)
    record = _record(request, settings, target, pipeline, compiled, now)
    record = replace(record, parameters=values, user=user or user_name())
    assert record.elsewhere is not None
    submission = Submission(
        record.elsewhere.name,
        compiled.spec["pipelineInfo"]["name"],
        compiled.spec,
        compiled.platform,
        sendable,
        record.elsewhere.labels,
        describe(record),
        record.id,
    )
    return Prepared(target, pipeline, submission, record, _first(pipeline, record))


def sent(record: Run, told: RemoteRun) -> Run:
    """The record of a run that the service has taken.

    Args:
        record: as prepared.
        told: what the service says of it.
    """
    assert record.elsewhere is not None
    now = datetime.now(UTC)
    place = replace(record.elsewhere, url=told.url, asked_at=now)
    return replace(record, remote_id=told.id, elsewhere=place, started_at=now)


def describe(record: Run) -> str:
    """A line for people who find the run there."""
    assert record.elsewhere is not None
    parts = [f"nb2pipe run {record.id} of {record.notebook_path}"]
    parts += [f"git {record.elsewhere.commit}"] if record.elsewhere.commit else []
    parts += [f"by {record.user}"] if record.user else []
    parts += [f"{name}={value}" for name, value in record.elsewhere.labels.items()]
    return ", ".join(parts)


def _record(
    request: SubmitRequest, settings: Settings, target: Target, pipeline: Pipeline, compiled: Compiled, now: datetime
) -> Run:
    notebook, run_id, tasks = pipeline.notebook, new_run_id(now), all_tasks(pipeline)
    place = Elsewhere(
        target.kind,
        request.name or f"{pipeline.name} {now:%Y-%m-%d %H:%M:%S}",
        commit=commit_of(request.notebook) if is_local(request.notebook) else "",
        labels={**target.labels, **request.labels},
        steps=step_tasks(pipeline, tasks),
        check=tasks[CHECK] if tasks[CHECK] in compiled.spec["root"]["dag"]["tasks"] else "",
    )
    return Run(
        id=run_id,
        pipeline=pipeline.name,
        notebook_path=notebook.path,
        notebook_digest=notebook.digest,
        notebook_text=notebook.text,
        parameters={},
        state=State.RUNNING,
        created_at=now,
        started_at=now,
        host=target.name,
        executor=target.kind,
        output_path=str(settings.home / "runs" / run_id / "executed.ipynb"),
        tags=request.tags,
        target=target.name,
        elsewhere=place,
    )


def _first(pipeline: Pipeline, record: Run) -> tuple[StepRun, ...]:
    return tuple(
        StepRun(record.id, step.name, State.QUEUED, cells_total=len({*step.cells, *step.setup_cells}))
        for step in pipeline.steps
    )


def _sendable(pipeline: Pipeline, given: Mapping[str, object], target: Target) -> dict[str, object]:
    """Values that were given, once it is known that they arrive as they are.

    Raises:
        SettingsError: N2P964, one would not.
    """
    engine = ENGINES[target.kind]
    defaults = {each.name: each.default for each in pipeline.parameters}
    for name, value in given.items():
        number = unsendable(value)
        if number is not None:
            what, why = f"the value {number} of the parameter {name!r}", "it hands numbers over as floats of JSON"
            advice = "give it as a text, and turn it into a number in the notebook"
            raise not_possible("N2P964", engine=engine, what=what, why=why, advice=advice)
        if value is None and defaults[name] is not None:
            what, why = f"None for the parameter {name!r}", "what has no value takes its default there"
            raise not_possible("N2P964", engine=engine, what=what, why=why, advice="make None its default")
    return {name: value for name, value in given.items() if value is not None}
