"""What is removed from the store again, and what then still stands in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from nb2pipe.errors import SettingsError
from nb2pipe.model import State
from nb2pipe.store import prune
from nb2pipe.store.database import Database
from nb2pipe.store.run_filter import RunFilter


class Retention:
    """Lets runs go, or the values that they made; each method is one transaction.

    Args:
        database: tables up to date.
        home: folder under which runs have theirs.
    """

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._home = home

    def delete_runs(
        self,
        *,
        ids: Iterable[str] | None = None,
        older_than: datetime | None = None,
        keep_last: int = 0,
        states: Iterable[State] = (),
        pipeline: str | None = None,
        dry_run: bool = False,
    ) -> prune.Pruned:
        """Remove runs that fit all that is given, with all that belongs to them. Runs that are going on stay.

        Args:
            ids: only these, whole ids.
            older_than: only those created before then; aware.
            keep_last: not the newest so many of each pipeline.
            states: only those in one of these.
            pipeline: only those of this pipeline.
            dry_run: remove nothing, only tell.

        Raises:
            SettingsError: nothing was given, which would remove every run; or a run of ``ids`` is going on.
            StoreError: the database failed.
        """
        choice = _choice(ids, older_than, keep_last, states, pipeline)
        return self._database.write(lambda c: prune.prune(c, choice, self._home, dry_run))

    def give_up_values(
        self,
        *,
        ids: Iterable[str] | None = None,
        older_than: datetime | None = None,
        keep_last: int = 0,
        states: Iterable[State] = (),
        pipeline: str | None = None,
        dry_run: bool = False,
    ) -> prune.Pruned:
        """Let the values of runs go that fit all that is given; their records stay, with the time in them.

        Arguments and errors are those of :meth:`delete_runs`; runs without values are none of the result.
        """
        choice = _choice(ids, older_than, keep_last, states, pipeline)
        return self._database.write(lambda c: prune.give_up_values(c, choice, self._database.now(c), dry_run))

    def digests_in_use(self) -> set[str]:
        """Digests of all bundles that step runs in the store refer to.

        Raises:
            StoreError: the database failed.
        """
        return set(self._database.read(prune.digests_in_use))


def _choice(
    ids: Iterable[str] | None,
    older_than: datetime | None,
    keep_last: int,
    states: Iterable[State],
    pipeline: str | None,
) -> prune.Choice:
    chosen = None if ids is None else tuple(ids)
    wanted = RunFilter(pipeline=pipeline, states=tuple(states), until=older_than)
    if chosen is None and not keep_last and not wanted.conditions():
        raise SettingsError("Which runs to remove was not said.", hint="Give ids, an age, states or a number to keep.")
    return prune.Choice(chosen, wanted, keep_last)
