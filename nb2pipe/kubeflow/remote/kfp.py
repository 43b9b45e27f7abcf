"""Kubeflow Pipelines as an engine elsewhere: its API ``v2beta1``, and the logs that it hands out beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nb2pipe.errors import RemoteError
from nb2pipe.kubeflow.remote.codes import GONE, not_possible
from nb2pipe.kubeflow.remote.kfp_api import ENGINE, Connection
from nb2pipe.kubeflow.remote.kfp_cron import trigger_of
from nb2pipe.kubeflow.remote.kfp_tasks import STATES, tasks_of, time_of
from nb2pipe.kubeflow.remote.said import brief
from nb2pipe.kubeflow.remote.values import RemoteRun, RemoteSchedule, RemoteTask, SchedulePlan, Submission
from nb2pipe.model import Standing, State
from nb2pipe.settings.targets import Target

BASE = "/apis/v2beta1"
LOGS = "/apis/v1alpha1/runs/{run}/nodes/{pod}/log"
"""Not in the API's definition: it streams, which that cannot say; the same in every version 2."""
DEFAULT_EXPERIMENT = "Default"
UNCLEAR = ("N2P957", "N2P958")
"""Errors after which a run may have begun all the same."""
NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


def connect_kfp(target: Target) -> KfpRemote:
    """The client of a target of the kind ``kfp``."""
    return KfpRemote(target, Connection(target))


class KfpRemote:
    """A :class:`~nb2pipe.kubeflow.remote.protocol.Remote` of Kubeflow Pipelines.

    It hands over no artifacts: these are in a store of the cluster's own. What a step leaves for us is in its log.

    Args:
        target: where, and as what.
        connection: to it.
    """

    def __init__(self, target: Target, connection: Connection) -> None:
        self._target, self._connection = target, connection

    def check(self) -> str:
        """What is there: a sentence."""
        health = self._connection.ask("GET", f"{BASE}/healthz", "tell how it is")
        query = {"page_size": 1, **({"namespace": self._namespace()} if self._connection.namespace else {})}
        self._connection.ask("GET", f"{BASE}/runs", "list runs", query=query)
        version = str(health.get("tag_name") or health.get("commit_sha") or "").strip()
        people = ", for several users" if health.get("multi_user") else ""
        return f"{self._connection.where}{f', version {version}' if version else ''}{people}"

    def submit(self, submission: Submission) -> RemoteRun:
        """Start a run."""
        body = {**self._body(submission), "display_name": submission.name, "description": submission.description}
        try:
            return self._run(self._connection.ask("POST", f"{BASE}/runs", "start the run", body=body))
        except RemoteError as error:
            found = self._begun(submission) if error.code in UNCLEAR else None
            if found is None:
                raise
            return found

    def _begun(self, submission: Submission) -> RemoteRun | None:
        """A run that began though its server did not say so: it bears our own id in its description."""
        query = {"filter": _equals("display_name", submission.name), "page_size": 20, "sort_by": "created_at desc"}
        if self._connection.namespace:
            query["namespace"] = self._connection.namespace
        with suppress(RemoteError):
            told = self._connection.ask("GET", f"{BASE}/runs", "list runs", query=query).get("runs") or []
            own = [each for each in told if submission.request_id in str(each.get("description", ""))]
            return self._run(own[0]) if own and submission.request_id else None
        return None

    def status(self, run_id: str) -> RemoteRun:
        """A run with its tasks."""
        return self._run(self._of_run("GET", run_id, "", "tell of the run"))

    def cancel(self, run_id: str) -> None:
        """Stop a run."""
        try:
            self._of_run("POST", run_id, ":terminate", "stop the run")
        except RemoteError as error:
            if error.code == GONE or not self.status(run_id).state.is_final:
                raise

    def delete(self, run_id: str) -> None:
        """Have a run forgotten."""
        with _unless_gone():
            self._of_run("DELETE", run_id, "", "delete the run")

    def log(self, run_id: str, task: RemoteTask) -> str:
        """What a task printed: of its pod, or what the server keeps of it."""
        for pod in task.handle.split():
            path = LOGS.format(run=quote(run_id, safe=""), pod=quote(pod, safe=""))
            text = without_error(self._connection.text("GET", path, "hand over a log", what=f"log of {task.name}"))
            if text:
                return text
        return ""

    def artifact(self, run_id: str, task: RemoteTask, name: str) -> bytes | None:
        """None: the server hands none over."""
        return None

    def add_schedule(self, plan: SchedulePlan) -> RemoteSchedule:
        """Make a recurring run."""
        body = {
            **self._body(plan.submission),
            "display_name": plan.name,
            "description": plan.submission.description,
            "max_concurrency": str(plan.at_once),
            "no_catchup": not plan.catch_up,
            "mode": "ENABLE",
            "trigger": trigger_of(plan),
        }
        return self._schedule(self._connection.ask("POST", f"{BASE}/recurringruns", "make the schedule", body=body))

    def schedule(self, schedule_id: str) -> RemoteSchedule:
        """A recurring run."""
        return self._schedule(self._of_schedule("GET", schedule_id, "", "tell of the schedule"))

    def pause(self, schedule_id: str) -> None:
        """Disable a recurring run."""
        self._of_schedule("POST", schedule_id, ":disable", "pause the schedule")

    def resume(self, schedule_id: str) -> None:
        """Enable a recurring run."""
        self._of_schedule("POST", schedule_id, ":enable", "resume the schedule")

    def delete_schedule(self, schedule_id: str) -> None:
        """Delete a recurring run."""
        with _unless_gone():
            self._of_schedule("DELETE", schedule_id, "", "delete the schedule")

    def schedule_runs(self, schedule_id: str, limit: int) -> list[RemoteRun]:
        """The latest runs of a recurring run."""
        query = {"filter": _equals("recurring_run_id", schedule_id), "page_size": limit, "sort_by": "created_at desc"}
        if self._connection.namespace:
            query["namespace"] = self._connection.namespace
        found = self._connection.ask("GET", f"{BASE}/runs", "list runs", query=query)
        return [self._run(each) for each in found.get("runs") or []]

    def close(self) -> None:
        """Let go of connections."""
        self._connection.close()

    def _body(self, submission: Submission) -> dict[str, Any]:
        """What a run and a recurring run are alike made of."""
        spec: Mapping[str, Any] = submission.spec
        if submission.platform:
            spec = {"pipeline_spec": submission.spec, "platform_spec": submission.platform}
        config: dict[str, Any] = {"parameters": dict(submission.parameters)}
        if self._target.pipeline_root:
            config["pipeline_root"] = self._target.pipeline_root
        found: dict[str, Any] = {"pipeline_spec": spec, "runtime_config": config}
        if self._target.service_account:
            found["service_account"] = self._target.service_account
        namespace = self._namespace()
        if self._target.experiment or namespace:
            found["experiment_id"] = self._experiment(self._target.experiment or DEFAULT_EXPERIMENT, namespace)
        return found

    def _namespace(self) -> str:
        """The namespace, where the server wants one: the target's, or the one of the pod that asks."""
        if self._connection.namespace:
            return self._connection.namespace
        if not self._connection.ask("GET", f"{BASE}/healthz", "tell how it is").get("multi_user"):
            return ""
        with suppress(OSError):
            return Path(NAMESPACE_FILE).read_text("utf-8").strip()
        why = "it serves several users, each in a namespace of their own, and the target names none"
        advice = "Add it again with --namespace and --replace."
        raise not_possible("N2P964", engine=ENGINE, what=f"the target {self._target.name!r}", why=why, advice=advice)

    def _experiment(self, name: str, namespace: str) -> str:
        """Id of an experiment, which is made where there is none of this name."""
        of = {"namespace": namespace} if namespace else {}
        query = {"filter": _equals("display_name", name), "page_size": 1, **of}
        found = self._connection.ask("GET", f"{BASE}/experiments", "list experiments", query=query)
        known = found.get("experiments") or []
        if not known:
            body = {"display_name": name, **of}
            known = [self._connection.ask("POST", f"{BASE}/experiments", "make the experiment", body=body)]
        return str(known[0].get("experiment_id", ""))

    def _of_run(self, method: str, run_id: str, verb: str, action: str) -> Mapping[str, Any]:
        path = f"{BASE}/runs/{quote(run_id, safe='')}{verb}"
        return self._connection.ask(method, path, action, what=f"run {run_id}")

    def _of_schedule(self, method: str, schedule_id: str, verb: str, action: str) -> Mapping[str, Any]:
        path = f"{BASE}/recurringruns/{quote(schedule_id, safe='')}{verb}"
        return self._connection.ask(method, path, action, what=f"schedule {schedule_id}")

    def _run(self, told: Mapping[str, Any]) -> RemoteRun:
        state = STATES.get(str(told.get("state")), State.RUNNING)
        run_id = str(told.get("run_id", ""))
        return RemoteRun(
            run_id,
            str(told.get("display_name", "")),
            State.RUNNING if state is State.QUEUED else state,
            self._page(f"runs/details/{run_id}"),
            time_of(told.get("created_at")),
            time_of(told.get("finished_at")) if state.is_final else None,
            brief((told.get("error") or {}).get("message") or ""),
            tasks_of(told),
            (told.get("runtime_config") or {}).get("parameters") or {},
            str(told.get("recurring_run_id") or ""),
        )

    def _schedule(self, told: Mapping[str, Any]) -> RemoteSchedule:
        schedule_id = str(told.get("recurring_run_id", ""))
        status = str(told.get("status", "ENABLED"))
        return RemoteSchedule(
            schedule_id,
            str(told.get("display_name", "")),
            Standing.PAUSED if status == "DISABLED" else Standing.ACTIVE,
            self._page(f"recurringrun/details/{schedule_id}"),
            message=brief((told.get("error") or {}).get("message") or ""),
        )

    def _page(self, place: str) -> str:
        return f"{self._target.ui or self._connection.host}/#/{place}"


def _equals(key: str, value: str) -> str:
    return json.dumps({"predicates": [{"operation": 1, "key": key, "stringValue": value}]})


@contextmanager
def _unless_gone() -> Iterator[None]:
    """Lets pass that a thing to be deleted is not there."""
    try:
        yield
    except RemoteError as error:
        if error.code != GONE:
            raise


def without_error(text: str) -> str:
    """A log without the error that the server writes behind it where it fails: its status is 200 by then.

    Args:
        text: the answer.
    """
    start = text.rfind('{"error_message"')
    if start < 0:
        return text
    try:
        found = json.loads(text[start:])
    except ValueError:
        return text
    return text[:start] if isinstance(found, dict) and "error_message" in found else text
