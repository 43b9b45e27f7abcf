"""Cron texts: their times where clocks change, and what is refused."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.model import CronTrigger
from nb2pipe.scheduling.cron import cron_times, cron_trigger, read_cron
from tests.scheduling.values import MONDAY, utc

# Cron text, zone, moment after which (UTC), the next times in UTC.
TIMES = [
    ("0 7 * * mon-fri", "Asia/Tokyo", "2026-11-20T00:00", ["2026-11-22T22:00", "2026-11-23T22:00", "2026-11-24T22:00"]),
    ("*/15 * * * *", "UTC", "2026-11-20T00:00", ["2026-11-20T00:15", "2026-11-20T00:30"]),
    ("0 0 29 2 *", "UTC", "2026-01-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
    ("0 12 L * *", "UTC", "2026-02-01T00:00", ["2026-02-28T12:00", "2026-03-31T12:00"]),
    ("0 0 1 * 1", "UTC", "2026-11-20T00:00", ["2026-11-23T00:00", "2026-11-30T00:00", "2026-12-01T00:00"]),
    # Berlin skips 02:00 to 03:00 on 29 March 2026: what is due in the gap fires at its end, and once only.
    ("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00", ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"]),
    ("0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:00", "2026-03-30T01:00"]),
    ("*/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00", ["2026-03-30T00:00", "2026-03-30T00:30"]),
    # Berlin shows 02:00 to 03:00 twice on 25 October 2026: a time of day fires once, an interval goes on.
    ("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
    ("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10", ["2026-10-26T01:30"]),
    ("0 * * * *", "Europe/Berlin", "2026-10-24T23:30", ["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"]),
    ("0 9 * * *", "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T08:00", "2026-10-26T08:00"]),
    # Lord Howe's clocks move by half an hour, Samoa left out a whole day.
    ("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T20:00", ["2026-10-03T15:30", "2026-10-04T15:15"]),
    ("0 12 * * *", "Pacific/Apia", "2011-12-29T00:00", ["2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00"]),
]


@pytest.mark.parametrize(("text", "zone", "after", "expected"), TIMES)
def test_times(text: str, zone: str, after: str, expected: list[str]) -> None:
    """The times of a cron text, where clocks change as well."""
    found = cron_times(CronTrigger(text, zone), utc(after))
    assert expected == [f"{due:%Y-%m-%dT%H:%M}" for due in itertools.islice(found, len(expected))]


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
)
@pytest.mark.parametrize("text", ["30 2 * * *", "*/20 * * * *", "0 */3 * * *", "10,40 1-3 * * *"])
def test_times_only_grow(text: str, zone: str) -> None:
    """Through a whole year no time comes twice or goes back, and asking from each time on gives the same next."""
    trigger = CronTrigger(text, zone)
    found = list(itertools.takewhile(lambda due: due < utc("2027-01-01"), cron_times(trigger, utc("2026-01-01"))))
    assert found == sorted(set(found))
    for before, after in itertools.islice(itertools.pairwise(found), 0, None, 7):
        assert after == next(cron_times(trigger, before))


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("@daily", "0 0 * * *"),
        ("@WEEKLY", "0 0 * * 0"),
        ("  0\t7  * * MON ", "0 7 * * MON"),
        ("0 0 * * 7", "0 0 * * 7"),
    ],
)
def test_texts_that_are_read(text: str, fields: str) -> None:
    """Words stand for fields, and blanks do not matter."""
    assert fields == read_cron(text)


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("", "N2P801", "0 fields, not 5"),
        ("0 7 * *", "N2P801", "4 fields, not 5"),
        ("0 0 7 * * *", "N2P801", "Seconds are not read"),
        ("60 * * * *", "N2P801", "'60' is no minute.*0 to 59"),
        ("0 25 * * *", "N2P801", "'25' is no hour"),
        ("0 7 0 * *", "N2P801", "'0' is no day of month"),
        ("0 7 * 13 *", "N2P801", "'13' is no month"),
        ("0 7 * * mom", "N2P801", "'mom' is no day of week"),
        ("0 7 * * 1L/2", "N2P801", "day of week"),
        ("*/0 * * * *", "N2P801", "minute"),
        ("5-1 * * * *", "N2P801", "minute"),
        ("9" * 5000 + " * * * *", "N2P801", "too long"),
        ("@reboot", "N2P801", "not a word that says when"),
        ("@every 1h", "N2P801", "--every 15m"),
        ("0 0 30 2 *", "N2P802", "No date fits"),
        ("0 0 31 4,6,9,11 *", "N2P802", "No date fits"),
        ("0 0 */20 * 1L", "N2P802", "No date fits"),
        ("TZ=Asia/Tokio 0 7 * * *", "N2P803", "Asia/Tokyo"),
        ("TZ=Asia/Tokyo 0 7 * * *", "N2P801", "Give one of them"),
    ],
)
def test_texts_that_are_refused(text: str, code: str, message: str) -> None:
    """A wrong text names its field, one that never fires says so, each with a code."""
    zone = "UTC" if "Tokyo" in text else None
    with pytest.raises(SettingsError, match=rf"(?s){message}") as refused:
        cron_trigger(text, zone, "UTC", MONDAY)
    assert [code] == [found.code for found in refused.value.diagnostics]


def test_zones_in_front() -> None:
    """A zone may stand in front of the fields, as some programs have it."""
    assert CronTrigger("0 7 * * *", "Asia/Tokyo") == cron_trigger("CRON_TZ=Asia/Tokyo 0 7 * * *", None, "UTC", MONDAY)
    assert CronTrigger("0 7 * * *", "UTC") == cron_trigger("0 7 * * *", None, "UTC", MONDAY)


def test_the_end_of_the_calendar() -> None:
    """Where the calendar ends, so do the times."""
    assert [] == list(cron_times(CronTrigger("0 0 1 1 *", "Asia/Tokyo"), datetime(9999, 6, 1, tzinfo=UTC)))
