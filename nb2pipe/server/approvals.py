"""Steps that wait for a person, and deciding about them."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.approvals.deciding import decide, pending_approvals
from nb2pipe.model import Verdict
from nb2pipe.model.json import to_json
from nb2pipe.server.asking import Asked
from nb2pipe.server.service import Service


def pending(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """What waits for a person, the longest waiting first."""
    contents = service.contents()
    return [
        {
            **to_json(each.approval),
            "pipeline": each.pipeline,
            "notebook": contents.relative(each.notebook_path),
            "started_by": each.started_by,
        }
        for each in pending_approvals(service.settings())
    ]


def approve(service: Service, asked: Asked) -> dict[str, Any]:
    """Let a step go on."""
    return _decided(service, asked, Verdict.APPROVED)


def reject(service: Service, asked: Asked) -> dict[str, Any]:
    """Let a step fail."""
    return _decided(service, asked, Verdict.REJECTED)


def _decided(service: Service, asked: Asked, verdict: Verdict) -> dict[str, Any]:
    words = asked.words
    _, approval = decide(
        service.settings(), words["run"], words["step"], verdict, user=asked.user, why=asked.body["why"]
    )
    found: dict[str, Any] = to_json(approval)
    return found
