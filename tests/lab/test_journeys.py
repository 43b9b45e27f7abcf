"""What a stranger does from start to end: tag, see, run, mend; schedule, see it run, end it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.lab.test_schedules import end_schedules

TOUR = ROOT / "example_notebooks/tour.ipynb"
EXTRA_MINUTE_MS = 180_000  # for what begins at the next minute


def untagged() -> dict[str, Any]:
    """The tour as it was before anybody knew of pipelines."""
    notebook: dict[str, Any] = json.loads(TOUR.read_text("utf-8"))
    for each in notebook["cells"]:
        each["metadata"].pop("tags", None)
    return notebook


def cell(page: Page, text: str) -> Locator:
    """The code cell that has this text."""
    return page.locator(".jp-NotebookPanel:visible .jp-CodeCell", has_text=text)


def choose(page: Page, text: str) -> None:
    """Make a cell active, in command mode."""
    cell(page, text).locator(".jp-InputPrompt").click()
    expect(cell(page, text)).to_have_class(re.compile("jp-mod-active"))


def replace_end(page: Page, before: str, after: str) -> None:
    """Edit the end of the only line of the active editor that has it, as one does by hand."""
    page.keyboard.press("Control+End")
    for _ in before:
        page.keyboard.press("Backspace")
    page.keyboard.type(after)


@pytest.fixture
def cleared(lab: Lab) -> Iterator[Lab]:
    """A lab whose schedules, and the scheduler that they had, end with the test."""
    yield lab
    end_schedules(lab)


def test_tag_see_run_mend(lab: Lab) -> None:
    """An untagged notebook gets steps and parameters, is drawn, runs, fails in a cell, and is green once mended."""
    path = lab.put(untagged(), "café.ipynb")
    page = lab.open(path)
    lab.show_pipeline()
    names = page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")
    expect(names).to_have_text(["start"])
    lab.picture("journey-untagged")
    page.get_by_role("button", name="Steps from headings").click()
    expect(page.locator(".jp-Dialog tbody strong")).to_have_text(
        ["setup", "parameters", "step:simulate", "step:report"]
    )
    page.get_by_role("button", name="Tag 4 Cells").click()
    expect(names).to_have_text(["simulate", "report"])
    choose(page, "total_revenue")
    page.keyboard.type("tm")
    expect(page.locator(".nb2pipe-Band-name", has_text="report: metrics")).to_have_count(1)
    lab.picture("journey-tagged")
    cell(page, "2024-03-01").locator(".cm-content").click()
    replace_end(page, "sales.head()", "sales.loc['nowhere']")
    _run(page)
    panel = page.locator(".nb2pipe-Run-title .nb2pipe-State")
    expect(panel).to_have_text("failed")
    page.locator(".Toastify__toast", has_text="failed in step simulate").get_by_role(
        "button", name="Open the failed cell"
    ).click()
    failed = page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")
    expect(failed).to_contain_text("nowhere")
    expect(failed).to_be_in_viewport()
    expect(page.locator(".nb2pipe-Failure")).to_contain_text("KeyError")
    expect(_states(page, "failed")).to_have_count(1)
    lab.picture("journey-failed")
    failed.locator(".cm-content").click()
    replace_end(page, "sales.loc['nowhere']", "sales.head()")
    _run(page)
    expect(panel).to_have_text("succeeded")
    expect(_states(page, "succeeded")).to_have_count(2)
    expect(page.locator(".nb2pipe-RunSteps .nb2pipe-State")).to_have_text(["succeeded", "succeeded"])
    lab.picture("journey-green")
    lab.show_pipeline()
    nodes = page.locator("#nb2pipe-pipeline .nb2pipe-Node")
    expect(nodes).to_have_count(2)
    expect(page.locator('#nb2pipe-pipeline .nb2pipe-Node[data-state="succeeded"]')).to_have_count(2)
    lab.run("nb2pipe:show-runs")
    page.get_by_label("Only café.ipynb").check()
    expect(page.locator(".nb2pipe-History-table tbody .nb2pipe-State")).to_have_text(["succeeded", "failed"])
    lab.picture("journey-runs")
    kept = json.loads((lab.server.root / path).read_text("utf-8"))
    before = [each["source"] for each in untagged()["cells"]]
    assert ["".join(each) for each in before] == ["".join(each["source"]) for each in kept["cells"]]


def test_schedule_and_see_it_run(cleared: Lab) -> None:
    """One click schedules a notebook; its run comes by itself and succeeds; then it is paused and deleted."""
    lab = cleared
    path = lab.put(TOUR)
    page = lab.open(path)
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-schedule"]').click()
    form = page.locator(".nb2pipe-Schedule-form")
    form.get_by_label("When", exact=True).select_option("every so many minutes")
    form.get_by_label("Minutes", exact=True).fill("1")
    expect(form.locator(".nb2pipe-Times li")).to_have_count(5)
    page.get_by_role("button", name="Schedule", exact=True).click()
    toast = page.locator(".Toastify__toast", has_text="goes on when JupyterLab is closed")
    toast.get_by_role("button").first.click()
    row = page.locator("tr[data-schedule]")
    expect(row).to_have_count(1)
    expect(page.get_by_text("Schedules run, also while JupyterLab is closed.")).to_be_visible()
    expect(row.locator('[data-state="succeeded"]')).to_be_visible(timeout=EXTRA_MINUTE_MS)
    lab.picture("journey-scheduled")
    row.get_by_title("Show the latest run").click()
    expect(page.locator(".nb2pipe-RunDetail .nb2pipe-Timeline-name")).to_have_text(["simulate", "report"])
    lab.run("nb2pipe:schedules")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_have_attribute("data-standing", "paused")
    lab.run("nb2pipe:show-runs")
    run = page.locator(".nb2pipe-History-table tbody tr", has_text="schedule").first
    expect(run.locator(".nb2pipe-State")).to_have_text("succeeded")
    run.click()
    expect(page.locator(".nb2pipe-RunSteps-name")).to_have_text(["simulate", "report"])
    lab.picture("journey-scheduled-run")
    lab.run("nb2pipe:schedules")
    row.get_by_role("button", name="Delete").click()
    page.locator(".jp-Dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nothing is scheduled yet")).to_be_visible()
    assert [] == lab.api.ok("GET", "/schedules")["schedules"]


def _run(page: Page) -> None:
    """Run the notebook as its toolbar and form have it, saved first where it has edits."""
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = page.locator(".nb2pipe-RunDialog")
    form.locator(".jp-mod-accept").click()
    expect(form).to_have_count(0)


def _states(page: Page, state: str) -> Locator:
    """Bands of the notebook whose step stands so."""
    return page.locator(f'.jp-NotebookPanel:visible .nb2pipe-Band-header [data-state="{state}"]')
