"""Approvals in words, and as a table of the HTML report."""

from __future__ import annotations

from collections.abc import Sequence

from nb2pipe.model import Approval, StepRun, Verdict
from nb2pipe.report import html
from nb2pipe.report.html import Html
from nb2pipe.report.words import local_time

VERDICTS = {
    Verdict.APPROVED: "approved",
    Verdict.REJECTED: "rejected",
    Verdict.TIMED_OUT: "left without a decision in time",
}


def approval_text(approval: Approval) -> str:
    """``approved by ann, 2026-11-28 09:00:00: looks good``; ``asked at ...`` while nobody has decided."""
    if approval.verdict is None:
        end = f", until {local_time(approval.expires_at)}" if approval.expires_at else ""
        return f"asked at {local_time(approval.asked_at)}{end}"
    by = f" by {approval.user}" if approval.user else ""
    why = f": {approval.why}" if approval.why else ""
    return f"{VERDICTS[approval.verdict]}{by}, {local_time(approval.decided_at)}{why}"


def approvals_table(steps: Sequence[StepRun]) -> Html:
    """Every question that was asked, and what became of it."""
    rows = [
        [
            html.text(step.step),
            html.text(asked.question),
            html.text(VERDICTS[asked.verdict] if asked.verdict else "not decided"),
            html.text(asked.user),
            html.text(local_time(asked.decided_at)),
            html.text(asked.why),
        ]
        for step in steps
        if (asked := step.approval) is not None
    ]
    return html.table(["Step", "Question", "Decision", "By", "When", "Why"], rows, short=["Step", "Decision", "By"])
