"""Runs started, watched, looked at and stopped through the service, by a real server."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.app.history import show_run
from nb2pipe.model import State
from tests.app.samples import ENDLESS, FAILING, TWO_STEPS, outputs, settings_in, write_notebook
from tests.notebook.building import code, document
from tests.server.calling import Api, Event, Events, Server, run_server
from tests.server.conftest import PEOPLE


def is_end(run_id: str, event: Event) -> bool:
    """Whether a run has ended."""
    own = event.kind == "run" and event.data["id"] == run_id
    return own and event.data["state"] not in ("queued", "waiting", "running")


def run(api: Api, path: Path, **body: Any) -> dict[str, Any]:
    """A run to its end, its steps with it."""
    with api.events() as events:
        assert "hello" == next(iter(events)).kind
        started: dict[str, Any] = api.ok("POST", "/runs", {"path": f"{path.parent.name}/{path.name}", **body})
        events.until(lambda event: is_end(started["id"], event))
    found: dict[str, Any] = api.ok("GET", f"/runs/{started['id']}")
    return found


def test_run_and_look(server: Server, folder: Path, api: Api) -> None:
    """A run has Jupyter's user, its parameters and its results, and everything that it left can be asked for."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    found = run(api, folder / "n.ipynb", parameters={"rows": 4}, tags=["lab"], settings={"jobs": 1})
    own = found["run"]
    assert ("succeeded", "ann", f"{folder.name}/n.ipynb") == (own["state"], own["user"], own["notebook"])
    assert ({"rows": 4, "name": "x"}, ["lab"], {"total": 6}) == (own["parameters"], own["tags"], own["metrics"])
    assert ["succeeded"] * 2 == [step["state"] for step in found["steps"]]
    at = f"/runs/{own['id']}"
    assert ["make", "add"] == [step["name"] for step in api.ok("GET", f"{at}/pipeline")["steps"]]
    assert TWO_STEPS[0]["source"] == api.ok("GET", f"{at}/source")["cells"][0]["source"]
    for address in (f"{at}/notebook", f"{at}/steps/make/notebook"):
        assert "made 4\n" in outputs(api.ok("GET", address))
    assert {"xs": ("make", True)} == {
        each["name"]: (each["step"], each["is_there"]) for each in api.ok("GET", f"{at}/values") if each["name"] == "xs"
    }
    assert 2 == len(api.ok("GET", f"{at}/attempts"))
    report = api("GET", f"{at}/report")
    assert b"made 4" in report.data
    assert report.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "text/html; charset=utf-8" == report.headers["Content-Type"]
    lineage = api.ok("GET", f"/lineage?name={own['id']}/total&direction=upstream")
    assert {"step", "artifact", "metric"} == {node["kind"] for node in lineage["nodes"]}


def test_logs_by_range(folder: Path, api: Api) -> None:
    """A log is read from any byte, backward from its end as well, and never within a character."""
    text = "".join(f"line {number} ü€😀\n" for number in range(200))
    write_notebook(folder / "n.ipynb", code(f"print({text!r}, end='')", "step:say"))
    at = f"/runs/{run(api, folder / 'n.ipynb')['run']['id']}/steps/say/log"
    whole = api.ok("GET", at)
    assert (text, True, len(text.encode())) == (whole["text"], whole["is_whole"], whole["size_bytes"])
    parts, offset = "", 0
    while not (part := api.ok("GET", f"{at}?offset={offset}&limit=37"))["is_whole"]:
        parts, offset = parts + part["text"], part["next_offset"]
    assert text == parts + part["text"]
    assert "line 199 ü€😀\n" == api.ok("GET", f"{at}?offset=-{len('line 199 ü€😀'.encode()) + 1}")["text"]
    beyond = api.ok("GET", f"{at}?offset=999999")
    assert ("", True, whole["size_bytes"]) == (beyond["text"], beyond["is_whole"], beyond["offset"])
    assert "attempt 7" in api.refused(404, "GET", f"{at}?attempt=7")["message"]
    assert "say" in api.refused(404, "GET", at.replace("/say/", "/nosuch/"))["hint"]


def test_pages_filters_and_differences(folder: Path, api: Api) -> None:
    """Pages follow each other without gap or repetition, filters are honoured, runs are compared and removed."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    ids = [run(api, folder / "n.ipynb", parameters={"rows": rows})["run"]["id"] for rows in (1, 2, 3)]
    query = f"/runs?notebook={folder.name}/n.ipynb&state=succeeded&user=ann&since=2026-01-01T00:00:00Z"
    first = api.ok("GET", f"{query}&limit=2")
    rest = api.ok("GET", f"{query}&limit=2&before={first['next']}")
    assert (list(reversed(ids)), None) == ([each["id"] for each in first["runs"] + rest["runs"]], rest["next"])
    assert [] == api.ok("GET", f"{query}&user=bob".replace("&user=ann", ""))["runs"]
    found = api.ok("GET", f"/diff?first={ids[0]}&second={ids[2]}")
    assert [("rows", 1, 3)] == [tuple(each.values()) for each in found["differences"]["parameters"]]
    assert ids[0] in api.refused(422, "DELETE", f"/runs/{ids[0][:-1]}")["hint"]
    assert [ids[0]] == api.ok("DELETE", f"/runs/{ids[0]}")["run_ids"]
    assert [] == api.ok("POST", "/runs/prune", {"older_than_days": 1000, "dry_run": True})["run_ids"]
    assert "N2P854" == api.refused(404, "GET", f"/runs/{ids[0]}")["code"]
    assert "N2P854" == api.refused(404, "GET", f"/runs?before={ids[0]}")["code"]


def test_lineage_of_files(folder: Path, api: Api, tmp_path: Path) -> None:
    """What is in a file now is said of files that Jupyter serves; those elsewhere that a run read are only named."""
    outside, inside = tmp_path / "outside.csv", folder / "inside.csv"
    for path in (outside, inside):
        path.write_text(f"a,{path.name}\n", encoding="utf-8")
    write_notebook(folder / "n.ipynb", code(f"x = open('inside.csv').read() + open({str(outside)!r}).read()", "step:a"))
    run(api, folder / "n.ipynb")
    found = api.ok("GET", f"/lineage?path={folder.name}/inside.csv")
    assert (str(inside), True) == (found["target"]["path"], bool(found["digest_now"]))
    elsewhere = api.ok("GET", f"/lineage?name={outside}&direction=downstream")
    assert (str(outside), "") == (elsewhere["target"]["path"], elsewhere["digest_now"])
    assert "N2P851" == api.refused(422, "GET", "/lineage")["code"]


def test_failure_and_unsaved_text(folder: Path, api: Api) -> None:
    """A run of a text that is not saved runs that text; a failed step says which cell; no file comes of it."""
    text = json.dumps(document(*FAILING))
    found = run(api, folder / "new.ipynb", text=text)
    assert ("failed", False) == (found["run"]["state"], (folder / "new.ipynb").exists())
    failure = next(step["failure"] for step in found["steps"] if step["step"] == "second")
    assert ("ZeroDivisionError", 1) == (failure["name"], failure["cell_index"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"parameters": {"nosuch": 1}}, "nosuch"),
        ({"parameters": {"rows": "many"}}, "rows"),
        ({"settings": {"executor": "nosuch"}}, "nosuch"),
        ({"output": "nosuch/out.ipynb"}, "nosuch"),
        ({"text": json.dumps(document(code("print(nosuch)")))}, "nosuch"),
    ],
)
def test_refused_before_it_starts(folder: Path, api: Api, body: dict[str, Any], said: str) -> None:
    """What cannot run is refused at once, with what is wrong, and no run is recorded."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    answer = api("POST", "/runs", {"path": f"{folder.name}/n.ipynb", **body})
    assert answer.status in (404, 422), answer.data
    assert said in answer.json["message"] + answer.json["hint"]
    assert [] == api.ok("GET", f"/runs?notebook={folder.name}/n.ipynb")["runs"]


def test_refused_once_it_has_a_process(folder: Path, api: Api) -> None:
    """What is known only when the kernel is made ready ends the waiting run as failed, with what is wrong."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    own = run(api, folder / "n.ipynb", kernel_name="nosuch")["run"]
    assert ("failed", True) == (own["state"], "nosuch" in own["message"])


def test_approvals(server: Server, folder: Path, api: Api) -> None:
    """A step that waits is listed; one who may approve decides, once, with Jupyter's name; who may not cannot."""
    asks = code("x = 1", "step:deploy")
    asks["metadata"]["nb2pipe"] = {"approval": "Deploy it?"}
    write_notebook(folder / "n.ipynb", asks)
    with api.events() as events:
        next(iter(events))
        own = api.ok("POST", "/runs", {"path": f"{folder.name}/n.ipynb"})["id"]
        events.until(lambda event: event.kind == "step" and event.data["state"] == "waiting")
        [waiting] = [each for each in api.ok("GET", "/approvals") if each["run_id"] == own]
        assert ("Deploy it?", f"{folder.name}/n.ipynb") == (waiting["question"], waiting["notebook"])
        at = f"/runs/{own}/steps/deploy"
        server.api("emil").refused(403, "POST", f"{at}/approve", {"why": "please"})
        decided = server.api("dora").ok("POST", f"{at}/approve", {"why": "looks good"})
        assert ("approved", "dora", "looks good") == (decided["verdict"], decided["user"], decided["why"])
        assert api.refused(409, "POST", f"{at}/reject", {"why": "too late"})["code"] in ("N2P923", "N2P924")
        assert "succeeded" == events.until(lambda event: is_end(own, event))[-1].data["state"]


def test_cancel(folder: Path, api: Api) -> None:
    """A run that goes on is stopped through the service; one that has ended is left as it is."""
    write_notebook(folder / "n.ipynb", *ENDLESS)
    with api.events() as events:
        next(iter(events))
        own = api.ok("POST", "/runs", {"path": f"{folder.name}/n.ipynb"})["id"]
        events.until(lambda event: event.kind == "cell" and event.data["run_id"] == own)
        assert api.ok("POST", f"/runs/{own}/cancel")["was_going"]
        ended = events.until(lambda event: is_end(own, event))[-1].data
        assert ("cancelled", "cancelled by ann") == (ended["state"], ended["message"])
    assert not api.ok("POST", f"/runs/{own}/cancel")["was_going"]


def test_a_process_that_stands_ready(folder: Path, api: Api) -> None:
    """A process that was asked for ahead takes the next run; asked for twice it is one."""
    write_notebook(folder / "n.ipynb", *ENDLESS)
    api.ok("POST", "/runs/ready")
    assert not api.ok("POST", "/runs/ready")["was_started"]
    with api.events() as events:
        next(iter(events))
        own = api.ok("POST", "/runs", {"path": f"{folder.name}/n.ipynb"})
        events.until(lambda event: event.kind == "cell" and event.data["run_id"] == own["id"])
        words = Path(f"/proc/{own['pid']}/cmdline").read_bytes().split(b"\0")
        assert b"--ready" in words
        api.ok("POST", f"/runs/{own['id']}/cancel")
        assert "cancelled" == events.until(lambda event: is_end(own["id"], event))[-1].data["state"]


def test_runs_outlive_the_server(tmp_path: Path) -> None:
    """A run goes on when the server is killed, and ends well; the next server knows of it."""
    with_server = run_server(tmp_path / "first", *PEOPLE)
    server = next(with_server)
    go_on = tmp_path / "go_on"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.05)"
    write_notebook(server.root / "n.ipynb", code(wait, "step:wait"), code("done = 1", "step:end", "after:wait"))
    events = Events(server.api(), "", {})
    next(iter(events))
    own = server.api().ok("POST", "/runs", {"path": "n.ipynb"})["id"]
    events.until(lambda event: event.kind == "cell")
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    events.__exit__()
    settings = settings_in(server.home)
    assert State.RUNNING is show_run(settings, own).run.state
    again = run_server(tmp_path / "second", *PEOPLE, env={"NB2PIPE_HOME": str(server.home)})
    later = next(again).api()
    with later.events() as news:
        next(iter(news))
        go_on.touch()
        assert "succeeded" == news.until(lambda event: is_end(own, event))[-1].data["state"]
    assert [] == list(again) + list(with_server)


def test_where_a_walk_through_the_lineage_begins(folder: Path, api: Api) -> None:
    """Files, metrics, values and runs are found by a part of their name, each as the newest run has it."""
    (folder / "Oddly-named.csv").write_text("1,2", encoding="utf-8")
    reading = code("odd_one = open('Oddly-named.csv').read()\ndef odd_length(x): return len(x)", "step:take")
    cells = (reading, code("odd_metric = odd_length(odd_one)", "step:count"), code("odd_metric", "metrics"))
    write_notebook(folder / "n.ipynb", *cells)
    ids = [run(api, folder / "n.ipynb")["run"]["id"] for _ in range(2)]
    found = {(each["kind"], each["label"]): each for each in api.ok("GET", "/lineage/starts?text=ODD")}
    path = str(folder / "Oddly-named.csv")
    values = {("metric", "odd_metric"), ("artifact", "odd_one"), ("file", path)}
    assert values | {("artifact", "odd_length")} == set(found)
    begin = [each for each in api.ok("GET", "/lineage/starts?limit=50") if each["run_id"] in ids]
    assert values | {("run", "n.ipynb")} == {(each["kind"], each["label"]) for each in begin}
    assert {ids[1]} == {each["run_id"] for each in begin}
    metric = found["metric", "odd_metric"]
    assert (3, "n.ipynb", ids[1]) == (metric["value"], metric["notebook"], metric["run_id"])
    for each in found.values():
        answer = api.ok("GET", f"/lineage?name={each['name']}")
        assert each["kind"] == answer["target"]["kind"]
        assert {f"{folder.name}/n.ipynb"} == {each["notebook"] for each in answer["runs"].values()}
    assert [ids[0]] == [each["name"] for each in api.ok("GET", f"/lineage/starts?text={ids[0]}")]
    assert 2 == len(api.ok("GET", "/lineage/starts?limit=2"))
    assert [] == api.ok("GET", "/lineage/starts?text=nosuchthing")


def test_lineage_of_one_of_several(folder: Path, api: Api) -> None:
    """A metric is told from a value of its name, and one version of a file from the others."""
    at = folder / "versions.csv"
    cells = (code("size = len(open('versions.csv').read())", "step:take"), code("size", "metrics"))
    write_notebook(folder / "n.ipynb", *cells, code("print(size)", "step:say"))
    for text in ("1", "22"):
        at.write_text(text, encoding="utf-8")
        own = run(api, folder / "n.ipynb")["run"]["id"]
    word = f"{own}/take/size"
    assert ["artifact", "metric"] == [
        api.ok("GET", f"/lineage?name={word}{more}")["target"]["kind"] for more in ("", "&kind=metric")
    ]
    every = api.ok("GET", f"/lineage?name={at}")
    assert 2 == len(every["starts"])
    [one] = api.ok("GET", f"/lineage?name={at}&digest={every['nodes'][0]['digest']}")["starts"]
    assert every["nodes"][0]["id"] == one


def test_the_list_in_any_order(folder: Path, api: Api) -> None:
    """Runs are listed by a column, found by a text, and paged in that order without gap or repetition."""
    write_notebook(folder / "n.ipynb", code("x = 1", "parameters"), code("y = 1 / x", "step:a"))
    ids = [run(api, folder / "n.ipynb", parameters={"x": x})["run"]["id"] for x in (1, 0, 2)]
    one, failed, two = ids

    def listed(query: str) -> list[str]:
        found: list[str] = []
        before = ""
        while True:
            page = api.ok("GET", f"/runs?text={folder.name.upper()}&limit=1{query}{before}")
            found += [each["id"] for each in page["runs"]]
            if page["next"] is None:
                return found
            before = f"&before={page['next']}"

    assert [two, failed, one] == listed("")
    assert ids == listed("&sort=created&ascending=true")
    assert [failed, two, one] == listed("&sort=state&ascending=true")
    assert [two, one, failed] == listed("&sort=state")
    assert [two, failed, one] == listed("&sort=user&ascending=true") == listed("&sort=pipeline")
    assert [] == api.ok("GET", "/runs?text=100%25_nosuch")["runs"]
