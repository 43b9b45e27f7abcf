"""Tracebacks of exceptions that a notebook keeps: where the code was, without what its variables held."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Iterable
from typing import Any

Position = tuple[int | None, int | None, int | None, int | None]
Place = tuple[Any, str, str, str | None, int, Position]

STUB = ast.parse("note()")


def reduce_traceback(pickler: Any, trace: types.TracebackType) -> tuple[Any, ...]:
    """Take a traceback apart into its places, outermost first."""
    places: list[Place] = []
    each: types.TracebackType | None = trace
    while each is not None:
        code = each.tb_frame.f_code
        source = pickler.context.source_of(code.co_filename)
        name = each.tb_frame.f_globals.get("__name__")
        place = (code.co_filename if source is None else source, code.co_name, code.co_qualname)
        places.append((*place, name, each.tb_lineno, _position(code, each.tb_lasti)))
        each = each.tb_next
    return make_traceback, (places,)


def _position(code: types.CodeType, instruction: int) -> Position:
    """First and last line of what was executed, and its columns; None for what Python did not keep."""
    found = list(code.co_positions())[instruction // 2 : instruction // 2 + 1]
    return found[0] if found else (None, None, None, None)


def make_traceback(places: Iterable[Place]) -> types.TracebackType | None:
    """A traceback of these places, with frames of code that does nothing."""
    made: types.TracebackType | None = None
    for place in reversed(list(places)):
        frame, instruction = _frame(place)
        made = types.TracebackType(made, frame, instruction, place[4])
    return made


def _frame(place: Place) -> tuple[types.FrameType, int]:
    """A frame that has stood at a place, and the instruction at which it did."""
    filename, name, qualified, module, line, position = place
    first, last, left, right = position
    known = None not in position
    for node in ast.walk(STUB):
        if isinstance(node, ast.expr | ast.stmt):
            node.lineno, node.end_lineno = (first, last) if known else (line, line)  # type: ignore[assignment]
            node.col_offset, node.end_col_offset = (left, right) if known else (-1, -1)  # type: ignore[assignment]
    code = compile(STUB, filename, "exec").replace(co_name=name, co_qualname=qualified)
    found: list[tuple[types.FrameType, int]] = []

    def note() -> None:
        frame = sys._getframe(1)
        found.append((frame, frame.f_lasti))

    exec(code, {"__name__": module, "note": note})  # noqa: S102  nothing but the stub
    found[0][0].clear()
    return found[0]
