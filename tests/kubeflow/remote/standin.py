"""A server that stands in for Kubeflow Pipelines: its requests are held against the API's definition, its states are
moved by the test. What streams logs is not in the definition; it is as the server's source has it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.kubeflow.remote.definition import faults, operation_of
from tests.kubeflow.remote.workflow import BEGAN, Task, Workflow

OVER = ("SUCCEEDED", "FAILED", "CANCELED")
LOG = "/apis/v1alpha1/runs/"


class Refused(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, message: str, code: int = 13) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


@dataclass
class StandIn:
    """The state of the server, for the test to look at and to move.

    Args:
        token: that requests must bring; empty for none.
        is_multi_user: whether namespaces are wanted.
        fault: asked for each operation; an answer instead of the server's: status and text.
        hold: requests wait for it, where it is not set.
    """

    token: str = ""
    is_multi_user: bool = False
    fault: Callable[[str], tuple[int, str] | None] = lambda operation: None
    hold: threading.Event = field(default_factory=threading.Event)
    url: str = ""
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    schedules: dict[str, dict[str, Any]] = field(default_factory=dict)
    experiments: dict[str, dict[str, Any]] = field(default_factory=dict)
    logs: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hold.set()

    def only_run(self) -> str:
        """Id of the run, where there is one."""
        (run_id,) = self.runs
        return run_id

    def move(self, run_id: str, state: str = "", **tasks: Task) -> None:
        """Move a run and tasks of it; ``_`` in a name of a task stands for ``-``."""
        if state:
            self.runs[run_id]["state"] = state
            if state in OVER:
                self.runs[run_id]["finished_at"] = "2026-03-04T05:10:00Z"
        self.workflows[run_id].tasks |= {name.replace("_", "-"): task for name, task in tasks.items()}

    def print_log(self, run_id: str, task: str, text: str, attempt: int | None = None) -> None:
        """Have a task's pod print something."""
        self.logs[self.workflows[run_id].pod(task, attempt)] = text

    def fire(self, schedule_id: str) -> str:
        """Have a schedule start a run."""
        made = self.schedules[schedule_id]
        body = {key: made[key] for key in ("pipeline_spec", "runtime_config")}
        return self._add({**body, "display_name": f"{made['display_name']} 1", "recurring_run_id": schedule_id})

    def answer(self, operation: str, path: Mapping[str, str], query: Mapping[str, str], body: Any) -> Any:
        """The answer to a request that is as the definition has it."""
        name = operation.partition("_")[2] or operation
        method = getattr(self, f"_{name}", None)
        if method is None:
            raise Refused(501, f"the stand-in has no {operation}", 12)
        return method(path, query, body)

    def _GetHealthz(self, path: Any, query: Any, body: Any) -> Any:
        return {"multi_user": self.is_multi_user}

    def _ListExperiments(self, path: Any, query: Mapping[str, str], body: Any) -> Any:
        wanted = _wanted(query)
        return {"experiments": [each for each in self.experiments.values() if _fits(each, wanted)]}

    def _GetExperiment(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        return self._found(self.experiments, path["experiment_id"], "Experiment")

    def _CreateExperiment(self, path: Any, query: Any, body: Mapping[str, Any]) -> Any:
        if self.is_multi_user and not body.get("namespace"):
            raise Refused(400, "Invalid input error: Namespace cannot be empty in multi-user mode", 3)
        made = {**body, "experiment_id": f"experiment-{len(self.experiments) + 1}"}
        self.experiments[made["experiment_id"]] = made
        return made

    def _CreateRun(self, path: Any, query: Any, body: Mapping[str, Any]) -> Any:
        if self.is_multi_user and not body.get("experiment_id"):
            raise Refused(400, "Invalid input error: a run needs an experiment in multi-user mode", 3)
        return self.runs[self._add(body)]

    def _add(self, body: Mapping[str, Any]) -> str:
        run_id = f"00000000-0000-4000-8000-{len(self.runs) + 1:012}"
        spec = body["pipeline_spec"]
        name = spec.get("pipeline_spec", spec)["pipelineInfo"]["name"]
        tasks = spec.get("pipeline_spec", spec)["root"]["dag"]["tasks"]
        self.runs[run_id] = {
            **body,
            "run_id": run_id,
            "state": "PENDING",
            "created_at": f"{BEGAN:%Y-%m-%dT%H:%M:%SZ}",
            "finished_at": "1970-01-01T00:00:00Z",
            "storage_state": "AVAILABLE",
        }
        self.workflows[run_id] = Workflow(f"{name}-{len(self.runs):05}", spec, {each: Task() for each in tasks})
        return run_id

    def _GetRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        found = self._found(self.runs, path["run_id"], "Run")
        details = self.workflows[path["run_id"]].details() if found["state"] != "PENDING" else []
        return {**found, "run_details": {"task_details": details}}

    def _ListRuns(self, path: Any, query: Mapping[str, str], body: Any) -> Any:
        if self.is_multi_user and not query.get("namespace"):
            raise Refused(400, "Invalid input error: a namespace is needed", 3)
        wanted = _wanted(query)
        found = [each for each in reversed(self.runs.values()) if _fits(each, wanted)]
        return {"runs": found[: int(query.get("page_size", "10"))], "total_size": len(found)}

    def _TerminateRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        found = self._found(self.runs, path["run_id"], "Run")
        if found["state"] in OVER:
            raise Refused(400, "Failed to terminate a run: it is not running", 9)
        found["state"] = "CANCELING"
        return {}

    def _DeleteRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        self._found(self.runs, path["run_id"], "Run")
        del self.runs[path["run_id"]]
        return {}

    def _CreateRecurringRun(self, path: Any, query: Any, body: Mapping[str, Any]) -> Any:
        cron = body["trigger"].get("cron_schedule", {}).get("cron")
        if cron is not None and len(cron.split()) != 6:
            raise Refused(400, "Invalid input error: the schedule has not six fields", 3)
        schedule_id = f"10000000-0000-4000-8000-{len(self.schedules) + 1:012}"
        status = "DISABLED" if body.get("mode") == "DISABLE" else "ENABLED"
        self.schedules[schedule_id] = {**body, "recurring_run_id": schedule_id, "status": status}
        return self.schedules[schedule_id]

    def _GetRecurringRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        return self._found(self.schedules, path["recurring_run_id"], "RecurringRun")

    def _EnableRecurringRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        self._found(self.schedules, path["recurring_run_id"], "RecurringRun")["status"] = "ENABLED"
        return {}

    def _DisableRecurringRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        self._found(self.schedules, path["recurring_run_id"], "RecurringRun")["status"] = "DISABLED"
        return {}

    def _DeleteRecurringRun(self, path: Mapping[str, str], query: Any, body: Any) -> Any:
        self._found(self.schedules, path["recurring_run_id"], "RecurringRun")
        del self.schedules[path["recurring_run_id"]]
        return {}

    def _found(self, things: Mapping[str, dict[str, Any]], key: str, kind: str) -> dict[str, Any]:
        if key not in things:
            raise Refused(404, f"ResourceNotFoundError: {kind} {key} not found", 5)
        return things[key]


def _wanted(query: Mapping[str, str]) -> dict[str, str]:
    told = json.loads(query.get("filter") or "{}")
    found = {each["key"]: each["stringValue"] for each in told.get("predicates", [])}
    return {**found, **({"namespace": query["namespace"]} if query.get("namespace") else {})}


def _fits(thing: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    return all(thing.get(key) == value for key, value in wanted.items() if key != "namespace" or "namespace" in thing)


class _Handler(BaseHTTPRequestHandler):
    state: StandIn

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.state.hold.wait(30)
        try:
            status, text = self._answer(body)
        except Refused as error:
            told = {"error": error.message, "code": error.code, "message": error.message, "details": []}
            status, text = error.status, json.dumps(told)
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/dex/auth")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client had not the patience
            self.wfile.write(text.encode())

    do_GET = do_POST = do_DELETE = do_PATCH = _serve

    def _answer(self, body: bytes) -> tuple[int, str]:
        state = self.state
        if urlsplit(self.path).path.startswith(LOG):
            return self._log()
        found = operation_of(self.command, self.path)
        if found is None:
            raise Refused(404, "Not Found", 5)
        operation, path, defined = found
        state.asked.append((operation, json.loads(body) if body else None))
        if state.token and self.headers.get("Authorization") != f"Bearer {state.token}":
            raise Refused(401, "Unauthenticated: the token is expired", 16)
        fault = state.fault(operation)
        if fault is not None:
            return fault
        wrong = list(faults(defined, self.path, body))
        if wrong:
            state.wrong += wrong
            raise Refused(400, f"Invalid input error: {wrong[0]}", 3)
        query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        return 200, json.dumps(state.answer(operation, path, query, json.loads(body) if body else None))

    def _log(self) -> tuple[int, str]:
        """The status is 200 whatever happens; an error is written behind what was there."""
        pod = unquote(urlsplit(self.path).path.split("/")[-2])
        fault = self.state.fault("ReadRunLog")
        if fault is not None:
            return fault
        if pod in self.state.logs:
            return 200, self.state.logs[pod]
        error = f"Failed to read logs for run: pod {pod} not found"
        return 200, json.dumps({"error_message": error, "error_details": error}, separators=(",", ":"))


@contextlib.contextmanager
def serving(state: StandIn) -> Iterator[StandIn]:
    """The server, as long as it is wanted."""
    handler = type("Handler", (_Handler,), {"state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield state
    finally:
        state.hold.set()
        server.shutdown()
        server.server_close()
        thread.join()
