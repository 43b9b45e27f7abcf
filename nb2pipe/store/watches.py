"""Places whose change sets off schedules, and what was last seen there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, delete, func, insert, select, update

from nb2pipe.model import Schedule, Standing, WatchState
from nb2pipe.store.claims import Occasion
from nb2pipe.store.schema import SCHEDULES, WATCHES
from nb2pipe.store.setting_off import set_off
from nb2pipe.urls import mask_url

MOST_FAULT = 500


@dataclass(frozen=True)
class Watched:
    """A schedule that watches data.

    Args:
        schedule_id: its id.
        name: its name.
        poll_s: seconds from one look to the next.
        settle_s: seconds that all must have stayed as it is.
        has_urls: whether any place is a URL, and so may be slow.
    """

    schedule_id: str
    name: str
    poll_s: float
    settle_s: float
    has_urls: bool


@dataclass(frozen=True)
class Place:
    """A place that is watched, as the store has it.

    Args:
        place: path, pattern or URL.
        version: which state of the record this is; who writes another must have seen this one.
        seen: what was last seen, as JSON; None where it was not looked at with success yet.
        fault: why it could not be looked at; empty where it could.
        within: folder out of which no link is followed; empty for no such limit.
    """

    place: str
    version: int
    seen: Any | None
    fault: str
    within: str = ""


@dataclass(frozen=True)
class Look:
    """What a look at a place came to: of which state of the record, what was seen, or why nothing was."""

    before: Place
    seen: Any | None
    fault: str = ""
    has_changed: bool = False


def keep(connection: Connection, schedule: Schedule, seen: Mapping[str, Any], faults: Mapping[str, str]) -> None:
    """Keep which places a schedule watches; those that it watched before keep what was seen."""
    wanted = schedule.on_change.places if schedule.on_change else ()
    own = WATCHES.c.schedule_id == schedule.id
    connection.execute(delete(WATCHES).where(own, WATCHES.c.place.not_in(wanted)))
    for position, place in enumerate(wanted):
        assert schedule.on_change is not None
        row: dict[str, Any] = {"position": position, "within": schedule.on_change.within}
        row |= {"poll_s": schedule.on_change.poll_s, "settle_s": schedule.on_change.settle_s}
        if not connection.execute(update(WATCHES).where(own, WATCHES.c.place == place).values(**row)).rowcount:
            new = {"schedule_id": schedule.id, "place": place, "version": 0, "seen": seen.get(place)}
            new["fault"] = faults.get(place, "")[:MOST_FAULT]
            connection.execute(insert(WATCHES).values(**row, **new))


def forget_seen(connection: Connection, schedule_id: str) -> None:
    """Let the next look be the first one."""
    values = {"seen": None, "version": WATCHES.c.version + 1}
    connection.execute(update(WATCHES).where(WATCHES.c.schedule_id == schedule_id).values(values))


def watched(connection: Connection) -> list[Watched]:
    """Schedules that watch data now."""
    slow = func.max(case((WATCHES.c.place.like("%://%"), 1), else_=0))
    query = (
        select(SCHEDULES.c.id, SCHEDULES.c.name, func.min(WATCHES.c.poll_s), func.min(WATCHES.c.settle_s), slow)
        .join(WATCHES, SCHEDULES.c.id == WATCHES.c.schedule_id)
        .where(SCHEDULES.c.standing == Standing.ACTIVE.value)
        .group_by(SCHEDULES.c.id, SCHEDULES.c.name)
        .order_by(SCHEDULES.c.id)
    )
    rows = connection.execute(query)
    return [Watched(row[0], row[1], float(row[2]), float(row[3]), bool(row[4])) for row in rows]


def places(connection: Connection, schedule_id: str) -> list[Place]:
    """The places that a schedule watches, in its order."""
    query = select(WATCHES).where(WATCHES.c.schedule_id == schedule_id).order_by(WATCHES.c.position)
    return [Place(row.place, row.version, row.seen, row.fault, row.within) for row in connection.execute(query)]


def states(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[WatchState, ...]]:
    """How the places of schedules stand, by the schedule's id."""
    nothing: dict[str, str] = {}
    is_seen, is_empty = WATCHES.c.seen.is_not(None).label("is_seen"), (WATCHES.c.seen == nothing).label("is_empty")
    columns = (WATCHES.c.schedule_id, WATCHES.c.place, is_seen, is_empty)
    query = select(*columns, WATCHES.c.changed_at, WATCHES.c.fault).order_by(WATCHES.c.position)
    found: dict[str, list[WatchState]] = {}
    for row in connection.execute(query.where(WATCHES.c.schedule_id.in_(ids))):
        state = WatchState(mask_url(row.place), bool(row.is_seen), bool(row.is_empty), row.changed_at, row.fault)
        found.setdefault(row.schedule_id, []).append(state)
    return {schedule_id: tuple(each) for schedule_id, each in found.items()}


def note(
    connection: Connection,
    schedule: Schedule | None,
    schedule_id: str,
    looks: Sequence[Look],
    occasion: Occasion | None,
    now: datetime,
) -> bool:
    """Keep what was seen, and set off the schedule for it, all or nothing.

    Args:
        connection: within a transaction.
        schedule: to be set off; None for nothing.
        schedule_id: whose places.
        looks: at its places.
        occasion: what set it off; None where nothing has changed.
        now: aware.

    Returns:
        Whether it was kept: not, where somebody else has written since, or where the schedule does not fire.
    """
    connection.execute(select(SCHEDULES.c.id).where(SCHEDULES.c.id == schedule_id).with_for_update())
    mine = WATCHES.c.schedule_id == schedule_id
    query = select(WATCHES.c.place, WATCHES.c.version).where(mine)
    versions = {row.place: row.version for row in connection.execute(query)}
    if any(versions.get(look.before.place) != look.before.version for look in looks):
        return False
    if schedule is not None and occasion is not None and set_off(connection, schedule, occasion, now) is None:
        return False
    for look in looks:
        row: dict[str, Any] = {"version": look.before.version + 1, "fault": look.fault[:MOST_FAULT]}
        row |= {"seen": look.seen} if look.seen is not None else {}
        row |= {"changed_at": now} if look.has_changed else {}
        connection.execute(update(WATCHES).where(mine, WATCHES.c.place == look.before.place).values(**row))
    return True
