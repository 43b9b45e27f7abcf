"""The whole way: what is sent to Vertex AI runs in pods of this machine, and what they print and leave comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from nb2pipe.kubeflow.spec import Compiled
from tests.cli.calling import Caller
from tests.kubeflow.notebooks import Cells, write
from tests.kubeflow.pods import PodRun, run_pods
from tests.kubeflow.remote.vertex_beside import BUCKET
from tests.kubeflow.remote.vertex_fixtures import IMAGE, ended, google, nb2pipe
from tests.kubeflow.remote.vertex_service import Google

__all__ = ["google", "nb2pipe"]

GOOD: Cells = (
    ("parameters", "rows = 3"),
    ("step:load", "data = list(range(rows))\nprint('loaded', len(data))"),
    ("step:train", "total = sum(data)\ntotal"),
    ("metrics", "score = total / 10"),
)
BAD: Cells = (("step:load", "data = [1]"), ("step:train", "print('here')\ndata[0] / 0"), ("step:tell", "print(data)"))


def carried_out(google: Google, folder: Path) -> PodRun:
    """Run what was sent, as the service does, and have it tell of it as it does."""
    ((name, job),) = google.jobs.items()
    given = job["runtimeConfig"]["parameterValues"]
    folder.mkdir()
    done = run_pods(Compiled(job["pipelineSpec"], {}), folder, given)
    tasks: dict[str, Any] = {}
    for number, (task, code) in enumerate(done.codes.items(), 1):
        google.lines[str(number)] = [("stderr", line) for line in done.logs[task].splitlines()]
        artifact = f"{task}_{number}/notebook"
        google.objects[f"{BUCKET}/{artifact}"] = (folder / task / "notebook").read_bytes()
        outputs = {"outputs": {"notebook": {"artifacts": [{"uri": f"gs://{BUCKET}/{artifact}"}]}}} if not code else {}
        tasks[task] = ended(str(number), "FAILED" if code else "SUCCEEDED", **outputs)
    google.move(name, "FAILED" if any(done.codes.values()) else "SUCCEEDED", **tasks)
    return done


def outputs_of(cell: dict[str, Any]) -> str:
    """All that a cell shows, as text."""
    shown = [each.get("text") or each.get("data", {}).get("text/plain", "") for each in cell["outputs"]]
    return "".join(part if isinstance(part, str) else "".join(part) for part in shown)


def test_a_run_that_succeeds(google: Google, nb2pipe: Caller, tmp_path: Path) -> None:
    """States, metrics, outputs of cells, logs and lineage are those of a run on this machine."""
    write(tmp_path / "churn.ipynb", GOOD, {"image": IMAGE})
    run = json.loads(nb2pipe("submit", "churn.ipynb", "--to", "cloud", "-p", "rows", "5", "--json").out)["run"]["id"]
    carried_out(google, tmp_path / "pods")
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    assert ["succeeded", "succeeded"] == [each["state"] for each in shown["steps"]]
    assert [{"name": "score", "value": 1.0}] == shown["steps"][1]["metrics"]
    notebook = json.loads(Path(shown["run"]["output_path"]).read_text())
    shows = [outputs_of(cell) for cell in notebook["cells"] if cell["id"].startswith("c")]
    assert ["", "loaded 5\n", "10", ""] == shows
    assert "loaded 5" in nb2pipe("logs", run, "load").out
    lineage = nb2pipe("lineage", f"{run}/train").out
    assert "data" in lineage and "load" in lineage


def test_a_run_that_fails(google: Google, nb2pipe: Caller, tmp_path: Path) -> None:
    """Cell and error are named, and the executed notebook of the step that failed is there, by no artifact."""
    write(tmp_path / "churn.ipynb", BAD, {"image": IMAGE})
    run = json.loads(nb2pipe("submit", "churn.ipynb", "--to", "cloud", "--json").out)["run"]["id"]
    done = carried_out(google, tmp_path / "pods")
    shown = json.loads(nb2pipe("runs", "show", run, "--json").out)
    states = {each["step"]: each["state"] for each in shown["steps"]}
    assert 1 == done.codes["train"]
    assert ("failed", "failed") == (shown["run"]["state"], states["train"])
    failure = next(each["failure"] for each in shown["steps"] if each["step"] == "train")
    assert ("ZeroDivisionError", 1, 2) == (failure["name"], failure["cell_index"], failure["line"])
    notebook = json.loads((tmp_path / "home" / "runs" / run / "elsewhere" / "train.ipynb").read_text())
    assert any("here" in outputs_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "code")
