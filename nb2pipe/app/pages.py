"""Runs a page at a time, for a table that may be long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from nb2pipe.app.history import looking
from nb2pipe.errors import StoreError
from nb2pipe.model import Run, State
from nb2pipe.settings import Settings

if TYPE_CHECKING:
    from nb2pipe.store.run_filter import RunFilter
    from nb2pipe.store.store import Store


@dataclass(frozen=True)
class RunQuery:
    """Which runs; what is None or empty does not matter.

    Args:
        notebook: absolute path of the notebook. Runs that were given a relative path that ends it count too.
        pipeline: pipeline name.
        states: any of these.
        user: who started it.
        tag: one of its labels.
        since: created then or later; aware.
        until: created before then; aware.
        target: the target that it was sent to; an empty text for runs of this machine.
        text: stands anywhere in the id, the notebook's path, the pipeline's name or the user, in any case.
        sort: what the list is in the order of: ``created``, ``duration``, ``pipeline``, ``state`` or ``user``.
        is_ascending: whether the least comes first.
    """

    notebook: str | None = None
    pipeline: str | None = None
    states: tuple[State, ...] = ()
    user: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    target: str | None = None
    text: str = ""
    sort: str = "created"
    is_ascending: bool = False


@dataclass(frozen=True)
class RunPage:
    """A page of runs.

    Args:
        runs: in the order that was asked for.
        metrics: by run id and name.
        next: id to ask the next page with; None on the last page.
    """

    runs: tuple[Run, ...]
    metrics: Mapping[str, Mapping[str, Any]]
    next: str | None


def page_of_runs(settings: Settings, query: RunQuery, *, limit: int, before: str | None = None) -> RunPage:
    """A page of the runs that fit; of those in the order of time, runs that begin meanwhile do not shift it.

    Args:
        settings: the settings in force.
        query: which runs.
        limit: runs on the page, at least 1.
        before: id of the last run of the page before; None for the first page.

    Raises:
        NotFoundError: ``before`` is no run, or one that is gone.
    """
    with looking(settings) as store:
        last = _known(store, before) if before is not None else None
        found = store.runs_like(_filter(query, last), limit + 1)
        page = tuple(found[:limit])
        rest = page[-1].id if len(found) > limit else None
        return RunPage(page, store.metrics([run.id for run in page]), rest)


def _known(store: Store, word: str) -> str:
    """The id of a run that is there, even if its record cannot be read."""
    try:
        return store.run(word).id
    except StoreError:
        return word


def _filter(query: RunQuery, before: str | None) -> RunFilter:
    from nb2pipe.store.run_filter import RunFilter

    return RunFilter(
        pipeline=query.pipeline,
        states=query.states,
        user=query.user,
        tag=query.tag,
        since=query.since,
        until=query.until,
        notebooks=tuple(_ways_to_write(query.notebook)) if query.notebook else (),
        before=before,
        target=query.target,
        text=query.text,
        sort=query.sort,
        is_ascending=query.is_ascending,
    )


def _ways_to_write(path: str) -> Iterable[str]:
    """An absolute path, and the relative ones that may mean it from some folder above."""
    parts = PurePath(path).parts
    yield path
    yield from ("/".join(parts[start:]) for start in range(1, len(parts)))
