"""What an engine elsewhere is asked: one client for each kind."""

from __future__ import annotations

from typing import Protocol

from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteSchedule, RemoteTask, SchedulePlan, Submission


class Remote(Protocol):
    """A client of an engine, made for one target; it keeps nothing.

    Every method asks the service once or a few times, each within the target's ``timeout_s``, and raises a
    :class:`~nb2pipe.errors.RemoteError` of :mod:`nb2pipe.kubeflow.remote.codes` where that refuses, fails or does not
    answer. Nothing is tried again: who calls knows whether to.
    """

    def check(self) -> str:
        """Ask whether it is there and lets us in: what it is, in a sentence."""

    def submit(self, submission: Submission) -> RemoteRun:
        """Start a run."""

    def status(self, run_id: str) -> RemoteRun:
        """A run with its tasks, as of now."""

    def cancel(self, run_id: str) -> None:
        """Stop a run; one that has ended already is no error."""

    def delete(self, run_id: str) -> None:
        """Have a run forgotten; one that is not there is no error."""

    def log(self, run_id: str, task: RemoteTask) -> str:
        """What a task printed so far; empty where nothing is kept of it."""

    def artifact(self, run_id: str, task: RemoteTask, name: str) -> bytes | None:
        """The content of an artifact that a task left, such as ``notebook``; None where the engine hands none over."""

    def add_schedule(self, plan: SchedulePlan) -> RemoteSchedule:
        """Make a schedule."""

    def schedule(self, schedule_id: str) -> RemoteSchedule:
        """A schedule, as of now."""

    def pause(self, schedule_id: str) -> None:
        """Have a schedule fire no more, until it is resumed."""

    def resume(self, schedule_id: str) -> None:
        """Have a paused schedule fire again."""

    def delete_schedule(self, schedule_id: str) -> None:
        """Have a schedule forgotten; one that is not there is no error."""

    def schedule_runs(self, schedule_id: str, limit: int) -> list[RemoteRun]:
        """The latest runs that a schedule made, newest first, without their tasks."""

    def close(self) -> None:
        """Let go of connections."""
