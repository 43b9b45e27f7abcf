"""Settings of steps in the property inspector."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.lab.browsing import Lab
from tests.notebook.building import code, document


def show(lab: Lab, page: Page) -> Locator:
    """The form beside the notebook."""
    lab.run("property-inspector:show-panel")
    tool = page.locator(".nb2pipe-SettingsTool")
    tool.wait_for()
    return tool


def saved(lab: Lab) -> list[dict[str, Any]]:
    """Metadata of the cells, once the notebook is saved."""
    lab.run("docmanager:save")
    found = json.loads((lab.folder / "n.ipynb").read_text("utf-8"))
    return [cell["metadata"] for cell in found["cells"]]


def test_settings_of_a_step(lab: Lab) -> None:
    """Values land in the step's first cell, wrong ones are said and stay out, each is one step of undo."""
    cells = (code("import math", "setup"), code("x = 1", "step:one"), code("y = x"), code("z = 2", "step:two"))
    page = lab.open(lab.put(document(*cells)))
    tool = show(lab, page)
    page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(0).click()
    expect(tool).to_contain_text("Setup cells run at the start of each step")
    page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(2).click()
    expect(tool.locator(".nb2pipe-Settings-step")).to_have_text("Step onekept in cell 2")
    tool.get_by_label("Image", exact=True).fill("two words")
    tool.get_by_label("Processors").fill("0.5")
    expect(tool.locator("#nb2pipe-setting-image-problem")).to_contain_text("It is not written.")
    tool.get_by_label("Secrets: name 1").fill("KEY")
    tool.get_by_label("Secrets: kind of place 1").select_option("file")
    tool.get_by_label("Secrets: where 1").fill("/run/key")
    tool.get_by_label("Environment variables: name 1").fill("MODE")
    tool.get_by_label("Environment variables: value 1").fill("<b>")
    tool.get_by_label("Cache", exact=True).select_option("false")
    lab.picture("settings")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_have_count(1)
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    tool.get_by_label("Secrets: name 1").scroll_into_view_if_needed()
    lab.picture("settings-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")
    wanted = {"cpus": 0.5, "secrets": {"KEY": "file:/run/key"}, "env": {"MODE": "<b>"}, "cache": False}
    assert [{"tags": ["setup"]}, {"tags": ["step:one"], "nb2pipe": wanted}, {}, {"tags": ["step:two"]}] == [
        {name: value for name, value in each.items() if name in ("tags", "nb2pipe")} for each in saved(lab)
    ]
    for _ in range(4):
        lab.run("notebook:undo-cell-action")
    expect(tool.get_by_label("Processors")).to_have_value("")
    assert "nb2pipe" not in saved(lab)[1]
    page.locator(".jp-NotebookPanel:visible .jp-Cell").nth(3).click()
    expect(tool.locator(".nb2pipe-Settings-step")).to_have_text("Step twokept in cell 4")
