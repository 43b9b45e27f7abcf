"""A task that runs in a container."""

from __future__ import annotations

from dataclasses import replace

from nb2pipe.execution.serving import ServedHandle
from nb2pipe.execution.task import Outcome

UNSEEN = frozenset({"FileNotFoundError", "NotADirectoryError", "PermissionError"})
HINT = (
    "the step runs in a container: it sees the notebook's folder, /tmp shared by the steps of the run, and what its"
    " setting `volumes` names"
)


class ContainerHandle(ServedHandle):
    """A task in a container; a file that is not found there may well be on this machine."""

    def outcome(self) -> Outcome | None:
        """The outcome, None while the task runs."""
        found = super().outcome()
        failure = None if found is None else found.failure
        if found is None or failure is None or failure.kind != "exception" or failure.hint:
            return found
        return replace(found, failure=replace(failure, hint=HINT)) if failure.name in UNSEEN else found
