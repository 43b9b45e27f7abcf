"""Notebooks sent to Kubeflow Pipelines: what goes there, what is refused before, and what becomes of lost answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.history import show_run
from nb2pipe.app.parameters import Given
from nb2pipe.errors import RefusedError, RemoteError, SettingsError, StoreError
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store
from tests.kubeflow.notebooks import write
from tests.kubeflow.remote.sending import IMAGE, notebook, shown
from tests.kubeflow.remote.standin import StandIn


def test_what_is_sent(kfp: StandIn, settings: Settings, sent: Run) -> None:
    """Name, parameters and where it comes from go along; the record has target, id, labels and all parameters."""
    told = kfp.runs[kfp.only_run()]
    assert ("my run", {"n": 7}) == (told["display_name"], told["runtime_config"]["parameters"])
    assert all(word in told["description"] for word in (sent.id, "churn.ipynb", "team=a"))
    run, steps = shown(settings, sent)
    assert ("cloud", kfp.only_run(), State.RUNNING, {"n": 7}) == (run.target, run.remote_id, run.state, run.parameters)
    assert run.elsewhere is not None and ({"team": "a"}, ("nightly",)) == (run.elsewhere.labels, run.tags)
    assert {"load": State.QUEUED, "train_it": State.QUEUED} == {name: step.state for name, step in steps.items()}


def test_the_commit_is_recorded(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """The commit of the notebook's folder is in the record, and that the notebook differs from it."""
    path = notebook(tmp_path)
    git = ("git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@example.com")
    for words in (("init", "-q"), ("add", path.name), ("commit", "-q", "-m", "x")):
        subprocess.run([*git, *words], check=True, capture_output=True)
    found = []
    for text in (path.read_text("utf-8"), path.read_text("utf-8").replace("n = 3", "n = 4")):
        path.write_text(text, encoding="utf-8")
        run, _ = submit_notebook(SubmitRequest(str(path), "cloud"), settings)
        assert run.elsewhere is not None
        found.append(run.elsewhere.commit)
    assert 40 == len(found[0]) and f"{found[0]}-dirty" == found[1]


@pytest.mark.parametrize(
    ("given", "words"), [({"n": 2**60}, "as floats"), ({"n": None}, "takes its default"), ({"m": 1}, "m")]
)
def test_parameters_that_would_not_arrive(
    kfp: StandIn, settings: Settings, tmp_path: Path, given: dict[str, object], words: str
) -> None:
    """A value that the engine would change, or a name that the notebook lacks, is refused before anything is sent."""
    with pytest.raises(SettingsError, match=words):
        submit_notebook(SubmitRequest(str(notebook(tmp_path)), "cloud", Given(given)), settings)
    assert {} == kfp.runs


@pytest.mark.parametrize(
    ("setting", "code"), [({}, "N2P942"), ({"image": "localhost/x"}, "N2P943"), ({"image": IMAGE, "gpu_type": "A"}, "")]
)
def test_what_cannot_be_compiled_is_not_sent(
    kfp: StandIn, settings: Settings, tmp_path: Path, setting: dict[str, str], code: str
) -> None:
    """All that the compiler knows of the engine is known before anything is sent: exit code 2."""
    path = write(tmp_path / "n.ipynb", [("step:a", "x = 1")], setting)
    with pytest.raises(RefusedError) as caught:
        submit_notebook(SubmitRequest(str(path), "cloud"), settings)
    assert 2 == caught.value.exit_code and {} == kfp.runs
    assert not code or code == caught.value.diagnostics[0].code


def test_nothing_is_recorded_where_the_server_refuses(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """A refused submission leaves no run behind."""
    kfp.fault = lambda operation: (403, '{"message": "not yours"}')
    with pytest.raises(RemoteError, match="not yours"):
        submit_notebook(SubmitRequest(str(notebook(tmp_path)), "cloud"), settings)
    with pytest.raises(SettingsError, match="none yet"):
        show_run(settings, "latest")


def test_a_run_that_began_though_the_server_failed(kfp: StandIn, settings: Settings, tmp_path: Path) -> None:
    """Where the answer to a submission was lost, the run is looked for by our own id, and is not sent twice."""

    def lost(operation: str) -> tuple[int, str] | None:
        if operation == "RunService_CreateRun":
            kfp.answer(operation, {}, {}, kfp.asked[-1][1])
            return 504, "upstream timed out"
        return None

    kfp.fault = lost
    run, _ = submit_notebook(SubmitRequest(str(notebook(tmp_path)), "cloud"), settings)
    assert kfp.only_run() == run.remote_id
    kfp.fault = lambda operation: (504, "") if operation == "RunService_CreateRun" else None
    with pytest.raises(RemoteError, match="504"):
        submit_notebook(SubmitRequest(str(notebook(tmp_path)), "cloud"), settings)


def test_a_run_that_cannot_be_recorded(
    kfp: StandIn, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that nobody would know of is stopped."""

    def full(store: Store, run: Run) -> Run:
        raise StoreError("the disk is full")

    monkeypatch.setattr(Store, "add_run", full)
    with pytest.raises(StoreError):
        submit_notebook(SubmitRequest(str(notebook(tmp_path)), "cloud"), settings)
    assert "CANCELING" == kfp.runs[kfp.only_run()]["state"]
