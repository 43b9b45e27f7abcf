"""One run of a schedule, in its own process."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from nb2pipe.app.history import show_run
from nb2pipe.app.parameters import Given
from nb2pipe.app.schedules.keeping import add_schedule, trigger_schedule
from nb2pipe.app.schedules.running import run_scheduled
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.model import State
from nb2pipe.scheduling.triggers import When
from tests.app.samples import ENDLESS, TWO_STEPS, settings_in, write_notebook

DAILY = When(cron="@daily")


def test_runs_with_its_parameters(tmp_path: Path) -> None:
    """The waiting run becomes the run, with the schedule's parameters; asked again, nothing happens."""
    settings = settings_in(tmp_path)
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    entry = add_schedule(ScheduleWords(path, when=DAILY, given=Given(texts={"rows": "5"}), tags=("t",)), settings)
    run_id, _ = trigger_schedule(entry.name, settings)
    assert [State.SUCCEEDED] * 2 == [run_scheduled(run_id, settings) for _ in range(2)]
    details = show_run(settings, run_id)
    assert (5, ("t",), entry.id) == (details.run.parameters["rows"], details.run.tags, details.run.schedule_id)
    assert details.run.due_at is not None and details.run.created_at - details.run.due_at < timedelta(minutes=1)
    assert 2 == len(details.steps)


def test_takes_too_long(tmp_path: Path) -> None:
    """A run that takes longer than its schedule lets it is stopped, and has failed."""
    settings = settings_in(tmp_path)
    path = write_notebook(tmp_path / "n.ipynb", *ENDLESS)
    add_schedule(ScheduleWords(path, name="slow", when=DAILY, policy={"timeout_s": 1.0}), settings)
    run_id, _ = trigger_schedule("slow", settings)
    assert State.FAILED is run_scheduled(run_id, settings)
    assert "took longer than 1 s" == show_run(settings, run_id).run.message
