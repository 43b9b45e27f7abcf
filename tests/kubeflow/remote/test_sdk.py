"""The stand-in is a server to the SDK's own client too, and what that sends for a pipeline of ours is what we send."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.compiling import CompileRequest, compile_notebook
from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.parameters import Given
from nb2pipe.settings import load_settings
from nb2pipe.settings.targets import Target, save_target
from tests.kubeflow.remote.definition import faults, operation_of
from tests.kubeflow.remote.sending import notebook
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task


@contextmanager
def quietly() -> Iterator[Any]:
    """The SDK, without its warnings of its own age."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from kfp.client import Client

        yield Client


def test_the_client_runs_what_we_compile(
    kfp: StandIn, target: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The SDK sends the file that compile writes; submit sends the same pipeline and parameters."""
    save_target(target)
    settings, path = load_settings(), str(notebook(tmp_path))
    compile_notebook(CompileRequest(path, str(tmp_path / "churn.yaml")), settings)
    with quietly() as kind:
        client = kind(host=kfp.url, namespace="team")
        experiment = client.create_experiment("ours", namespace="team")
        theirs = client.run_pipeline(
            experiment.experiment_id, "theirs", str(tmp_path / "churn.yaml"), params={"n": 7}
        ).run_id
    ours, _ = submit_notebook(SubmitRequest(path, "cloud", Given({"n": 7})), settings)
    sent = [kfp.runs[each] for each in (theirs, ours.remote_id)]
    assert sent[0]["runtime_config"]["parameters"] == sent[1]["runtime_config"]["parameters"]
    names = [sorted(each["pipeline_spec"]["components"]) for each in sent]
    assert names[0] == names[1] and ["comp-load", "comp-train-it"] == names[0]


def test_the_client_waits_and_schedules(
    kfp: StandIn, target: Target, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The SDK waits for a run to end and makes recurring runs on the stand-in, as on a server."""
    save_target(target)
    path = str(notebook(tmp_path))
    compile_notebook(CompileRequest(path, str(tmp_path / "churn.yaml")), load_settings())
    run, _ = submit_notebook(SubmitRequest(path, "cloud"), load_settings())
    kfp.move(run.remote_id, "SUCCEEDED", load=Task("SUCCEEDED"), train_it=Task("SUCCEEDED"))
    with quietly() as kind:
        client = kind(host=kfp.url, namespace="team")
        assert "SUCCEEDED" == client.wait_for_run_completion(run.remote_id, 5, sleep_duration=0).state
        experiment = client.create_experiment("ours", namespace="team")
        made = client.create_recurring_run(
            experiment.experiment_id,
            "theirs",
            cron_expression="0 0 6 * * *",
            max_concurrency=1,
            pipeline_package_path=str(tmp_path / "churn.yaml"),
        )
        client.disable_recurring_run(made.recurring_run_id)
        assert "DISABLED" == client.get_recurring_run(made.recurring_run_id).status


WRONG = [
    ("POST", "/apis/v2beta1/runs", b'{"display_name": "x", "nonsense": 1}', "nonsense"),
    ("POST", "/apis/v2beta1/runs", b'{"display_name": 1}', "not of type"),
    ("POST", "/apis/v2beta1/runs", b"hello", "no JSON"),
    ("GET", "/apis/v2beta1/runs?page=1", b"", "page"),
    ("GET", "/apis/v2beta1/runs/x", b"{1}", "a body"),
]


@pytest.mark.parametrize(("method", "url", "body", "words"), WRONG, ids=[each[3] for each in WRONG])
def test_the_definition_is_held(kfp: StandIn, method: str, url: str, body: bytes, words: str) -> None:
    """A request that is not as the definition has it is found out, so that a test with one fails."""
    found = operation_of(method, url)
    assert found is not None
    assert any(words in fault for fault in faults(found[2], url, body))


def test_what_is_not_defined() -> None:
    """An address that the API does not have is none of its operations."""
    assert operation_of("GET", "/apis/v2beta1/nonsense") is None
