"""Rows about JupyterLab in a real browser: from an edit to its graph, and from a click to the first cell that runs."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from jupyter_extension.build_hook import build
from tests.benchmarks.measure import Bench, Result
from tests.benchmarks.notebooks import document, large, write
from tests.lab.browsing import Lab, open_browser, run_lab

STEPS = 20
EDITED = "s15"
MOST_EDIT_S = 0.3
READS_MS = 2000
"""So long does somebody look at the form."""
SIZE: Any = {"width": 1400, "height": 900}
EDITS = "performance.getEntriesByName('nb2pipe:edit-to-graph')"
RUNNING = """() => {
  addEventListener('click', () => (window.clickedAt ??= Date.now()), { capture: true });
  new MutationObserver(() => {
    if (document.querySelector('.nb2pipe-RunSteps [data-state=running]')) window.shownAt ??= Date.now();
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""
BEGUN = "import time\nwith open('begun.txt', 'w') as file:\n    file.write(repr(time.time()))"


def measure_lab(bench: Bench) -> list[Result]:
    """The lab and a browser, started once; each figure is taken several times in one page."""
    build()
    with open_browser() as browser:
        for server in run_lab(bench.scratch("lab")):
            with browser.new_context(viewport=SIZE) as context:
                lab = Lab(context.new_page(), server, server.root)
                rows = [_edit(lab, 4 * bench.runs), *_start(lab, bench.runs)]
    return rows


def _edit(lab: Lab, times: int) -> Result:
    """Each edit takes an edge away and makes another."""
    write(lab.folder / "large.ipynb", large(STEPS))
    page = lab.open("large.ipynb")
    lab.show_pipeline()
    page.locator(f'#nb2pipe-pipeline .nb2pipe-Node[data-step="{EDITED}"]').click()
    page.locator(".jp-Notebook .jp-Cell.jp-mod-active .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nextra = frame_1")
    page.wait_for_function(f"{EDITS}.length === 1")
    found = [_press(page, key) for _ in range(times // 2) for key in ("0", "Backspace")]
    median_s, most_s = statistics.median(found), max(found)
    return Result(
        f"an edit in a notebook of {10 * STEPS} cells in {STEPS} steps, to its graph",
        "-",
        f"≤ {MOST_EDIT_S} s",
        f"{median_s:.3f} s, at most {most_s:.3f} s, of {len(found)} edits",
        median_s <= MOST_EDIT_S,
    )


def _press(page: Page, key: str) -> float:
    page.evaluate("performance.clearMeasures('nb2pipe:edit-to-graph')")
    page.keyboard.press(key)
    page.wait_for_function(f"{EDITS}.length === 1")
    return float(page.evaluate(f"{EDITS}[0].duration")) / 1000


def _start(lab: Lab, runs: int) -> list[Result]:
    """Ours and the lab's own in turn, in one notebook."""
    cells = [("step:one", BEGUN), ("step:two", "print('done')")]
    notebook = {**document(cells), "metadata": {**document(cells)["metadata"], "nb2pipe": {"cache": False}}}
    page = lab.open(lab.put(notebook))
    page.locator(".jp-NotebookPanel-toolbar [data-status=idle]").wait_for()
    page.evaluate(RUNNING)
    ours, shown, theirs = [], [], []
    for index in range(runs + 1):
        begun_s, shown_s = _run(lab, page)
        restarted_s = _restart(lab, page)
        if index:
            ours.append(begun_s)
            shown.append(shown_s)
            theirs.append(restarted_s)
    began_s, restart_s = statistics.median(ours), statistics.median(theirs)
    what = "a click on Run in a form that was open for 2 s, to the first cell that runs"
    rival = "Restart Kernel and Run All Cells in the same lab"
    return [
        Result(
            what,
            rival,
            "≤ 1x",
            f"{began_s / restart_s:.2f}x ({began_s:.2f} s, {restart_s:.2f} s)",
            began_s <= restart_s,
        ),
        Result("the same, to the step's state in the panel", "-", "-", f"{statistics.median(shown):.2f} s", None),
    ]


def _run(lab: Lab, page: Page) -> tuple[float, float]:
    """Seconds from the click to the first cell, and to what the panel shows of it."""
    begun = _fresh(lab)
    with page.expect_response("**/nb2pipe/api/runs/ready*"):
        page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    button = page.locator(".nb2pipe-RunDialog .jp-mod-accept:enabled")
    button.wait_for()
    page.wait_for_timeout(READS_MS)
    page.evaluate("[window.clickedAt, window.shownAt] = []")
    button.click()
    page.wait_for_function("window.shownAt")
    page.locator(".nb2pipe-Run-title [data-state=succeeded]").wait_for()
    clicked_ms, shown_ms = page.evaluate("[window.clickedAt, window.shownAt]")
    return float(begun.read_text()) - clicked_ms / 1000, (shown_ms - clicked_ms) / 1000


def _restart(lab: Lab, page: Page) -> float:
    """Seconds from the click to the first cell, in a kernel that is started anew."""
    begun = _fresh(lab)
    page.evaluate("void window.jupyterapp.commands.execute('runmenu:restart-and-run-all')")
    button = page.locator(".jp-Dialog .jp-mod-accept")
    button.wait_for()
    page.evaluate("window.clickedAt = undefined")
    button.click()
    page.locator(".jp-OutputArea-output", has_text="done").wait_for()
    lab.run("notebook:clear-all-cell-outputs")
    return float(begun.read_text()) - float(page.evaluate("window.clickedAt")) / 1000


def _fresh(lab: Lab) -> Path:
    begun = lab.folder / "begun.txt"
    begun.unlink(missing_ok=True)
    return begun
