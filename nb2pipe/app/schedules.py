"""Use-cases of schedules: add, look, change, remove."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nb2pipe.app.elsewhere.schedules import (
    add_elsewhere,
    firings_elsewhere,
    pause_elsewhere,
    refuse_change,
    remove_elsewhere,
    resume_elsewhere,
    with_next,
)
from nb2pipe.app.executors import Executors
from nb2pipe.app.parameters import Given
from nb2pipe.app.places import is_local, notebook_folder
from nb2pipe.app.plan import runnable_pipeline
from nb2pipe.app.schedule_words import ScheduleDetails, ScheduleWords
from nb2pipe.app.triggers import first_seen, resume_watching, with_triggers
from nb2pipe.app.users import user_name
from nb2pipe.errors import ConflictError, SettingsError
from nb2pipe.model import Cause, Schedule, ScheduleEntry, Source, Standing, State
from nb2pipe.model.ids import new_run_id
from nb2pipe.notebook.source import read_text
from nb2pipe.notices.words import changed_notify, read_notify
from nb2pipe.scheduling.codes import refusal
from nb2pipe.scheduling.policies import policy_of
from nb2pipe.scheduling.times import check_due, due_times, next_due
from nb2pipe.scheduling.triggers import changed_trigger, trigger_of
from nb2pipe.scheduling.zones import local_zone
from nb2pipe.settings import Settings, load_channels, load_settings
from nb2pipe.store import open_store
from nb2pipe.store.claims import Occasion
from nb2pipe.store.processes import Process
from nb2pipe.store.store import Store

SHOWN_TIMES = 5
SHOWN_FIRINGS = 10


def add_schedule(words: ScheduleWords, settings: Settings, now: datetime | None = None) -> ScheduleEntry:
    """Keep a new schedule, once it is known that its notebook and parameters can run.

    Args:
        words: what is wanted; the notebook and when it is due must be said.
        settings: the settings in force, for the store.
        now: aware; None for the present.

    Raises:
        RefusedError: nothing was stored: says what is wrong.
    """
    now = now or datetime.now(UTC)
    if not words.notebook or words.notebook == "-":
        raise SettingsError("A schedule needs a notebook in a file or at a URL.", hint="Save it, and name the file.")
    if words.target:
        return _added_elsewhere(words, settings, now)
    trigger = trigger_of(words.when, local_zone(), now, has_others=words.triggers.is_any)
    path = str(Path(words.notebook).absolute()) if is_local(words.notebook) else words.notebook
    draft = Schedule(
        id=new_run_id(now),
        name=words.name or Path(path).stem,
        notebook_path=path,
        notebook_digest="",
        trigger=trigger,
        created_at=now,
        user=words.user or user_name(),
        source=words.source or Source.FOLLOW,
        flags=dict(words.flags),
        policy=policy_of(words.policy, trigger.zone),
        tags=words.tags or (),
        notify=changed_notify(words.notify, None, load_channels()),
    )
    with open_store(settings.store_url, settings.home) as store:
        draft = with_triggers(draft, words.triggers, store)
        check_due(draft, now)
        schedule = checked(draft, words.given, settings, read_text(path))
        if not words.name:
            schedule = replace(schedule, name=_free_name(schedule.name, store))
        first, token = first_seen(schedule, None, words.triggers)
        store.schedules.add(schedule, next_due(schedule, now), first)
        return _whole(store.schedules.entry(schedule.id), store, token)


def _added_elsewhere(words: ScheduleWords, settings: Settings, now: datetime) -> ScheduleEntry:
    assert words.notebook
    with open_store(settings.store_url, settings.home) as store:
        if words.name and words.name == _free_name(words.name, store):
            return with_next(add_elsewhere(words, store, settings, words.name, now), now)
        if words.name:
            raise ConflictError(f"There is a schedule {words.name!r} already.", hint="Choose another name (--name).")
        name = _free_name(Path(words.notebook).stem, store)
        return with_next(add_elsewhere(words, store, settings, name, now), now)


def edit_schedule(word: str, words: ScheduleWords, settings: Settings, now: datetime | None = None) -> ScheduleEntry:
    """Change a schedule; what is not said stays. A snapshot is taken anew if that is said, or another notebook.

    Raises:
        RefusedError: nothing was changed: says what is wrong.
    """
    now = now or datetime.now(UTC)
    with open_store(settings.store_url, settings.home) as store:
        entry = store.schedules.entry(word)
        before = readable(entry)
        refuse_change(before, "an edit")
        if words.target:
            hint = "Remove it, and add it anew where it is to be."
            raise SettingsError(f"Schedule {before.name!r} stays where it is.", hint=hint)
        trigger = changed_trigger(before.trigger, words.when, now)
        path = words.notebook or before.notebook_path
        draft = replace(
            before,
            name=words.name or before.name,
            notebook_path=str(Path(path).absolute()) if is_local(path) else path,
            trigger=trigger,
            source=words.source or before.source,
            flags={**before.flags, **words.flags},
            policy=policy_of(words.policy, trigger.zone, before.policy, words.without),
            tags=before.tags if words.tags is None else words.tags,
            notify=changed_notify(words.notify, before.notify, load_channels()),
        )
        is_kept = before.source is Source.SNAPSHOT and words.source is None and not words.notebook
        is_pinned = is_kept and not {"image", "executor"} & set(words.flags)
        draft = replace(draft, images=before.images if is_pinned else {})
        given = Given({**before.parameters, **words.given.values}, words.given.texts, words.given.raw)
        text = before.notebook_text if is_kept else read_text(draft.notebook_path)
        after = max(now, entry.last_due_at) if entry.last_due_at else now
        draft = with_triggers(draft, words.triggers, store)
        check_due(draft, after, is_clock_said=not words.when.is_empty)
        schedule = checked(draft, given, settings, text)
        first, token = first_seen(schedule, before, words.triggers)
        store.schedules.replace(schedule, next_due(schedule, after), first)
        return _whole(store.schedules.entry(schedule.id), store, token)


def checked(draft: Schedule, given: Given, settings: Settings, text: str) -> Schedule:
    """The schedule with its notebook's text and its parameters, once both are known to run.

    Raises:
        RefusedError: the notebook does not convert, cannot be run, or a parameter or who is told is wrong.
    """
    own = settings_of(draft, settings)
    read_notify(own.notify if draft.notify is None else (), load_channels())
    pipeline, choice = runnable_pipeline(draft.notebook_path, own, text=text, images=draft.images)
    _, values = given.resolve(pipeline.parameters)
    images = draft.images
    if draft.source is Source.SNAPSHOT and not images:
        with Executors(own) as executors:
            images = executors.get(choice.name).pinned(pipeline)
    notebook = pipeline.notebook
    return replace(
        draft, notebook_text=notebook.text, notebook_digest=notebook.digest, parameters=values, images=images
    )


def settings_of(schedule: Schedule, settings: Settings) -> Settings:
    """The settings for the runs of a schedule: those of its notebook's folder, and those that were given for it."""
    places = {"home": str(settings.home), "store_url": settings.store_url}
    return load_settings({**schedule.flags, **places}, cwd=notebook_folder(schedule.notebook_path))


def readable(entry: ScheduleEntry) -> Schedule:
    """The schedule of an entry.

    Raises:
        SettingsError: N2P806, the store's record of it cannot be read.
    """
    if entry.schedule is None:
        raise refusal("N2P806", name=entry.name, what=entry.reason)
    return entry.schedule


def list_schedules(settings: Settings) -> tuple[list[ScheduleEntry], dict[str, State], Process | None]:
    """All schedules by name, the state of each one's latest due time by id, and the process that sees to them."""
    with open_store(settings.store_url, settings.home) as store:
        store.mark_interrupted()
        entries = [with_next(entry) for entry in store.triggers.filled(store.schedules.entries())]
        states = store.schedules.latest_states()
        for entry in entries:
            if entry.schedule is not None and entry.schedule.target:
                for each in firings_elsewhere(store, entry.schedule, 1):
                    states[entry.id] = each.state
        return entries, states, store.lease.holder()


def show_schedule(word: str, settings: Settings, now: datetime | None = None) -> ScheduleDetails:
    """A schedule with its next due times and what became of the latest ones.

    Raises:
        SettingsError: none or several fit the word.
    """
    with open_store(settings.store_url, settings.home) as store:
        store.mark_interrupted()
        entry = with_next(_whole(store.schedules.entry(word), store), now)
        times: tuple[datetime, ...] = ()
        if entry.schedule is not None and entry.next_due_at is not None:
            later = due_times(entry.schedule, max(entry.next_due_at, now or datetime.now(UTC)))
            times = (entry.next_due_at, *itertools.islice(later, SHOWN_TIMES - 1))
        firings = tuple(store.schedules.firings(entry.id, SHOWN_FIRINGS))
        if entry.schedule is not None and entry.schedule.target:
            firings = tuple(firings_elsewhere(store, entry.schedule, SHOWN_FIRINGS))
        return ScheduleDetails(entry, times, firings, store.lease.holder())


def pause_schedule(word: str, settings: Settings) -> ScheduleEntry:
    """Let a schedule fire no more until it is resumed; what runs or waits goes on.

    Raises:
        SettingsError: none or several fit the word.
    """
    with open_store(settings.store_url, settings.home) as store:
        entry = store.schedules.entry(word)
        schedule = readable(entry)
        if schedule.target:
            pause_elsewhere(schedule)
        store.schedules.set_standing(entry.id, Standing.PAUSED, "paused by hand")
        return store.schedules.entry(entry.id)


def resume_schedule(word: str, settings: Settings, now: datetime | None = None) -> ScheduleEntry:
    """Let a paused schedule fire again, from its next due time on; those of the pause are not made up for.

    Raises:
        SettingsError: none or several fit the word, or it is never due any more.
    """
    now = now or datetime.now(UTC)
    with open_store(settings.store_url, settings.home) as store:
        entry = store.schedules.entry(word)
        schedule = readable(entry)
        if schedule.target:
            resume_elsewhere(schedule)
            store.schedules.set_standing(entry.id, Standing.ACTIVE)
        elif entry.standing is not Standing.ACTIVE:
            after = max(now, entry.last_due_at) if entry.last_due_at else now
            check_due(schedule, after, is_clock_said=False)
            store.schedules.set_standing(entry.id, Standing.ACTIVE, "", next_due(schedule, after))
            resume_watching(schedule, store)
        return with_next(store.schedules.entry(entry.id), now)


def remove_schedule(word: str, settings: Settings, *, is_forced: bool = False) -> ScheduleEntry:
    """Forget a schedule; its runs stay, and those that wait are cancelled.

    Raises:
        SettingsError: none or several fit the word, or others come after it and it is not forced.
    """
    with open_store(settings.store_url, settings.home) as store:
        entry = store.schedules.entry(word)
        if entry.schedule is not None and entry.schedule.target:
            remove_elsewhere(entry.schedule, is_forced=is_forced)
        store.schedules.remove(entry.id, is_forced=is_forced)
        return entry


def trigger_schedule(
    word: str, settings: Settings, *, is_forced: bool = False, user: str = ""
) -> tuple[str, Process | None]:
    """Run a schedule now, besides its due times, as soon as its limits let it.

    Args:
        word: its name, its id or the beginning of either.
        settings: the settings in force, for the store.
        is_forced: whether to pass the limits of the day.
        user: who asks for the run; empty for the schedule's own.

    Returns:
        The waiting run's id, and the process that sees to schedules; None when none does.

    Raises:
        SettingsError: none or several fit the word, or its record cannot be read; N2P812, the day's limit is reached.
    """
    with open_store(settings.store_url, settings.home) as store:
        schedule = readable(store.schedules.entry(word))
        refuse_change(schedule, "a run besides its due times")
        schedule = replace(schedule, user=user or schedule.user)
        kept = store.triggers.set_off(schedule, Occasion(Cause.HAND, "by hand", is_forced=is_forced))
        if kept is None:
            raise SettingsError(f"Schedule {schedule.name!r} was removed meanwhile.", hint="Add it again.")
        if kept.skipped:
            raise refusal("N2P812", name=schedule.name, what=kept.skipped)
        return kept.run_id, store.lease.holder()


def _whole(entry: ScheduleEntry, store: Store, token: str = "") -> ScheduleEntry:
    return replace(store.triggers.filled([entry], with_use=True)[0], token=token)


def _free_name(name: str, store: Store) -> str:
    taken = {entry.name for entry in store.schedules.entries()}
    numbered = (name if number == 1 else f"{name}-{number}" for number in itertools.count(1))
    return next(each for each in numbered if each not in taken)
