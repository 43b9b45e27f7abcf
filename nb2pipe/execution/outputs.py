"""Outputs of cells, made of a kernel's messages.

nbformat's own ``output_from_msg`` holds each output against a schema that it first makes Python of, which takes half as
long as a short step in a container of its own. Here the parts are looked at themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import output_from_msg

PARTS: Mapping[str, tuple[str, ...]] = {
    "stream": ("name", "text"),
    "display_data": ("metadata", "data"),
    "execute_result": ("metadata", "data", "execution_count"),
    "error": ("ename", "evalue", "traceback"),
}
"""Kind of output to its parts, in the order in which nbformat writes them."""


def output_of(message: Mapping[str, Any]) -> Any:
    """The output that a message stands for, as nbformat's ``output_from_msg`` gives it.

    Args:
        message: on a kernel's channel of outputs.

    Raises:
        ValueError: it is no output.
        nbformat.ValidationError: a part of it is missing, or of another kind than the format of notebooks has.
    """
    kind, content = message["header"]["msg_type"], message["content"]
    if kind not in PARTS or not all(_is_right(part, content.get(part)) for part in PARTS[kind]):
        return output_from_msg(message)
    output = NotebookNode(output_type=kind)
    output.update({part: content[part] for part in PARTS[kind]})
    return output


def _is_right(part: str, value: Any) -> bool:
    match part:
        case "metadata":
            return isinstance(value, dict)
        case "data":
            return isinstance(value, dict) and all(_is_shown(kind, item) for kind, item in value.items())
        case "execution_count":
            return type(value) is int and value >= 0
        case "traceback":
            return isinstance(value, list) and all(isinstance(line, str) for line in value)
        case _:
            return isinstance(value, str)


def _is_shown(kind: str, value: Any) -> bool:
    """Whether a value is text; what is JSON by its kind may be anything."""
    return isinstance(value, str) or kind == "application/json" or kind.endswith("+json")
