"""Due times of schedules, zones, intervals, jitter and pauses."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.model import IntervalTrigger, OnceTrigger
from nb2pipe.scheduling.times import backoff_s, check_due, due_times, interval_trigger, next_due, start_of
from nb2pipe.scheduling.zones import local_zone, moment_in, zone_of
from tests.scheduling.values import MONDAY, a_schedule, utc


def test_start_and_end() -> None:
    """Only due times from the start to the end count, both included."""
    schedule = a_schedule(starts_at=utc("2026-12-01T07:00"), ends_at=utc("2026-12-03T07:00"))
    assert [1, 2, 3] == [due.day for due in due_times(schedule, MONDAY)]
    assert next_due(schedule, utc("2026-12-03T07:00")) is None


def test_intervals() -> None:
    """An interval counts from its anchor, across a change of clocks and from far in the past alike."""
    schedule = a_schedule(IntervalTrigger(900.0, MONDAY, "Europe/Berlin"))
    assert utc("2026-11-23T09:15") == next_due(schedule, MONDAY)
    assert utc("2036-11-23T09:15") == next_due(schedule, utc("2036-11-23T09:00"))
    odd = a_schedule(IntervalTrigger(0.7 + 0.4, MONDAY, "UTC"))
    found = list(itertools.islice(due_times(odd, MONDAY), 100))
    assert found == sorted(set(found))
    assert all(after == next_due(odd, before) for before, after in itertools.pairwise(found))


def test_once() -> None:
    """Once is once."""
    schedule = a_schedule(OnceTrigger(utc("2026-12-01T07:00"), "UTC"))
    assert [utc("2026-12-01T07:00")] == list(due_times(schedule, MONDAY))
    with pytest.raises(SettingsError, match="no due time to come"):
        check_due(schedule, utc("2026-12-01T07:00"))


@pytest.mark.parametrize("every_s", [0.0, -1.0, 0.5, float("nan"), float("inf")])
def test_wrong_intervals(every_s: float) -> None:
    """An interval below a second, or beyond all sense, is refused."""
    with pytest.raises(SettingsError, match=r"An interval cannot be"):
        interval_trigger(every_s, MONDAY, "UTC")


def test_jitter() -> None:
    """Jitter delays each run by its own time within the limit, and always by the same."""
    schedule = a_schedule(jitter_s=600.0)
    dues = list(itertools.islice(due_times(schedule, MONDAY), 50))
    delays = [(start_of(schedule, due) - due).total_seconds() for due in dues]
    assert delays == [(start_of(schedule, due) - due).total_seconds() for due in dues]
    assert 0 <= min(delays) < 200 and 400 < max(delays) < 600
    assert dues[0] == start_of(a_schedule(), dues[0])


def test_pauses_before_retries() -> None:
    """Each pause is twice the one before, a day at most."""
    assert [60.0, 120.0, 240.0] == [backoff_s(a_schedule(), attempt) for attempt in (1, 2, 3)]
    assert 86400.0 == backoff_s(a_schedule(), 5000)


@pytest.mark.parametrize("name", ["Asia/Tokio", "", "../etc/passwd", "/etc/localtime", "Europe", "a" * 5000, "UTC\0"])
def test_unknown_zones(name: str) -> None:
    """What is no IANA zone is refused, paths and folders too."""
    with pytest.raises(SettingsError, match="no time zone") as refused:
        zone_of(name)
    assert "N2P803" == refused.value.diagnostics[0].code


def test_the_local_zone(tmp_path: Path) -> None:
    """The machine's zone is what TZ names, else where its link leads, else UTC."""
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    assert "Europe/Berlin" == local_zone({"TZ": ":Europe/Berlin"}, link)
    assert "Asia/Tokyo" == local_zone({}, link)
    assert "UTC" == local_zone({"TZ": "EST5EDT,M3.2.0"}, tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-01T07:00", "2026-12-01T06:00"),
        ("2026-12-01 07:00", "2026-12-01T06:00"),
        ("2026-12-01T07:00+09:00", "2026-11-30T22:00"),
        ("2026-03-29T02:30", "2026-03-29T01:30"),
        ("2026-10-25T02:30", "2026-10-25T00:30"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    """A date and time means what clocks in the zone show: skipped, it is that much later; doubled, the first."""
    assert utc(expected) == moment_in(text, "Europe/Berlin")


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", "0001-01-01T00:00"])
def test_wrong_moments(text: str) -> None:
    """What is no date and time is refused."""
    with pytest.raises(SettingsError, match=r"is not a date and time|beyond all calendars"):
        moment_in(text, "Asia/Tokyo")
