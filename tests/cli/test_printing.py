"""Words, tables, progress and logs."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nb2pipe.cli.follow import LogReader
from nb2pipe.cli.progress import PlainLines, changed_text
from nb2pipe.cli.table import table_text
from nb2pipe.cli.terminal import harmless, without_ansi
from nb2pipe.cli.times import duration_of, moment_of
from nb2pipe.cli.words import failure_words, parameters_text, value_text
from nb2pipe.errors import SettingsError
from nb2pipe.model import State, StepRun
from nb2pipe.report.words import duration_text, size_text
from tests.report.samples import DIAMOND, failure_at, pipeline_of, run_of, seconds, step_runs_of


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (-1.0, "0.0 s"),
        (0.04, "0.0 s"),
        (59.94, "59.9 s"),
        (60.0, "1 min 00 s"),
        (185.2, "3 min 05 s"),
        (7620.0, "2 h 07 min"),
    ],
)
def test_durations(value: float | None, expected: str) -> None:
    """Short times to a tenth of a second, long ones without it."""
    assert expected == duration_text(value)


@pytest.mark.parametrize(("size", "expected"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2 * 10**12, "2.0 TB")])
def test_sizes(size: int, expected: str) -> None:
    """Sizes in decimal units."""
    assert expected == size_text(size)


def test_values() -> None:
    """Values on one line, cut to a width."""
    assert ("a⏎b", "[1, 2]", "abc…") == (value_text("a\nb"), value_text([1, 2]), value_text("abcdef", 4))
    assert "rows=1 name=x y" == parameters_text({"rows": 1, "name": "x y"})
    assert "ZeroDivisionError: one" == failure_words(failure_at(0, "one\ntwo"))


def test_text_of_others_is_harmless() -> None:
    """Escape sequences and control characters of a notebook never reach the terminal."""
    evil = "a\x1b]0;title\x07b\x1b[2Jc\x1b[31md\re\x00\x9bf\ng"
    assert "abcdef g" == harmless(evil)
    assert "\x1b" not in without_ansi(evil)


def test_a_table() -> None:
    """Columns are aligned by what they show, wide characters included."""
    expected = "NAME  TIME\n日本   1 s\na     12 s"
    assert expected == table_text(["NAME", "TIME"], [["日本", "1 s"], ["a", "12 s"]], io.StringIO(), ["TIME"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("90s", timedelta(seconds=90)),
        ("1.5h", timedelta(hours=1.5)),
        ("30d", timedelta(days=30)),
        ("2 weeks", timedelta(14)),
    ],
)
def test_ages(text: str, expected: timedelta) -> None:
    """A number and a unit."""
    assert expected == duration_of(text)


def test_moments() -> None:
    """A date is midnight here; an age is so long ago; anything else is refused."""
    assert datetime(2026, 11, 24, 9, 30, tzinfo=UTC) == moment_of("2026-11-24T09:30+00:00")
    assert datetime(2026, 11, 24).astimezone() == moment_of("2026-11-24")
    assert 1 == round((datetime.now(UTC) - moment_of("1d")) / timedelta(days=1), 2)
    for text in ("soon", "5", "d"):
        with pytest.raises(SettingsError):
            moment_of(text)
        with pytest.raises(SettingsError):
            duration_of(text)


def test_plain_lines() -> None:
    """One line when a step starts and one when it ends; nothing is said twice."""
    stream, pipeline = io.StringIO(), pipeline_of(DIAMOND)
    lines = PlainLines(stream)
    lines.begin(pipeline, run_of(pipeline), "no image is named")
    final = step_runs_of(pipeline)[0]
    for step in (replace(final, state=State.QUEUED), replace(final, state=State.RUNNING), final, final):
        lines.step(step)
        lines.step(step)
    lines.end()
    expected = [
        "run 20261124-090000-f3k7q2m: sample, 4 steps",
        "executor process: no image is named",
        "load: started, 1 cell",
        "load: succeeded in 1.0 s",
    ]
    assert expected == [line[9:] for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (StepRun("r", "s", State.RUNNING, cells_total=2), "started, 2 cells"),
        (StepRun("r", "s", State.RUNNING, attempt=2), "started again, attempt 2"),
        (StepRun("r", "s", State.CACHED, cached_from="r0"), "cached, from run r0"),
        (StepRun("r", "s", State.SKIPPED, reason="step 'a' before it failed"), "skipped, step 'a' before it failed"),
        (
            StepRun("r", "s", State.FAILED, started_at=seconds(0), ended_at=seconds(2), failure=failure_at(4)),
            "failed in 2.0 s, cell 5: ZeroDivisionError: division by zero",
        ),
    ],
)
def test_changes_in_words(step: StepRun, expected: str) -> None:
    """What happened to a step, in a few words."""
    assert expected == changed_text(step)


def test_reading_a_growing_log(tmp_path: Path) -> None:
    """Each line comes out once and whole; of a progress bar's line, its last state; the end without a line end, too."""
    path = tmp_path / "log.txt"
    reader = LogReader(str(path))
    assert [] == reader.lines()
    path.write_bytes(b"one\ntw")
    assert ["one"] == reader.lines()
    with path.open("ab") as file:
        file.write("o ü\n10%\r50%\r100%\nlast".encode())
    assert ["two ü", "100%"] == reader.lines()
    assert ["last"] == reader.lines(last=True)
    assert [] == reader.lines(last=True)
