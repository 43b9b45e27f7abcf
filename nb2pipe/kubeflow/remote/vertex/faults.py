"""What Google's services say when they refuse or fail, as errors that name the mend."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import remote_error
from nb2pipe.kubeflow.remote.said import Hints, failed, status_error

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
NAMES = {"aiplatform": "Vertex AI", "logging": "Cloud Logging", "storage": "Cloud Storage"}
LOG_IN = "Log in with `gcloud auth application-default login`, or name a key file in GOOGLE_APPLICATION_CREDENTIALS."
LOG_IN_AGAIN = (
    "Log in again with `gcloud auth application-default login`; with a key file, make a new one if it was removed, "
    "and set this machine's clock right."
)
ROLES = (
    ("iam.serviceAccounts.", "roles/iam.serviceAccountUser", "the service account {account}"),
    ("aiplatform.", "roles/aiplatform.user", "the project {project}"),
    ("logging.", "roles/logging.viewer", "the project {project}"),
    ("storage.objects.create", "roles/storage.objectUser", "the bucket {bucket}"),
    ("storage.", "roles/storage.objectViewer", "the bucket {bucket}"),
    ("serviceusage.", "roles/serviceusage.serviceUsageConsumer", "the project {project}"),
)
"""Beginning of a permission, a role that has it, and on what it is granted."""
PERMISSION = re.compile(r"""[Pp]ermission '?([a-z][\w]*(?:\.\w+)+)'?|does not have ([a-z]\w*(?:\.\w+)+) access""")
ACTS_AS = re.compile(r"act as (?:the )?service[ _]account:? *([^\s,()]+@[^\s,()]+)?|iam\.serviceAccounts\.actAs")


@dataclass(frozen=True)
class Asked:
    """What was asked of a service, for messages.

    Args:
        service: ``aiplatform``, ``logging`` or ``storage``.
        action: what it was asked to do: ``start a run``.
        what: what it was asked about: ``run churn-1``.
        project: of Google Cloud.
        location: of Vertex AI.
        bucket: of the pipeline root.
        account: the service account that runs work there; empty for the default one.
    """

    service: str
    action: str
    what: str
    project: str = ""
    location: str = ""
    bucket: str = ""
    account: str = ""

    @property
    def where(self) -> str:
        """The service, for people."""
        return NAMES[self.service]


@dataclass(frozen=True)
class Said:
    """An error as Google's services write it.

    Args:
        status: of HTTP.
        message: for people.
        reason: in a word, such as ``SERVICE_DISABLED``.
        about: what belongs to the reason: service, permission.
        fields: what is wrong with which field.
    """

    status: int
    message: str = ""
    reason: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All of it."""
        parts = [self.message.rstrip("."), *(each for each in self.fields if each not in self.message)]
        return "; ".join(part for part in parts if part) or "it says no more"


def said_in(status: int, body: bytes) -> Said:
    """What an answer with an error says, whatever its form."""
    try:
        document = json.loads(body)
    except ValueError:
        return Said(status, re.sub(r"<[^>]*>", " ", body[:4000].decode("utf-8", "replace")))
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return Said(status, str(error or ""))
    reason, about, fields = "", dict[str, str](), list[str]()
    for each in [*_dicts(error.get("details")), *_dicts(error.get("errors"))]:
        reason = reason or str(each.get("reason", ""))
        metadata = each.get("metadata")
        about |= metadata if isinstance(metadata, dict) else {}
        violations = _dicts(each.get("fieldViolations"))
        fields += [f"{item.get('field', '')}: {item.get('description', '')}".strip(": ") for item in violations]
    return Said(status, str(error.get("message", "")), reason, about, tuple(fields))


def fault(asked: Asked, said: Said) -> RemoteError:
    """The error of ours for an answer."""
    if 300 <= said.status < 400:
        return unexpected(asked, f"it answers with status {said.status}")
    return status_error(said.status, asked.where, asked.action, asked.what, said.text, _hints(asked, said))


def unexpected(asked: Asked, what: str) -> RemoteError:
    """An answer that is none of Google's."""
    advice = "Check the proxy, and the variables CLOUDSDK_API_ENDPOINT_OVERRIDES_... if you have set any."
    return remote_error("N2P960", where=asked.where, engine=asked.where, what=what, advice=advice)


def unanswered(asked: Asked, error: BaseException, seconds: float) -> RemoteError:
    """A request that got no answer; of all its parts together, where each alone was in time."""
    if type(error).__name__ == "Timeout":
        words = {"where": asked.where, "action": asked.action, "seconds": seconds}
        return remote_error("N2P958", **words, advice=_hints(asked, Said(0))["timeout"])
    return failed(error, asked.where, asked.action, seconds, _hints(asked, Said(0)))


def _hints(asked: Asked, said: Said) -> Hints:
    runs = f"https://console.cloud.google.com/vertex-ai/pipelines?project={asked.project}"
    quotas = f"https://console.cloud.google.com/iam-admin/quotas?project={asked.project}"
    gone = f"Check project ({asked.project}) and location ({asked.location}) of the target; {runs} shows what is there."
    if asked.service == "storage":
        gone = f"Check that the bucket {asked.bucket} is there, and no rule of its removes objects too early."
    return {
        401: LOG_IN_AGAIN,
        403: _right_advice(asked, said),
        404: gone,
        409: f"Look at what is there ({runs}), or choose another name.",
        429: f"Wait and try again, or have the quota raised: {quotas}",
        500: "Try again later; https://status.cloud.google.com shows what is out of order.",
        "timeout": "Try again, or give the target more time (--timeout-s).",
        "connection": f"Check the network, the proxy, and the location of the target ({asked.location}).",
        "refused": "Correct what it names.",
    }


def _right_advice(asked: Asked, said: Said) -> str:
    if said.reason in ("SERVICE_DISABLED", "accessNotConfigured") or "has not been used in project" in said.message:
        api = said.about.get("service") or f"{asked.service}.googleapis.com"
        return f"Switch it on in the project {asked.project} (`gcloud services enable {api}`), and wait some minutes."
    if said.reason == "BILLING_DISABLED" or "billing" in said.message.lower():
        return f"Link the project {asked.project} with a billing account."
    if said.reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT" or "insufficient authentication scopes" in said.message:
        return (
            "let the machine's or the login's credentials have the scope https://www.googleapis.com/auth/cloud-platform"
        )
    acting = ACTS_AS.search(f"{said.message} {said.about.get('permission', '')}")
    if acting:
        account = acting[1] or asked.account or "that the run uses"
        return (
            f"Have the role roles/iam.serviceAccountUser granted to you on the service account {account.rstrip('.')}."
        )
    found = PERMISSION.search(said.message)
    permission = said.about.get("permission") or (found and (found[1] or found[2])) or f"{asked.service}."
    for start, role, where in ROLES:
        if permission.startswith(start):
            place = where.format(project=asked.project, bucket=asked.bucket, account=asked.account)
            lacking = "" if permission.endswith(".") else f" (it has {permission})"
            return f"Have the role {role}{lacking} granted to you on {place}."
    return f"Have a role with the permission {permission} granted to you on the project {asked.project}."


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
