"""Which schedules come after which: never in a circle, and set off in the transaction that ends the run before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, update

from nb2pipe.errors import SettingsError
from nb2pipe.model import Cause, NoClock, Schedule, Standing
from nb2pipe.store import schedule_rows
from nb2pipe.store.claims import Occasion
from nb2pipe.store.rows import to_row
from nb2pipe.store.schema import FOLLOWERS, SCHEDULES
from nb2pipe.store.setting_off import set_off

_LOCK = 0x6E623271  # any number that all nb2pipe share, for PostgreSQL's advisory lock


def keep(connection: Connection, schedule: Schedule) -> None:
    """Keep what a schedule comes after.

    Raises:
        SettingsError: that would be a circle.
    """
    if schedule.after and connection.dialect.name == "postgresql":  # two at once could close a circle together
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(delete(FOLLOWERS).where(FOLLOWERS.c.schedule_id == schedule.id))
    if not schedule.after:
        return
    _refuse_circle(connection, schedule)
    rows = [{"schedule_id": schedule.id, "after_id": each} for each in dict.fromkeys(schedule.after)]
    connection.execute(insert(FOLLOWERS), rows)


def of(connection: Connection, schedule_id: str) -> list[str]:
    """Ids of the schedules that come after one."""
    query = select(FOLLOWERS.c.schedule_id).where(FOLLOWERS.c.after_id == schedule_id)
    return list(connection.execute(query.order_by(FOLLOWERS.c.schedule_id)).scalars())


def set_off_after(connection: Connection, schedule_id: str, run_id: str, now: datetime) -> None:
    """Set off all schedules that come after one of which a run has succeeded."""
    found = of(connection, schedule_id)
    if not found:
        return
    name = connection.execute(select(SCHEDULES.c.name).where(SCHEDULES.c.id == schedule_id)).scalar()
    for entry in schedule_rows.entries(connection, found):
        if entry.schedule is not None:
            set_off(connection, entry.schedule, Occasion(Cause.AFTER, f"after run {run_id} of {name!r}"), now)


def let_go(connection: Connection, schedule_id: str, is_forced: bool) -> None:
    """Have no schedule come after one that is to be removed.

    Raises:
        SettingsError: some do, and it is not forced.
    """
    found = schedule_rows.entries(connection, of(connection, schedule_id))
    if not found:
        return
    names = ", ".join(repr(entry.name) for entry in found)
    name = connection.execute(select(SCHEDULES.c.name).where(SCHEDULES.c.id == schedule_id)).scalar()
    if not is_forced:
        hint = "Edit these first (nb2pipe schedule edit NAME --after none), or remove it all the same with --force."
        raise SettingsError(f"Schedule {name!r} cannot be removed: it sets off {names}.", hint=hint)
    for entry in found:
        if entry.schedule is None:
            continue
        left = replace(entry.schedule, after=tuple(each for each in entry.schedule.after if each != schedule_id))
        row = {"more": to_row(left, SCHEDULES, leave_out=("notebook_text",))["more"]}
        if isinstance(left.trigger, NoClock) and not left.has_triggers:
            row |= {"standing": Standing.PAUSED.value, "reason": f"schedule {name!r}, which set it off, was removed"}
        connection.execute(update(SCHEDULES).where(SCHEDULES.c.id == left.id).values(**row))


def _refuse_circle(connection: Connection, schedule: Schedule) -> None:
    before: dict[str, list[str]] = {}
    for row in connection.execute(select(FOLLOWERS)):
        before.setdefault(row.schedule_id, []).append(row.after_id)
    before[schedule.id] = list(schedule.after)
    circle = next(_ways(before, schedule.id), None)
    if circle is None:
        return
    query = select(SCHEDULES.c.id, SCHEDULES.c.name).where(SCHEDULES.c.id.in_(circle))
    names = {row.id: row.name for row in connection.execute(query)} | {schedule.id: schedule.name}
    shown = " after ".join(repr(names[each]) for each in circle)
    raise SettingsError(
        f"Schedules would come after each other in a circle: {shown}.", hint="Leave out one of these --after."
    )


def _ways(before: Mapping[str, list[str]], start: str) -> Iterator[list[str]]:
    """Ways from a schedule back to itself, each once around."""
    ways, seen = [[start]], set()
    while ways:
        way = ways.pop()
        for each in before.get(way[-1], ()):
            if each == start:
                yield [*way, each]
            elif each not in seen:
                seen.add(each)
                ways.append([*way, each])
