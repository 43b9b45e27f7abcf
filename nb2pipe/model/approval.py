"""A person's approval of a step: what was asked, and what somebody decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a question."""

    APPROVED = "approved"
    REJECTED = "rejected"
    TIMED_OUT = "timed_out"


@dataclass(frozen=True)
class Approval:
    """A step's question to people, and the one decision about it.

    Args:
        run_id: the run.
        step: step name.
        question: what is asked.
        asked_at: UTC, when the step was ready to run but for this.
        expires_at: UTC, when it counts as not given; None for never.
        verdict: what became of it; None while nobody has decided.
        user: who decided; empty while nobody has, and where time ran out.
        decided_at: UTC, None while nobody has decided.
        why: the reason given.
        is_ahead: whether it was given when the run was started, before the question came up.
    """

    run_id: str
    step: str
    question: str
    asked_at: datetime
    expires_at: datetime | None = None
    verdict: Verdict | None = None
    user: str = ""
    decided_at: datetime | None = None
    why: str = ""
    is_ahead: bool = False
