"""Signs of life on silent streams, of a real server that gives them as often as it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from nb2pipe.errors import SettingsError
from nb2pipe.server.extension import heartbeat_of
from tests.app.samples import TWO_STEPS, write_notebook
from tests.server.calling import Events, Server, run_server
from tests.server.conftest import PEOPLE
from tests.server.test_runs import is_end


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets no stream be silent for long."""
    own = """--ServerApp.tornado_settings={"nb2pipe_heartbeat_s": 0.02}"""
    yield from run_server(tmp_path_factory.mktemp("jupyter"), *PEOPLE, own)


def blocks(events: Events) -> Iterator[str]:
    """What comes between empty lines, comments included."""
    found: list[str] = []
    for line in events.answer:
        text = line.decode().rstrip("\n")
        if text:
            found.append(text)
        elif found:
            yield "\n".join(found)
            found = []


def test_a_silent_stream_shows_that_it_lives(quick: Server) -> None:
    """Nothing happens, and yet something comes, again and again: comments, which are no events and have no id."""
    with quick.api().events() as events:
        hello, *others = islice(blocks(events), 6)
    assert "event: hello" in hello
    assert [": alive"] * 5 == others


def test_events_between_signs_of_life(quick: Server) -> None:
    """Readers of events do not see the signs, miss nothing by them, and go on where they were."""
    write_notebook(quick.root / "n.ipynb", *TWO_STEPS)
    api = quick.api()
    with api.events() as events:
        assert "hello" == next(iter(events)).kind
        assert ": alive" == next(blocks(events))
        own = api.ok("POST", "/runs", {"path": "n.ipynb"})["id"]
        seen = events.until(lambda event: is_end(own, event))
        assert ": alive" == next(blocks(events))
    numbers = [int(event.id.rpartition("-")[2]) for event in seen]
    assert list(range(numbers[0], numbers[0] + len(numbers))) == numbers
    with api.events(Last_Event_ID=seen[0].id) as events:
        _, *again = events.until(lambda event: is_end(own, event))
    assert [event.id for event in seen[1:]] == [event.id for event in again]


@pytest.mark.parametrize("value", [0, -1, True, "15", None, float("inf"), float("nan")])
def test_no_interval(value: Any) -> None:
    """What is no number of seconds is refused, with how it is written."""
    with pytest.raises(SettingsError, match=r"(?s)nb2pipe_heartbeat_s cannot be .*tornado_settings"):
        heartbeat_of({"nb2pipe_heartbeat_s": value})
    assert (15.0, 3.0) == (heartbeat_of({}), heartbeat_of({"nb2pipe_heartbeat_s": 3}))
