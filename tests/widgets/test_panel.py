"""``nb2pipe.panel()`` in a real kernel, seen as a frontend sees it: by its messages."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nb2pipe.app.history import list_runs
from nb2pipe.model import State
from tests.app.samples import TWO_STEPS, settings_in, write_notebook
from tests.session.stepping import Kernel, kernel

DEADLINE_S = 120.0


class Frontend:
    """Keeps the state of every widget, as its messages tell, and sends what a user does."""

    def __init__(self, started: Kernel) -> None:
        self._client = started.client
        self.widgets: dict[str, dict[str, Any]] = {}

    def hear(self, message: Any) -> None:
        """Take in a message of the kernel."""
        content = message["content"]
        if message["msg_type"] == "comm_open" and content["target_name"] == "jupyter.widget":
            self.widgets[content["comm_id"]] = dict(content["data"]["state"])
        elif message["msg_type"] == "comm_msg" and content["comm_id"] in self.widgets:
            self.widgets[content["comm_id"]].update(content["data"].get("state", {}))

    def send(self, description: str, data: dict[str, Any]) -> None:
        """Do something with the widget that has this description."""
        [found] = [key for key, state in self.widgets.items() if state.get("description") == description]
        message = self._client.session.msg("comm_msg", {"comm_id": found, "data": data})
        self._client.shell_channel.send(message)

    def texts(self) -> str:
        """All HTML that is shown."""
        html = [state for state in self.widgets.values() if state["_model_name"] == "HTMLModel"]
        return "\n".join(state.get("value", "") for state in html)

    def until(self, is_so: Callable[[], bool]) -> None:
        """Take in what comes, until something is so."""
        end = time.monotonic() + DEADLINE_S
        while not is_so():
            self.hear(self._client.get_iopub_msg(timeout=max(end - time.monotonic(), 0.0)))


def test_a_run_from_the_panel(tmp_path: Path, nb2pipe_home: Path) -> None:
    """A value typed and Run pressed run the notebook to the end, seen live, while cells run in the same kernel."""
    path = write_notebook(tmp_path / "own.ipynb", *TWO_STEPS)
    with kernel(tmp_path) as started:
        frontend = Frontend(started)
        status, out = started.run(f"__vsc_ipynb_file__ = {path!r}\nimport nb2pipe\nnb2pipe.panel()", hear=frontend.hear)
        assert ("ok", True) == (status, out.startswith("VBox(")), out
        assert "saved notebook" in frontend.texts() and "<script" not in frontend.texts()
        frontend.send("rows", {"method": "update", "state": {"value": 6}, "buffer_paths": []})
        frontend.send("Run", {"method": "custom", "content": {"event": "click"}})
        frontend.until(
            lambda: 'class="badge queued"' in frontend.texts() or 'class="badge running"' in frontend.texts()
        )
        assert ("ok", "42\n") == started.run("6 * 7", hear=frontend.hear)
        frontend.until(lambda: "rows=6" in frontend.texts() and 2 == frontend.texts().count('class="step succeeded"'))
    [run], metrics = list_runs(settings_in(nb2pipe_home))
    assert (State.SUCCEEDED, 6, {"total": 15}) == (run.state, run.parameters["rows"], metrics[run.id])


def test_a_run_outlives_the_kernel(tmp_path: Path, nb2pipe_home: Path) -> None:
    """A kernel that ends does not end the run that was started from its panel."""
    path = write_notebook(tmp_path / "own.ipynb", *TWO_STEPS)
    settings = settings_in(nb2pipe_home)
    with kernel(tmp_path) as started:
        frontend = Frontend(started)
        started.run(f"import nb2pipe\nnb2pipe.panel({path!r})", hear=frontend.hear)
        frontend.send("Run", {"method": "custom", "content": {"event": "click"}})
        frontend.until(lambda: 'class="badge ' in frontend.texts() and [] != list_runs(settings)[0])
    gone = select.poll()
    with contextlib.suppress(ProcessLookupError):  # it has ended already
        gone.register(os.pidfd_open(list_runs(settings)[0][0].pid))
        assert gone.poll(DEADLINE_S * 1000)
    assert State.SUCCEEDED is list_runs(settings)[0][0].state
