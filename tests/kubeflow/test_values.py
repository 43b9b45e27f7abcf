"""Values of parameters come back as the notebook has them, and slices as they were packed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nb2pipe.kubeflow.kinds import value_of
from nb2pipe.kubeflow.names import task_names
from nb2pipe.kubeflow.packing import FORMAT, pack, slice_of, unpack
from nb2pipe.kubeflow.wiring import wires_of
from nb2pipe.model import Parameter
from tests.kubeflow.notebooks import pipeline_of

CASES: list[tuple[str, Any, Any, Any]] = [
    ("int", 3, 4.0, 4),
    ("int", 3, 2.0**53 - 1, 2**53 - 1),
    ("float", 1.0, 2.0, 2.0),
    ("str", "a", "3", "3"),
    ("bool", False, True, True),
    ("list", [1], [2.0, 3.5], [2, 3.5]),
    ("list", [1.0], [2.0, 3.0], [2.0, 3.0]),
    ("list", [], [1.0, "a", None, True], [1, "a", None, True]),
    ("dict", {"a": 1.0, "b": {"c": 1}}, {"a": 2.0, "b": {"c": 3.0}, "d": 4.0}, {"a": 2.0, "b": {"c": 3}, "d": 4}),
    (
        "dict",
        {"b": 1, "a": {"z": 1, "y": 2}},
        {"d": 1, "a": {"y": 2.0, "z": 1.0}, "c": 1, "b": 1},
        {"b": 1, "a": {"z": 1, "y": 2}, "c": 1, "d": 1},
    ),
    ("int", None, None, None),
]


@pytest.mark.parametrize(("kind", "default", "came", "expected"), CASES)
def test_values_have_their_types(kind: Any, default: Any, came: Any, expected: Any) -> None:
    """Whole numbers are integers again where the notebook has integers, and keys in the order that it has."""
    found = value_of(Parameter("p", kind, default), {"p": came})
    assert repr(expected) == repr(found)


def test_a_value_that_did_not_come_has_its_default() -> None:
    """The engine leaves out what nobody gave and has no default there."""
    assert value_of(Parameter("p", "str", None, nullable=True), {}) is None


def test_a_number_that_may_have_been_rounded_is_refused() -> None:
    """Two integers that are one float: which was sent nobody knows."""
    with pytest.raises(ValueError, match="9007199254740992, which may have been rounded"):
        value_of(Parameter("p", "list", [1]), {"p": [2.0**53]})


def test_names_are_kept_apart() -> None:
    """Two steps whose names are one in Kubernetes."""
    assert {"A_b": "a-b", "a-b": "a-b-2", "x" * 90: "x" * 63} == task_names(["A_b", "a-b", "x" * 90])


def test_defaults_keep_the_order_of_their_keys(tmp_path: Path) -> None:
    """It is where values get their order back from."""
    pipeline = pipeline_of(tmp_path, [("parameters", "shape = {'z': 1, 'a': 2}"), ("step:a", "print(shape)")])
    part = slice_of(pipeline, pipeline.steps[0], wires_of(pipeline)["a"], {"a": "a"}, {})
    (parameter,) = unpack(pack(part)).pipeline.parameters
    assert ["z", "a"] == list(parameter.default)
    assert ["z", "a"] == list(value_of(parameter, {"shape": {"a": 2.0, "z": 1.0}}))


def test_a_slice_comes_back(tmp_path: Path) -> None:
    """What was packed is what is unpacked; the code of other steps is not in it."""
    pipeline = pipeline_of(tmp_path, [("step:a", "secret_of_a = 1"), ("step:b", "print(secret_of_a, 'ä')")])
    step = pipeline.step("b")
    part = slice_of(pipeline, step, wires_of(pipeline)["b"], {"a": "a", "b": "b"}, {"x.bin": bytes(range(256))})
    assert part == unpack(pack(part))
    assert ["#", "print(secret_of_a, 'ä')"] == [cell.source for cell in part.pipeline.notebook.cells]


@pytest.mark.parametrize("text", ["", "????", "aGVsbG8=", pack.__name__])
def test_a_damaged_slice_is_named(text: str) -> None:
    """Text that is no slice says so."""
    with pytest.raises(ValueError, match="damaged"):
        unpack(text)


def test_a_slice_of_another_version_is_named(tmp_path: Path) -> None:
    """An image with another nb2pipe than compiled the pipeline."""
    from dataclasses import replace

    pipeline = pipeline_of(tmp_path, [("step:a", "pass")])
    part = slice_of(pipeline, pipeline.steps[0], wires_of(pipeline)["a"], {"a": "a"}, {})
    with pytest.raises(ValueError, match=f"format {FORMAT + 1}"):
        unpack(pack(replace(part, format=FORMAT + 1)))
