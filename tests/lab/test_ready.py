"""A run that starts at once, since its process got ready while its form was filled in."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.lab.browsing import Lab
from tests.notebook.building import code, document

WAIT = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.05)"


def test_the_form_has_a_process_get_ready(lab: Lab) -> None:
    """The form asks for a process as it opens, and the run takes that one."""
    page = lab.open(lab.put(document(code(WAIT, "step:wait"))))
    with page.expect_response("**/nb2pipe/api/runs/ready*"):
        page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    expect(page.locator(".nb2pipe-RunSteps .nb2pipe-State")).to_have_text("running")
    [run] = lab.api.ok("GET", f"/runs?notebook={lab.folder.name}/n.ipynb")["runs"]
    assert b"--ready" in Path(f"/proc/{run['pid']}/cmdline").read_bytes().split(b"\0")
    (lab.folder / "go").touch()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("succeeded")
