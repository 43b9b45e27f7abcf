"""What to make of a pipeline's run, given plain runs of the same notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tests.law.compare import diff, up_to
from tests.law.plain import FAILED, OK
from tests.law.processes import TIMED_OUT
from tests.law.runs import INJECTED, Result

EQUAL, REFUSED, STOPPED, DIFFERENT, CRASHED, UNUSABLE = (
    "equal",
    "refused",
    "stopped",
    "different",
    "crashed",
    "unusable",
)
KINDS = (EQUAL, REFUSED, STOPPED, DIFFERENT, CRASHED, UNUSABLE)
LAWFUL = (EQUAL, REFUSED, UNUSABLE)
REFUSED_CODE = 2
_DIAGNOSTIC = re.compile(r"\bN2P\d{3}\b")


@dataclass(frozen=True)
class Verdict:
    """The finding on one run.

    Args:
        kind: ``equal``; ``refused`` before it ran, with diagnostics; ``stopped`` while it ran, with a diagnostic and
            no wrong value; ``different``; ``crashed``; ``unusable`` when the plain run itself is of no use.
        detail: the diagnostics' codes, or what differs.
        cells: number of cells compared.
        left_out: number of cells whose outputs do not repeat themselves.
    """

    kind: str
    detail: str = ""
    cells: int = 0
    left_out: int = 0


def judge(plain: Sequence[Result], pipeline: Result, *, counts: bool = True) -> Verdict:
    """The verdict on one pipeline run.

    Args:
        plain: plain runs of the same notebook; more than one tell what repeats itself.
        pipeline: the run as a pipeline.
        counts: whether execution counts are compared.
    """
    first = plain[0]
    if first.code not in (OK, FAILED) or (first.code == FAILED and first.failing is None):
        return Verdict(UNUSABLE, f"the plain run ended with code {first.code}: {_tail(first.messages)}")
    if len({(run.code, run.failing) for run in plain}) > 1:
        return Verdict(UNUSABLE, "the plain run fails now and then")
    if pipeline.left:
        return Verdict(CRASHED, f"left {pipeline.left} processes running")
    if pipeline.code == FAILED and (FAILED, pipeline.failing) != (first.code, first.failing):
        return _failed_on_its_own(pipeline)
    if pipeline.code == REFUSED_CODE and _DIAGNOSTIC.search(pipeline.messages):
        return Verdict(REFUSED, _codes(pipeline.messages))
    if pipeline.code != first.code:
        how = "took too long" if pipeline.code == TIMED_OUT else f"exit code {pipeline.code}, plain {first.code}"
        kind = DIFFERENT if pipeline.code == OK else CRASHED
        return Verdict(kind, f"{how}\n{_tail(pipeline.messages)}")
    return _compare(plain, pipeline, counts)


def _failed_on_its_own(pipeline: Result) -> Verdict:
    kind = STOPPED if _DIAGNOSTIC.search(pipeline.messages) else CRASHED
    return Verdict(kind, f"{_codes(pipeline.messages)} failing cell: {pipeline.failing}\n{_tail(pipeline.messages)}")


def _compare(plain: Sequence[Result], pipeline: Result, counts: bool) -> Verdict:
    first, *others = plain
    ids = [cell_id for cell_id in up_to(first.outputs, first.failing) if first.counts[cell_id] is not None]
    ids = [cell_id for cell_id in ids if cell_id != INJECTED]  # a pipeline hands parameters over as data
    stable = {cell_id for cell_id in ids if all(first.outputs[cell_id] == run.outputs[cell_id] for run in others)}
    found = []
    for cell_id in ids:
        if cell_id in stable and first.outputs[cell_id] != pipeline.outputs.get(cell_id):
            found.append(f"cell {cell_id}:\n{diff(first.outputs[cell_id], pipeline.outputs.get(cell_id))}")
        if counts and first.counts[cell_id] != pipeline.counts.get(cell_id):
            found.append(f"cell {cell_id}: count {first.counts[cell_id]} is {pipeline.counts.get(cell_id)}")
    if first.failing is None:
        found += _files_that_differ(plain, pipeline.files)
    kind = DIFFERENT if found else EQUAL
    return Verdict(kind, "\n".join(found), cells=len(ids), left_out=len(ids) - len(stable))


def _files_that_differ(plain: Sequence[Result], pipeline: Mapping[str, str]) -> list[str]:
    first = plain[0].files
    always = [name for name in first if all(name in run.files for run in plain)]
    ever = {name for run in plain for name in run.files}
    repeated = [name for name in always if len({run.files[name] for run in plain}) == 1]
    found = [f"file {name!r} is missing" for name in always if name not in pipeline]
    found += [f"file {name!r} is there, not in the plain run" for name in pipeline if name not in ever]
    return found + [f"file {name!r} differs" for name in repeated if pipeline.get(name, first[name]) != first[name]]


def _codes(messages: str) -> str:
    return " ".join(sorted(set(_DIAGNOSTIC.findall(messages))))


def _tail(messages: str) -> str:
    return "\n".join(messages.strip().splitlines()[-12:])
