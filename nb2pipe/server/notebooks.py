"""Operations on notebooks that are not run: what pipeline one makes, saved or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path

from nb2pipe.app.detached import settings_for
from nb2pipe.app.notebooks import check_notebook, edge_reasons, read_pipeline
from nb2pipe.app.tagging import tag_notebook
from nb2pipe.errors import NotFoundError
from nb2pipe.notebook.settings_schema import settings_schema
from nb2pipe.report.data import diagnostic_data, pipeline_data
from nb2pipe.server.asking import Asked
from nb2pipe.server.service import Service
from nb2pipe.settings.values import explain

TOUR = Path(__file__).parents[2] / "example_notebooks/tour.ipynb"
"""Where a checkout has it; an installation has it among the data of Jupyter."""


def tour(service: Service, asked: Asked) -> Any:
    """The notebook of the tour, for whoever wants a copy.

    Raises:
        NotFoundError: it was not installed.
    """
    for path in (TOUR, *(Path(folder, TOUR.name) for folder in jupyter_path("nb2pipe"))):
        if path.is_file():
            return json.loads(path.read_bytes())
    raise NotFoundError(
        "The notebook of the tour is not installed.", hint="Install nb2pipe anew: pip install nb2pipe[lab]."
    )


def check(service: Service, asked: Asked) -> dict[str, Any]:
    """The pipeline of a notebook, and all findings."""
    path, text = notebook_of(service, asked)
    found = check_notebook(path, settings_for(path, service.settings()), text)
    return {
        "is_unsaved": text is not None,
        "is_refused": found.is_refused,
        "pipeline": pipeline_data(found.pipeline) if found.pipeline else None,
        "diagnostics": [diagnostic_data(each) for each in found.diagnostics],
    }


def why(service: Service, asked: Asked) -> dict[str, Any]:
    """Why one step waits for another."""
    path, text = notebook_of(service, asked)
    pipeline = read_pipeline(path, text)
    try:
        return {"reasons": list(edge_reasons(pipeline, asked.body["source"], asked.body["target"]))}
    except KeyError as error:
        names = ", ".join(step.name for step in pipeline.steps)
        raise NotFoundError(f"There is no step {error.args[0]!r}.", hint=f"There are: {names}.") from error


def propose_tags(service: Service, asked: Asked) -> dict[str, Any]:
    """Tags that make a step of each part under a heading; nothing is written."""
    path, text = notebook_of(service, asked)
    found = tag_notebook(path, text=text)
    return {
        "tags": [{"cell_index": index, "tags": list(tags)} for index, tags in sorted(found.tags.items())],
        "pipeline": pipeline_data(found.pipeline),
    }


def step_settings(service: Service, asked: Asked) -> dict[str, Any]:
    """The JSON schema of a step's settings."""
    return settings_schema()


def settings(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """The settings in force and where each comes from."""
    return [vars(row) for row in explain(service.settings())]


def notebook_of(service: Service, asked: Asked) -> tuple[str, str | None]:
    """The absolute path of the notebook that a body names, and its text where the body brings it."""
    contents, path, text = service.contents(), asked.body["path"], asked.body.get("text")
    return (contents.notebook(path), None) if text is None else (contents.unsaved(path), text)
