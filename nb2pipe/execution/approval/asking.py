"""The seam behind which people are, and how a step waits for them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

from nb2pipe.execution.approval.codes import words_of
from nb2pipe.model import Approval, CellFailure, State, Step, StepRun, Verdict


class Approvals(Protocol):
    """Puts questions to people and hands on what they decide; called often by the thread of the run, never blocks."""

    def ask(self, run_id: str, step: Step) -> Approval:
        """The question of a step that is ready to run; decided already where that was done ahead."""

    def heard(self, approval: Approval) -> Approval:
        """What has become of a question meanwhile; as it was while nobody has decided."""


class NobodyToAsk:
    """For a run that nothing connects to people: what needs an approval does not run."""

    def ask(self, run_id: str, step: Step) -> Approval:
        """Refuse at once."""
        now, why = datetime.now(UTC), "this run was started where nobody can be asked"
        question = step.settings.approval or ""
        return Approval(run_id, step.name, question, now, None, Verdict.REJECTED, "nb2pipe", now, why)

    def heard(self, approval: Approval) -> Approval:
        """As it was."""
        return approval


@dataclass
class Waiting:
    """The steps of one run that wait for people, and those that have waited. It neither starts nor skips steps.

    Args:
        approvals: where questions go.
        run_id: the run.
    """

    approvals: Approvals
    run_id: str
    asked: dict[str, Approval] = field(default_factory=dict)

    def may_run(self, step: Step) -> bool:
        """Whether nothing but kernels and jobs is in the way of a step."""
        approval = self.asked.get(step.name)
        return step.settings.approval is None or (approval is not None and approval.verdict is Verdict.APPROVED)

    def look(self, step: Step, queued: StepRun) -> StepRun | None:
        """Ask about a step, or hear what has become of the question.

        Args:
            step: one that could run but for its approval.
            queued: its run so far.

        Returns:
            The step as it is now; None if nothing has changed.
        """
        before = self.asked.get(step.name)
        now = self.approvals.ask(self.run_id, step) if before is None else self.approvals.heard(before)
        if now == before:
            return None
        self.asked[step.name] = now
        if now.verdict is None:
            return replace(queued, state=State.WAITING, approval=now)
        if now.verdict is Verdict.APPROVED:
            return replace(queued, state=State.QUEUED, approval=now)
        return replace(queued, state=State.FAILED, approval=now, failure=_failure(now))

    def is_open(self, done: Container[str]) -> bool:
        """Whether a step waits for a person.

        Args:
            done: steps that have ended, some perhaps without waiting any longer.
        """
        return any(each.verdict is None and name not in done for name, each in self.asked.items())

    def without(self, steps: Mapping[str, Step], ancestors: Mapping[str, set[str]]) -> list[Step]:
        """Of some steps those that may soon run: neither they nor one before them have to be approved yet.

        Args:
            steps: the steps that have not started, by name.
            ancestors: steps that each step waits for.
        """
        barred = {name for name, step in steps.items() if not self.may_run(step)}
        return [step for name, step in steps.items() if name not in barred and not barred & ancestors[name]]


def _failure(approval: Approval) -> CellFailure:
    if approval.verdict is Verdict.TIMED_OUT:
        code, time = "N2P921", _length(approval)
    else:
        code, time = "N2P922", ""
    message, hint = words_of(code, time=time, user=approval.user, why=approval.why, question=approval.question)
    return CellFailure("approval", code, message, hint)


def _length(approval: Approval) -> str:
    end = approval.expires_at or approval.decided_at or approval.asked_at
    return f"{(end - approval.asked_at).total_seconds():g} s"
