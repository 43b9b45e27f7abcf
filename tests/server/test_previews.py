"""What the service shows of values that a step saved."""

from __future__ import annotations

import json
from pathlib import Path

from tests.app.samples import TWO_STEPS, write_notebook
from tests.server.calling import Api, Server
from tests.server.test_runs import run


def test_preview(server: Server, folder: Path, api: Api) -> None:
    """The head of a saved value, also of a cached step; what is not there is refused with what is."""
    write_notebook(folder / "n.ipynb", *TWO_STEPS)
    for _ in range(2):
        own = run(api, folder / "n.ipynb", parameters={"rows": 4})
        found = api.ok("GET", f"/runs/{own['run']['id']}/steps/make/artifacts/xs/preview")
        assert ("xs", "list", True) == (found["artifact"]["name"], found["artifact"]["type"], found["is_there"])
        assert ("json", [0, 1, 2, 3]) == (found["summary"]["kind"], json.loads(found["summary"]["text"]))
    assert "cached" == own["steps"][0]["state"]
    refused = api.refused(404, "GET", f"/runs/{own['run']['id']}/steps/make/artifacts/nosuch/preview")
    assert "xs" in refused["hint"]
