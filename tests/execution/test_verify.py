"""What is observed is held against the plan."""

from __future__ import annotations

from typing import Any

import pytest

from nb2pipe.execution.verify import conflict, unavailable
from nb2pipe.model import CellFailure, Observation, State, StepRun
from tests.execution.build import make_pipeline

PLAN = make_pipeline({"make": [0], "use": [1]}, [])


def run(step: str, **seen: Any) -> StepRun:
    """A finished step with what it was seen to do."""
    return StepRun("r", step, State.SUCCEEDED, observation=Observation(**seen))


@pytest.mark.parametrize(
    ("earlier", "later", "named"),
    [
        ({"bound": ("x",)}, {"reads": ("x",)}, "'x'"),
        ({"bound": ("x",)}, {"missed": ("x",)}, "'x'"),
        ({"changed": ("x",)}, {"reads": ("x",)}, "'x'"),
        ({"deleted": ("x",)}, {"missed": ("x",)}, "'x'"),
        ({"changed": ("x",)}, {"changed": ("x",)}, "'x'"),
        ({"ambient_changed": ("random",)}, {"ambient_changed": ("random",)}, "random"),
        ({"ambient_changed": ("cwd",)}, {}, "cwd"),
        ({"files_written": {"/d/a.csv": "1"}}, {"files_read": {"/d/a.csv": "1"}}, "/d/a.csv"),
        (
            {"files_written": {"/d/a.csv": "1"}},
            {"files_read": {"/mnt/a.csv": "1"}, "places": {"/mnt/a.csv": "/d/a.csv"}},
            "/mnt/a.csv",
        ),
    ],
)
def test_what_a_step_should_have_waited_for_is_a_fault(
    earlier: dict[str, Any], later: dict[str, Any], named: str
) -> None:
    """A later step that touches what an earlier one made, without waiting for it, is at fault, and both are named."""
    fault = conflict(PLAN, run("make", **earlier), run("use", **later))

    assert fault is not None
    assert ("unplanned", "N2P401", 1) == (fault.kind, fault.name, fault.cell_index)
    assert all(word in fault.message for word in (named, "'make'", "'use'"))
    assert "after:make" in fault.hint


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"bound": ("x",)}, {"reads": ("y",)}),
        ({"bound": ("x",)}, {"bound": ("x",)}),
        ({"reads": ("x",)}, {"changed": ("x",)}),
        ({"ambient_changed": ("numpy.random",)}, {}),
        ({"ambient_changed": ("random",)}, {"ambient_changed": ("random",), "generators_anew": ("random",)}),
        ({"files_read": {"/d/a.csv": "1"}}, {"files_read": {"/d/a.csv": "1"}}),
    ],
)
def test_private_copies_do_not_touch(earlier: dict[str, Any], later: dict[str, Any]) -> None:
    """Steps that read the same, or where only the later one writes, may run side by side."""
    assert conflict(PLAN, run("make", **earlier), run("use", **later)) is None


def test_a_name_that_was_withheld_explains_a_failed_step() -> None:
    """A NameError for something that Run All would have had names the step that has it and the tag that mends it."""
    failed = StepRun(
        "r",
        "use",
        State.FAILED,
        failure=CellFailure("exception", "NameError", "name 'x' is not defined", cell_index=1, cell_id="c1", line=3),
        observation=Observation(missed=("x",)),
    )

    fault = unavailable(PLAN, failed, {"x": ("make", "it was not saved")})

    assert fault is not None
    assert ("unplanned", 1, 3) == (fault.kind, fault.cell_index, fault.line)
    assert "after:make" in fault.hint
    assert unavailable(PLAN, failed, {"y": ("make", "it was not saved")}) is None
