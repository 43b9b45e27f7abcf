"""The last runs of a notebook, each with a button that makes its report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ipywidgets

from nb2pipe.app.records import report_of_run
from nb2pipe.model import Run
from nb2pipe.settings import Settings
from nb2pipe.widgets import pictures
from nb2pipe.widgets.background import in_background


def run_rows(runs: Sequence[Run], settings: Settings) -> list[Any]:
    """A row for each run.

    Args:
        runs: newest first.
        settings: for home and store, where reports are made from.
    """
    if not runs:
        return [ipywidgets.HTML(pictures.note("No runs of this notebook yet."))]
    return [ipywidgets.HTML(pictures.note("Last runs")), *(_row(run, settings) for run in runs)]


def _row(run: Run, settings: Settings) -> Any:
    link = ipywidgets.HTML()
    button = ipywidgets.Button(description="Report", icon="file", tooltip=f"Make the report of run {run.id}")
    button.disabled = not run.state.is_final

    def tell(error: Exception) -> None:
        link.value = pictures.problem(error)

    def press(pressed: Any) -> None:
        button.disabled = True
        in_background(lambda: _make_report(run, settings, link), tell, lambda: _enable(button))

    button.on_click(press)
    return ipywidgets.HBox([ipywidgets.HTML(pictures.run_line(run)), button, link])


def _make_report(run: Run, settings: Settings, link: Any) -> None:
    file = settings.home / "runs" / run.id / f"report-{run.id}.html"
    page = report_of_run(settings, run.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")
    link.value = pictures.report_link(file)


def _enable(button: Any) -> None:
    button.disabled = False
