"""A notebook goes to a server, its pods run what the server was sent, and all that they leave comes back."""

from __future__ import annotations

import json
from pathlib import Path

from nb2pipe.app.elsewhere.keep import keep_run_current
from nb2pipe.app.elsewhere.submit import SubmitRequest, submit_notebook
from nb2pipe.app.history import show_run
from nb2pipe.app.parameters import Given
from nb2pipe.kubeflow.spec import Compiled
from nb2pipe.model import State
from nb2pipe.settings import load_settings
from nb2pipe.settings.targets import Target, save_target
from tests.kubeflow.notebooks import Cells, write
from tests.kubeflow.pods import run_pods
from tests.kubeflow.remote.sending import IMAGE
from tests.kubeflow.remote.standin import StandIn
from tests.kubeflow.remote.workflow import Task

CELLS: Cells = [
    ("parameters", "n = 3"),
    ("step:load", "rows = list(range(n))\nprint('rows', len(rows))"),
    ("step:train", "total = sum(rows)\nprint('total', total)"),
    ("metrics", "total"),
    ("step:use", "ratio = total / (n - 5)"),
]


def run_there(kfp: StandIn, run_id: str, folder: Path) -> None:
    """Run the pods of a run, with what the server was sent, and let the server tell of them."""
    told = kfp.runs[run_id]
    folder.mkdir()
    done = run_pods(Compiled(told["pipeline_spec"], {}), folder, told["runtime_config"]["parameters"])
    for task, code in done.codes.items():
        kfp.move(run_id, "RUNNING", **{task: Task("FAILED" if code else "SUCCEEDED")})
        kfp.print_log(run_id, task, done.logs[task])
    kfp.move(run_id, "FAILED" if any(done.codes.values()) else "SUCCEEDED")


def test_there_and_back(kfp: StandIn, target: Target, tmp_path: Path) -> None:
    """One run succeeds with the parameter it was given, another fails in the cell that divides by zero."""
    save_target(target)
    settings = load_settings()
    path = str(write(tmp_path / "n.ipynb", CELLS, {"image": IMAGE}))
    runs = []
    for n in (4, 5):
        run, _ = submit_notebook(SubmitRequest(path, "cloud", Given({"n": n})), settings)
        run_there(kfp, run.remote_id, tmp_path / f"pods{n}")
        assert [] == keep_run_current(settings, run.id)
        runs.append(show_run(settings, run.id))
    good, bad = runs
    assert State.SUCCEEDED == good.run.state and all(step.state is State.SUCCEEDED for step in good.steps)
    steps = {step.step: step for step in good.steps}
    assert [("total", 6)] == [(metric.name, metric.value) for metric in steps["train"].metrics]
    assert "rows 4\n" == Path(steps["load"].log_path).read_text("utf-8")
    assert ["rows"] == [each.name for each in steps["train"].inputs]
    cells = json.loads(Path(good.run.output_path).read_text("utf-8"))["cells"]
    outputs = ["".join(out["text"]) for cell in cells for out in cell.get("outputs", []) if "text" in out]
    assert ["rows 4\n", "total 6\n"] == outputs
    failure = {step.step: step.failure for step in bad.steps}["use"]
    assert State.FAILED == bad.run.state and failure is not None
    assert ("ZeroDivisionError", 4, "c4") == (failure.name, failure.cell_index, failure.cell_id)
    assert "step 'use' failed: ZeroDivisionError" == bad.run.message
