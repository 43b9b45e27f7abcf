"""Notebooks sent to Kubeflow Pipelines, and their runs kept in the store as those of this machine are."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nb2pipe.app.elsewhere.keep import keep_current, keep_log_current, keep_run_current, watch_run
from nb2pipe.app.elsewhere.keeper import Keeper
from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.history import cancel_run, show_run
from nb2pipe.app.records import notebook_of_run
from nb2pipe.errors import NotFoundError
from nb2pipe.kubeflow.marks import marked_step
from nb2pipe.model import DataUse, Run, State, StepRun
from nb2pipe.settings import Settings
from nb2pipe.settings.targets import Target, remove_target
from nb2pipe.store import open_store
from tests.kubeflow.notebooks import write
from tests.kubeflow.remote.sending import FAILURE, IMAGE, said_by_load, said_by_train, shown
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task


def test_a_run_that_succeeds(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """States, logs, metrics and the executed notebook are as those of a run on this machine."""
    kfp.move(sent.remote_id, "RUNNING", load=Task("SUCCEEDED"), train_it=Task("RUNNING"))
    kfp.print_log(sent.remote_id, "load", said_by_load())
    assert [] == keep_current(settings)
    steps = {step.step: step.state for step in show_run(settings, sent.id).steps}
    assert {"load": State.SUCCEEDED, "train_it": State.RUNNING} == steps
    kfp.move(sent.remote_id, "SUCCEEDED", train_it=Task("SUCCEEDED"))
    kfp.print_log(sent.remote_id, "train-it", said_by_train())
    run, found = shown(settings, sent)
    assert State.SUCCEEDED == run.state and 4 == found["train_it"].metrics[0].value
    assert "loaded\n" == Path(found["load"].log_path).read_text("utf-8")
    cells = {cell["id"]: cell for cell in notebook_of_run(settings, run.id)["cells"]}
    assert ["loaded", "trained"] == [cells[name]["outputs"][0]["text"] for name in ("c1", "c2")]
    assert cells == {cell["id"]: cell for cell in json.loads(Path(run.output_path).read_text("utf-8"))["cells"]}


def test_data_by_names_that_mean_something_here(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """What a pod read is of the notebook's folder, what it wrote stays with the run."""
    kfp.move(sent.remote_id, "RUNNING", load=Task("SUCCEEDED"))
    kfp.print_log(sent.remote_id, "load", said_by_load())
    _, steps = shown(settings, sent)
    folder = Path(sent.notebook_path).parent
    written = DataUse("written", f"kfp://cloud/{sent.id}/out", "0b")
    assert (DataUse("read", f"{folder}/in.csv", "0a"), written) == steps["load"].data


def test_a_run_that_fails(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """Step, cell and error are named; the step behind it is skipped."""
    kfp.move(sent.remote_id, "FAILED", load=Task("FAILED"))
    kfp.print_log(sent.remote_id, "load", said_by_train(FAILURE).replace("trained", "x"))
    run, steps = shown(settings, sent)
    assert (State.FAILED, "step 'load' failed: TaskFailed") == (run.state, run.message)  # the log is of another step
    assert (State.FAILED, State.SKIPPED) == (steps["load"].state, steps["train_it"].state)


def test_the_cell_that_failed(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """The failing cell is known by its own record in the log."""
    kfp.move(sent.remote_id, "FAILED", load=Task("SUCCEEDED"), train_it=Task("FAILED", message="exit code 1"))
    kfp.print_log(sent.remote_id, "train-it", said_by_train(FAILURE))
    run, steps = shown(settings, sent)
    assert ("step 'train_it' failed: ValueError", FAILURE) == (run.message, steps["train_it"].failure)


def test_no_log_at_all(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """A step whose pod never ran or is gone says what the engine says of it."""
    kfp.move(sent.remote_id, "FAILED", load=Task("FAILED", message="ImagePullBackOff"))
    run, steps = shown(settings, sent)
    failure = steps["load"].failure
    assert failure is not None and "ImagePullBackOff" == failure.message and "nb2pipe logs" in failure.hint
    assert "step 'load' failed: TaskFailed" == run.message


def test_steps_from_the_cache(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """A step that the engine took from its cache says so."""
    kfp.move(sent.remote_id, "RUNNING", load=Task("SKIPPED", seconds=1))
    _, steps = shown(settings, sent)
    assert (State.CACHED, "taken from the cache of cloud") == (steps["load"].state, steps["load"].reason)


def test_a_log_that_grows(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """The log of a step that goes on is fetched when it is asked for, and not more often than that."""
    kfp.move(sent.remote_id, "RUNNING", load=Task("RUNNING"))
    kfp.print_log(sent.remote_id, "load", "one\n")
    keep_current(settings)
    for text, age in (("one\n", 0.0), ("one\n", 60.0), ("one\ntwo\n", 0.0)):
        keep_log_current(settings, sent.id, "load", age)
        (step,) = [each for each in show_run(settings, sent.id).steps if each.step == "load"]
        assert (text, State.RUNNING) == (Path(step.log_path).read_text("utf-8"), step.state)
        kfp.print_log(sent.remote_id, "load", "one\ntwo\n")


def test_watch_to_the_end(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """A run is followed to its end; a server that fails meanwhile is told of and asked again."""
    moves: Iterator[Callable[[], object]] = iter(
        [
            lambda: kfp.move(sent.remote_id, "RUNNING", load=Task("RUNNING")),
            lambda: setattr(kfp, "fault", lambda operation: (503, "")),
            lambda: setattr(kfp, "fault", lambda operation: None),
            lambda: kfp.move(sent.remote_id, "SUCCEEDED", load=Task("SUCCEEDED"), train_it=Task("SUCCEEDED")),
        ]
    )
    seen: list[tuple[str, State]] = []
    trouble: list[str] = []
    run, steps = watch_run(
        settings,
        sent.id,
        watch=lambda step: seen.append((step.step, step.state)),
        trouble=trouble.append,
        sleep=lambda seconds: next(moves)(),
    )
    assert State.SUCCEEDED == run.state and all(step.state.is_good for step in steps)
    assert [("load", State.RUNNING), ("load", State.SUCCEEDED)] == [each for each in seen if each[0] == "load"][1:]
    assert 1 == len(trouble) and "503" in trouble[0]


def test_cancel(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """The engine is asked to stop it, and a run that failed for that reason counts as cancelled."""
    run, was_asked = cancel_run(settings, sent.id, user="ann")
    assert was_asked and "CANCELING" == kfp.runs[sent.remote_id]["state"] and State.RUNNING == run.state
    kfp.move(sent.remote_id, "FAILED", load=Task("CANCELED"))
    run, steps = shown(settings, sent)
    assert (State.CANCELLED, "cancelled by ann") == (run.state, run.message)
    assert {State.CANCELLED} == {step.state for step in steps.values()}
    assert not cancel_run(settings, sent.id)[1]


def test_a_run_deleted_there(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """What is gone from the server ends here, with the reason, and is not asked after again."""
    del kfp.runs[sent.remote_id]
    assert [] == keep_current(settings)
    run, steps = shown(settings, sent)
    assert State.INTERRUPTED == run.state and "deleted there" in run.message
    assert {State.INTERRUPTED} == {step.state for step in steps.values()}
    asked = len(kfp.asked)
    keep_run_current(settings, sent.id)
    assert asked == len(kfp.asked)


def test_a_dead_server_does_not_break_the_list(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """Its runs stay as they were last heard of, and say why; once it answers that is forgotten."""
    kfp.fault = lambda operation: (500, "")
    (stale,) = keep_current(settings)
    assert "500" in stale.problem and State.RUNNING == stale.run.state
    kept = show_run(settings, sent.id).run.elsewhere
    assert kept is not None and stale.problem == kept.problem
    kfp.fault = lambda operation: None
    assert [] == keep_current(settings)
    remove_target("cloud")
    (stale,) = keep_current(settings)
    assert "There is no target 'cloud'." == stale.problem


def test_a_list_waits_no_longer_than_it_may(
    kfp: StandIn, settings: Settings, target: Target, sent: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that hangs costs the list its patience and no more."""
    monkeypatch.setattr("nb2pipe.app.elsewhere.keep.LIST_S", 0.3)
    kfp.hold = threading.Event()
    (stale,) = keep_current(settings)
    assert "0.3 s" in stale.problem
    kfp.hold.set()


def test_a_keeper_follows_runs_until_there_are_none(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """Whoever is nudged looks until all runs elsewhere have ended, and then ends itself."""
    kfp.move(sent.remote_id, "SUCCEEDED", load=Task("SUCCEEDED"), train_it=Task("SUCCEEDED"))
    keeper = Keeper(lambda: settings, every_s=0.01)
    keeper.nudge()
    thread = keeper._thread
    assert thread is not None
    thread.join(30)
    assert not thread.is_alive() and State.SUCCEEDED == show_run(settings, sent.id).run.state
    keeper.stop()


def test_a_keeper_fetches_logs_that_somebody_reads(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """What a step prints is fetched at each look while somebody reads it as it grows, else at its end alone."""
    kfp.move(sent.remote_id, "RUNNING", load=Task("RUNNING"))
    readers: set[str] = set()
    keeper = Keeper(lambda: settings, followed=lambda: readers)

    def log() -> str:
        with open_store(settings.store_url, settings.home) as store:
            assert keeper._look(store, settings)
        path = show_run(settings, sent.id).steps[0].log_path
        return Path(path).read_text("utf-8") if path else "none"

    kfp.print_log(sent.remote_id, "load", "one\n")
    assert "none" == log()
    readers.add(sent.id)
    assert "one\n" == log()
    kfp.print_log(sent.remote_id, "load", "one\ntwo\n")
    assert "one\ntwo\n" == log()


def test_a_keeper_that_is_asked_while_it_looks_looks_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wish that comes just after a look is not lost, though nothing went on elsewhere at that look."""
    looks: queue.Queue[threading.Event] = queue.Queue()

    def look(*_: object) -> bool:
        go_on = threading.Event()
        looks.put(go_on)
        go_on.wait(30)
        return False

    keeper = Keeper(lambda: settings, every_s=0.01)
    monkeypatch.setattr(keeper, "_look", look)
    keeper.nudge()
    first = looks.get(timeout=30)
    keeper.nudge()
    first.set()
    looks.get(timeout=30).set()
    keeper.stop()


def test_a_run_whose_target_was_removed(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """Nobody can be asked any more: cancelling ends the record, so that it can be removed."""
    remove_target("cloud")
    with pytest.raises(NotFoundError, match="no target 'cloud'"):
        cancel_run(settings, sent.id, user="another")
    run, was_asked = cancel_run(settings, sent.id)
    assert was_asked and State.INTERRUPTED == run.state and "no target 'cloud'" in run.message
    assert {State.INTERRUPTED} == {step.state for step in show_run(settings, sent.id).steps}


def test_a_container_cell_is_one_step(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """The three tasks of a container cell are one step here."""
    cells = [("step:load", "x = 1"), ("step:tool", "%%container alpine:3\necho hello")]
    path = write(tmp_path / "n.ipynb", cells, {"image": IMAGE})
    run, _ = submit_notebook(SubmitRequest(str(path), "cloud"), settings)
    done = Task("SUCCEEDED")
    kfp.move(run.remote_id, "RUNNING", load=done, tool_in=done, tool_run=Task("RUNNING"))
    assert State.RUNNING == shown(settings, run)[1]["tool"].state
    kfp.move(run.remote_id, "FAILED", tool_run=Task("FAILED", message="exit code 3"))
    kfp.print_log(run.remote_id, "tool-run", "hello\n")
    steps = shown(settings, run)[1]
    assert State.FAILED == steps["tool"].state and "hello\n" == Path(steps["tool"].log_path).read_text("utf-8")


def test_steps_that_should_have_waited(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """What the task at the end finds fault with is the failure of the step that it names."""
    cells = [("step:a", "x = 1"), ("step:b", "z = 2")]
    path = write(tmp_path / "n.ipynb", cells, {"image": IMAGE})
    run, _ = submit_notebook(SubmitRequest(str(path), "cloud"), settings)
    assert run.elsewhere is not None and "nb2pipe-check" == run.elsewhere.check
    done = Task("SUCCEEDED")
    kfp.move(run.remote_id, "FAILED", a=done, b=done, nb2pipe_check=Task("FAILED"))
    assert "should have waited" in shown(settings, run)[0].message
    failure = replace(FAILURE, kind="unplanned", name="N2P601")
    run, _ = submit_notebook(SubmitRequest(str(path), "cloud"), settings)
    kfp.move(run.remote_id, "FAILED", a=done, b=done, nb2pipe_check=Task("FAILED"))
    kfp.print_log(run.remote_id, "nb2pipe-check", marked_step(StepRun("run", "b", State.FAILED, failure=failure)))
    found, steps = shown(settings, run)
    assert (State.FAILED, "step 'b' failed: N2P601") == (found.state, found.message)
    assert (State.SUCCEEDED, failure) == (steps["a"].state, steps["b"].failure)
