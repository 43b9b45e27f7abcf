"""Operations on batches: one notebook over many parameter sets."""

from __future__ import annotations

from typing import Any

from nb2pipe.app.batches.detached import BatchOrder, start_batch
from nb2pipe.app.batches.looking import Batch, cancel_batch, list_batches, show_batch
from nb2pipe.model import State
from nb2pipe.server.asking import Asked
from nb2pipe.server.contents import Contents
from nb2pipe.server.runs import run_json
from nb2pipe.server.service import Service


def start(service: Service, asked: Asked) -> dict[str, Any]:
    """Start a batch that goes on whatever becomes of this server."""
    body, contents = asked.body, service.contents()
    text = body.get("text")
    order = BatchOrder(
        notebook=contents.notebook(body["path"]) if text is None else contents.output(body["path"]),
        text=text,
        grid=body.get("grid", {}),
        sets=body.get("sets", ()),
        parameters=body.get("parameters", {}),
        flags={name: value for name, value in body.get("settings", {}).items() if value is not None},
        runs_at_a_time=body.get("runs_at_a_time"),
        fail_fast=body.get("fail_fast", False),
        output_dir=contents.output(body["output_dir"]) if body.get("output_dir") else "",
        tags=tuple(body.get("tags", ())),
        kernel_name=body.get("kernel_name"),
        user=asked.user,
        notify=tuple(body.get("notify", ())),
    )
    runs = start_batch(order, service.settings())
    return batch_json(Batch(runs[0].batch_id, runs, {}), contents)


def listed(service: Service, asked: Asked) -> list[dict[str, Any]]:
    """The latest batches, newest first, without their runs."""
    contents = service.contents()
    found = [batch_json(each, contents) for each in list_batches(service.settings(), asked.query["limit"])]
    return [{name: value for name, value in each.items() if name != "runs"} for each in found]


def show(service: Service, asked: Asked) -> dict[str, Any]:
    """The table of a batch: its runs in the order of their sets."""
    return batch_json(show_batch(service.settings(), asked.words["batch"]), service.contents())


def cancel(service: Service, asked: Asked) -> dict[str, Any]:
    """Ask all runs of a batch to stop; their states say when they have."""
    found, was_asked = cancel_batch(service.settings(), asked.words["batch"], user=asked.user)
    return {"batch": batch_json(found, service.contents()), "was_going": was_asked}


def batch_json(batch: Batch, contents: Contents) -> dict[str, Any]:
    """A batch as clients see it."""
    first = batch.runs[0]
    return {
        "id": batch.id,
        "state": batch.state.value,
        "notebook": contents.relative(first.notebook_path),
        "user": first.user,
        "created_at": first.created_at.isoformat(),
        "total": len(batch.runs),
        "succeeded": sum(run.state is State.SUCCEEDED for run in batch.runs),
        "ended": sum(run.state.is_final for run in batch.runs),
        "varied": list(batch.varied),
        "runs": [run_json(run, contents, batch.metrics.get(run.id)) for run in batch.runs],
    }
