"""The last runs of a notebook, each with a button that makes its report."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import ipywidgets

from nb2pipe.app.records import report_of_run
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings
from nb2pipe.widgets import pictures
from nb2pipe.widgets.background import in_background


class PastRuns:
    """A row for each run; rows stay, with the reports made there, until the runs are others.

    Args:
        box: the widget to put the rows into.
    """

    def __init__(self, box: Any) -> None:
        self._box = box
        self._shown: list[tuple[str, State]] | None = None
        self._lock = threading.Lock()  # a run is followed in a thread, while the user may press Refresh

    def show(self, runs: Sequence[Run], settings: Settings) -> None:
        """List these runs.

        Args:
            runs: newest first.
            settings: for home and store, where reports are made from.
        """
        shown = [(run.id, run.state) for run in runs]
        with self._lock:
            if shown == self._shown:
                return
            before, self._shown = self._box.children, shown
            title = "Last runs" if runs else "No runs of this notebook yet."
            rows = [_row(run, settings) for run in runs]
            self._box.children = (ipywidgets.HTML(pictures.note(title)), *rows)
        close(before)


def close(widgets: Sequence[Any]) -> None:
    """Forget widgets that are shown no more, with all that they hold."""
    for widget in widgets:
        close(getattr(widget, "children", ()))
        widget.close()


def _row(run: Run, settings: Settings) -> Any:
    link = ipywidgets.HTML()
    button = ipywidgets.Button(description="Report", icon="file", tooltip=f"Make the report of run {run.id}")
    button.layout = ipywidgets.Layout(width="7em", flex="0 0 auto")
    button.disabled = not run.state.is_final

    def tell(error: Exception) -> None:
        link.value = pictures.problem(error)

    def press(pressed: Any) -> None:
        button.disabled = True
        in_background(lambda: _make_report(run, settings, link), tell, lambda: _enable(button))

    button.on_click(press)
    return ipywidgets.VBox([ipywidgets.HBox([button, ipywidgets.HTML(pictures.run_line(run))]), link])


def _make_report(run: Run, settings: Settings, link: Any) -> None:
    file = settings.home / "runs" / run.id / f"report-{run.id}.html"
    page = report_of_run(settings, run.id)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page, encoding="utf-8")
    link.value = pictures.report_link(file)


def _enable(button: Any) -> None:
    button.disabled = False
