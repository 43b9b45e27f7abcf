"""The extension in the pages of Notebook 7, which show one notebook and no more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.house.source import ROOT
from tests.lab.browsing import TOKEN, Lab, run_lab
from tests.lab.conftest import lab_of


@pytest.fixture
def single(extension: None, tmp_path: Path, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Notebook 7 for one test."""
    for server in run_lab(tmp_path / "notebook", module="notebook"):
        yield from lab_of(server, context, request.node.name)


def test_a_notebook_page(single: Lab) -> None:
    """Bands, the pipeline beside, a run with its live states and log, and the views of runs work there too."""
    lab = single
    lab.expected.append("(reading 'schema')")  # Notebook's own, of shortcuts, where any settings come before them
    path = lab.put(ROOT / "example_notebooks/tour.ipynb")
    page = lab.page
    page.goto(f"http://127.0.0.1:{lab.server.port}/notebooks/{path}?token={TOKEN}")
    expect(page.locator(".nb2pipe-Band-name")).to_have_text(
        ["setup", "parameters", "simulate", "report", "report: metrics"]
    )
    lab.run("nb2pipe:show-pipeline")
    expect(page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")).to_have_text(["simulate", "report"])
    lab.picture("notebook7-pipeline")
    page.locator('[data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("succeeded")
    expect(page.locator(".nb2pipe-Log-text")).to_contain_text("best day")
    lab.picture("notebook7-run")
    page.locator('[data-jp-item-name="nb2pipe-schedule"]').click()
    expect(page.locator(".nb2pipe-Schedule-form .nb2pipe-Times li")).to_have_count(5)
    page.locator(".nb2pipe-Schedule-dialog .jp-Dialog-button.jp-mod-reject").click()
    page.get_by_role("button", name="All runs").click()
    expect(page.locator(".nb2pipe-History-table tbody .nb2pipe-State")).to_have_text(["succeeded"])
    lab.picture("notebook7-runs")
    page.locator(".nb2pipe-History-table tbody tr").first.click()
    page.get_by_role("button", name="Details").click()
    tab = page.locator(".nb2pipe-RunDetail")
    expect(tab.locator(".nb2pipe-Timeline-name")).to_have_text(["simulate", "report"])
    lab.picture("notebook7-detail")
    lab.run("nb2pipe:open-lineage")
    expect(page.get_by_text("Begin with something that was made lately")).to_be_visible()
    lab.run("nb2pipe:schedules")
    expect(page.get_by_text("Nothing is scheduled yet")).to_be_visible()
