"""What tasks printed, from Cloud Logging."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nb2pipe.kubeflow.marks import NOTEBOOK, STEP
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
    entries = list[dict[str, Any]]()
    for _ in range(MOST_PAGES):
        answer = session.json("POST", "/v2/entries:list", asked, body=body)
        entries += answer.get("entries", [])
        token = answer.get("nextPageToken")
        if not token:
            return "".join(_in_order(entries))
        body = {**body, "pageToken": token}
    return "".join([*_in_order(entries), CUT])


def _in_order(entries: list[dict[str, Any]]) -> Iterator[str]:
    """Lines by time, but for those that another stream wrote between the lines of a marked part."""
    open_mark, stream, waiting = "", "", list[str]()
    for entry in entries:
        line, own = _line(entry), str(entry.get("severity", ""))
        mark = line.strip()
        if open_mark and own != stream:
            waiting.append(line)
            continue
        if mark == open_mark:
            open_mark = ""
        elif not open_mark and mark in (NOTEBOOK, STEP):
            open_mark, stream = mark, own
        yield line
        if not open_mark:
            yield from waiting
            waiting = []
    yield from waiting


def _line(entry: Mapping[str, Any]) -> str:
    """What was printed; a line of JSON is a document of its own there."""
    payload = entry.get("jsonPayload")
    if isinstance(payload, dict):
        text = payload.get("message")
        text = text if isinstance(text, str) else json.dumps(payload)
    else:
        text = str(entry.get("textPayload", ""))
    return text if text.endswith("\n") else f"{text}\n"
