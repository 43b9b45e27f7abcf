"""Findings as a table for people, and as JSON for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from tests.law.bench import Finding
from tests.law.verdict import KINDS


def line(finding: Finding) -> str:
    """One notebook's line; the details below it where the verdict is not right."""
    verdict = finding.verdict
    first = verdict.detail.splitlines()[0] if verdict.detail else ""
    counts = f"{verdict.cells:3d} cells" + (f" ({verdict.left_out} left out)" if verdict.left_out else "")
    text = f"{'ok  ' if finding.right else 'FAIL'} {verdict.kind:9s} {finding.name:58s} "
    if finding.right:
        return text + (counts if verdict.cells else first[:100])
    details = "\n".join(f"       {row}" for row in verdict.detail.splitlines())
    return f"{text}[{finding.configuration}]\n{details}"


def summary(findings: Sequence[Finding]) -> str:
    """How many notebooks of each verdict."""
    figures = Counter(finding.verdict.kind for finding in findings)
    wrong = sum(not finding.right for finding in findings)
    cells = sum(finding.verdict.cells for finding in findings)
    left_out = sum(finding.verdict.left_out for finding in findings)
    rows = [f"{kind:10s} {figures[kind]:4d}" for kind in KINDS if figures[kind]]
    rows.append(f"{'notebooks':10s} {len(findings):4d}, of which not right: {wrong}")
    rows.append(f"{'cells':10s} {cells:4d} compared, {left_out} of them left out: their outputs do not repeat")
    return "\n".join(rows)


def as_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """All findings and the figures."""
    return {
        "figures": dict(Counter(finding.verdict.kind for finding in findings)),
        "findings": [
            {
                "name": finding.name,
                "verdict": finding.verdict.kind,
                "right": finding.right,
                "configuration": finding.configuration,
                "detail": finding.verdict.detail,
                "cells": finding.verdict.cells,
                "left_out": finding.verdict.left_out,
            }
            for finding in findings
        ],
    }
