"""JUnit XML of a batch, as CI servers read it: one test case a run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

# Characters that XML 1.0 cannot hold, not even escaped.
ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Case:
    """One test case.

    Args:
        name: what was run.
        seconds: how long it took.
        failure: why it failed, empty if it did not.
        details: its traceback.
        skipped: why it did not run, empty if it did.
        output: further lines for the reader.
    """

    name: str
    seconds: float = 0.0
    failure: str = ""
    details: str = ""
    skipped: str = ""
    output: str = ""


def junit_xml(suite: str, cases: Sequence[Case]) -> str:
    """The document.

    Args:
        suite: name of the suite, the notebook's.
        cases: one for each run.
    """
    failures = sum(1 for case in cases if case.failure)
    skipped = sum(1 for case in cases if case.skipped)
    seconds = sum(case.seconds for case in cases)
    totals = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}" time="{seconds:.3f}"'
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites {totals}>",
        f"<testsuite name={_attribute(suite)} {totals}>",
        *(_case(suite, case) for case in cases),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _case(suite: str, case: Case) -> str:
    inner = ""
    if case.failure:
        inner += f"<failure message={_attribute(case.failure)}>{_text(case.details or case.failure)}</failure>"
    if case.skipped:
        inner += f"<skipped message={_attribute(case.skipped)}/>"
    if case.output:
        inner += f"<system-out>{_text(case.output)}</system-out>"
    head = f'<testcase classname={_attribute(suite)} name={_attribute(case.name)} time="{case.seconds:.3f}"'
    return f"{head}>{inner}</testcase>" if inner else f"{head}/>"


def _text(text: str) -> str:
    return escape(ILLEGAL.sub("", text))


def _attribute(text: str) -> str:
    return quoteattr(ILLEGAL.sub("", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
