"""What Vertex AI refuses and Google's own client lets pass: found before anything is sent, all at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.errors import RefusedError, SettingsError
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import Submission
from nb2pipe.kubeflow.remote.vertex.places import is_pulled, job_id, registry_of
from nb2pipe.settings.google import label_faults
from tests.kubeflow.remote.vertex_fixtures import IMAGE, google, remote, submission, target
from tests.kubeflow.remote.vertex_service import NUMBER, Google

__all__ = ["google", "remote"]


def refusal(remote: Remote, google: Google, wrong: Submission) -> str:
    """What is said of a submission that is refused; nothing is sent."""
    with pytest.raises(RefusedError) as caught:
        remote.submit(wrong)
    assert [] == google.asked
    assert {"N2P964"} == {each.code for each in caught.value.diagnostics}
    return "\n".join(str(each) for each in caught.value.diagnostics)


def with_image(found: Submission, image: str) -> Submission:
    """The same with another image in every step."""
    executors = found.spec["deploymentSpec"]["executors"]
    changed = {name: {"container": {**each["container"], "image": image}} for name, each in executors.items()}
    return replace(found, spec={**found.spec, "deploymentSpec": {"executors": changed}})


def with_parameters(found: Submission, **declared: Any) -> Submission:
    """The same with other parameters declared."""
    root = {**found.spec["root"], "inputDefinitions": {"parameters": declared}}
    return replace(found, spec={**found.spec, "root": root})


def test_a_root_of_another_cloud(google: Google, tmp_path: Path) -> None:
    """Neither the target nor, were it written by hand, a run may have one."""
    with pytest.raises(SettingsError, match="gs://BUCKET/FOLDER"):
        target(pipeline_root="s3://bucket/x")
    by_hand = connect(replace(target(), pipeline_root="s3://bucket/x"))
    assert "'s3://bucket/x'" in refusal(by_hand, google, submission(tmp_path / "n"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": {"Team": "a"}}, "the label 'Team' has 'T' in it"),
        ({"labels": {"team": "A b"}}, "the value 'A b' of the label 'team' has 'A' in it"),
        ({"labels": {"1st": "a"}}, "the label '1st' does not begin with a letter"),
        ({"labels": {"": "a"}}, "the label '' does not begin with a letter"),
        ({"labels": {"team": "a" * 64}}, "has 64 characters, and 63 are the most"),
        ({"labels": {"vertex-ai-pipelines-run-billing-id": "1"}}, "overwrites the label"),
        ({"labels": {f"l{number}": "a" for number in range(65)}}, "there are 65 labels, and 64 are the most"),
        ({"name": "n" * 129}, "takes 1 to 128 characters"),
        ({"name": " "}, "takes 1 to 128 characters"),
        ({"parameters": {"row": 1}}, "the pipeline has none of this name"),
        ({"parameters": {"rows": "3"}}, "the pipeline has it as NUMBER_INTEGER"),
        ({"parameters": {"rows": True}}, "the pipeline has it as NUMBER_INTEGER"),
        ({"parameters": {"rows": 1.5}}, "the pipeline has it as NUMBER_INTEGER"),
        ({"parameters": {"who": 1}}, "the pipeline has it as STRING"),
        ({"parameters": {"rows": 2**53}}, "hands numbers over as floats of JSON"),
        ({"platform": {"platforms": {}}}, "it has no Kubernetes"),
    ],
)
def test_what_is_wrong_is_said(
    changes: dict[str, Any], said: str, google: Google, remote: Remote, tmp_path: Path
) -> None:
    """Labels, names and values, by the service's own grammar."""
    assert said in refusal(remote, google, submission(tmp_path / "n", **changes))


def test_a_parameter_without_a_value(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A parameter that has no default and may not be left out is wanted; with a value the run is sent."""
    wanted = with_parameters(submission(tmp_path / "n", parameters={}), rows={"parameterType": "NUMBER_INTEGER"})
    assert "Add -p rows VALUE." in refusal(remote, google, wanted)
    remote.submit(replace(wanted, parameters={"rows": 3}))
    assert 1 == len(google.jobs)


def test_all_that_is_wrong_is_said_at_once(google: Google, remote: Remote, tmp_path: Path) -> None:
    """One refusal has every finding."""
    said = refusal(remote, google, submission(tmp_path / "n", name="", labels={"A": "a"}, parameters={"x": 1}))
    assert 3 == said.count("N2P964")


@pytest.mark.parametrize(
    "image",
    [
        IMAGE,
        "gcr.io/project/image:1",
        "eu.gcr.io/project/image",
        "us-docker.pkg.dev/project/repository/image",
        "python:3.12",
        "team/image:1",
        "docker.io/library/python:3.12",
    ],
)
def test_images_that_it_pulls(image: str) -> None:
    """Artifact Registry, Container Registry and Docker Hub."""
    assert is_pulled(image)


@pytest.mark.parametrize(
    ("image", "registry"),
    [
        ("ghcr.io/team/image:1", "ghcr.io"),
        ("registry.example.com/team/image:1", "registry.example.com"),
        ("registry:5000/image", "registry:5000"),
        ("localhost/image:1", "localhost"),
        ("10.0.0.1/image", "10.0.0.1"),
        ("docker.pkg.dev.example.com/image", "docker.pkg.dev.example.com"),
        ("xgcr.io/image", "xgcr.io"),
    ],
)
def test_images_that_it_does_not_pull(
    image: str, registry: str, google: Google, remote: Remote, tmp_path: Path
) -> None:
    """Each registry is named once, with what pushes an image to where it is pulled from."""
    assert registry == registry_of(image)
    said = refusal(remote, google, with_image(submission(tmp_path / "n"), image))
    assert 1 == said.count(f"not from {registry}")
    assert "nb2pipe image build NOTEBOOK --push LOCATION-docker.pkg.dev/" in said


def test_labels_of_other_languages_are_right() -> None:
    """Letters of every alphabet without capitals, and small ones of those with."""
    assert [] == list(label_faults({"größe": "groß", "チーム": "あ", "a-b_1": ""}))


def test_ids_of_runs() -> None:
    """An id fits the service's grammar whatever the notebook is called, and ends with the run's own."""
    run = "20261128-060000-abcdefg"
    assert f"churn-{run}" == job_id("churn", run)
    assert f"nb-2026-churn-{run}" == job_id("2026 Churn!", run)
    assert f"nb-{run}" == job_id("", run)
    long = job_id("n" * 200, run)
    assert (127, True) == (len(long), long.endswith(f"n-{run}"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("pipeline_root", "bucket/x"),
        ("pipeline_root", "gs://"),
        ("pipeline_root", "gs://Bucket/x"),
        ("location", "europe"),
        ("location", "https://europe-west4"),
        ("project", "Churn Project"),
        ("service_account", "runner"),
        ("network", "projects/churn-project/global/networks/inner"),
        ("network", "inner"),
        ("labels", {"Team": "a"}),
    ],
)
def test_targets_that_are_wrong(key: str, value: object) -> None:
    """A target's keys are held against the service's grammar when they are written."""
    with pytest.raises(SettingsError, match=key):
        target(**{key: value})


def test_networks_are_named_by_the_number_of_a_project() -> None:
    """As the service wants them."""
    assert (
        f"projects/{NUMBER}/global/networks/inner" == target(network=f"projects/{NUMBER}/global/networks/inner").network
    )
