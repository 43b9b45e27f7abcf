"""Running again from the lab, and deciding about steps that wait for a person."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.lab.browsing import WAIT_MS, Lab
from tests.lab.test_run import state
from tests.lab.test_tagging import cell
from tests.notebook.building import code, document

expect.set_options(timeout=WAIT_MS)  # a run takes as long as the machine is busy


def step_states(page: Page, *words: str) -> None:
    """Wait until the steps of the run that is shown stand so."""
    expect(page.locator(".nb2pipe-RunSteps .nb2pipe-State")).to_have_text(list(words))


def rewrite(page: Page, index: int, source: str) -> None:
    """Put another source into the cell that is the active one, or about to be."""
    found = cell(page, index)
    expect(found).to_have_class(re.compile("jp-mod-active"))
    content = found.locator(".cm-content")
    content.click()
    expect(content).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(source)
    expect(content).to_have_text(source)


def test_run_again(lab: Lab) -> None:
    """What failed is mended and run again; from a step on by the header's menu, the graph and the list of steps."""
    cells = (code("a = 1", "step:first"), code("b = a", "step:second"), code("print(b / 0)", "step:last"))
    path = lab.put(document(*cells))
    page = lab.open(path)
    lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})
    lab.run("nb2pipe:show-runs")
    row = page.locator(".nb2pipe-History-table tbody tr", has_text="n.ipynb").first
    expect(row.locator(".nb2pipe-State")).to_have_text("failed")
    row.click()
    step_states(page, "succeeded", "succeeded", "failed")
    page.locator(".lm-TabBar-tab", has_text="n.ipynb").click()
    page.get_by_role("button", name="Open the failed cell").click()
    rewrite(page, 2, "print(b)")
    page.get_by_role("button", name="Run again what failed").click()
    page.get_by_role("button", name="Save and run").click()
    expect(page.locator(".Toastify__toast", has_text="has changed since that run")).to_be_visible()
    step_states(page, "cached", "cached", "succeeded")
    expect(state(page)).to_have_text("succeeded")
    lab.picture("rerun")
    page.get_by_role("button", name="second", exact=False).and_(page.locator(".nb2pipe-Band-name")).click()
    page.locator(".lm-Menu-item", has_text="Run Again from This Step").click()
    step_states(page, "cached", "succeeded", "succeeded")
    expect(state(page)).to_have_text("succeeded")
    page.locator('.nb2pipe-RunSteps button[data-step="last"]').click(button="right")
    page.locator(".lm-Menu-item", has_text="Run Again from This Step").click()
    step_states(page, "cached", "cached", "succeeded")
    expect(state(page)).to_have_text("succeeded")
    lab.show_pipeline()
    page.locator('.nb2pipe-Node[data-from="first"]').click(button="right")
    page.locator(".lm-Menu-item", has_text="Run Again from This Step").click()
    step_states(page, "succeeded", "succeeded", "succeeded")
    expect(state(page)).to_have_text("succeeded")
    expect(cell(page, 0).locator(".nb2pipe-Band-state")).to_have_text("succeeded")


def test_decide(lab: Lab) -> None:
    """A run that waits is told of; it goes on or ends as one decides, with the reason and the name kept."""
    ship = code("print(n)", "step:ship")
    ship["metadata"]["nb2pipe"] = {"approval": "Ship <b>it</b>?"}
    path = lab.put(document(code("n = 1", "parameters"), code("a = n", "step:make"), ship))
    page = lab.open(path)
    lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})
    toast = page.locator(".Toastify__toast", has_text="n.ipynb waits at step ship: Ship <b>it</b>?")
    toast.get_by_role("button", name="Show run").click()
    box = page.get_by_role("region", name="Approval of ship")
    expect(box.get_by_role("button", name="Approve")).to_be_disabled()
    box.get_by_label("Reason, kept with the run").fill("looks <i>good</i>")
    lab.picture("approval")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_have_count(1)
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("approval-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")
    box.get_by_role("button", name="Approve").click()
    expect(state(page)).to_have_text("succeeded")
    expect(box).to_contain_text("Step ship was approved by")
    expect(box).to_contain_text("“looks <i>good</i>”")
    lab.picture("approved")
    own = lab.api.ok("POST", "/runs", {"path": path, "parameters": {"n": 2}})["id"]
    lab.run("nb2pipe:show-run", run=own)
    box.get_by_label("Reason, kept with the run").fill("not today")
    box.get_by_role("button", name="Reject").click()
    expect(state(page)).to_have_text("failed")
    expect(box).to_contain_text("Step ship was rejected by")
