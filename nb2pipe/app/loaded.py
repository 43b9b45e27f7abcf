"""The Python API: a notebook as a pipeline object, and the runs as a table."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING, Any

from nb2pipe.app.notebooks import read_pipeline
from nb2pipe.app.parameters import Given
from nb2pipe.app.places import notebook_folder
from nb2pipe.app.plan import RunRequest
from nb2pipe.errors import Diagnostic, SettingsError
from nb2pipe.model import Parameter, Pipeline, Step
from nb2pipe.report.data import run_data
from nb2pipe.report.svg import pipeline_svg
from nb2pipe.report.text import pipeline_text
from nb2pipe.settings import load_settings

if TYPE_CHECKING:
    import pandas

    from nb2pipe.app.result import RunResult


@dataclass(frozen=True)
class LoadedPipeline:
    """A notebook as a pipeline, ready to run.

    >>> pipeline = nb2pipe.load("churn.ipynb")
    >>> [step.name for step in pipeline.steps]
    ['load', 'train']
    >>> result = pipeline.with_options(report="churn.html").run(rows=1000)
    >>> result.state, result.metrics
    (<State.SUCCEEDED: 'succeeded'>, {'auc': 0.91})

    Args:
        pipeline: the plan with all details.
        request: where the run's results go.
        flags: settings for its runs, as :func:`nb2pipe.settings.load_settings` takes them.
    """

    pipeline: Pipeline
    request: RunRequest
    flags: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The pipeline's name."""
        return self.pipeline.name

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps in notebook order."""
        return self.pipeline.steps

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters with types and defaults."""
        return self.pipeline.parameters

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All findings; :meth:`run` refuses if one is an error."""
        return self.pipeline.diagnostics

    def with_options(
        self,
        *,
        output: str | None = None,
        report: str | None = None,
        jobs: int | None = None,
        cache: bool | None = None,
        tags: tuple[str, ...] | None = None,
        approve: tuple[str, ...] | None = None,
        from_step: str | None = None,
    ) -> LoadedPipeline:
        """The same pipeline with other options for its runs; None leaves an option as it is.

        Args:
            output: where the executed notebook goes; without it, into the run's folder.
            report: where the HTML report goes.
            jobs: steps at a time.
            cache: whether results of earlier runs are taken.
            tags: labels for the runs.
            approve: steps that need no approval of a person any more; ``("all",)`` for every step.
            from_step: it and the steps after it are run anew, those before it may come from earlier runs.
        """
        request = replace(
            self.request,
            output=self.request.output if output is None else output,
            report=self.request.report if report is None else report,
            tags=self.request.tags if tags is None else tags,
            approve=self.request.approve if approve is None else approve,
            from_step=self.request.from_step if from_step is None else from_step,
        )
        flags = {"jobs": jobs, "cache": cache}
        return replace(self, request=request, flags={**self.flags, **{k: v for k, v in flags.items() if v is not None}})

    def run(self, **parameters: Any) -> RunResult:
        """Run it and wait for the end; a failed step does not raise, see the result's ``state``.

        Args:
            parameters: values by name; the others have their defaults.

        Raises:
            RefusedError: nothing ran; the diagnostics or the message say why.
        """
        from nb2pipe.app.run import run_notebook

        request = replace(self.request, given=Given(values=parameters))
        settings = load_settings(self.flags, cwd=notebook_folder(self.request.notebook))
        return run_notebook(request, settings, text=self.pipeline.notebook.text)

    def show(self) -> None:
        """Print the picture that ``nb2pipe show`` prints."""
        sys.stdout.write(pipeline_text(self.pipeline))

    def _repr_html_(self) -> str:
        """What a notebook shows of it: the picture."""
        return f"<div><b>{escape(self.name)}</b></div>{pipeline_svg(self.pipeline, standalone=True)}"


def load(path: str) -> LoadedPipeline:
    """Read a notebook as a pipeline.

    Args:
        path: file or URL.

    Raises:
        NotebookError: it cannot be read.
    """
    return LoadedPipeline(read_pipeline(path), RunRequest(path))


def runs() -> pandas.DataFrame:
    """All runs in the store, newest first: a row for each, with columns ``parameters.NAME`` and ``metrics.NAME``.

    Raises:
        SettingsError: pandas is not installed.
        StoreError: the store cannot be read.
    """
    try:
        import pandas
    except ImportError as error:
        raise SettingsError("nb2pipe.runs() needs pandas", hint="pip install 'nb2pipe[pandas]'") from error
    from nb2pipe.app.history import list_runs

    found, metrics = list_runs(load_settings())
    rows = [_row(run_data(run), metrics.get(run.id, {})) for run in found]
    frame = pandas.DataFrame(rows, columns=None if rows else list(COLUMNS))
    for column in ("created_at", "started_at", "ended_at"):
        frame[column] = pandas.to_datetime(frame[column], utc=True, format="ISO8601")
    return frame


COLUMNS = (
    "id",
    "pipeline",
    "state",
    "created_at",
    "started_at",
    "ended_at",
    "duration_s",
    "notebook_path",
    "output_path",
    "user",
    "host",
    "executor",
    "message",
    "tags",
)


def _row(run: Mapping[str, Any], metrics: Mapping[str, Any]) -> dict[str, Any]:
    row = {name: run[name] for name in COLUMNS}
    row |= {f"parameters.{name}": value for name, value in run["parameters"].items()}
    return row | {f"metrics.{name}": value for name, value in metrics.items()}
