"""The stream of changes of a real server: live, resumed, of few and of many."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.app.samples import TWO_STEPS, write_notebook
from tests.notebook.building import code
from tests.server.calling import API, DEADLINE_S, Api, Server
from tests.server.test_runs import is_end

CLIENTS = 200


def test_a_run_as_it_goes(folder: Path, api: Api) -> None:
    """Every change of a run, its steps and cells arrives once and in order; logs for those who ask for them."""
    go_on = folder / "go_on"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.05)"
    say = code("print('one')\nprint('two')", "step:say", "after:wait")
    write_notebook(folder / "n.ipynb", code(wait, "step:wait"), say)
    with api.events() as events:
        assert "hello" == next(iter(events)).kind
        own = api.ok("POST", "/runs", {"path": f"{folder.name}/n.ipynb"})["id"]
        with api.events(f"?run={own}&logs=true") as logs:
            next(iter(logs))
            go_on.touch()
            printed = logs.until(lambda event: event.kind == "log" and "two" in event.data["text"])
        seen = events.until(lambda event: is_end(own, event))
    assert {own} == {event.data.get("run_id", event.data.get("id")) for event in printed if event.kind != "schedules"}
    assert "one\ntwo\n" == "".join(event.data["text"] for event in printed if event.kind == "log")
    numbers = [int(event.id.rpartition("-")[2]) for event in seen]
    assert numbers == sorted(numbers)
    steps = [event.data["state"] for event in seen if event.kind == "step" and event.data["step"] == "say"]
    assert "succeeded" == steps[-1]
    assert {"run", "step", "cell"} == {event.kind for event in seen} - {"schedules"}
    assert f"{folder.name}/n.ipynb" == seen[-1].data["notebook"]


def test_resumed(folder: Path, api: Api) -> None:
    """Who comes back with the last id gets what was missed, and nothing twice; with an unknown one a reset."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    with api.events() as events:
        last = next(iter(events)).id
        own = api.ok("POST", "/runs", {"path": f"{folder.name}/n.ipynb"})["id"]
        seen = events.until(lambda event: is_end(own, event))
    half = len(seen) // 2
    with api.events(Last_Event_ID=seen[half].id) as events:
        hello, *again = events.until(lambda event: is_end(own, event))
    assert ("hello", [event.id for event in seen[half + 1 :]]) == (hello.kind, [event.id for event in again])
    with api.events(f"?last_event_id={last}") as events:
        assert len(seen) + 1 == len(events.until(lambda event: is_end(own, event)))
    for unknown in ("nosuch-1", "nonsense", last.partition("-")[0] + "-999999"):
        with api.events(Last_Event_ID=unknown) as events:
            assert ["hello", "reset"] == [event.kind for event in events.until(lambda event: event.kind == "reset")]


def test_wrong_words(api: Api) -> None:
    """Logs of no run in particular, and unknown words, are refused."""
    for status, query in ((422, "?logs=true"), (400, "?nosuch=1"), (400, "?logs=maybe")):
        assert "N2P851" == api.refused(status, "GET", f"/events{query}")["code"]


def test_two_hundred_clients(server: Server, folder: Path, api: Api) -> None:
    """200 clients see a run from its start to its end, all the same, while the service answers others."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    asyncio.run(asyncio.wait_for(_watch_together(server, api, f"{folder.name}/n.ipynb"), DEADLINE_S))


async def _watch_together(server: Server, api: Api, path: str) -> None:
    streams = await asyncio.gather(*(_listen(server, api) for _ in range(CLIENTS)))
    assert {"hello"} == {kind for kind, _ in await asyncio.gather(*(_event(reader) for reader, _ in streams))}
    started = await asyncio.to_thread(api.ok, "POST", "/runs", {"path": path})
    waiting = [asyncio.create_task(_until_end(reader, started["id"])) for reader, _ in streams]
    listed = await asyncio.to_thread(api.ok, "GET", "/runs?limit=1")
    assert started["id"] == listed["runs"][0]["id"]
    seen = await asyncio.gather(*waiting)
    assert 1 == len({tuple(each) for each in seen})
    for _, writer in streams:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for _, writer in streams))


async def _listen(server: Server, api: Api) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"GET {API}/events HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
    writer.write(f"{head}Authorization: {api.headers['Authorization']}\r\n\r\n".encode())
    await writer.drain()
    assert b"200" in await reader.readline()
    return reader, writer


async def _event(reader: asyncio.StreamReader) -> tuple[str, Any]:
    """The next event, out of chunks that end between events."""
    kind = ""
    while line := await reader.readline():
        if line.startswith(b"event: "):
            kind = line[7:].strip().decode()
        elif line.startswith(b"data: "):
            return kind, json.loads(line[6:])
    raise AssertionError("the stream ended")


async def _until_end(reader: asyncio.StreamReader, run_id: str) -> list[str]:
    seen = []
    while True:
        kind, data = await _event(reader)
        if run_id in (data.get("id"), data.get("run_id")):
            seen.append(f"{kind} {data.get('step', '')} {data.get('index', '')} {data['state']}")
            if kind == "run" and data["state"] not in ("queued", "running"):
                return seen
