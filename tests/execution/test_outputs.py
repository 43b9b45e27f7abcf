"""Outputs made of messages: what nbformat makes of them, without its schema where all is in order."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from nbformat import ValidationError
from nbformat.v4 import output_from_msg

from nb2pipe.execution.outputs import output_of

GOOD: dict[str, dict[str, Any]] = {
    "stream": {"name": "stdout", "text": "a\n"},
    "display_data": {
        "data": {"text/plain": "x", "application/json": [1]},
        "metadata": {"a": {"b": 1}},
        "transient": {},
    },
    "execute_result": {"data": {"application/vnd.vega+json": {"a": 1}}, "metadata": {}, "execution_count": 3},
    "error": {"ename": "E", "evalue": "", "traceback": ["a", "b"]},
}


def message(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    return {"header": {"msg_type": kind}, "msg_type": kind, "content": content}


@pytest.mark.parametrize("kind", GOOD)
def test_outputs_are_those_of_nbformat(kind: str) -> None:
    """The same parts in the same order, notebook nodes all the way down."""
    found, expected = output_of(message(kind, GOOD[kind])), output_from_msg(message(kind, GOOD[kind]))
    assert (type(expected), list(expected.items())) == (type(found), list(found.items()))
    assert [type(value) for value in expected.values()] == [type(value) for value in found.values()]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", {"name": "stdout", "text": None}),
        ("display_data", {"data": {"text/plain": {"a": 1}}, "metadata": {}}),
        ("display_data", {"data": {}, "metadata": None}),
        ("execute_result", {"data": {}, "metadata": {}, "execution_count": "3"}),
        ("error", {"ename": "E", "evalue": "", "traceback": "a"}),
    ],
)
def test_what_notebooks_cannot_have_is_refused(kind: str, content: dict[str, Any]) -> None:
    """By nbformat's own words."""
    with pytest.raises(ValidationError):
        output_of(message(kind, content))


def test_what_is_no_output() -> None:
    """A message of another kind is none."""
    with pytest.raises(ValueError, match="status"):
        output_of(message("status", {}))


def test_no_schema_is_compiled() -> None:
    """Not for outputs that are in order."""
    code = (
        "from nb2pipe.execution.outputs import output_of; import nbformat.validator as v; from tests.execution"
        ".test_outputs import GOOD, message; [output_of(message(*each)) for each in GOOD.items()];"
        " print(len(v.validators))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (0, "0") == (done.returncode, done.stdout.strip()), done.stderr
