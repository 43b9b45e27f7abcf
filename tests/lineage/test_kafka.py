"""OpenLineage events of a run by its client's Kafka transport, to brokers that librdkafka brings for tests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer

from nb2pipe.app.run import run_notebook
from nb2pipe.model import State
from tests.app.samples import TWO_STEPS, request, settings_in, write_notebook

DEADLINE_S = 60.0
TOPIC = "lineage"


@pytest.fixture
def broker() -> Iterator[str]:
    """The address of a broker; it lives as long as the producer that has it."""
    cluster = Producer({"test.mock.num.brokers": 1, "log_level": 3})
    [found] = cluster.list_topics(timeout=DEADLINE_S).brokers.values()
    yield f"{found.host}:{found.port}"
    cluster.flush()


def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: dict[str, Any]) -> None:
    """OpenLineage's own configuration file, and nothing else that its client would read."""
    for name in [each for each in os.environ if each.startswith("OPENLINEAGE_") and each != "OPENLINEAGE_SPEC"]:
        monkeypatch.delenv(name)
    transport = {"type": "kafka", "topic": TOPIC, "config": config}
    path = tmp_path / "openlineage.yml"
    path.write_text(json.dumps({"transport": transport}), encoding="utf-8")  # JSON is YAML
    monkeypatch.setenv("OPENLINEAGE_CONFIG", str(path))


def received(broker: str, count: int) -> list[tuple[str, dict[str, Any]]]:
    """So many messages of the topic from its beginning: key and event."""
    consumer = Consumer({"bootstrap.servers": broker, "group.id": "test", "auto.offset.reset": "earliest"})
    try:
        consumer.subscribe([TOPIC])
        found: list[tuple[str, dict[str, Any]]] = []
        while len(found) < count:
            messages = consumer.consume(count - len(found), timeout=DEADLINE_S)
            assert messages, f"only {len(found)} of {count} came"
            for message in messages:
                key, value = message.key(), message.value()
                assert message.error() is None and key is not None and value is not None
                found.append((key.decode() if isinstance(key, bytes) else key, json.loads(value)))
        return found
    finally:
        consumer.close()


def test_a_run_to_kafka(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broker: str) -> None:
    """All events of a run arrive in their order, those of one notebook under keys that keep it."""
    configure(tmp_path, monkeypatch, {"bootstrap.servers": broker})
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    result = run_notebook(request(path), settings_in(tmp_path / "home", openlineage=True))
    assert (State.SUCCEEDED, ()) == (result.state, result.warnings)
    messages = received(broker, 6)
    events = [event for _, event in messages]
    assert ["START", "START", "COMPLETE", "START", "COMPLETE", "COMPLETE"] == [each["eventType"] for each in events]
    assert [["n"], ["n.make"] * 2, ["n.add"] * 2, ["n"]] == _grouped([each["job"]["name"] for each in events])
    assert {"run:default/n"} == {key for key, _ in messages}


@pytest.mark.parametrize("cause", ["nobody there", "too large"])
def test_events_that_kafka_does_not_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broker: str, cause: str
) -> None:
    """The run succeeds, and says how many events did not arrive and why."""
    config: dict[str, Any] = {"bootstrap.servers": broker, "message.max.bytes": 1000}
    if cause == "nobody there":
        config = {"bootstrap.servers": "127.0.0.1:1", "message.timeout.ms": 300, "log_level": 0}
    configure(tmp_path, monkeypatch, config)
    path = write_notebook(tmp_path / "n.ipynb", *TWO_STEPS)
    result = run_notebook(request(path), settings_in(tmp_path / "home", openlineage=True))
    assert State.SUCCEEDED is result.state
    [told] = result.warnings
    assert told.startswith("6 of 6 OpenLineage events could not be sent: "), told
    assert {"nobody there": "timed out", "too large": "too large"}[cause] in told


def _grouped(names: list[str]) -> list[list[str]]:
    found: list[list[str]] = []
    for name in names:
        if found and found[-1][0] == name:
            found[-1].append(name)
        else:
            found.append([name])
    return found
