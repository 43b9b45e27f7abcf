"""The tasks of a run of Kubeflow Pipelines, out of the nodes of the workflow that it became.

The API lists the nodes of Argo's workflow by the names that people see, and for each the ids of its children, but not
its own id. A task ``t`` is a node ``t`` with a child ``executor``, and a node ``t-driver`` before it. An id is a hash
of the node's whole name, so that the ids of what belongs to a task are known, and with them the names of its pods.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from nb2pipe.kubeflow.remote.said import brief
from nb2pipe.kubeflow.remote.values import RemoteTask
from nb2pipe.model import State

STATES: Mapping[str, State] = {
    "PENDING": State.QUEUED,
    "RUNNING": State.RUNNING,
    "PAUSED": State.RUNNING,
    "CANCELING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "SKIPPED": State.SKIPPED,
    "FAILED": State.FAILED,
    "CANCELED": State.CANCELLED,
}
MOST_ATTEMPTS = 20
_IMPLEMENTATION = "system-container-impl"
_ALWAYS = ("executor", "root", "root-driver")
"""Names of nodes that are no tasks by themselves."""


@dataclass(frozen=True)
class _Node:
    """One node of the workflow, as the API tells of it."""

    name: str
    state: State
    started_at: datetime | None
    ended_at: datetime | None
    message: str
    children: tuple[str, ...]
    pod: str


def tasks_of(run: Mapping[str, Any]) -> tuple[RemoteTask, ...]:
    """The tasks of a run that have begun.

    Args:
        run: what the API answers for it.
    """
    details = (run.get("run_details") or {}).get("task_details") or []
    nodes = [_node(each) for each in details if isinstance(each, Mapping)]
    ids = {child for node in nodes for child in node.children}
    workflow = next((each.rpartition("-")[0] for each in sorted(ids) if "-" in each), "")
    templates = _templates(run)
    return tuple(
        _task(name, nodes, ids, workflow, templates.get(name, _IMPLEMENTATION)) for name in _names(nodes, workflow)
    )


def time_of(text: Any) -> datetime | None:
    """A time of the API, in UTC; None where there is none, which it also writes as the year 1 or 1970."""
    try:
        found = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found.astimezone(UTC) if found.year > 1970 else None


def node_id(workflow: str, name: str) -> str:
    """The id that Argo gives the node of a name (FNV-1a, 32 bits, of the whole name)."""
    return f"{workflow}-{_hash(name)}"


def _hash(text: str) -> int:
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def _node(told: Mapping[str, Any]) -> _Node:
    error = told.get("error") or {}
    children = tuple(str(each.get("pod_name") or "") for each in told.get("child_tasks") or [])
    return _Node(
        str(told.get("display_name") or ""),
        STATES.get(str(told.get("state")), State.QUEUED),
        time_of(told.get("start_time")),
        time_of(told.get("end_time")),
        brief(error.get("message") or ""),
        tuple(each for each in children if each),
        str(told.get("pod_name") or ""),
    )


def _names(nodes: Sequence[_Node], workflow: str) -> Iterator[str]:
    """Names of tasks: of nodes whose child is the executor that belongs to them, and of nodes that have a driver."""
    every = dict.fromkeys(node.name for node in nodes)
    for name in every:
        is_known = any(node.name == name and _executor(workflow, name) in node.children for node in nodes)
        if is_known or (name not in _ALWAYS and f"{name}-driver" in every):
            yield name
        elif name.endswith("-driver") and name not in _ALWAYS:
            begun = name.removesuffix("-driver")
            if begun not in every:
                yield begun


def _executor(workflow: str, task: str, number: int | None = None) -> str:
    return node_id(workflow, f"{workflow}.root.{task}.executor" + ("" if number is None else f"({number})"))


def _task(name: str, nodes: Sequence[_Node], ids: set[str], workflow: str, template: str) -> RemoteTask:
    own = [node for node in nodes if node.name == name]
    node = next((each for each in own if _executor(workflow, name) in each.children), own[0] if own else None)
    driver = next((each for each in nodes if each.name == f"{name}-driver"), None)
    if node is None or (driver is not None and driver.state is State.FAILED):
        return _before(name, driver)
    tries = [number for number in range(MOST_ATTEMPTS) if _executor(workflow, name, number) in ids]
    first = _executor(workflow, name)
    attempts = [_executor(workflow, name, number) for number in tries] or ([first] if first in ids else [])
    pods = [_pods(each, workflow, template) for each in attempts[-1:]]
    state = State.CACHED if _is_cached(node, nodes) else node.state
    return RemoteTask(
        name,
        state,
        max(1, len(tries)),
        (driver.started_at if driver else None) or node.started_at,
        node.ended_at if state.is_final else None,
        node.message,
        node.pod or " ".join(pods),
    )


def _before(name: str, driver: _Node | None) -> RemoteTask:
    """A task of which only the driver is there: it has not begun, or never will."""
    if driver is None or driver.state is not State.FAILED:
        return RemoteTask(name, State.QUEUED, started_at=driver.started_at if driver else None)
    message = driver.message or "its driver failed, which makes its pod: the server's pages show the driver's log"
    return RemoteTask(name, State.FAILED, 1, driver.started_at, driver.ended_at, message)


def _is_cached(node: _Node, nodes: Sequence[_Node]) -> bool:
    """Whether its executor was left out: one that was is there as skipped, within the time of its task."""
    if node.state is not State.SUCCEEDED or node.started_at is None or node.ended_at is None:
        return False
    inside = [
        each.state
        for each in nodes
        if each.name.startswith("executor")
        and each.started_at is not None
        and node.started_at <= each.started_at <= node.ended_at
    ]
    return State.SKIPPED in inside and State.SUCCEEDED not in inside


def _pods(executor: str, workflow: str, template: str) -> str:
    """Names that the pod of an executor may have: of Argo's newer way to name them, and of the older one."""
    return f"{workflow}-{template}-{executor.rpartition('-')[2]} {executor}"


def _templates(run: Mapping[str, Any]) -> dict[str, str]:
    """Template of the pods of each task, as the server names it after what the task asks for."""
    whole = run.get("pipeline_spec") or {}
    spec = whole.get("pipeline_spec") or whole
    platforms = ((whole.get("platform_spec") or {}).get("platforms") or {}).get("kubernetes") or {}
    executors = (platforms.get("deploymentSpec") or {}).get("executors") or {}
    tasks = ((spec.get("root") or {}).get("dag") or {}).get("tasks") or {}
    return {name: _template(name, task, executors) for name, task in tasks.items()}


def _template(name: str, task: Mapping[str, Any], executors: Mapping[str, Any]) -> str:
    found = f"retry-{_IMPLEMENTATION}" if task.get("retryPolicy") else _IMPLEMENTATION
    metadata = (executors.get(f"exec-{name}") or {}).get("podMetadata")
    if metadata is None:
        return found
    counts = [len(metadata.get(part) or {}) for part in ("annotations", "labels")]
    return f"metadata-{counts[0]}-{counts[1]}-{found}"
