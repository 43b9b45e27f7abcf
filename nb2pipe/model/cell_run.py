"""What happened to one cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nb2pipe.model.state import State


@dataclass(frozen=True)
class CellFailure:
    """Why a step failed, as the reader of the notebook knows it.

    Args:
        kind: ``exception`` (a cell raised), ``kernel_died``, ``timeout``, ``memory``, ``unplanned`` (against the plan),
            ``uncarriable`` (a value cannot cross to the next step), ``parameters``, ``cancelled``, ``approval`` (no
            person approved it) or ``internal``.
        name: exception class name, signal name or diagnostic code.
        message: what happened.
        hint: what to do.
        traceback: the cell's own traceback without frames of ours, ANSI colours kept; empty if none.
        cell_index: failing cell, from 0, or None.
        cell_id: its id, or None.
        line: line within the cell, from 1, or None.
    """

    kind: str
    name: str
    message: str
    hint: str = ""
    traceback: str = ""
    cell_index: int | None = None
    cell_id: str | None = None
    line: int | None = None


@dataclass(frozen=True)
class CellRun:
    """One executed cell: index from 0, state, start and end in UTC (None while open)."""

    index: int
    id: str
    state: State
    started_at: datetime | None = None
    ended_at: datetime | None = None
