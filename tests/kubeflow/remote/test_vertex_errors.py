"""What goes wrong at Google Cloud, each with its code and its mend: credentials, rights, limits, faults, time-outs."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import pytest
import requests

from nb2pipe.errors import RemoteError, SettingsError
from nb2pipe.kubeflow.remote.connect import connect
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import RemoteTask
from nb2pipe.kubeflow.remote.vertex.faults import Asked, unanswered
from nb2pipe.model import State
from tests.kubeflow.remote.vertex_beside import BUCKET, PROJECT
from tests.kubeflow.remote.vertex_fixtures import google, remote, submission, target
from tests.kubeflow.remote.vertex_http import HANG, Answer, error, info, storage_error
from tests.kubeflow.remote.vertex_service import Google

__all__ = ["google", "remote"]

DISABLED = error(
    403,
    "PERMISSION_DENIED",
    f"Vertex AI API has not been used in project {PROJECT} before or it is disabled.",
    info("SERVICE_DISABLED", service="aiplatform.googleapis.com", consumer=f"projects/{PROJECT}"),
)
NO_ROLE = error(
    403,
    "PERMISSION_DENIED",
    f"Permission 'aiplatform.pipelineJobs.create' denied on resource '//aiplatform.googleapis.com/projects/{PROJECT}'.",
    info("IAM_PERMISSION_DENIED", permission="aiplatform.pipelineJobs.create"),
)
NO_ACTING = error(
    403,
    "PERMISSION_DENIED",
    "You do not have permission to act as service_account: runner@churn-project.iam.gserviceaccount.com. "
    "(or it may not exist).",
)
NO_QUOTA_PROJECT = error(
    403,
    "PERMISSION_DENIED",
    "Caller does not have required permission to use project churn-project. Grant the caller the role.",
    info("USER_PROJECT_DENIED", permission="serviceusage.services.use"),
)
NO_SCOPE = error(
    403,
    "PERMISSION_DENIED",
    "Request had insufficient authentication scopes.",
    info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", service="aiplatform.googleapis.com"),
)
UNPAID = error(403, "PERMISSION_DENIED", "This API method requires billing to be enabled.", info("BILLING_DISABLED"))
OTHER = error(403, "PERMISSION_DENIED", "Permission 'compute.networks.use' denied on resource 'inner'.")
EXPIRED = error(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.")
NO_LOCATION = error(404, "NOT_FOUND", "The location is not there.")
TAKEN = error(409, "ALREADY_EXISTS", "already exists")
TOO_MUCH = error(429, "RESOURCE_EXHAUSTED", "Quota exceeded for aiplatform.googleapis.com/pipeline_jobs.")
BROKEN = error(500, "INTERNAL", "Internal error encountered.")
AWAY = error(503, "UNAVAILABLE", "The service is currently unavailable.")
PAGE = Answer(502, b"<html><title>502</title><h1>Bad Gateway</h1></html>")
WRONG = error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")

ANSWERS = [
    (DISABLED, "N2P953", f"in the project {PROJECT} (`gcloud services enable aiplatform.googleapis.com`)"),
    (
        NO_ROLE,
        "N2P953",
        f"role roles/aiplatform.user (it has aiplatform.pipelineJobs.create) granted to you on the project {PROJECT}",
    ),
    (NO_ACTING, "N2P953", "roles/iam.serviceAccountUser granted to you on the service account runner@"),
    (NO_QUOTA_PROJECT, "N2P953", "roles/serviceusage.serviceUsageConsumer (it has serviceusage.services.use)"),
    (NO_SCOPE, "N2P953", "https://www.googleapis.com/auth/cloud-platform"),
    (UNPAID, "N2P953", f"Link the project {PROJECT} with a billing account"),
    (OTHER, "N2P953", "the permission compute.networks.use granted"),
    (EXPIRED, "N2P952", "gcloud auth application-default login"),
    (NO_LOCATION, "N2P954", f"project ({PROJECT}) and location (europe-west4)"),
    (TAKEN, "N2P955", "Look at what is there"),
    (TOO_MUCH, "N2P956", f"iam-admin/quotas?project={PROJECT}"),
    (BROKEN, "N2P957", "status.cloud.google.com"),
    (AWAY, "N2P957", "status.cloud.google.com"),
    (PAGE, "N2P957", "status.cloud.google.com"),
    (WRONG, "N2P961", "Correct what it names"),
    (Answer(302, b""), "N2P960", "CLOUDSDK_API_ENDPOINT_OVERRIDES_"),
    (Answer(200, b"<html>log in</html>"), "N2P960", "CLOUDSDK_API_ENDPOINT_OVERRIDES_"),
    (Answer(200, b"[1]"), "N2P960", "CLOUDSDK_API_ENDPOINT_OVERRIDES_"),
]


@pytest.mark.parametrize(("answer", "code", "mend"), ANSWERS)
def test_answers(answer: Answer, code: str, mend: str, google: Google, remote: Remote, tmp_path: Path) -> None:
    """Each answer that is no good has its code, says what the service said, and what to do."""
    google.next = [("/pipelineJobs", answer)] * 3  # a token that is refused is renewed, and the request sent again
    with pytest.raises(RemoteError) as caught:
        remote.submit(submission(tmp_path / "n"))
    assert (code, 2) == (caught.value.code, caught.value.exit_code)
    assert "Vertex AI" in caught.value.message
    assert mend in caught.value.hint
    if isinstance(answer.body, dict) and code != "N2P954":
        assert answer.body["error"]["message"].rstrip(".") in caught.value.message


def test_fields_that_are_wrong_are_named(google: Google, remote: Remote, tmp_path: Path) -> None:
    """Where the service says which field is wrong, so does the error."""
    violation = {"field": "pipeline_job.network", "description": "must be a number"}
    details = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    google.next = [("/pipelineJobs", error(400, "INVALID_ARGUMENT", "Invalid.", details))]
    with pytest.raises(RemoteError) as caught:
        remote.submit(submission(tmp_path / "n"))
    assert "pipeline_job.network: must be a number" in caught.value.message


def test_an_old_token_is_renewed(google: Google, remote: Remote, tmp_path: Path) -> None:
    """A token that is refused once is renewed without a word."""
    google.next = [("/pipelineJobs", EXPIRED)]
    assert State.QUEUED is remote.submit(submission(tmp_path / "n")).state
    assert 2 == google.tokens_given


def test_no_answer_in_time(google: Google, tmp_path: Path) -> None:
    """Nothing is waited for longer than the target says."""
    google.next = [("/pipelineJobs", HANG), ("/n-20261128-060000-abcdefg", HANG)]
    with pytest.raises(RemoteError) as caught:
        connect(target(timeout_s=0.2)).submit(submission(tmp_path / "n"))
    assert "N2P958" == caught.value.code
    assert "within 0.2 s when asked to start a run" in caught.value.message
    assert "--timeout-s" in caught.value.hint


def test_parts_that_take_too_long_together() -> None:
    """A token and an answer that are each in time, and together are not, have the code of time-outs too."""
    asked = Asked("aiplatform", "start a run", "a run")
    assert "N2P958" == unanswered(asked, requests.Timeout("guarded"), 1.0).code


def test_nobody_there(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no connection can be made, the error names network, proxy and location."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(RemoteError) as caught:
            connect(target()).check()
    assert "N2P959" == caught.value.code
    assert "the location of the target (europe-west4)" in caught.value.hint


def test_a_run_that_was_deleted_there(google: Google, remote: Remote) -> None:
    """Whatever is asked of it, the error says that it is gone, and where to look."""
    for ask in (remote.status, remote.cancel):
        with pytest.raises(RemoteError) as caught:
            ask("n-1")
        assert "N2P954" == caught.value.code
        assert "knows no run n-1 (404)" in caught.value.message
        assert f"https://console.cloud.google.com/vertex-ai/pipelines?project={PROJECT}" in caught.value.hint


def test_rights_for_logs_and_artifacts(google: Google, remote: Remote) -> None:
    """Cloud Logging and Cloud Storage have roles of their own, on the project and on the bucket."""
    google.next = [
        ("entries:list", error(403, "PERMISSION_DENIED", "Permission denied for all log views")),
        ("notebook", storage_error(403, "a@b.c does not have storage.objects.get access to the object.", "forbidden")),
    ]
    uri = f"gs://{BUCKET}/pipelines/notebook"
    begun = RemoteTask("train", State.FAILED, handle="8", outputs={"notebook": uri})
    with pytest.raises(RemoteError) as caught:
        remote.log("n-1", begun)
    assert f"Have the role roles/logging.viewer granted to you on the project {PROJECT}." == caught.value.hint
    with pytest.raises(RemoteError) as caught:
        remote.artifact("n-1", begun, "notebook")
    wanted = "roles/storage.objectViewer (it has storage.objects.get) granted to you on the bucket churn-bucket"
    assert wanted in caught.value.hint


def test_a_bucket_that_is_not_there(google: Google) -> None:
    """A check finds it, before a run fails for it."""
    with pytest.raises(RemoteError) as caught:
        connect(target(pipeline_root="gs://another-bucket/x")).check()
    assert "N2P954" == caught.value.code
    assert "Check that the bucket another-bucket is there" in caught.value.hint


def test_another_project_or_location(google: Google) -> None:
    """A check says so."""
    with pytest.raises(RemoteError) as caught:
        connect(target(project="other-project")).check()
    assert "N2P953" == caught.value.code
    with pytest.raises(RemoteError) as caught:
        connect(target(location="us-central1")).check()
    assert "location (us-central1)" in caught.value.hint


def test_no_credentials(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any, the error says how to log in; nothing is sent."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS")
    with pytest.raises(RemoteError) as caught:
        connect(target()).check()
    assert "N2P951" == caught.value.code
    assert "gcloud auth application-default login" in caught.value.hint
    assert [] == google.asked


@pytest.mark.parametrize(
    "content",
    ["", "no JSON", "[]", "{}", '{"type": "service_account"}', '{"type": "service_account", "private_key": "x"}'],
)
def test_a_key_file_that_is_none(content: str, google: Google, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever is in the file, the error is one of ours that says what to do, and shows nothing of a key."""
    path = tmp_path / "broken.json"
    path.write_text(content)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    with pytest.raises(RemoteError) as caught:
        connect(target()).check()
    assert "N2P951" == caught.value.code
    assert "GOOGLE_APPLICATION_CREDENTIALS" in caught.value.hint
    assert '"x"' not in str(caught.value)


def test_a_key_file_that_is_not_there(google: Google, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error names it."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "gone.json"))
    with pytest.raises(RemoteError, match=r"gone\.json"):
        connect(target()).check()


TOKEN_ANSWERS = [
    (Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}), "N2P952"),
    (Answer(401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}), "N2P952"),
    (Answer(200, {"token_type": "Bearer"}), "N2P952"),
]


@pytest.mark.parametrize(("answer", "code"), TOKEN_ANSWERS)
def test_a_key_that_gets_no_token(answer: Answer, code: str, google: Google, remote: Remote) -> None:
    """A key that was removed, or is of another service, has the code of refused credentials and how to get others."""
    google.token_answer = answer
    with pytest.raises(RemoteError) as caught:
        remote.check()
    assert code == caught.value.code
    assert answer.body.get("error_description", "") in caught.value.message
    assert "make a new one if it was removed" in caught.value.hint


def test_a_login_that_is_over(google: Google, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A login of a person that has expired says how to log in again, and shows nothing of its secret."""
    login = {
        "type": "authorized_user",
        "client_id": "id-of-a-client",
        "client_secret": "a-secret",
        "refresh_token": "a-refresh-token",
    }
    monkeypatch.setattr("google.oauth2.credentials._GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"{google.url}/token")
    path = tmp_path / "login.json"
    path.write_text(json.dumps(login))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    told = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
    google.token_answer = Answer(400, told)
    with pytest.raises(RemoteError) as caught:
        connect(target()).check()
    assert "N2P952" == caught.value.code
    assert "Token has been expired or revoked." in caught.value.message
    assert "gcloud auth application-default login" in caught.value.hint
    assert "secret" not in str(caught.value) and "a-refresh-token" not in str(caught.value)


def test_no_token_in_time(google: Google) -> None:
    """The service for tokens is given no longer than others."""
    google.token_answer = HANG
    with pytest.raises(RemoteError) as caught:
        connect(target(timeout_s=0.2)).check()
    assert "N2P958" == caught.value.code


def test_without_its_package(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where google-auth is missing, the error has the line that installs it."""
    monkeypatch.setitem(sys.modules, "google.auth.transport.requests", None)
    with pytest.raises(RemoteError) as caught:
        connect(target())
    assert ("N2P950", "pip install 'nb2pipe[vertex]'") == (caught.value.code, caught.value.hint)


def test_addresses_that_credentials_are_not_sent_to(google: Google, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private address is https, or of this machine; the error names the variable."""
    for wrong in ("http://example.com", "ftp://example.com", "example.com"):
        monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM", wrong)
        with pytest.raises(SettingsError, match="CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM"):
            connect(target()).check()
    assert [] == google.asked
