"""The workflow that a server makes of a pipeline: the nodes that its API tells of, as Argo names and numbers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NEVER = "1970-01-01T00:00:00Z"


def fnv(text: str) -> int:
    """FNV-1a of 32 bits, as Argo numbers its nodes."""
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value


@dataclass
class Task:
    """A task of a run, as a test has moved it.

    Args:
        state: of the API; empty before it begins.
        seconds: that it took, or takes.
        tries: attempts, where it may be tried again.
        driver: state of its driver.
        message: of its error.
    """

    state: str = ""
    seconds: int = 10
    tries: int = 0
    driver: str = "SUCCEEDED"
    message: str = ""


@dataclass
class Workflow:
    """What became of a run.

    Args:
        name: of the workflow.
        spec: the pipeline.
        tasks: by name.
        began: when.
    """

    name: str
    spec: Mapping[str, Any]
    tasks: dict[str, Task] = field(default_factory=dict)
    began: datetime = BEGAN

    def details(self) -> list[dict[str, Any]]:
        """``task_details`` of the API: names, states, times and the ids of children, but no ids of its own."""
        begun = {name: task for name, task in self.tasks.items() if task.state}
        found = [
            self._node(self.name, "RUNNING", 0, None, [self._id("root-driver")]),
            self._node("root-driver", "SUCCEEDED", 0, 2, [self._id("root")]),
            self._node("root", "RUNNING", 2, None, [self._id(f"root.{name}-driver") for name in begun]),
        ]
        for number, (name, task) in enumerate(begun.items()):
            found += self._of(name, task, 10 * number)
        return sorted(found, key=lambda each: str(each["display_name"]))

    def pod(self, task: str, attempt: int | None = None) -> str:
        """Name of the pod of a task."""
        count = "" if attempt is None else f"({attempt})"
        return f"{self.name}-{self._template(task)}-{fnv(f'{self.name}.root.{task}.executor{count}')}"

    def _template(self, task: str) -> str:
        pipeline = self.spec.get("pipeline_spec", self.spec)
        told = pipeline["root"]["dag"]["tasks"][task]
        name = "retry-system-container-impl" if told.get("retryPolicy") else "system-container-impl"
        platform = self.spec.get("platform_spec", {}).get("platforms", {}).get("kubernetes", {})
        metadata = platform.get("deploymentSpec", {}).get("executors", {}).get(f"exec-{task}", {}).get("podMetadata")
        if metadata is None:
            return name
        return f"metadata-{len(metadata.get('annotations', {}))}-{len(metadata.get('labels', {}))}-{name}"

    def _of(self, name: str, task: Task, start: int) -> Iterator[dict[str, Any]]:
        whole = self._id(f"root.{name}")
        yield self._node(f"{name}-driver", task.driver, start, start + 1, [whole])
        if task.driver != "SUCCEEDED":
            return
        end = start + 1 + task.seconds
        final = task.state in ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED")
        cached = task.state == "SKIPPED"
        executor = f"root.{name}.executor"
        state = "SUCCEEDED" if cached else task.state
        yield self._node(name, state, start + 1, end if final else None, [self._id(executor)], task.message)
        tries = [self._id(f"{executor}({number})") for number in range(task.tries)]
        yield self._node("executor", task.state, start + 1, start + 1 if cached else end if final else None, tries)
        for number in range(task.tries):
            last = number == task.tries - 1
            yield self._node(f"executor({number})", task.state if last else "FAILED", start + 1, end, [])

    def _id(self, name: str) -> str:
        return f"{self.name}-{fnv(f'{self.name}.{name}')}"

    def _node(
        self, name: str, state: str, start: int, end: int | None, children: list[str], message: str = ""
    ) -> dict[str, Any]:
        found = {
            "run_id": "",
            "task_id": f"task-{fnv(name + str(start))}",
            "display_name": name,
            "create_time": self._time(0),
            "start_time": self._time(start),
            "end_time": NEVER if end is None else self._time(end),
            "state": state,
            "child_tasks": [{"pod_name": each} for each in children],
        }
        return {**found, "error": {"code": 13, "message": message}} if message else found

    def _time(self, seconds: int) -> str:
        return f"{self.began + timedelta(seconds=seconds):%Y-%m-%dT%H:%M:%SZ}"
