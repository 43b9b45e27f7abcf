"""Makes a diagnostic from a rule and the words that fill it in."""

from __future__ import annotations

from nb2pipe.analysis.codes import RULES as ANALYSIS_RULES
from nb2pipe.conversion.codes import RULES as CONVERSION_RULES
from nb2pipe.errors import Diagnostic
from nb2pipe.model import Cell

_RULES = {**ANALYSIS_RULES, **CONVERSION_RULES}


def diagnostic(code: str, cell: Cell | None, line: int | None, step: str | None, /, **words: str) -> Diagnostic:
    """The diagnostic of a code at a place.

    Args:
        code: a code of the analysis or the conversion.
        cell: the cell it concerns, None for the whole notebook.
        line: line within the cell, from 1.
        step: the step it concerns.
        words: fill the rule's message and hint.
    """
    rule = _RULES[code]
    filled = {"step": step or "", **words}
    return Diagnostic(
        code,
        rule.severity,
        rule.message.format(**filled),
        rule.hint.format(**filled),
        cell.index if cell is not None else None,
        cell.id if cell is not None else None,
        line,
        step,
    )
