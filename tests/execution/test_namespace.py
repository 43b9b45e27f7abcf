"""What a step starts from."""

from __future__ import annotations

from typing import Any

from nb2pipe.execution.namespace import Carried, namespace_of
from nb2pipe.model import Artifact, Observation, Pipeline, State, Step, StepRun
from tests.execution.build import make_pipeline

PLAN = make_pipeline({"a": [0], "b": [1], "c": [2], "d": [3]}, [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")])


def done(step: str, *artifacts: str, **seen: Any) -> StepRun:
    """A finished step that bound and saved the given names in a bundle of its own name."""
    kept = tuple(Artifact(name, f"bundle-{step}", 0) for name in artifacts)
    bound = tuple(name for name in artifacts if not name.startswith("@"))
    return StepRun("r", step, State.SUCCEEDED, artifacts=kept, observation=Observation(**{"bound": bound, **seen}))


def start_of(pipeline: Pipeline, step: Step, *runs: StepRun) -> Any:
    """The namespace of a step after the given runs."""
    return namespace_of(pipeline, step, pipeline.ancestors(step.name), {run.step: run for run in runs})


def test_the_last_ancestor_to_bind_a_name_gives_it() -> None:
    """Notebook order decides between two ancestors, not the order in which they ended."""
    start = start_of(PLAN, PLAN.step("d"), done("c", "x"), done("b", "x"), done("a", "x", "y"))

    assert {"x": Carried("bundle-c", 0, "c"), "y": Carried("bundle-a", 0, "a")} == start.names


def test_a_deleted_name_is_gone() -> None:
    """What an ancestor deleted does not come back from an earlier one."""
    start = start_of(PLAN, PLAN.step("b"), done("a", "x", deleted=("x",)))
    later = start_of(PLAN, PLAN.step("d"), done("a", "x"), done("b", deleted=("x",)), done("c"))

    assert "x" in start.names
    assert "x" not in later.names


def test_a_name_that_could_not_be_saved_is_known_as_missing() -> None:
    """A value that exists in Run All but was not saved is told to the next step with the reason."""
    start = start_of(PLAN, PLAN.step("b"), done("a", bound=("con",), uncarried={"con": "a connection"}))

    assert "con" not in start.names
    assert ("a", "a connection") == (start.others["con"].step, start.others["con"].reason)


def test_ambient_state_comes_from_ancestors_too() -> None:
    """Random states and the like travel under their key."""
    start = start_of(PLAN, PLAN.step("d"), done("a", "@random"), done("b", "@random"), done("c"))

    assert {"random": Carried("bundle-b", 0, "b")} == start.ambient
