"""How far something is, and how it ended."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """State of a run or of a step run.

    ``queued`` is what waits for its turn, ``waiting`` what waits for a person's approval: a step, and a run of which
    some step does while none is at work.
    """

    QUEUED = "queued"
    WAITING = "waiting"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    CACHED = "cached"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen."""
        return self not in (State.QUEUED, State.WAITING, State.RUNNING)

    @property
    def is_good(self) -> bool:
        """Whether later steps can rely on it."""
        return self in (State.SUCCEEDED, State.CACHED)
