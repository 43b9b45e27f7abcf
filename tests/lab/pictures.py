"""``python -m tests.lab.pictures [FOLDER]``: take the README's pictures anew, of the churn example in a real lab."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from jupyter_extension.build_hook import build
from tests.house.source import ROOT
from tests.lab.browsing import Lab, open_browser, run_lab
from tests.lab.running import open_view, run_whole

EXAMPLE = ROOT / "example_notebooks"
PICTURES = ROOT / "jupyter_extension/pictures"
SIZE: Any = {"width": 1280, "height": 820}
COLOURS = 128
RIGHT, WRONG = (f'customers[\\"{name}\\"].str.lower()' for name in ("contract", "contracts"))
STILL_MS = 1500
"""Until a picture stands still: toasts that slide in, pages that scroll, a graph that is fitted."""


def main(folder: Path = PICTURES) -> None:
    """Take all of them, from the notebook to lineage."""
    build()
    with tempfile.TemporaryDirectory() as work, open_browser() as browser:
        for server in run_lab(Path(work) / "lab"):
            with browser.new_context(viewport=SIZE, locale="en-US", timezone_id="Europe/Berlin") as context:
                shutil.copytree(EXAMPLE / "data", server.root / "data")
                _walk(Lab(context.new_page(), server, server.root), folder)


def _walk(lab: Lab, folder: Path) -> None:
    path = lab.put(EXAMPLE / "churn.ipynb")
    _take(_notebook(lab, path, "train-logistic"), folder, "pipeline")
    page = lab.page
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-schedule"]').click()
    page.locator(".nb2pipe-Schedule-form .nb2pipe-Times li").nth(4).wait_for()
    _take(page, folder, "schedule")
    first, second = run_whole(lab, path)["id"], run_whole(lab, path, test_share=0.3)["id"]
    _detail(lab, first)
    _take(page, folder, "detail")
    _alone(lab, "nb2pipe:compare-runs", first=first, second=second)
    page.locator(".nb2pipe-Compare table").first.wait_for()
    _take(page, folder, "compare")
    _alone(lab, "nb2pipe:open-lineage", name=f"{second}/auc", kind="metric", label="auc")
    page.locator('.nb2pipe-Lineage-detail:has-text("Metric auc")').wait_for()
    _take(page, folder, "lineage")
    _fail(lab, path)
    _take(page, folder, "failed")


def _notebook(lab: Lab, path: str, step: str) -> Page:
    """The notebook with its pipeline beside it, at the beginning of a step."""
    page = lab.open(path)
    _widen(page)
    lab.show_pipeline()
    page.locator(f'#nb2pipe-pipeline .nb2pipe-Node[data-step="{step}"]').click()
    return page


def _alone(lab: Lab, command: str, **args: Any) -> None:
    """A view that has the whole window."""
    _widen(lab.open())
    open_view(lab, command, **args)


def _widen(page: Page) -> None:
    """Without the list of files."""
    page.evaluate("window.jupyterapp.restored.then(() => window.jupyterapp.shell.collapseLeft())")


def _detail(lab: Lab, run: str) -> None:
    _alone(lab, "nb2pipe:open-run", run=run)
    tab = lab.page.locator(".nb2pipe-RunDetail")
    tab.locator('.nb2pipe-Timeline [data-step="evaluate"]').click()
    tab.locator('[data-artifact="scores"]').click()
    tab.locator(".nb2pipe-Preview-table tbody tr").first.wait_for()


def _fail(lab: Lab, path: str) -> None:
    """A misspelt column, and what one sees then."""
    file = lab.server.root / path
    text = file.read_text("utf-8")
    assert RIGHT in text
    file.write_text(text.replace(RIGHT, WRONG), "utf-8")
    page = _notebook(lab, path, "clean")
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    page.locator(".Toastify__toast").get_by_role("button", name="Open the failed cell").click()
    page.locator(".nb2pipe-Failure").wait_for()


def _take(page: Page, folder: Path, name: str) -> None:
    """With few colours, as its file is small then and looks the same."""
    page.wait_for_timeout(STILL_MS)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
