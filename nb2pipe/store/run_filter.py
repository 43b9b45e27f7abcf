"""Which runs, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, func, or_, select

from nb2pipe.model import State
from nb2pipe.store.columns import SecondsBetween
from nb2pipe.store.schema import RUN_TAGS, RUNS

SORTS: Mapping[str, Callable[[FromClause], ColumnElement[Any]]] = {
    "created": lambda table: table.c.created_at,
    "duration": lambda table: SecondsBetween(table.c.started_at, table.c.ended_at),
    "pipeline": lambda table: func.lower(table.c.pipeline),
    "state": lambda table: table.c.state,
    "user": lambda table: func.lower(table.c.user),
}
"""What lists of runs can be in the order of."""

_BEYOND_S = 1e300
"""More than any run took."""


@dataclass(frozen=True)
class RunFilter:
    """Which runs; what is None or empty does not matter.

    Args:
        pipeline: pipeline name.
        notebook: notebook path as the run has it.
        states: any of these.
        user: who started it.
        tag: one of its labels.
        since: created then or later.
        until: created before then.
        notebooks: notebook path is any of these; empty for all.
        before: a run's id; only runs that stand behind it in the list, newest first.
        batch: the batch that it belongs to; an empty text for runs of none.
        target: the target that it was sent to; an empty text for runs of this machine.
        remote_id: by what the engine there knows it.
        text: stands anywhere in the id, the notebook's path, the pipeline's name or the user, in any case.
        sort: what the list is in the order of, a name of ``SORTS``; runs that are equal in it are newest first,
            and those that have none yet, such as a duration, last in either direction.
        is_ascending: whether the least comes first.
    """

    pipeline: str | None = None
    notebook: str | None = None
    states: tuple[State, ...] = ()
    user: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    notebooks: tuple[str, ...] = ()
    before: str | None = None
    batch: str | None = None
    target: str | None = None
    remote_id: str | None = None
    text: str = ""
    sort: str = "created"
    is_ascending: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter for a WHERE."""
        equal = {
            RUNS.c.pipeline: self.pipeline,
            RUNS.c.notebook_path: self.notebook,
            RUNS.c.user: self.user,
            RUNS.c.batch_id: self.batch,
            RUNS.c.target: self.target,
            RUNS.c.remote_id: self.remote_id,
        }
        found = [column == value for column, value in equal.items() if value is not None]
        if self.states:
            found.append(RUNS.c.state.in_([state.value for state in self.states]))
        if self.tag is not None:
            found.append(RUNS.c.id.in_(select(RUN_TAGS.c.run_id).where(RUN_TAGS.c.tag == self.tag)))
        if self.since is not None:
            found.append(RUNS.c.created_at >= self.since)
        if self.until is not None:
            found.append(RUNS.c.created_at < self.until)
        if self.notebooks:
            found.append(RUNS.c.notebook_path.in_(self.notebooks))
        if self.text:
            columns = (RUNS.c.id, RUNS.c.notebook_path, RUNS.c.pipeline, RUNS.c.user)
            found.append(or_(*(column.icontains(self.text, autoescape=True) for column in columns)))
        if self.before is not None:
            found.append(self._is_behind(self.before))
        return found

    def _is_behind(self, run_id: str) -> ColumnElement[bool]:
        """Whether a run stands behind this one in the list."""
        key, other = self._key, RUNS.alias()

        def of_other(expression: Callable[[FromClause], ColumnElement[Any]]) -> Any:
            return select(expression(other)).where(other.c.id == run_id).scalar_subquery()

        at, place = of_other(lambda table: table.c.created_at), of_other(key)
        same = RUNS.c.created_at == at
        newer_first = or_(RUNS.c.created_at < at, and_(same, RUNS.c.id < run_id))
        if self.sort == "created":
            oldest_first = or_(RUNS.c.created_at > at, and_(same, RUNS.c.id > run_id))
            return oldest_first if self.is_ascending else newer_first
        mine = key(RUNS)
        return or_(mine > place if self.is_ascending else mine < place, and_(mine == place, newer_first))

    def _key(self, table: FromClause) -> ColumnElement[Any]:
        """What a run's place in the list depends on; never NULL, which is neither less nor more."""
        found = SORTS[self.sort](table)
        if self.sort != "duration":
            return found
        return func.coalesce(found, _BEYOND_S if self.is_ascending else -_BEYOND_S)

    def ordered(self, query: Select[Any]) -> Select[Any]:
        """The query in the order of the list."""
        if self.sort == "created":
            return query.order_by(RUNS.c.created_at, RUNS.c.id) if self.is_ascending else newest_first(query)
        key = self._key(RUNS)
        return newest_first(query.order_by(key if self.is_ascending else key.desc()))


def newest_first(query: Select[Any]) -> Select[Any]:
    """The query in the order of time, the last first."""
    return query.order_by(RUNS.c.created_at.desc(), RUNS.c.id.desc())
