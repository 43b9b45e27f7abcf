"""Cloud Logging, Cloud Storage, lists and tokens of the stand-in for Google Cloud."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from tests.kubeflow.remote.vertex_http import Answer, Asked, invalid, storage_error
from tests.kubeflow.remote.vertex_shapes import faults_of

PROJECT, BUCKET = "churn-project", "churn-bucket"
ACCOUNT = "submitter@churn-project.iam.gserviceaccount.com"
TOKEN = "ya29.of-the-stand-in"


def entries_of(asked: Asked, printed: Mapping[str, list[tuple[str, str]]], page: int) -> Answer:
    """``entries:list``: what custom jobs printed, by id."""
    faults = faults_of("ListLogEntriesRequest", asked.body, is_request=True)
    wanted = re.match(r'resource\.type="ml_job" AND resource\.labels\.job_id=\((.*?)\)', asked.body.get("filter", ""))
    if faults or wanted is None or asked.body["resourceNames"] != [f"projects/{PROJECT}"]:
        return invalid(faults or ["filter"])
    ids = [json.loads(each) for each in wanted[1].split(" OR ")]
    entries = [_entry(job, *line) for job in ids for line in printed.get(job, [])]
    start = int(asked.body.get("pageToken", "0"))
    end = start + min(page, asked.body["pageSize"])
    more = {"nextPageToken": str(end)} if end < len(entries) else {}
    return Answer(200, {"entries": entries[start:end], **more}, "ListLogEntriesResponse")


def objects_of(asked: Asked, objects: Mapping[str, bytes], bucket: str) -> Answer:
    """``objects.list``."""
    if bucket != BUCKET:
        return storage_error(404, "The specified bucket does not exist.", "notFound")
    start = f"{bucket}/{asked.query.get('prefix', '')}"
    names = [each.removeprefix(f"{bucket}/") for each in sorted(objects) if each.startswith(start)]
    most = int(asked.query.get("maxResults", "1000"))
    return Answer(200, {"items": [{"name": each} for each in names[:most]]}, "Objects")


def job_fault(job: Mapping[str, Any]) -> Answer | None:
    """What the service refuses and Google's own client does not."""
    root = job["runtimeConfig"]["gcsOutputDirectory"]
    if not root.startswith("gs://"):
        return invalid([f"Invalid Cloud Storage URI for gcs_output_directory: {root}"])
    declared = job["pipelineSpec"]["root"].get("inputDefinitions", {}).get("parameters", {})
    given = job["runtimeConfig"].get("parameterValues", {})
    needed = {name for name, each in declared.items() if not each.get("isOptional") and "defaultValue" not in each}
    if needed - set(given) or set(given) - set(declared):
        return invalid([f"parameters: {sorted(needed - set(given))} {sorted(set(given) - set(declared))}"])
    return None


def listed(asked: Asked, jobs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What ``pipelineJobs.list`` shows: newest first, those of a schedule, the fields that are asked for."""
    schedule = re.fullmatch(r'schedule_name="(.+)"', asked.query.get("filter", ""))
    found = [each for each in jobs if schedule is None or each.get("scheduleName") == schedule[1]]
    found.sort(key=lambda job: str(job["createTime"]), reverse=True)
    names = asked.query.get("readMask", "").split(",") if "readMask" in asked.query else None
    shown = [{key: value for key, value in job.items() if names is None or key in names} for job in found]
    for each in shown:
        each.pop("jobDetail", None)
    return shown[: int(asked.query.get("pageSize", "50"))]


def object_of(asked: Asked, objects: Mapping[str, bytes], bucket: str, name: str) -> Answer:
    """``objects.get`` with its content."""
    found = objects.get(f"{bucket}/{unquote(name)}")
    if found is None or asked.query.get("alt") != "media":
        return storage_error(404, f"No such object: {bucket}/{unquote(name)}", "notFound")
    return Answer(200, found)


def _entry(job: str, stream: str, text: str) -> dict[str, Any]:
    """An entry as the agent of a custom job writes it: what a program prints is the message of a document.

    Args:
        job: which printed it.
        stream: ``stdout`` or ``stderr``; ``document`` for a line of JSON, which is the document itself.
        text: what was printed.
    """
    payload = {"message": f"{text}\n", "levelname": "ERROR" if stream == "stderr" else "INFO"}
    return {
        "logName": f"projects/{PROJECT}/logs/workerpool0-0",
        "resource": {
            "type": "ml_job",
            "labels": {"project_id": PROJECT, "job_id": job, "task_name": "workerpool0-0"},
        },
        "jsonPayload": json.loads(text) if stream == "document" else payload,
        "severity": "ERROR" if stream == "stderr" else "INFO",
        "timestamp": "2026-11-28T06:00:05.000000001Z",
        "insertId": "1",
    }


def new_key() -> str:
    """A private key as key files hold it."""
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def token_of(asked: Asked) -> Answer:
    """A token for a key, by the claims that it signed."""
    claims = json.loads(base64.urlsafe_b64decode(asked.body["assertion"].split(".")[1] + "=="))
    is_right = (
        asked.body["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
        and claims["iss"] == ACCOUNT
        and claims["scope"] == "https://www.googleapis.com/auth/cloud-platform"
    )
    if not is_right:
        return Answer(400, {"error": "invalid_grant", "error_description": "Invalid JWT."})
    return Answer(200, {"access_token": TOKEN, "expires_in": 3599, "token_type": "Bearer"})
