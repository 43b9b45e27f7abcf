"""Operations on schedules, and on the scheduler that sees to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nb2pipe.app import schedules as use
from nb2pipe.app.detached import start_scheduler
from nb2pipe.app.parameters import Given
from nb2pipe.app.schedule_data import details_data, entry_data, list_data, process_data
from nb2pipe.app.schedule_words import ScheduleWords
from nb2pipe.app.times import next_times
from nb2pipe.app.triggers import TriggerWords
from nb2pipe.model import Missed, Overlap, ScheduleEntry, Source
from nb2pipe.model.json import to_json
from nb2pipe.scheduling.triggers import When
from nb2pipe.server.asking import Asked
from nb2pipe.server.contents import Contents
from nb2pipe.server.service import Service

_CLEARED = ("starts_at", "ends_at")


def listed(service: Service, asked: Asked) -> dict[str, Any]:
    """Schedules by name, each with the state of its latest due time."""
    service.keeper.nudge()
    entries, states, scheduler = use.list_schedules(service.settings())
    start, contents = asked.query["offset"], service.contents()
    page = entries[start : start + asked.query["limit"]]
    found = list_data(page, states, scheduler)
    for entry, data in zip(page, found["schedules"], strict=True):
        data["notebook"] = _notebook(entry, contents)
    return found | {"total": len(entries)}


def add(service: Service, asked: Asked) -> dict[str, Any]:
    """Keep a new schedule."""
    contents = service.contents()
    words = _words(asked, contents, contents.notebook(asked.body["path"]))
    return entry_json(use.add_schedule(words, service.settings()), contents)


def show(service: Service, asked: Asked) -> dict[str, Any]:
    """One schedule with its next due times and what became of the latest ones."""
    service.keeper.nudge()
    details = use.show_schedule(asked.words["schedule"], service.settings())
    return details_data(details) | {"notebook": _notebook(details.entry, service.contents())}


def edit(service: Service, asked: Asked) -> dict[str, Any]:
    """Change a schedule; what is not given stays."""
    settings, contents = service.settings(), service.contents()
    entry = _served(service, asked)
    path = asked.body.get("path")
    words = _words(asked, contents, contents.notebook(path) if path is not None else None)
    return entry_json(use.edit_schedule(entry.id, words, settings), contents)


def remove(service: Service, asked: Asked) -> dict[str, Any]:
    """Forget a schedule; its runs stay."""
    entry = use.remove_schedule(asked.words["schedule"], service.settings(), is_forced=asked.query["force"])
    return entry_json(entry, service.contents())


def pause(service: Service, asked: Asked) -> dict[str, Any]:
    """Let a schedule fire no more until it is resumed."""
    entry = use.pause_schedule(asked.words["schedule"], service.settings())
    return entry_json(entry, service.contents())


def resume(service: Service, asked: Asked) -> dict[str, Any]:
    """Let a paused schedule fire again."""
    entry = use.resume_schedule(_served(service, asked).id, service.settings())
    return entry_json(entry, service.contents())


def trigger(service: Service, asked: Asked) -> dict[str, Any]:
    """Run a schedule now, besides its due times."""
    entry = _served(service, asked)
    run_id, scheduler = use.trigger_schedule(
        entry.id, service.settings(), is_forced=asked.query["force"], user=asked.user
    )
    return {"run_id": run_id, "scheduler": process_data(scheduler)}


def due_times(service: Service, asked: Asked) -> dict[str, Any]:
    """When something would be due."""
    body = asked.body
    found = next_times(
        _when(body), count=body.get("count", 5), starts_at=body.get("starts_at"), ends_at=body.get("ends_at")
    )
    return {"trigger": to_json(found.trigger), "times": to_json(found.times)}


def scheduler(service: Service, asked: Asked) -> dict[str, Any]:
    """Who sees to schedules."""
    _, _, holder = use.list_schedules(service.settings())
    return {"scheduler": process_data(holder), "was_started": False}


def scheduler_start(service: Service, asked: Asked) -> dict[str, Any]:
    """Have a scheduler that goes on whatever becomes of this server."""
    with service.starting:
        holder, was_started = start_scheduler(service.settings())
    return {"scheduler": process_data(holder), "was_started": was_started}


def entry_json(entry: ScheduleEntry, contents: Contents) -> dict[str, Any]:
    """A schedule as clients see it: ``notebook`` is its path as they name it, null for one that is not served."""
    return entry_data(entry) | {"notebook": _notebook(entry, contents)}


def _notebook(entry: ScheduleEntry, contents: Contents) -> str | None:
    return contents.relative(entry.schedule.notebook_path) if entry.schedule is not None else None


def _served(service: Service, asked: Asked) -> ScheduleEntry:
    """The schedule that is named, once it is known that its notebook may be run from here.

    Raises:
        ServiceError: N2P853, its notebook is not served.
    """
    entry = use.show_schedule(asked.words["schedule"], service.settings()).entry
    service.contents().require(use.readable(entry).notebook_path)
    return entry


def _words(asked: Asked, contents: Contents, notebook: str | None) -> ScheduleWords:
    body = asked.body
    policy = dict(body.get("policy", {}))
    without = ("timeout_s",) if "timeout_s" in policy and policy["timeout_s"] is None else ()
    policy |= {name: "" for name in _CLEARED if name in policy and policy[name] is None}
    for name, kind in (("missed", Missed), ("overlap", Overlap)):
        if policy.get(name) is not None:
            policy[name] = kind(policy[name])
    return ScheduleWords(
        notebook=notebook,
        name=body.get("name"),
        when=_when(body),
        given=Given(values=body.get("parameters", {})),
        flags={name: value for name, value in body.get("settings", {}).items() if value is not None},
        source=Source(body["source"]) if body.get("source") else None,
        policy=policy,
        tags=tuple(body["tags"]) if "tags" in body else None,
        without=without,
        user=asked.user,
        target=body.get("on", ""),
        notify=(tuple(body["notify"]) or ("none",)) if "notify" in body else None,
        triggers=TriggerWords(
            on_change=tuple(map(contents.watched, body["on_change"])) if "on_change" in body else None,
            settle_s=body.get("settle_s"),
            poll_s=body.get("poll_s"),
            after=tuple(body["after"]) if "after" in body else None,
            on_call=body.get("on_call"),
            is_new_token=body.get("new_token", False),
            within=str(contents.root or ""),
        ),
    )


def _when(body: Mapping[str, Any]) -> When:
    return When(body.get("cron"), body.get("every_s"), body.get("at"), body.get("zone"))
