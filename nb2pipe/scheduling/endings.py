"""What the end of a run means for its due time: done, again, or a failure that counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from nb2pipe.model import Firing, Schedule, State
from nb2pipe.scheduling.times import backoff_s
from nb2pipe.store.firings import Ending

_BAD = (State.FAILED, State.INTERRUPTED)


def ending_of(firing: Firing, schedule: Schedule | None, failures: int, now: datetime) -> Ending:
    """What is to become of a due time whose run has ended.

    Args:
        firing: the due time, with its run's final state; a run that was removed meanwhile counts as interrupted.
        schedule: its schedule; None where the store's record cannot be read, then nothing runs again.
        failures: failed due times in a row so far.
        now: aware.
    """
    if not firing.state.is_final:
        firing = replace(firing, state=State.INTERRUPTED)
    if firing.state not in _BAD:
        return Ending(firing)
    if schedule is None:
        return Ending(firing, is_failure=True)
    policy = schedule.policy
    if firing.attempt <= policy.retries:
        return Ending(firing, retry_at=now + timedelta(seconds=backoff_s(schedule, firing.attempt)))
    count = failures + 1
    is_enough = 0 < policy.pause_after <= count
    return Ending(firing, is_failure=True, pause_reason=f"paused after {count} failures in a row" if is_enough else "")
