"""The widgets that the panel is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ipywidgets

from nb2pipe.widgets.look import executor_names

DEFAULT = "as the settings say"


def _html() -> Any:
    return ipywidgets.HTML()


def _button(words: str, icon: str, tooltip: str, **more: Any) -> Any:
    return ipywidgets.Button(description=words, icon=icon, tooltip=tooltip, **more)


def _refresh() -> Any:
    return _button("Refresh", "refresh", "Read the saved notebook again")


def _run() -> Any:
    return _button("Run", "play", "Run the saved notebook as a pipeline", button_style="primary")


def _cancel() -> Any:
    return _button("Cancel", "stop", "Stop the run", disabled=True)


def _executor() -> Any:
    options = [(DEFAULT, ""), *((name, name) for name in executor_names())]
    return ipywidgets.Dropdown(options=options, value="", description="Executor")


def _cache() -> Any:
    return ipywidgets.Checkbox(value=True, description="Take unchanged steps from earlier runs", indent=False)


@dataclass(frozen=True)
class Controls:
    """All that the panel shows, from top to bottom."""

    head: Any = field(default_factory=_html)
    refresh: Any = field(default_factory=_refresh)
    graph: Any = field(default_factory=_html)
    diagnostics: Any = field(default_factory=_html)
    form: Any = field(default_factory=ipywidgets.VBox)
    executor: Any = field(default_factory=_executor)
    why: Any = field(default_factory=lambda: ipywidgets.HTML(layout=ipywidgets.Layout(margin="2px 16px")))
    cache: Any = field(default_factory=_cache)
    run: Any = field(default_factory=_run)
    cancel: Any = field(default_factory=_cancel)
    message: Any = field(default_factory=_html)
    progress: Any = field(default_factory=_html)
    failures: Any = field(default_factory=_html)
    runs: Any = field(default_factory=ipywidgets.VBox)

    def box(self) -> Any:
        """All of them in one widget."""
        return ipywidgets.VBox(
            [
                ipywidgets.HBox([self.head, self.refresh]),
                self.graph,
                self.diagnostics,
                self.form,
                ipywidgets.HBox([self.executor, self.why, self.cache]),
                ipywidgets.HBox([self.run, self.cancel]),
                self.message,
                self.progress,
                self.failures,
                self.runs,
            ]
        )
