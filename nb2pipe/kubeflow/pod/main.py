"""The program of a pod: ``--executor_input JSON --step TEXT``, or ``--check TEXT`` for the last task of a pipeline.

For a container cell ``--hand-over TEXT`` stands before its program and ``--take-back TEXT`` behind it.

Exit code 0 when the step succeeded, 1 otherwise. What became of the step and the executed notebook stand at the end of
the output between marks (:mod:`nb2pipe.kubeflow.marks`); behind them is said what failed, as the reader of the notebook
knows it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.checking import Checker
from nb2pipe.execution.worker import Worker
from nb2pipe.kubeflow.kinds import value_of
from nb2pipe.kubeflow.marks import marked_notebook, marked_step
from nb2pipe.kubeflow.names import port_name
from nb2pipe.kubeflow.packing import Slice, unpack
from nb2pipe.kubeflow.pod.carry import (
    lay_bundles,
    namespace_here,
    read_steps,
    take_bundles,
    write_state,
)
from nb2pipe.kubeflow.pod.exchange import HandOver, ProgramWorker, TakeBack
from nb2pipe.kubeflow.pod.files import lay_files, look, write_files
from nb2pipe.kubeflow.pod.page import step_page
from nb2pipe.kubeflow.pod.running import Room, run_step
from nb2pipe.kubeflow.pod.told import Told
from nb2pipe.model import CellFailure, State, StepRun

FOLDER = "/tmp/nb2pipe-step"  # noqa: S108 - a pod has its /tmp for itself


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a step, or check all of them; the exit code."""
    parser = argparse.ArgumentParser(prog="nb2pipe-pod")
    parser.add_argument("--executor_input", required=True)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--step")
    what.add_argument("--check")
    what.add_argument("--hand-over")
    what.add_argument("--take-back")
    parser.add_argument("--folder", default=FOLDER)
    words = parser.parse_args(arguments)
    told = Told(json.loads(words.executor_input))
    try:
        part = unpack(words.step or words.check or words.hand_over or words.take_back)
        if words.check:
            return _check(part, told)
        return _step(part, told, Room(Path(words.folder)), _answer(part, told, ahead=bool(words.hand_over)))
    except (Nb2pipeError, ValueError, OSError) as error:
        _say(f"nb2pipe: {error}")
        return 1


def _answer(part: Slice, told: Told, *, ahead: bool) -> HandOver | TakeBack | None:
    """What answers the cell of a step that asks for a container; None for a step that has no such cell."""
    step = part.pipeline.step(part.step)
    if not step.containers:
        return None
    (call,) = step.containers
    return HandOver(call, told, step.cells[0] + 1) if ahead else TakeBack(call, told)


def _step(part: Slice, told: Told, room: Room, answer: HandOver | TakeBack | None) -> int:
    room.make()
    for name, data in part.files().items():
        (room.work / name).parent.mkdir(parents=True, exist_ok=True)
        (room.work / name).write_bytes(data)
    done, store = _take_over(part, told, room), room.store
    places = [told.given(port_name("files", part.tasks[name])) for name in part.wires.states]
    laid = lay_files(places, part.wires.ancestors, room.work)
    before = look(room.work)
    parameters = {each.name: value_of(each, told.parameters) for each in part.pipeline.parameters}
    given = {each.name: parameters[each.name] for each in part.pipeline.parameters if _differs(each, parameters)}
    namespace = namespace_here(part, done, store)
    worker = Worker if answer is None else partial(ProgramWorker, answer)
    run = run_step(part, room, namespace, parameters, given, "run", worker)
    if isinstance(answer, HandOver) and answer.is_done:
        return 0
    notebook = json.loads(Path(run.notebook_path).read_text(encoding="utf-8"))
    _leave_notebook(part, told, run, notebook, parameters)
    _say(f"\n{marked_step(run)}\n{marked_notebook(notebook)}")  # the last cell may have left its line open
    if not run.state.is_good:
        _say(failure_text(run.step, run.failure))
        return 1
    _leave(part, told, room, {**done, part.step: run})
    files = told.place("files")
    if files is not None:
        write_files(files, part.step, room.work, before, laid)
    return 0


def _differs(parameter: Any, values: Mapping[str, Any]) -> bool:
    return json.dumps(parameter.default) != json.dumps(values[parameter.name])


def _take_over(part: Slice, told: Told, room: Room) -> dict[str, StepRun]:
    tasks = part.tasks
    states = [told.given(port_name("state", tasks[step])) for step in part.wires.states]
    for folder in states:
        take_bundles(folder / "store", room.store)
    for step in part.wires.values:
        take_bundles(told.given(port_name("values", tasks[step])), room.store)
    return read_steps(states)


def _leave(part: Slice, told: Told, room: Room, steps: Mapping[str, StepRun]) -> None:
    run, store = steps[part.step], room.store
    own = {name: each for name, each in steps.items() if name in (*part.wires.ancestors, part.step)}
    state, values = told.place("state"), told.place("values")
    if state is not None:
        write_state(state, own, store, _ambient(part, own))
    if values is not None:
        lay_bundles(store, [each.digest for each in run.artifacts if not each.name.startswith("@")], values)
    carried = {each.name: f"{each.type} {each.preview}".strip() for each in run.artifacts if each.name[0] != "@"}
    told.tell({"values": carried, "metrics": {each.name: each.value for each in run.metrics}})


def _ambient(part: Slice, steps: Mapping[str, StepRun]) -> list[str]:
    """Digests of the carried state as it stands behind the step."""
    found: dict[str, str] = {}
    for name in (*part.wires.ancestors, part.step):
        found.update({each.name: each.digest for each in steps[name].artifacts if each.name.startswith("@")})
    return list(found.values())


def _leave_notebook(
    part: Slice, told: Told, run: StepRun, notebook: Mapping[str, Any], parameters: Mapping[str, Any]
) -> None:
    executed, page = told.place("notebook"), told.place("page")
    if executed is not None:
        executed.parent.mkdir(parents=True, exist_ok=True)
        executed.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    if page is not None:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(step_page(part, run, notebook, parameters), encoding="utf-8")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def failure_text(step: str, failure: CellFailure | None) -> str:
    """What failed, for the reader of the notebook."""
    if failure is None:
        return f"Step {step!r} was stopped."
    place = "" if failure.cell_index is None else f", cell {failure.cell_index + 1} (id {failure.cell_id})"
    place += "" if failure.line is None else f", line {failure.line}"
    lines = [f"Step {step!r} failed{place}: {failure.name}: {failure.message}", failure.hint, failure.traceback]
    return "\n".join(line for line in lines if line)


def _check(part: Slice, told: Told) -> int:
    """Hold steps that ran side by side against each other, as a run on one machine does when they end."""
    done = read_steps(told.given(port_name("state", part.tasks[step])) for step in part.wires.states)
    order = {step.name: number for number, step in enumerate(part.pipeline.steps)}
    ancestors = {step.name: set(step.after) for step in part.pipeline.steps}
    checker = Checker(part.pipeline, done, ancestors, order)
    for name in done:
        for _, fault in checker.faults(name):
            _say(f"{marked_step(replace(done[name], state=State.FAILED, failure=fault))}\n{failure_text(name, fault)}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
