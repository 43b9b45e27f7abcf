"""Schedules as data for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nb2pipe.app.schedules.words import ScheduleDetails
from nb2pipe.model import ScheduleEntry, State
from nb2pipe.model.json import to_json
from nb2pipe.store.processes import Process
from nb2pipe.urls import mask_url


def entry_data(entry: ScheduleEntry) -> dict[str, Any]:
    """A schedule without the text of its notebook."""
    data: dict[str, Any] = to_json(entry)
    if data["schedule"] is not None:
        del data["schedule"]["notebook_text"]
        watched = data["schedule"]["on_change"]
        if watched is not None:
            watched["places"] = [mask_url(each) for each in watched["places"]]
    if not entry.token:
        del data["token"]
    return data


def details_data(details: ScheduleDetails) -> dict[str, Any]:
    """A schedule with its next due times and its latest ones."""
    return entry_data(details.entry) | {
        "next_times": to_json(details.next_times),
        "firings": to_json(details.firings),
        "scheduler": process_data(details.scheduler),
    }


def list_data(
    entries: Sequence[ScheduleEntry], states: Mapping[str, State], scheduler: Process | None
) -> dict[str, Any]:
    """All schedules, each with the state of its latest due time, and who sees to them."""
    schedules = [entry_data(entry) | {"last_state": states.get(entry.id)} for entry in entries]
    return {"schedules": schedules, "scheduler": process_data(scheduler)}


def process_data(process: Process | None) -> dict[str, Any] | None:
    """Host and number of a process."""
    return None if process is None else {"host": process.host, "pid": process.pid}
