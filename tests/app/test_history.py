"""Looking at runs, stopping and removing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nb2pipe.app.history import cancel_run, list_runs, prune_runs, show_run, step_logs
from nb2pipe.app.run import run_notebook
from nb2pipe.errors import ArtifactError, SettingsError
from nb2pipe.model import State
from nb2pipe.settings import Settings
from nb2pipe.store import open_store
from tests.app.samples import TWO_STEPS, request, settings_in, write_notebook
from tests.notebook.building import code
from tests.report.samples import DIAMOND, pipeline_of, run_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings with a store in which there are three runs: yesterday's, today's that failed, and one going on."""
    found = settings_in(tmp_path)
    now, pipeline = datetime.now(UTC), pipeline_of(DIAMOND)
    with open_store(found.store_url, found.home) as store:
        for number, state in enumerate([State.SUCCEEDED, State.FAILED, State.RUNNING]):
            created = now - timedelta(days=2 - number)
            run = run_of(pipeline, state, id=f"2026112{number}-000000-a{number}", created_at=created, host="")
            ended = created if state.is_final else None
            store.add_run(replace(run, notebook_path=f"/x/n{number}.ipynb", tags=(f"t{number}",), ended_at=ended))
            (found.home / "runs" / run.id).mkdir(parents=True)
            (found.home / "runs" / run.id / "log.txt").write_text("x" * 100, encoding="utf-8")
    return found


def tails(settings: Settings, **wanted: object) -> list[str]:
    """The tails of the ids of runs that fit."""
    return [run.id[-2:] for run in list_runs(settings, **wanted)[0]]  # type: ignore[arg-type]


def test_list(settings: Settings) -> None:
    """Newest first, and by every filter."""
    assert ["a2", "a1", "a0"] == tails(settings)
    assert ["a2"] == tails(settings, limit=1)
    assert ["a1", "a0"] == tails(settings, states=[State.FAILED, State.SUCCEEDED])
    assert ["a1"] == tails(settings, notebook="n1.ipynb", limit=1) == tails(settings, notebook="/x/n1.ipynb")
    assert ["a0"] == tails(settings, tag="t0")
    assert ["a2", "a1"] == tails(settings, since=datetime.now(UTC) - timedelta(hours=30))


def test_show(settings: Settings) -> None:
    """A run by the beginning of its tail or as the latest; unknown ones are named."""
    assert "20261121-000000-a1" == show_run(settings, "a1").run.id
    assert "20261122-000000-a2" == show_run(settings, "latest").run.id
    with pytest.raises(SettingsError, match="'zz'"):
        show_run(settings, "zz")


def test_cancel(settings: Settings) -> None:
    """A run that goes on is asked to stop; one that has ended is not."""
    assert cancel_run(settings, "a2")[1]
    with open_store(settings.store_url, settings.home) as store:
        assert store.cancel_requested("20261122-000000-a2")
    assert not cancel_run(settings, "a1")[1]


def test_prune(settings: Settings) -> None:
    """Runs that fit go with their folders; a dry run only tells; a run that goes on stays, and its values with it."""
    preview = prune_runs(settings, older_than=timedelta(hours=1), dry_run=True)
    assert (("20261121-000000-a1", "20261120-000000-a0"), 200) == (preview.run_ids, preview.freed_bytes)
    assert ["a2", "a1", "a0"] == tails(settings)
    result = prune_runs(settings, older_than=timedelta(hours=1))
    assert (preview.run_ids, True) == (result.run_ids, "is going on" in result.values_kept)
    assert ["a2"] == tails(settings)
    assert ["20261122-000000-a2"] == [path.name for path in (settings.home / "runs").iterdir()]
    with pytest.raises(SettingsError):
        prune_runs(settings)


def test_prune_frees_values(tmp_path: Path) -> None:
    """Values of removed runs go, those that another run uses stay, and a step whose value is gone runs again."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings = settings_in(tmp_path / "home")
    first = run_notebook(request(path, rows=1), settings)
    second = run_notebook(request(path, rows=2), settings)
    prune_runs(settings, ids=[first.id])
    assert [0, 1] == second.value("xs")
    again = run_notebook(request(path, rows=1), settings)
    assert (State.SUCCEEDED, [0]) == (again.steps[0].state, again.value("xs"))
    cached = run_notebook(request(path, rows=2), settings)
    assert State.CACHED is cached.steps[0].state


def test_logs(tmp_path: Path) -> None:
    """What each step printed, or one of them; a step that is not there is named with those that are."""
    cells = (code("print('one')", "step:a"), code("import sys; print('two', file=sys.stderr)", "step:b"))
    settings = settings_in(tmp_path / "home")
    run_notebook(request(write_notebook(tmp_path / "n.ipynb", *cells)), settings)
    found = [(step.step, text.strip()) for step, text in step_logs(settings, "latest")]
    assert [("a", "one"), ("b", "two")] == found
    assert ["b"] == [step.step for step, _ in step_logs(settings, "latest", "b")]
    with pytest.raises(SettingsError, match=r"(?s)'c'.*a, b"):
        list(step_logs(settings, "latest", "c"))


def test_values_are_kept_for_some_days(tmp_path: Path) -> None:
    """With ``keep_values_days`` the values of older runs go at the end of a run, and their records stay."""
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    settings = settings_in(tmp_path / "home", jobs=1)
    old = run_notebook(request(path), settings)
    assert [0, 1, 2] == old.value("xs")
    with open_store(settings.store_url, settings.home) as store:
        store.update_run(replace(old.run, created_at=datetime.now(UTC) - timedelta(days=3)))
    limited = settings_in(tmp_path / "home", jobs=1, keep_values_days=2, cache=False)
    new = run_notebook(request(path, rows=4), limited)
    assert [0, 1, 2, 3] == new.value("xs")
    with pytest.raises(ArtifactError):
        old.value("xs")
    details = show_run(settings, old.id)
    assert ["xs"] == [artifact.name for artifact in details.steps[0].artifacts]
    assert None is not details.run.values_removed_at and (details.folder / "executed.ipynb").exists()


def test_runs_by_user(settings: Settings) -> None:
    """Runs are found by who started them."""
    with open_store(settings.store_url, settings.home) as store:
        store.update_run(replace(store.run("a1"), user="bob"))
    assert ["a1"] == tails(settings, user="bob")
    assert [] == tails(settings, user="nobody")
