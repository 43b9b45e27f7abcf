"""Cell events that an engine lost on their way, when it died, are taken from the file that the worker keeps."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from nb2pipe.execution.options import CellEvent
from nb2pipe.execution.programs.runner import Conditions, Programs
from nb2pipe.execution.programs.served import StepPrograms
from nb2pipe.execution.serving import Served, ServedHandle
from nb2pipe.model import State, StepSettings
from tests.execution.processes import finish, make_task

EVENTS = [
    {"event": "cell", "index": 0, "state": "running", "at": "2026-01-01T00:00:00+00:00"},
    {"event": "cell", "index": 0, "state": "succeeded", "at": "2026-01-01T00:00:01+00:00"},
    {"event": "cell", "index": 1, "state": "running", "at": "2026-01-01T00:00:01+00:00"},
]


@pytest.mark.parametrize("came", [0, 1, 3])
def test_what_the_pipe_lost_is_in_the_file(tmp_path: Path, came: int) -> None:
    """Each event is told once, whether it came through the pipe or not; a line half written is none."""
    lines = [json.dumps(event) + "\n" for event in EVENTS]
    task = make_task(tmp_path, "1", "2")
    Path(task.events_path).write_text("".join(lines) + lines[0][:20])
    process = subprocess.Popen(
        ["printf", "%s", "".join(lines[:came])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    worker = Served(process, tmp_path / "worker.log")
    programs = Programs(tmp_path, print)
    handle = ServedHandle(worker, task, StepPrograms(programs, Conditions(StepSettings(), {}, ""), str))
    seen: list[CellEvent] = []

    outcome = finish(handle, seen.append)
    worker.close()

    assert State.FAILED is outcome.state
    assert [(0, "running"), (0, "succeeded"), (1, "running")] == [(event.index, event.state) for event in seen]
