"""What was made of what: steps, the values and files between them, and metrics, over any number of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nb2pipe.model import Artifact, DataUse, Metric, Run, StepRun

AMBIENT = "@"


@dataclass(frozen=True)
class CodeCell:
    """A cell as it was: position in the notebook from 0, id, source, and whether every step may run it."""

    index: int
    id: str
    source: str
    is_setup: bool = False


@dataclass(frozen=True)
class RunRecord:
    """A run as lineage sees it.

    Args:
        run: the run; its notebook's text is not needed.
        steps: last value of each step.
        cells: code of each step, by its name.
    """

    run: Run
    steps: tuple[StepRun, ...]
    cells: Mapping[str, tuple[CodeCell, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class StepNode:
    """A step of one run."""

    run: Run
    step: StepRun
    cells: tuple[CodeCell, ...] = ()

    @property
    def id(self) -> str:
        """Unique in a graph."""
        return step_id(self.run.id, self.step.step)


@dataclass(frozen=True)
class ArtifactNode:
    """A value that a step saved; what was taken from the cache is one value, whichever run it is in."""

    artifact: Artifact

    @property
    def id(self) -> str:
        """Unique in a graph."""
        return artifact_id(self.artifact.digest, self.artifact.name)


@dataclass(frozen=True)
class DataNode:
    """A file in one version, or a URL."""

    path: str
    digest: str
    size_bytes: int | None = None

    @property
    def id(self) -> str:
        """Unique in a graph."""
        return data_id(self.path, self.digest)


@dataclass(frozen=True)
class MetricNode:
    """What a step of a run recorded."""

    run_id: str
    step: str
    metric: Metric

    @property
    def id(self) -> str:
        """Unique in a graph."""
        return f"metric:{self.run_id}/{self.step}/{self.metric.name}"


Node = StepNode | ArtifactNode | DataNode | MetricNode


@dataclass(frozen=True)
class Edge:
    """Data flowed from a node to a node."""

    source: str
    target: str


@dataclass(frozen=True)
class Graph:
    """Nodes by id, in the order of time, and what flowed between them."""

    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]

    def sources(self, node: str) -> tuple[str, ...]:
        """Ids of the nodes that something flowed from into ``node``."""
        return self._around[0].get(node, ())

    def targets(self, node: str) -> tuple[str, ...]:
        """Ids of the nodes that something flowed into from ``node``."""
        return self._around[1].get(node, ())

    def __post_init__(self) -> None:
        into: dict[str, list[str]] = {}
        out: dict[str, list[str]] = {}
        for edge in self.edges:
            into.setdefault(edge.target, []).append(edge.source)
            out.setdefault(edge.source, []).append(edge.target)
        around = tuple({key: tuple(ids) for key, ids in found.items()} for found in (into, out))
        object.__setattr__(self, "_around", around)

    _around: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]] = field(
        init=False, repr=False, compare=False
    )


def step_id(run_id: str, step: str) -> str:
    """Id of a step's node."""
    return f"step:{run_id}/{step}"


def artifact_id(digest: str, name: str) -> str:
    """Id of a value's node."""
    return f"artifact:{digest}/{name}"


def data_id(path: str, digest: str) -> str:
    """Id of the node of a file in one version."""
    return f"data:{digest}:{path}"


def build_graph(records: Iterable[RunRecord]) -> Graph:
    """All that is known of some runs: an edge wherever a step read, made, or took from the cache."""
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for record in sorted(records, key=lambda each: (each.run.created_at, each.run.id)):
        for step in record.steps:
            node = StepNode(record.run, step, record.cells.get(step.step, ()))
            nodes[node.id] = node
            for source in _sources(step, record.steps):
                nodes.setdefault(source.id, source)
                edges[Edge(source.id, node.id)] = None
            for target in _targets(step):
                nodes.setdefault(target.id, target)
                edges[Edge(node.id, target.id)] = None
    return Graph(nodes, tuple(edges))


def _sources(step: StepRun, steps: Iterable[StepRun]) -> Iterable[Node]:
    saved = {(artifact.digest, artifact.name): artifact for each in steps for artifact in each.artifacts}
    for item in step.inputs:
        yield ArtifactNode(saved.get((item.digest, item.name), Artifact(item.name, item.digest, item.group)))
    yield from (_data(use) for use in step.data if use.use == "read")


def _targets(step: StepRun) -> Iterable[Node]:
    yield from (ArtifactNode(artifact) for artifact in step.artifacts if not artifact.name.startswith(AMBIENT))
    yield from (_data(use) for use in step.data if use.use == "written")
    yield from (MetricNode(step.run_id, step.step, metric) for metric in step.metrics)


def _data(use: DataUse) -> DataNode:
    return DataNode(use.path, use.digest, use.size_bytes)
