"""Use-cases of approvals: what waits for a person, and deciding about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from nb2pipe.app.history import looking
from nb2pipe.execution.approval.codes import refusal
from nb2pipe.model import Approval, Run, State, StepRun, Verdict
from nb2pipe.report.approvals import approval_text
from nb2pipe.settings import Settings
from nb2pipe.store.approvals import PendingApproval
from nb2pipe.store.store import Store

LISTED = "nb2pipe approvals lists what waits."


def pending_approvals(settings: Settings) -> list[PendingApproval]:
    """All questions that wait for a person, the oldest first.

    Raises:
        StoreError: the database failed.
    """
    with looking(settings) as store:
        return store.approvals.pending()


def decide(
    settings: Settings, word: str, step: str | None, verdict: Verdict, *, user: str, why: str
) -> tuple[Run, Approval]:
    """Approve or reject a step that waits; of several decisions the first counts.

    Args:
        settings: the settings in force.
        word: which run: its id, the beginning of it or of its tail, ``latest``.
        step: which step; None for the only one of the run that waits.
        verdict: approved or rejected.
        user: who decides.
        why: the reason, which is kept with the run; on one line, without signs that a terminal would obey.

    Returns:
        The run, and the approval with the decision.

    Raises:
        SettingsError: no run or several runs fit; the step does not wait; somebody else was first; user or reason is
            empty.
        StoreError: the database failed.
    """
    user, why = _one_line(user), _one_line(why)
    if not user:
        raise refusal("N2P928", what="the name of whoever gives it", advice="Say who decides.")
    if not why:
        raise refusal("N2P928", what="a reason", advice="Add --why 'the reason'.")
    with looking(settings) as store:
        run = store.run(word)
        asked = _asked(store, run, step)
        wanted = replace(asked, verdict=verdict, user=user, decided_at=datetime.now(UTC), why=why)
        kept = store.approvals.decide(wanted)
        if kept == wanted:
            return run, wanted
        if kept is not None and kept.verdict is not None:
            raise _decided(kept)
        raise _not_waiting(store, run.id, asked.step)


def _one_line(text: str) -> str:
    """Others read it on their terminals."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _asked(store: Store, run: Run, step: str | None) -> Approval:
    """The question that is meant.

    Raises:
        SettingsError: it was not asked, or which one is meant is not clear.
    """
    if step is not None:
        found = store.approvals.of_run(run.id).get(step)
        if found is None:
            raise _not_waiting(store, run.id, step)
        return found
    waiting = [each.approval for each in store.approvals.pending(run.id)]
    if len(waiting) == 1:
        return waiting[0]
    if waiting:
        names = ", ".join(each.step for each in waiting)
        what = f"{len(waiting)} steps of run {run.id} wait for an approval."
        raise refusal("N2P925", what=what, advice=f"Name one of them: {names}.")
    state = f"it {_now(run.state)}" if run.state.is_final else "it goes on"
    settled = [each for each in store.approvals.of_run(run.id).values() if each.verdict is not None]
    known = "".join(f" Step {each.step!r} has been {approval_text(each)}." for each in settled)
    raise refusal("N2P925", what=f"No step of run {run.id} waits for an approval; {state}.{known}", advice=LISTED)


def _decided(kept: Approval) -> Exception:
    anew = "Run the notebook again, which asks anew."
    advice = f"nb2pipe cancel {kept.run_id} stops the run." if kept.verdict is Verdict.APPROVED else anew
    return refusal("N2P924", step=kept.step, run=kept.run_id, what=approval_text(kept), advice=advice)


def _not_waiting(store: Store, run_id: str, step: str) -> Exception:
    """What to say about a step that nobody has to decide about now."""
    run, steps = store.run(run_id), store.step_runs(run_id)
    found = next((each for each in steps if each.step == step), None)
    advice = f"Run the notebook again. {LISTED}" if run.state.is_final else LISTED
    if found is None:
        names = ", ".join(each.step for each in steps) or "none so far"
        return refusal(
            "N2P923", step=step, run=run_id, what="the run has no such step", advice=f"It has: {names}. {LISTED}"
        )
    return refusal("N2P923", step=step, run=run_id, what=_why_not(run, found), advice=advice)


def _why_not(run: Run, step: StepRun) -> str:
    if run.state.is_final:
        return f"the run {_now(run.state)}"
    if step.state is State.WAITING:
        return "the run was asked to stop"
    if step.state is State.QUEUED:
        return "its turn has not come"
    return "it is running" if step.state is State.RUNNING else f"it {_now(step.state)}"


def _now(state: State) -> str:
    return state.value if state in (State.FAILED, State.SUCCEEDED) else f"was {state.value}"
