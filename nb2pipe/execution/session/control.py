"""The entry points that the worker calls in a kernel; one session at a time."""

from __future__ import annotations

from nb2pipe.execution.hash_seed import forget_hash_seed
from nb2pipe.execution.session.session import Session
from nb2pipe.execution.session.state import State, read_state
from nb2pipe.execution.task import write_json

_running: list[Session] = []  # the kernel's one session: requests of the worker have nowhere else to keep it


def begin(path: str) -> None:
    """Start a session; call before the first cell.

    Args:
        path: JSON file with the state to start from.
    """
    from IPython import get_ipython

    forget_hash_seed()
    session = Session(read_state(path), get_ipython())
    _running[:] = [session]
    session.begin()


def running_state() -> State | None:
    """What the running session started from; None where no step of a pipeline runs."""
    return _running[-1].state if _running else None


def parameters_done() -> None:
    """Let parameter values stand in place of their defaults; call behind the ``parameters`` cell, if it runs."""
    for session in _running:
        session.parameters_done()


def setup_done() -> None:
    """Lay carried state over what setup cells left; call before the step's own first cell."""
    for session in _running:
        session.setup_done()


def finish(path: str = "") -> None:
    """End the session: save what the step leaves and write the report.

    Args:
        path: unused; the report goes where the state says.
    """
    while _running:
        session = _running.pop()
        write_json(session.state.report, session.finish())
