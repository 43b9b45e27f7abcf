"""What becomes of due times that have come."""

from __future__ import annotations

from datetime import datetime

import pytest

from nb2pipe.model import IntervalTrigger
from nb2pipe.scheduling.due import Decision, decide
from tests.scheduling.values import MONDAY, a_schedule, utc

FIRST = utc("2026-11-24T07:00")


def runs(decision: Decision) -> list[datetime]:
    """The due times that run."""
    return [due.at for due in decision.due if not due.skipped]


def test_on_time() -> None:
    """A due time that has just come runs, and the next is the day after."""
    decision = decide(a_schedule(), FIRST, utc("2026-11-24T07:00:01"), 0)
    assert ([FIRST], utc("2026-11-25T07:00")) == (runs(decision), decision.next_due_at)


@pytest.mark.parametrize(("missed", "days"), [("skip", []), ("once", [26]), ("all", [24, 25, 26])])
def test_missed(missed: str, days: list[int]) -> None:
    """Three missed mornings: none, the latest or all of them run; the others are kept with the reason."""
    decision = decide(a_schedule(missed=missed, stale_after_s=7 * 86400.0), FIRST, utc("2026-11-26T12:00"), 0)
    assert days == [at.day for at in runs(decision)]
    assert 3 == len(decision.due)
    assert all("missed" in due.skipped for due in decision.due if due.at.day not in days)
    assert utc("2026-11-27T07:00") == decision.next_due_at


def test_too_old() -> None:
    """What is older than the limit does not run, whatever was asked for."""
    decision = decide(a_schedule(missed="all", stale_after_s=30 * 3600.0), FIRST, utc("2026-11-26T12:00"), 0)
    assert [25, 26] == [at.day for at in runs(decision)][-2:]
    assert "too old" in decision.due[0].skipped


@pytest.mark.parametrize(("overlap", "count"), [("skip", 0), ("queue", 1), ("allow", 1)])
def test_overlap(overlap: str, count: int) -> None:
    """While an earlier run goes on, a due time is skipped or waits, as asked for."""
    decision = decide(a_schedule(overlap=overlap), FIRST, FIRST, 1)
    assert count == len(runs(decision))
    assert all("still going on" in due.skipped for due in decision.due if due.skipped)


def test_missed_times_are_caught_up_one_after_the_other() -> None:
    """All missed due times run although each overlaps the one before: they wait for each other."""
    decision = decide(a_schedule(missed="all", stale_after_s=7 * 86400.0), FIRST, utc("2026-11-26T12:00"), 1)
    assert 3 == len(runs(decision))


def test_a_year_of_seconds_missed() -> None:
    """A due time each second, a year missed: decided at once, the first record tells of what it stands for."""
    schedule = a_schedule(IntervalTrigger(1.0, MONDAY, "UTC"), missed="once")
    now = utc("2027-11-24T07:00")
    decision = decide(schedule, FIRST, now, 0)
    assert [utc("2027-11-24T06:59:00")] == runs(decision)
    assert len(decision.due) <= 1001
    assert FIRST == decision.due[0].at and "with all due times before 2027-11-24" in decision.due[0].skipped
    assert utc("2027-11-24T07:00:01") == decision.next_due_at


def test_a_clock_set_back_fires_nothing_twice() -> None:
    """The next due time is later than the last, whatever the clock says."""
    decision = decide(a_schedule("0 * * * *"), FIRST, FIRST, 0)
    assert utc("2026-11-24T08:00") == decision.next_due_at
