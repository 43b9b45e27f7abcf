"""Asking people for approvals while a run goes on: its thread asks, the recorder's thread hears from the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from nb2pipe.app.approvals.ahead import is_given
from nb2pipe.errors import Nb2pipeError
from nb2pipe.model import Approval, Step, StepRun, Verdict
from nb2pipe.store.approvals import timed_out
from nb2pipe.store.store import Store

GIVEN_AHEAD = "given ahead by --approve"


def utc_now() -> datetime:
    """The time."""
    return datetime.now(UTC)


@dataclass
class PeopleAsked:
    """The questions of one run and their answers, shared by its thread and the recorder's.

    It decides nothing but that time is over, and that through the store, where the first decision counts.

    Args:
        ahead: steps that were approved when the run was started, ``all`` for every one.
        user: who started it.
        clock: aware time.
    """

    ahead: Collection[str] = ()
    user: str = ""
    clock: Callable[[], datetime] = utc_now
    _answers: dict[str, Approval] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, run_id: str, step: Step) -> Approval:
        """The question of a step; decided already where that was done ahead."""
        now, time = self.clock(), step.settings.approval_timeout_s
        end = None if time is None else now + timedelta(seconds=time)
        asked = Approval(run_id, step.name, step.settings.approval or "", now, end)
        if not is_given(step, self.ahead):
            return asked
        verdict = Verdict.APPROVED
        return replace(asked, verdict=verdict, user=self.user, decided_at=now, why=GIVEN_AHEAD, is_ahead=True)

    def heard(self, approval: Approval) -> Approval:
        """What has become of a question meanwhile."""
        with self._lock:
            return self._answers.get(approval.step, approval)

    def look(self, store: Store, waiting: Iterable[StepRun]) -> None:
        """Hear what was decided about steps that wait, and see whose time is over.

        Args:
            store: where decisions are.
            waiting: the steps' runs as last recorded.

        Raises:
            StoreError: the database failed; a question whose time is over is then closed without it.
        """
        for step_run in waiting:
            asked = step_run.approval
            if asked is None or asked.step in self._answers:
                continue
            late = asked.expires_at is not None and self.clock() >= asked.expires_at
            try:
                now = self._now(store, step_run, asked, late)
            except Nb2pipeError:
                if late:
                    self._answer(timed_out(asked, self.clock()))
                raise
            if now.verdict is not None:
                self._answer(now)

    def _now(self, store: Store, step_run: StepRun, asked: Approval, late: bool) -> Approval:
        kept = store.approvals.of_run(asked.run_id).get(asked.step)
        if kept is None:  # the store failed when it was asked
            store.record(step_run)
            kept = asked
        if kept.verdict is None and late:
            return store.approvals.decide(timed_out(asked, self.clock())) or kept
        return kept

    def _answer(self, approval: Approval) -> None:
        with self._lock:
            self._answers[approval.step] = approval
