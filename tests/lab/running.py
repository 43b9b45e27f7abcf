"""Runs that stand before a test looks at them."""

from __future__ import annotations

from typing import Any

from tests.lab.browsing import Lab

FINAL = ("succeeded", "failed", "cancelled", "interrupted")


def run_whole(lab: Lab, path: str, **parameters: Any) -> dict[str, Any]:
    """Run a notebook of the lab to its end; the run as the service shows it then."""
    with lab.api.events() as events:
        assert "hello" == next(iter(events)).kind
        started = lab.api.ok("POST", "/runs", {"path": path, "parameters": parameters})
        events.until(
            lambda event: event.kind == "run" and event.data["id"] == started["id"] and event.data["state"] in FINAL
        )
    found: dict[str, Any] = lab.api.ok("GET", f"/runs/{started['id']}")["run"]
    return found


def open_view(lab: Lab, command: str, **args: Any) -> None:
    """Run a command of the extension, as soon as JupyterLab knows it."""
    lab.page.wait_for_function("id => window.jupyterapp?.commands.hasCommand(id)", arg=command)
    lab.run(command, **args)
