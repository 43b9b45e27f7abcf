"""Schedules in the store: added, changed, found. A record that cannot be read never hides the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from nb2pipe.errors import ConflictError, NotFoundError, SettingsError, StoreError
from nb2pipe.model import Overlap, Phase, Schedule, ScheduleEntry, Standing, State
from nb2pipe.store.rows import from_row, to_row
from nb2pipe.store.runs import UNREADABLE, keep_notebook
from nb2pipe.store.schema import FIRINGS, NOTEBOOKS, RUNS, SCHEDULES

OPEN = (Phase.QUEUED.value, Phase.STARTED.value)
_OWN = ("notebook_text",)
_MANY = 500


def add(connection: Connection, schedule: Schedule, next_due_at: datetime | None) -> None:
    """Keep a new schedule and its notebook's text.

    Raises:
        SettingsError: its name is taken.
    """
    _refuse_name(connection, schedule)
    keep_notebook(connection, schedule.notebook_digest, schedule.notebook_text)
    row = to_row(schedule, SCHEDULES, leave_out=_OWN)
    own = {"standing": Standing.ACTIVE.value, "reason": "", "failures": 0, "at_once": at_once(schedule)}
    connection.execute(insert(SCHEDULES).values(**row, **own, next_due_at=next_due_at))


def replace(connection: Connection, schedule: Schedule, next_due_at: datetime | None) -> None:
    """Keep what a schedule has become; whether it is paused stays, and a faulty one is whole again.

    Raises:
        SettingsError: its new name is taken.
    """
    _refuse_name(connection, schedule)
    keep_notebook(connection, schedule.notebook_digest, schedule.notebook_text)
    paused = (SCHEDULES.c.id == schedule.id, SCHEDULES.c.standing == Standing.PAUSED.value)
    row = {**to_row(schedule, SCHEDULES, leave_out=_OWN), "at_once": at_once(schedule)}
    if connection.execute(update(SCHEDULES).where(*paused).values(**row)).rowcount:
        return
    row |= {"standing": Standing.ACTIVE.value, "reason": "", "next_due_at": next_due_at}
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule.id).values(**row))


def set_standing(
    connection: Connection, schedule_id: str, standing: Standing, reason: str, next_due_at: datetime | None
) -> None:
    """Let a schedule fire, or not, from now on."""
    row: dict[str, Any] = {"standing": standing.value, "reason": reason, "next_due_at": next_due_at}
    if standing is Standing.ACTIVE:
        row["failures"] = 0
    connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == schedule_id).values(**row))


def remove(connection: Connection, schedule_id: str, now: datetime) -> None:
    """Forget a schedule and its due times; runs of it that wait are cancelled, those that go on stay."""
    own = RUNS.c.id.in_(select(FIRINGS.c.run_id).where(FIRINGS.c.schedule_id == schedule_id, FIRINGS.c.phase.in_(OPEN)))
    ended = {"state": State.CANCELLED.value, "message": "its schedule was removed", "ended_at": now}
    connection.execute(update(RUNS).where(own, RUNS.c.state == State.QUEUED.value, RUNS.c.pid == 0).values(**ended))
    connection.execute(delete(SCHEDULES).where(SCHEDULES.c.id == schedule_id))


def entries(
    connection: Connection, ids: Sequence[str] | None = None, *, with_text: bool = False
) -> list[ScheduleEntry]:
    """Schedules by name; those of some ids, or all. One that cannot be read is in it, as faulty."""
    found: list[ScheduleEntry] = []
    for some in _portions(connection, ids):
        query = _readable(with_text).where(SCHEDULES.c.id.in_(some))
        try:
            found += [_entry(row) for row in connection.execute(query).mappings()]
        except UNREADABLE:
            found += [_alone(connection, each, with_text) for each in some]
    return sorted(found, key=lambda entry: entry.name)


def find(connection: Connection, word: str) -> str:
    """The id of the schedule that a person means by its name, its id or the beginning of either.

    Raises:
        SettingsError: none or several fit.
    """
    exact = connection.execute(
        select(SCHEDULES.c.id).where(or_(SCHEDULES.c.name == word, SCHEDULES.c.id == word))
    ).scalars()
    for schedule_id in exact:
        return str(schedule_id)
    begins = or_(SCHEDULES.c.name.startswith(word, autoescape=True), SCHEDULES.c.id.startswith(word, autoescape=True))
    rows = connection.execute(select(SCHEDULES.c.id, SCHEDULES.c.name).where(begins).limit(6)).all() if word else []
    if len(rows) == 1:
        return str(rows[0].id)
    if not rows:
        raise NotFoundError(f"There is no schedule {word!r}.", hint="nb2pipe schedule list shows them all.")
    shown = ", ".join(sorted(row.name for row in rows)[:5])
    raise SettingsError(f"Several schedules begin with {word!r}.", hint=f"Type more of the one you mean: {shown}")


def at_once(schedule: Schedule) -> int:
    """How many runs of a schedule may go on side by side."""
    return schedule.policy.at_once if schedule.policy.overlap is Overlap.ALLOW else 1


def _refuse_name(connection: Connection, schedule: Schedule) -> None:
    same = (SCHEDULES.c.name == schedule.name, SCHEDULES.c.id != schedule.id)
    if connection.execute(select(SCHEDULES.c.id).where(*same)).first():
        hint = "Choose another name (--name), or edit that one: nb2pipe schedule edit."
        raise ConflictError(f"There is a schedule {schedule.name!r} already.", hint=hint)


def _portions(connection: Connection, ids: Sequence[str] | None) -> Iterable[Sequence[str]]:
    chosen = list(connection.execute(select(SCHEDULES.c.id)).scalars()) if ids is None else list(ids)
    return (chosen[start : start + _MANY] for start in range(0, len(chosen), _MANY))


def _readable(with_text: bool) -> Any:
    query = select(SCHEDULES)
    if with_text:
        query = query.add_columns(NOTEBOOKS.c.text.label("notebook_text")).outerjoin(NOTEBOOKS)
    return query


def _entry(row: Any) -> ScheduleEntry:
    return ScheduleEntry(
        id=row["id"],
        name=row["name"],
        standing=Standing(row["standing"]),
        reason=row["reason"],
        schedule=from_row(Schedule, row),
        next_due_at=row["next_due_at"],
        last_due_at=row["last_due_at"],
        failures=row["failures"],
    )


def _alone(connection: Connection, schedule_id: str, with_text: bool) -> ScheduleEntry:
    """One schedule, as faulty if it cannot be read."""
    query = _readable(with_text).where(SCHEDULES.c.id == schedule_id)
    try:
        return _entry(connection.execute(query).mappings().one())
    except UNREADABLE as error:
        said = error.message if isinstance(error, StoreError) else f"{type(error).__name__}: {error}"
    name = connection.execute(select(SCHEDULES.c.name).where(SCHEDULES.c.id == schedule_id)).scalar_one()
    return ScheduleEntry(schedule_id, name, Standing.FAULTY, said, None, None, None, 0)
