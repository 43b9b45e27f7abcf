"""Running again through the service."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.app.samples import write_notebook
from tests.notebook.building import code
from tests.server.calling import Api
from tests.server.test_runs import is_end, run

STEPS = (
    code("scale = 2", "parameters"),
    code("a = 1", "step:first"),
    code("b = a * scale", "step:second"),
)


def test_rerun(folder: Path, api: Api) -> None:
    """What succeeded is taken from the cache, a mended notebook is run as it is now, from a step on if one is named."""
    write_notebook(folder / "n.ipynb", *STEPS, code("print(b / 0)", "step:last"))
    first = run(api, folder / "n.ipynb", parameters={"scale": 5}, tags=["mine"])["run"]
    assert "failed" == first["state"]
    write_notebook(folder / "n.ipynb", *STEPS, code("print(b)", "step:last"))
    for body, changed, wanted in (
        ({}, True, ["cached", "cached", "succeeded"]),
        ({"from_step": "second"}, True, ["cached", "succeeded", "succeeded"]),
    ):
        with api.events() as events:
            assert "hello" == next(iter(events)).kind
            again = api.ok("POST", f"/runs/{first['id']}/rerun", body)
            own = again["run"]["id"]
            events.until(partial(is_end, own))
        assert (changed, {"scale": 5}, ["mine"]) == (
            again["is_changed"],
            again["run"]["parameters"],
            again["run"]["tags"],
        )
        assert wanted == [step["state"] for step in api.ok("GET", f"/runs/{own}")["steps"]]


def test_refused(folder: Path, api: Api) -> None:
    """Steps and runs that are not there are refused, and a notebook that is gone."""
    write_notebook(folder / "n.ipynb", *STEPS)
    own = run(api, folder / "n.ipynb")["run"]["id"]
    assert "There are: first, second." in api.refused(422, "POST", f"/runs/{own}/rerun", {"from_step": "third"})["hint"]
    path = f"{folder.name}/n.ipynb"
    body = {"path": path, "from_step": "second", "settings": {"cache": False}}
    assert "Without the cache" in api.refused(422, "POST", "/runs", body)["message"]
    api.refused(404, "POST", "/runs/nosuch/rerun", {})
    (folder / "n.ipynb").unlink()
    assert "n.ipynb" in api.refused(422, "POST", f"/runs/{own}/rerun", {})["message"]
