"""OpenLineage events of a run, sent on a thread of their own: no run waits for them or fails by them."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nb2pipe.app.lineage.kafka import with_deliveries
from nb2pipe.errors import SettingsError
from nb2pipe.lineage.events import Job, run_event, step_event
from nb2pipe.lineage.graph import CodeCell
from nb2pipe.model import Pipeline, Run, State, StepRun
from nb2pipe.settings import Settings

if TYPE_CHECKING:
    from openlineage.client import OpenLineageClient

PATIENCE_S = 5.0
"""How long the end of a run waits for events that are not sent yet."""
MOST_FAILURES = 3
"""So many events that could not be sent one after the other: whoever should get them is not there."""
Make = Callable[[], Any]
_SETTING_UP = threading.Lock()
"""Clients are made one at a time: each sets variables of the environment."""


class Events:
    """Sends the events of one run.

    It does not decide where to: that is the configuration of OpenLineage's own client.

    Args:
        client: OpenLineage's client, or whatever has its ``emit`` and ``close``; None to send nothing.
        job: what the events are about; needed only where there is a client.
    """

    def __init__(self, client: OpenLineageClient | None, job: Job | None) -> None:
        self._client = client
        self._job = job
        self._started: set[tuple[str, int]] = set()
        self._ended: set[tuple[str, int]] = set()
        self._queue: queue.SimpleQueue[Make | None] = queue.SimpleQueue()
        self._made = self._sent = self._row = 0
        self._fault = ""
        self._thread = threading.Thread(target=self._work, name="nb2pipe events", daemon=True)
        if client is not None:
            self._thread.start()
            self._put(lambda job: run_event(job, State.RUNNING, job.run.created_at))

    def step(self, step: StepRun) -> None:
        """Send what is new of a step; steps that were not run have no events."""
        place = (step.step, step.attempt)
        if self._client is None or step.started_at is None or place in self._ended:
            return
        started, ended = step.started_at, step.ended_at or datetime.now(UTC)
        if place not in self._started:
            self._started.add(place)
            self._put(lambda job: step_event(job, step, State.RUNNING, started))
        if step.state.is_final:
            self._ended.add(place)
            self._put(lambda job: step_event(job, step, step.state, ended))

    def finish(self, run: Run, steps: Iterable[StepRun]) -> str:
        """Send the end of the run and wait a little for what is not sent yet.

        Returns:
            What went wrong, in words; empty if nothing did.
        """
        if self._client is None:
            return ""
        done = tuple(steps)
        ended = run.ended_at or datetime.now(UTC)
        self._put(lambda job: run_event(Job(job.namespace, run, job.language, job.cells), run.state, ended, done))
        self._queue.put(None)
        self._thread.join(PATIENCE_S)
        missing = self._made - self._sent
        if not missing:
            return ""
        why = self._fault or f"nobody took them within {PATIENCE_S:.0f} s"
        return f"{missing} of {self._made} OpenLineage events could not be sent: {why}"

    def _put(self, make: Callable[[Job], Any]) -> None:
        job = self._job
        assert job is not None
        self._made += 1
        self._queue.put(lambda: make(job))

    def _work(self) -> None:
        client = self._client
        assert client is not None
        while (make := self._queue.get()) is not None:
            if self._row >= MOST_FAILURES:
                continue
            try:
                client.emit(make())
            except Exception as error:  # foreign code over a network: an event lost is told, and fails nothing
                self._row += 1
                self._fault = self._fault or f"{type(error).__name__}: {error}"
            else:
                self._row = 0
                self._sent += 1
        try:
            client.close(PATIENCE_S)
        except Exception as error:  # as above: what it had not passed on is lost
            self._fault, self._sent = self._fault or f"{type(error).__name__}: {error}", 0


def open_events(settings: Settings, run: Run, pipeline: Pipeline) -> Events:
    """The events of a run that is about to start; none unless the setting ``openlineage`` asks for them.

    Raises:
        SettingsError: OpenLineage's client is not installed, or not configured.
    """
    if not settings.openlineage:
        return Events(None, None)
    cells = {
        step.name: tuple(
            CodeCell(index, pipeline.notebook.cells[index].id, pipeline.notebook.cells[index].source)
            for index in step.cells
        )
        for step in pipeline.steps
    }
    namespace = os.environ.get("OPENLINEAGE_NAMESPACE") or "default"
    return Events(make_client(), Job(namespace, run, pipeline.notebook.language, cells))


def make_client() -> OpenLineageClient:
    """OpenLineage's client, configured as its own documentation says.

    Raises:
        SettingsError: it is not installed, not configured, or cannot be made.
    """
    try:
        from openlineage.client import OpenLineageClient
    except ImportError as error:
        raise SettingsError(
            "The setting 'openlineage' is on, and OpenLineage's client is not installed.",
            hint="Install it: pip install 'nb2pipe[openlineage]'",
        ) from error
    try:
        with _SETTING_UP, _environment_kept():
            client = OpenLineageClient()
    except Exception as error:  # foreign code that reads the user's configuration
        raise SettingsError(
            f"OpenLineage's client cannot be set up: {type(error).__name__}: {error}",
            hint="See its openlineage.yml, or the variables OPENLINEAGE_URL and OPENLINEAGE__TRANSPORT__...",
        ) from error
    if client.transport.kind == "console" and not (client.config.transport or {}).get("type"):
        raise SettingsError(
            "The setting 'openlineage' is on, and nothing says where events go.",
            hint="Set OPENLINEAGE_URL, or write an openlineage.yml with a transport (file, http, kafka).",
        )
    with_deliveries(client.transport)
    return client


@contextmanager
def _environment_kept() -> Iterator[None]:
    """The client sets variables of its own, which steps would inherit."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
