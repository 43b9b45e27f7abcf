"""Use-cases of schedules that an engine elsewhere fires."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nb2pipe.app.elsewhere.submit import Prepared, SubmitRequest, prepare
from nb2pipe.app.elsewhere.targets import connected, find_target
from nb2pipe.app.places import is_local, notebook_folder
from nb2pipe.app.schedules.words import ScheduleWords
from nb2pipe.errors import RemoteError, SettingsError
from nb2pipe.kubeflow.remote.abilities import refuse_unable, unable
from nb2pipe.kubeflow.remote.codes import GONE
from nb2pipe.kubeflow.remote.protocol import Remote
from nb2pipe.kubeflow.remote.values import RemoteSchedule, SchedulePlan
from nb2pipe.model import (
    CronTrigger,
    Firing,
    IntervalTrigger,
    Missed,
    Overlap,
    Phase,
    Policy,
    Schedule,
    ScheduleEntry,
    Source,
    Standing,
)
from nb2pipe.model.ids import new_run_id
from nb2pipe.scheduling.policies import policy_of
from nb2pipe.scheduling.times import check_due, next_due
from nb2pipe.scheduling.triggers import trigger_of
from nb2pipe.scheduling.zones import local_zone
from nb2pipe.settings import Settings, load_settings
from nb2pipe.store.run_filter import RunFilter
from nb2pipe.store.store import Store

MOST_RUNS = 500
"""Runs of a target that are looked through for those of a schedule."""


def add_elsewhere(words: ScheduleWords, store: Store, settings: Settings, name: str, now: datetime) -> ScheduleEntry:
    """Have an engine elsewhere run a notebook by itself.

    Args:
        words: what is wanted.
        store: where it is kept.
        settings: the settings in force.
        name: for people, unique.
        now: aware.

    Raises:
        RefusedError: the engine cannot do what is wanted, or refused it; nothing was kept.
    """
    assert words.target and words.notebook
    target = find_target(words.target)
    refuse_unable(target.kind, _said(words))
    trigger = trigger_of(words.when, local_zone(), now)
    assert isinstance(trigger, (CronTrigger, IntervalTrigger))
    policy = _policy(words, target.kind, trigger.zone)
    places = {"home": str(settings.home), "store_url": settings.store_url}
    own = load_settings({**words.flags, **places}, cwd=notebook_folder(words.notebook))
    path = str(Path(words.notebook).absolute()) if is_local(words.notebook) else words.notebook
    request = SubmitRequest(path, target.name, words.given, name=name, tags=words.tags or ())
    prepared = prepare(request, own, user=words.user)
    schedule = _schedule(words, prepared, name, trigger, policy, now)
    check_due(schedule, now)
    with closing(connected(target)) as remote:
        made = remote.add_schedule(_plan(schedule, prepared, words))
        try:
            store.schedules.add(_made(schedule, made), None)
        except BaseException:
            remote.delete_schedule(made.id)
            raise
    return store.schedules.entry(schedule.id)


def pause_elsewhere(schedule: Schedule) -> None:
    """Have the engine fire it no more, until it is resumed.

    Raises:
        RemoteError: the engine refused or did not answer.
    """
    _ask(schedule, lambda remote: remote.pause(schedule.remote_id))


def resume_elsewhere(schedule: Schedule) -> None:
    """Have the engine fire it again.

    Raises:
        RemoteError: the engine refused or did not answer.
    """
    catch_up = schedule.policy.missed is Missed.ALL
    _ask(schedule, lambda remote: remote.resume(schedule.remote_id, catch_up=catch_up))


def remove_elsewhere(schedule: Schedule, *, is_forced: bool) -> None:
    """Have the engine forget it; runs go on.

    Args:
        schedule: which.
        is_forced: whether to go on where the engine does not answer.

    Raises:
        RefusedError: the engine refused or did not answer, or its target is gone.
    """
    try:
        _ask(schedule, lambda remote: remote.delete_schedule(schedule.remote_id))
    except RemoteError as error:
        if error.code != GONE and not is_forced:
            raise
    except SettingsError:
        if not is_forced:
            raise


def refuse_change(schedule: Schedule, what: str) -> None:
    """Refuse what only schedules of this machine can have done.

    Raises:
        SettingsError: N2P963, it is one of an engine elsewhere.
    """
    if schedule.target and schedule.elsewhere is not None:
        why = "the engine keeps it as it was sent; remove it, and add it anew"
        raise unable(schedule.elsewhere.kind, what, why)


def with_next(entry: ScheduleEntry, now: datetime | None = None) -> ScheduleEntry:
    """A schedule with its next due time, which the engine of one elsewhere does not tell."""
    schedule = entry.schedule
    if schedule is None or not schedule.target or entry.standing is not Standing.ACTIVE:
        return entry
    return replace(entry, next_due_at=next_due(schedule, now or datetime.now(UTC)))


def firings_elsewhere(store: Store, schedule: Schedule, limit: int) -> list[Firing]:
    """The latest runs of a schedule elsewhere as what became of its due times, newest first."""
    runs = store.runs_like(RunFilter(target=schedule.target), MOST_RUNS)
    own = [run for run in runs if run.schedule_id == schedule.id][:limit]
    return [
        Firing(
            key=0,
            schedule_id=schedule.id,
            due_at=run.due_at or run.created_at,
            ready_at=run.created_at,
            phase=Phase.DONE if run.state.is_final else Phase.STARTED,
            attempt=1,
            run_id=run.id,
            state=run.state,
        )
        for run in own
    ]


def _ask(schedule: Schedule, action: Callable[[Remote], object]) -> None:
    with closing(connected(find_target(schedule.target))) as remote:
        action(remote)


def _said(words: ScheduleWords) -> dict[str, object]:
    """What was said, by the names of the table of what engines cannot do."""
    triggers = words.triggers
    found: dict[str, Any] = {
        **words.policy,
        **words.flags,
        "at": words.when.at,
        "every_s": words.when.every_s,
        "no_clock": words.when.is_never or None,
        "source": words.source,
        "notify": None if words.notify == ("none",) else words.notify,
        "on_change": triggers.on_change or None,
        "settle_s": triggers.settle_s,
        "poll_s": triggers.poll_s,
        "after": triggers.after or None,
        "on_call": triggers.on_call or None,
        "new_token": triggers.is_new_token or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _policy(words: ScheduleWords, kind: str, zone: str) -> Policy:
    """The policy that the engine keeps: where nothing is said, what it does by itself."""
    overlap, missed = words.policy.get("overlap"), words.policy.get("missed")
    if words.policy.get("at_once") is not None and overlap is not Overlap.ALLOW:
        raise SettingsError("Runs at once were given a number, but not allowed.", hint="Add --overlap allow.")
    given = {name: words.policy.get(name) for name in ("starts_at", "ends_at", "at_once")}
    usual = {"missed": Missed.ONCE, "overlap": Overlap.QUEUE} if kind == "kfp" else {"missed": Missed.SKIP}
    said = {"missed": missed, "overlap": overlap}
    if kind == "kfp" and overlap is Overlap.QUEUE:
        said["missed"] = Missed.ALL
    return policy_of({**given, **usual, **{name: value for name, value in said.items() if value is not None}}, zone)


def _schedule(
    words: ScheduleWords, prepared: Prepared, name: str, trigger: Any, policy: Policy, now: datetime
) -> Schedule:
    record = prepared.record
    return Schedule(
        id=new_run_id(now),
        name=name,
        notebook_path=record.notebook_path,
        notebook_digest=record.notebook_digest,
        trigger=trigger,
        created_at=now,
        user=record.user,
        source=Source.SNAPSHOT,
        notebook_text=record.notebook_text,
        parameters=record.parameters,
        flags=dict(words.flags),
        images={step.name: step.settings.image or "" for step in prepared.pipeline.steps},
        policy=policy,
        tags=words.tags or (),
        notify=(),
        target=prepared.target.name,
        elsewhere=record.elsewhere,
    )


def _plan(schedule: Schedule, prepared: Prepared, words: ScheduleWords) -> SchedulePlan:
    policy = schedule.policy
    assert isinstance(schedule.trigger, (CronTrigger, IntervalTrigger))
    description = f"schedule {schedule.id} of nb2pipe for {schedule.notebook_path}"
    return SchedulePlan(
        name=schedule.name,
        submission=replace(prepared.submission, description=description, request_id=schedule.id),
        trigger=schedule.trigger,
        starts_at=policy.starts_at,
        ends_at=policy.ends_at,
        at_once=policy.at_once if policy.overlap is Overlap.ALLOW else 1,
        queue=policy.overlap is Overlap.QUEUE,
        catch_up=policy.missed is Missed.ALL,
    )


def _made(schedule: Schedule, made: RemoteSchedule) -> Schedule:
    assert schedule.elsewhere is not None
    place = replace(schedule.elsewhere, name=made.name or schedule.name, url=made.url)
    return replace(schedule, remote_id=made.id, elsewhere=place)
