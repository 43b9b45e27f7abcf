"""What notices say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nb2pipe.model import NoticeEvent
from nb2pipe.notices.text import as_data, as_slack, body, clean, length, subject
from tests.notices.values import a_notice

NOTHING = {
    "step": "",
    "cell_index": None,
    "cell_id": None,
    "line": None,
    "error": "",
    "error_line": "",
    "failures": 0,
    "message": "",
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "nb2pipe: nightly failed in step 'fit': ValueError"),
        ({"schedule": ""}, "nb2pipe: churn failed in step 'fit': ValueError"),
        ({"error": ""}, "nb2pipe: nightly failed in step 'fit'"),
        (NOTHING, "nb2pipe: nightly failed"),
        ({"event": NoticeEvent.RECOVERY}, "nb2pipe: nightly succeeds again"),
        ({"event": NoticeEvent.LATE, "late_s": 300.0}, "nb2pipe: nightly began 5 min late"),
        ({"event": NoticeEvent.APPROVAL, "step": "deploy"}, "nb2pipe: nightly: step 'deploy' waits for approval"),
        ({"event": NoticeEvent.TEST}, "nb2pipe: this is a test"),
        ({**NOTHING, "schedule": "a\nBcc: x\r\x1b[2J\u202e"}, "nb2pipe: a Bcc: x failed"),
        ({**NOTHING, "schedule": "", "notebook": "", "run_id": "r1"}, "nb2pipe: r1 failed"),
    ],
)
def test_subjects(changes: dict[str, object], expected: str) -> None:
    """One line says what happened to what, whatever names hold."""
    assert expected == subject(a_notice(**changes).facts)


def test_long_names() -> None:
    """However long a name is, a subject is short."""
    assert 150 == len(subject(a_notice(schedule="x" * 1000).facts))


def test_little_is_known() -> None:
    """Of a run that is gone, what is known is told and no empty line of the rest."""
    notice = a_notice(**NOTHING, notebook="", user="", host="", due_at=None, started_at=None, ended_at=None)
    text = body(notice.facts, notice.id)
    assert [
        "nightly failed.",
        "",
        "schedule   nightly",
        "run        20261124-120000-abcdefg",
        "state      failed",
        "",
        "To see more:",
        "    nb2pipe runs show 20261124-120000-abcdefg",
        "",
        "-- nb2pipe, notice 0123456789abcdef",
    ] == text.splitlines()
    assert (None, None) == (as_data(notice)["cell"], as_data(notice)["error"])
    assert "```" not in as_slack(notice)["text"]


def test_times_are_utc() -> None:
    """Times say that they are UTC; lengths are in units that a person reads."""
    moment = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC)
    notice = a_notice(event=NoticeEvent.LATE, late_s=3900.0, started_at=moment)
    assert "started    2026-11-24 12:00:05 UTC\n" in body(notice.facts, notice.id)
    assert "late by    1 h 5 min\n" in body(notice.facts, notice.id)
    assert ["45 s", "119 s", "2 min", "3 h 0 min"] == [length(seconds) for seconds in (45.2, 119, 120, 10800)]


def test_clean() -> None:
    """Nothing moves a cursor, turns text around or breaks UTF-8; lines and tabs stay."""
    assert "a\tb\nc\\udcff" == clean("\x1b[31ma\tb\n\x00c\udcff\u2028\u202e")
