"""The side panel that shows the pipeline of the current notebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab, run_lab
from tests.lab.conftest import lab_of
from tests.notebook.building import code, document


def test_the_steps_of_the_tour(lab: Lab) -> None:
    """The panel opens from its tab, and lists the steps that the service finds, in its order."""
    path = lab.put(ROOT / "example_notebooks/tour.ipynb")
    steps = [step["name"] for step in lab.api.ok("POST", "/notebooks/check", {"path": path})["pipeline"]["steps"]]
    page = lab.open(path)
    lab.show_pipeline()
    expect(page.locator(".nb2pipe-Node-name")).to_have_text(steps)
    assert len(steps) >= 2
    lab.picture("pipeline-panel")


def test_while_typing(lab: Lab) -> None:
    """An edit that is not saved shows at once: a new name on the way, a finding with what to do, and its mend."""
    page = lab.open(lab.put(document(code("x = 1", "step:one"), code("print(x)", "step:two"))))
    lab.show_pipeline()
    expect(page.locator(".nb2pipe-Node-name")).to_have_text(["one", "two"])
    source = page.locator(".jp-Cell .cm-content").nth(1)
    source.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" + nosuch")
    finding = page.locator('.nb2pipe-Findings li[data-severity="error"]')
    expect(finding).to_contain_text("nosuch")
    expect(page.get_by_text("Would be refused")).to_be_visible()
    for _ in " + nosuch":
        page.keyboard.press("Backspace")
    expect(finding).to_have_count(0)
    expect(page.get_by_text("2 steps")).to_be_visible()


def test_empty_states(lab: Lab) -> None:
    """Without a notebook the panel says what it is for; in one without a cell that runs, how to begin."""
    page = lab.open()
    lab.show_pipeline()
    expect(page.get_by_text("No notebook is open")).to_be_visible()
    lab.put(document(), "empty.ipynb")
    lab.run("docmanager:open", path=f"{lab.folder.name}/empty.ipynb")
    expect(page.get_by_text("Tag a cell to start a step")).to_be_visible()
    expect(page.locator(".nb2pipe-Findings")).to_have_count(0)
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.type("x = 1")
    expect(page.locator(".nb2pipe-Node-name")).to_have_text(["start"])
    lab.picture("untagged")


@pytest.mark.usefixtures("extension")
def test_missing_server_extension(tmp_path: Path, context: BrowserContext, request: pytest.FixtureRequest) -> None:
    """Where the server extension is not enabled the user is told once what to do, and no request goes unanswered."""
    for server in run_lab(tmp_path / "lab", '--ServerApp.jpserver_extensions={"nb2pipe.server": False}'):
        for lab in lab_of(server, context, request.node.name):
            lab.expected.append("/nb2pipe/api/step-settings")
            page = lab.open(lab.put(document(code("x = 1", "step:one"))))
            toast = page.locator(".Toastify__toast")
            expect(toast).to_have_count(1)
            expect(toast).to_contain_text("jupyter server extension enable nb2pipe.server")
            lab.show_pipeline()
            expect(page.get_by_text("nb2pipe is not connected")).to_be_visible()
            expect(toast).to_have_count(1)
            lab.picture("server-extension-missing")
