"""What a person asks the lineage of, and where that is in a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nb2pipe.lineage.graph import ArtifactNode, DataNode, Graph, MetricNode, StepNode

Kind = Literal["run", "step", "artifact", "metric", "file"]


@dataclass(frozen=True)
class Target:
    """What is asked about.

    Args:
        kind: what it is.
        run_id: the run; empty for a file, and for an artifact named by its digest.
        step: the step; empty for a run and a file.
        name: variable or metric.
        digest: of the artifact's bundle; for a file, of the version that is asked about, empty for all versions.
        path: the file or URL; empty for all files of that digest.
    """

    kind: Kind
    run_id: str = ""
    step: str = ""
    name: str = ""
    digest: str = ""
    path: str = ""

    @property
    def label(self) -> str:
        """As a person may type it."""
        if self.kind == "file":
            return self.path or self.digest[:12]
        if self.kind == "artifact" and not self.run_id:
            return f"{self.digest[:12]}/{self.name}"
        return "/".join(word for word in (self.run_id, self.step, self.name) if word)


def starts_of(graph: Graph, target: Target) -> list[str]:
    """Ids of the nodes that are meant, in the order of time."""
    return [node_id for node_id, node in graph.nodes.items() if _is_meant(node, target)]


def _is_meant(node: StepNode | ArtifactNode | DataNode | MetricNode, target: Target) -> bool:
    if target.kind == "artifact":
        is_name = isinstance(node, ArtifactNode) and node.artifact.digest == target.digest
        return is_name and isinstance(node, ArtifactNode) and node.artifact.name == target.name
    if target.kind == "file":
        same = isinstance(node, DataNode) and target.path in ("", node.path)
        return same and isinstance(node, DataNode) and target.digest in ("", node.digest)
    if target.kind == "metric":
        is_own = isinstance(node, MetricNode) and (node.run_id, node.step) == (target.run_id, target.step)
        return is_own and isinstance(node, MetricNode) and node.metric.name == target.name
    return isinstance(node, StepNode) and node.run.id == target.run_id and target.step in ("", node.step.step)
