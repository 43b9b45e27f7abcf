"""What functions ask of ``globals()``: single names by their text, or the whole namespace."""

from __future__ import annotations

import dis
import types

WALKERS = frozenset({"globals"})
SILENT = frozenset({"CACHE", "PRECALL", "PUSH_NULL", "NOP", "EXTENDED_ARG", "KW_NAMES", "NOT_TAKEN"})
CALLS = frozenset({"CALL", "CALL_FUNCTION"})
LOOK_UPS = frozenset({"BINARY_SUBSCR", "DELETE_SUBSCR"})
METHODS = frozenset({"get", "pop", "setdefault"})


def walked_names(code: types.CodeType) -> set[str] | None:
    """Names that a function's own code asks ``globals()`` for by their text; None if it may ask for any."""
    if not WALKERS & set(code.co_names):
        return set()
    found: set[str] = set()
    steps = [each for each in dis.get_instructions(code) if each.opname not in SILENT]
    for number, each in enumerate(steps):
        if each.argval not in WALKERS or not each.opname.startswith("LOAD_"):
            continue
        before, after = steps[max(number - 1, 0)], [*steps[number + 1 : number + 4], *[each] * 3][:3]
        if after[0].opname not in CALLS:
            return None
        name = _asked(before, after[1], after[2])
        if name is None:
            return None
        found.add(name)
    return found - {""}


def _asked(before: dis.Instruction, first: dis.Instruction, second: dis.Instruction) -> str | None:
    """The name that is asked for; empty text for one that is only bound, None where it is not a text."""
    if first.opname == "CONTAINS_OP":
        return _text(before)
    if first.opname in ("LOAD_METHOD", "LOAD_ATTR") and first.argval in METHODS:
        return _text(second)
    if second.opname == "STORE_SUBSCR" and _text(first) is not None:
        return ""
    return _text(first) if second.opname in LOOK_UPS or second.argrepr == "[]" else None


def _text(each: dis.Instruction) -> str | None:
    return each.argval if each.opname == "LOAD_CONST" and isinstance(each.argval, str) else None
