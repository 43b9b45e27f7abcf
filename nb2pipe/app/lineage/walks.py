"""Use-cases of lineage: what something was made of, and what used it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from nb2pipe.app.history import looking
from nb2pipe.app.lineage.targets import find_target
from nb2pipe.conversion import build_pipeline
from nb2pipe.errors import Nb2pipeError
from nb2pipe.execution.digests import file_digest
from nb2pipe.lineage.diff import RunDiff, diff_runs
from nb2pipe.lineage.graph import (
    ArtifactNode,
    CodeCell,
    DataNode,
    Graph,
    RunRecord,
    build_graph,
)
from nb2pipe.lineage.target import Target, starts_of
from nb2pipe.lineage.walk import Direction, walk
from nb2pipe.model import Run
from nb2pipe.notebook import read_notebook
from nb2pipe.settings import Settings
from nb2pipe.store.store import Store
from nb2pipe.store.usage import Touch, runs_touching

BOTH: tuple[Direction, ...] = ("upstream", "downstream")
MOST_RUNS = 300
Cells = Mapping[str, tuple[CodeCell, ...]]
"""The code of each step, by its name."""


@dataclass(frozen=True)
class Lineage:
    """What is known of something.

    Args:
        target: what was asked about.
        starts: ids of its nodes, in the order of time.
        parts: what it was made of and what used it, as far as that was asked.
        now: for a file of this machine, the digest that it has now; empty if it is not there.
        is_cut: whether there were more runs than are followed.
    """

    target: Target
    starts: tuple[str, ...]
    parts: Mapping[Direction, Graph] = field(default_factory=dict)
    now: str = ""
    is_cut: bool = False


@dataclass(frozen=True)
class Narrower:
    """Which of several things of one name is meant.

    Args:
        kind: ``metric`` for the metric where a step saved a value of that name, too; empty for the value.
        digest: of the version of a file; empty for all.
    """

    kind: str = ""
    digest: str = ""

    def of(self, target: Target) -> Target:
        """The one that is meant."""
        if target.kind == "file" and self.digest:
            return replace(target, digest=self.digest)
        if target.kind == "artifact" and target.run_id and self.kind == "metric":
            return replace(target, kind="metric", digest="")
        return target


def lineage_of(
    settings: Settings,
    word: str,
    directions: Iterable[Direction] = BOTH,
    may_read: Callable[[str], bool] = lambda path: True,
    narrower: Narrower = Narrower(),
) -> Lineage:
    """The lineage of an artifact, a metric, a step, a run, a file or a URL.

    Args:
        settings: the settings in force.
        word: its name; see :func:`nb2pipe.app.lineage.targets.find_target`.
        directions: which ways to follow it.
        may_read: whether a file of this machine may be looked at, by its absolute path, to say what is in it now.
        narrower: which of several things of that name.

    Raises:
        RefusedError: nothing or several things have this name.
    """
    with looking(settings) as store:
        target = narrower.of(find_target(store, word, may_read))
        loaded = _Loaded(store, target)
        parts = {direction: loaded.follow(direction) for direction in directions}
        starts = tuple(starts_of(loaded.graph, target))
        is_seen = target.path and "://" not in target.path and may_read(target.path)
        now = file_digest(target.path) if is_seen else ""
        return Lineage(target, starts, parts, now, loaded.is_cut)


def compare_runs(settings: Settings, first: str, second: str) -> tuple[RunRecord, RunRecord, RunDiff]:
    """Two runs, and what differs between them.

    Args:
        settings: the settings in force.
        first: id, the beginning of one or of its tail, ``latest``.
        second: the same.

    Raises:
        SettingsError: no run or several runs fit.
    """
    with looking(settings) as store:
        runs = [store.run(word) for word in (first, second)]
        one, other = (
            RunRecord(replace(run, notebook_text=""), tuple(store.step_runs(run.id)), cells_of(run)) for run in runs
        )
        return one, other, diff_runs(one, other)


class _Loaded:
    """The runs that were needed so far: those of the target, and whatever the walk leads to."""

    def __init__(self, store: Store, target: Target) -> None:
        self._store = store
        self._target = target
        self._records: dict[str, RunRecord] = {}
        self._cells: dict[str, Cells] = {}
        self.is_cut = False
        self.graph = Graph({}, ())
        self._load(_runs_of(store, target))

    def follow(self, direction: Direction) -> Graph:
        """The part of the graph that the target leads to, everything loaded that belongs to it."""
        while True:
            found = walk(self.graph, starts_of(self.graph, self._target), direction, self._target.run_id)
            if not self._load(self._store.ask(partial(runs_touching, what=_frontier(found, direction)))):
                return found

    def _load(self, run_ids: Iterable[str]) -> bool:
        new = sorted(set(run_ids) - self._records.keys(), reverse=True)
        room = max(MOST_RUNS - len(self._records), 0)
        self.is_cut = self.is_cut or len(new) > room
        for run_id in new[:room]:
            run = self._store.run(run_id)
            steps = tuple(self._store.step_runs(run_id))
            if run.notebook_digest not in self._cells:
                self._cells[run.notebook_digest] = cells_of(run)
            self._records[run_id] = RunRecord(replace(run, notebook_text=""), steps, self._cells[run.notebook_digest])
        if new[:room]:
            self.graph = build_graph(self._records.values())
        return bool(new[:room])


def _runs_of(store: Store, target: Target) -> set[str]:
    if target.run_id:
        return {target.run_id}
    if target.kind == "artifact":
        return store.ask(lambda c: runs_touching(c, Touch(saved=(target.digest,), used=(target.digest,))))
    place = ((target.path, target.digest),)
    return store.ask(lambda c: runs_touching(c, Touch(read=place, written=place)))


def _frontier(graph: Graph, direction: Direction) -> Touch:
    """What other runs may have made or used."""
    files = tuple((node.path, node.digest) for node in graph.nodes.values() if isinstance(node, DataNode))
    if direction == "upstream":
        return Touch(written=files)
    values = [node.artifact.digest for node in graph.nodes.values() if isinstance(node, ArtifactNode)]
    return Touch(used=tuple(dict.fromkeys(values)), read=files)


def cells_of(run: Run) -> Cells:
    """The code of each step as it was when the run started; empty for a notebook that no longer converts."""
    try:
        pipeline = build_pipeline(read_notebook(run.notebook_path, text=run.notebook_text))
    except Nb2pipeError:
        return {}
    cells = pipeline.notebook.cells
    return {
        step.name: tuple(
            CodeCell(index, cells[index].id, cells[index].source, index in step.setup_cells)
            for index in sorted({*step.setup_cells, *step.cells})
        )
        for step in pipeline.steps
    }
