"""Two runs compared, and metrics over the runs of a notebook."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.lab.browsing import WAIT_MS, Lab
from tests.lab.running import open_view, run_whole
from tests.notebook.building import code, document

expect.set_options(timeout=WAIT_MS)


def test_two_runs_are_compared(lab: Lab) -> None:
    """Two runs are chosen in the list; their code by cell, parameters, metrics and steps stand side by side."""
    same = [code("rate = 0.5\nrows = 4", "parameters"), code("xs = list(range(rows))", "step:make")]
    path = lab.put(document(*same, code("error = sum(xs) * rate", "step:score"), code("error", "metrics")))
    first = run_whole(lab, path)
    lab.put(document(*same, code("error = sum(xs) * rate + 1  # <b>", "step:score"), code("error", "metrics")))
    second = run_whole(lab, path, rate=1.0)
    page = lab.open()
    open_view(lab, "nb2pipe:show-runs")
    button = page.get_by_role("button", name="Compare", exact=True)
    expect(button).to_be_disabled()
    for run in (second, first):
        page.get_by_role("checkbox", name=f"Compare run {run['id']}").check()
    lab.picture("runs-chosen")
    button.click()
    view = page.locator(".nb2pipe-Compare")
    expect(view.locator('[data-line="added"]')).to_have_text("+error = sum(xs) * rate + 1  # <b>\n")
    expect(view.locator('[data-line="removed"]')).to_have_text("-error = sum(xs) * rate\n")
    row = view.get_by_role("table", name="Metrics").get_by_role("row").nth(1)
    expect(row.get_by_role("cell")).to_have_text(["3", "7", "+4", "+133.3 %"])
    rows = view.get_by_role("table", name="Parameters").get_by_role("row")
    expect(rows.nth(1)).to_have_text("rate0.51")
    expect(rows.nth(2)).to_have_text("rows44")
    lab.picture("compare")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("compare-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")  # one server serves all tests


def test_metrics_over_runs(lab: Lab) -> None:
    """A line for each metric; a failed run is a gap; a point opens its run, and a table says the same."""
    cells = [code("rate = 1.0", "parameters"), code("error = 1 / rate\nsize = 10 * rate", "step:score")]
    path = lab.put(document(*cells, code("error\nsize", "metrics")))
    runs = [run_whole(lab, path, rate=rate) for rate in (1.0, 2.0, 0.0, 4.0)]
    assert ["succeeded", "succeeded", "failed", "succeeded"] == [run["state"] for run in runs]
    page = lab.open(path)
    open_view(lab, "nb2pipe:open-metrics", path=path)
    view = page.locator(".nb2pipe-Metrics")
    expect(view.locator("svg")).to_have_count(2)
    expect(view.locator("svg").first.locator("circle")).to_have_count(3)
    expect(view.get_by_role("table").locator("tbody tr")).to_have_count(4)
    view.get_by_role("checkbox", name="size").uncheck()
    expect(view.locator("svg")).to_have_count(1)
    view.locator("circle").nth(1).hover()
    expect(view.get_by_role("status")).to_contain_text("rate=2")
    lab.picture("metrics")
    view.locator("circle").nth(1).click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("succeeded")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("metrics-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")  # one server serves all tests
    view.get_by_role("button", name="0.25").click()
    expect(page.locator('.nb2pipe-Lineage-node[aria-current="true"]')).to_contain_text("error")


def test_no_metrics(lab: Lab) -> None:
    """Where no run has a metric, the view says how one comes about."""
    path = lab.put(document(code("x = 1", "step:a")))
    run_whole(lab, path)
    page = lab.open()
    open_view(lab, "nb2pipe:open-metrics", path=path)
    expect(page.locator(".nb2pipe-Metrics")).to_contain_text("tag")
    lab.picture("metrics-none")
