"""Approvals in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from nb2pipe.model import Approval, State, StepRun, Verdict
from nb2pipe.report.approvals import approval_text, approvals_table
from nb2pipe.report.page import report_html
from nb2pipe.report.words import local_time
from tests.report.samples import DIAMOND, T0, pipeline_of, run_of, step_runs_of

ASKED = Approval("r1", "merge", "Merge <b>?", T0, T0 + timedelta(hours=1))
LATER = T0 + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("verdict", "user", "why", "expected"),
    [
        (Verdict.APPROVED, "ann", "good", f"approved by ann, {local_time(LATER)}: good"),
        (Verdict.REJECTED, "eve", "bad", f"rejected by eve, {local_time(LATER)}: bad"),
        (Verdict.TIMED_OUT, "", "", f"left without a decision in time, {local_time(LATER)}"),
    ],
)
def test_decisions_in_words(verdict: Verdict, user: str, why: str, expected: str) -> None:
    """Who, when and why, as far as there is one."""
    assert expected == approval_text(replace(ASKED, verdict=verdict, user=user, why=why, decided_at=LATER))


def test_a_question_in_words() -> None:
    """Since when it is open, and until when."""
    assert f"asked at {local_time(T0)}, until {local_time(ASKED.expires_at)}" == approval_text(ASKED)
    assert f"asked at {local_time(T0)}" == approval_text(replace(ASKED, expires_at=None))


def test_the_report_has_a_table_of_them() -> None:
    """Texts are data; a run that asked nothing has no such part."""
    pipeline = pipeline_of(DIAMOND)
    steps = step_runs_of(pipeline)
    notebook = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert 'id="approvals"' not in report_html(pipeline, run_of(pipeline), steps, notebook)
    decided = replace(ASKED, verdict=Verdict.APPROVED, user="ann <a>", why="fine & good", decided_at=LATER)
    table = approvals_table([replace(steps[-1], approval=decided), StepRun("r1", "x", State.SKIPPED, approval=ASKED)])
    for text in ("Merge &lt;b&gt;?", "ann &lt;a&gt;", "fine &amp; good", "approved", "not decided"):
        assert text in table
