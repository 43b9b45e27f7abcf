"""The tab of a run: its steps over time, what they made and printed, and its outputs beside and in the notebook."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.lab.browsing import WAIT_MS, Lab
from tests.notebook.building import code, document

expect.set_options(timeout=WAIT_MS)  # a run takes as long as the machine is busy
FRAME = "import pandas as pd\ndf = pd.DataFrame({'<b>': range(30), 'word': ['x' * 300] * 30})"
CELLS = (
    code("rows = 3", "parameters"),
    code(FRAME, "step:make"),
    code("import time\ntotal = int(df['<b>'].sum()) * rows\nprint('total', total)", "step:add"),
    code("total", "metrics"),
    code("words = {'a': list(df['word'])}\nprint('<i>words</i>')", "step:words"),
    code("print(total, len(words['a']))\n1 / (rows - 3)", "step:end"),
)


def ended(lab: Lab, path: str, **parameters: int) -> str:
    """A run of the notebook to its end; its id."""
    with lab.api.events() as events:
        assert "hello" == next(iter(events)).kind
        run: str = lab.api.ok("POST", "/runs", {"path": path, "parameters": parameters})["id"]
        events.until(lambda event: event.kind == "run" and event.data["id"] == run and event.data["ended_at"])
    return run


def opened(lab: Lab, page: Page, run: str) -> Locator:
    """The tab of a run."""
    lab.run("nb2pipe:open-run", run=run)
    tab = page.locator(f'.nb2pipe-RunDetail[aria-label="Run {run}"]')
    tab.locator(".nb2pipe-Timeline").wait_for()
    return tab


def dark(lab: Lab, page: Page) -> None:
    """The other theme."""
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_have_count(1)
    page.locator("#jupyterlab-splash").wait_for(state="detached")


def test_all_about_a_run(lab: Lab) -> None:
    """Times, table and graph show the steps; a step shows why it failed, what it made, read and printed."""
    path = lab.put(document(*CELLS))
    page = lab.open(path)
    run = ended(lab, path)
    tab = opened(lab, page, run)
    expect(tab.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("failed")
    expect(tab.locator(".nb2pipe-Timeline-name")).to_have_text(["make", "add", "words", "end"])
    expect(tab.locator(".nb2pipe-Failure")).to_contain_text("ZeroDivisionError")
    lab.picture("detail-failed")
    tab.locator('.nb2pipe-Timeline [data-step="make"]').click()
    tab.locator('[data-artifact="df"]').click()
    expect(tab.locator(".nb2pipe-Preview-table tbody tr")).to_have_count(20)
    expect(tab.locator(".nb2pipe-Preview-table thead th").first).to_have_text("<b>int64")
    expect(tab.get_by_text("20 of 30 rows, 2 of 2 columns")).to_be_visible()
    lab.picture("detail-frame")
    tab.get_by_role("button", name="Table", exact=True).click()
    tab.locator('.nb2pipe-StepTable tr[data-step="words"]').click()
    tab.locator('[data-artifact="words"]').click()
    expect(tab.locator(".nb2pipe-Preview-text")).to_contain_text('"a": [')
    expect(tab.locator(".nb2pipe-Log-text")).to_have_text("<i>words</i>")
    lab.picture("detail-table")
    tab.get_by_role("button", name="Graph", exact=True).click()
    tab.locator('.nb2pipe-Node[data-step="add"]').click()
    expect(tab.locator(".nb2pipe-StepView-metrics")).to_have_text(f"total{sum(range(30)) * 3}")
    expect(tab.locator('.nb2pipe-Node[data-step="end"]')).to_have_attribute("data-state", "failed")
    dark(lab, page)
    lab.picture("detail-graph-dark")
    tab.locator('.nb2pipe-Node[data-step="end"]').click()
    tab.get_by_role("button", name="Open the failed cell").click()
    expect(page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")).to_contain_text("1 / (rows - 3)")
    lab.run("apputils:change-theme", theme="JupyterLab Light")


def test_outputs_beside_and_in_the_notebook(lab: Lab) -> None:
    """The executed notebook stands beside; outputs of cells that are the same are taken over, and one undo undoes."""
    path = lab.put(document(*CELLS))
    page = lab.open(path)
    first = ended(lab, path, rows=4)
    run = ended(lab, path, rows=4)
    source = page.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content").nth(4)
    source.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # changed")
    tab = opened(lab, page, run)
    expect(tab.locator('.nb2pipe-Timeline-track [data-state="cached"]')).to_have_count(4)
    dark(lab, page)
    lab.picture("detail-cached-dark")
    tab.get_by_role("button", name="Copy outputs into the notebook").click()
    toast = page.locator(".Toastify__toast", has_text="was left out because it changed")
    expect(toast).to_contain_text("1 cell was left out")
    panel = page.locator(".jp-NotebookPanel:visible")
    expect(panel.locator(".jp-OutputArea-output", has_text="total 1740")).to_be_visible()
    expect(panel.locator(".jp-OutputArea-output", has_text="<i>words</i>")).to_have_count(0)
    lab.picture("detail-copied-dark")
    lab.run("notebook:undo-cell-action")
    expect(panel.locator(".jp-OutputArea-output")).to_have_count(0)
    tab = opened(lab, page, run)
    tab.get_by_role("button", name="Executed notebook").click()
    executed = page.locator(".nb2pipe-Executed")
    expect(executed.locator(".jp-OutputArea-output", has_text="total 1740")).to_be_visible()
    lab.picture("detail-executed-dark")
    tab.get_by_role("button", name=f"run {first.rpartition('-')[2]}").first.click()
    expect(page.locator(f'.nb2pipe-RunDetail[aria-label="Run {first}"]')).to_be_visible()
    lab.run("apputils:change-theme", theme="JupyterLab Light")


def test_live_then_removed(lab: Lab) -> None:
    """A run is followed to its cancelled end, and stays shown when somebody removes it; from the list it opens."""
    path = lab.put(
        document(code("import time\nprint('on')\nwhile True: time.sleep(0.05)", "step:endless"), code("1", "step:b"))
    )
    page = lab.open(path)
    run = lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})["id"]
    lab.run("nb2pipe:show-runs")
    page.get_by_role("button", name=f"Menu of run {run}").click()
    page.locator(".lm-Menu-item", has_text="Open Run Details").click()
    tab = page.locator(".nb2pipe-RunDetail")
    expect(tab.locator(".nb2pipe-Log-text")).to_have_text("on")
    expect(tab.locator('.nb2pipe-Timeline-track [data-state="running"]')).to_be_visible()
    lab.picture("detail-live")
    tab.get_by_role("button", name="Cancel", exact=True).click()
    expect(tab.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("cancelled")
    lab.expected.append(f"/nb2pipe/api/runs/{run}")  # whoever asks for it once more is told that it is gone
    lab.api.ok("DELETE", f"/runs/{run}")
    expect(tab.get_by_text("This run was removed.")).to_be_visible()
    expect(tab.locator(".nb2pipe-Timeline-name")).to_have_text(["endless", "b"])
    lab.picture("detail-removed")


def test_sixty_steps(lab: Lab) -> None:
    """Many steps can still be read, and chosen by keyboard."""
    cells = [
        code(f"v{number} = {f'v{number - 1} + 1' if number % 6 else number}", f"step:load-and-clean-{number}")
        for number in range(60)
    ]
    path = lab.put(document(*cells))
    page = lab.open(path)
    tab = opened(lab, page, ended(lab, path))
    expect(tab.locator(".nb2pipe-Timeline-name")).to_have_count(60)
    lab.picture("detail-sixty")
    tab.locator('.nb2pipe-Timeline [data-step="load-and-clean-7"]').focus()
    page.keyboard.press("Enter")
    expect(tab.locator(".nb2pipe-StepView h3").first).to_have_text("load-and-clean-7")
    tab.get_by_role("button", name="Graph", exact=True).click()
    expect(tab.locator(".nb2pipe-Node").first).to_be_visible()
    lab.picture("detail-sixty-graph")
