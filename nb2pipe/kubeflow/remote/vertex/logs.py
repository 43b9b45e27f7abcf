"""What tasks printed, from Cloud Logging."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nb2pipe.kubeflow.remote.vertex.faults import Asked
from nb2pipe.kubeflow.remote.vertex.session import Session

PAGE = 1000
MOST_PAGES = 50
CUT = f"[nb2pipe: the log is longer than {PAGE * MOST_PAGES} lines; Cloud Logging has the rest]\n"


def read_log(session: Session, project: str, jobs: list[str], asked: Asked, since: str) -> str:
    """What the custom jobs of a task printed, the first attempt first.

    A container there runs as a custom job, whose lines Cloud Logging has under the resource ``ml_job``.

    Args:
        session: to ask by.
        project: whose log it is.
        jobs: ids of its custom jobs.
        asked: the same, for messages.
        since: nothing printed before that is looked for, as Google writes times; empty for all of it.
    """
    ids = " OR ".join(json.dumps(each) for each in jobs)
    wanted = f'resource.type="ml_job" AND resource.labels.job_id=({ids})'
    body: dict[str, Any] = {
        "resourceNames": [f"projects/{project}"],
        "filter": f'{wanted} AND timestamp>="{since}"' if since else wanted,
        "orderBy": "timestamp asc",
        "pageSize": PAGE,
    }
    lines = list[str]()
    for _ in range(MOST_PAGES):
        answer = session.json("POST", "/v2/entries:list", asked, body=body)
        lines += [line for entry in answer.get("entries", []) for line in _lines(entry)]
        token = answer.get("nextPageToken")
        if not token:
            return "".join(lines)
        body = {**body, "pageToken": token}
    return "".join([*lines, CUT])


def _lines(entry: Mapping[str, Any]) -> Iterator[str]:
    payload = entry.get("jsonPayload")
    text = payload.get("message") if isinstance(payload, dict) else entry.get("textPayload")
    if isinstance(text, str):
        yield text if text.endswith("\n") else f"{text}\n"
