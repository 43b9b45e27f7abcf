"""Tagging where the cell is: bands, the commands that edit tags, and steps proposed from headings."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.notebook.building import code, document, markdown

HEADER = ".nb2pipe-Band-header"
NAME = ".nb2pipe-Band-name"


def cell(page: Page, index: int) -> Locator:
    """A cell by its position."""
    return page.locator(f'.jp-NotebookPanel:visible .jp-Cell[data-windowed-list-index="{index}"]')


def choose(page: Page, index: int) -> None:
    """Make a cell active, in command mode."""
    cell(page, index).locator(".jp-InputPrompt").click()
    expect(cell(page, index)).to_have_class(re.compile("jp-mod-active"))


def saved(lab: Lab, path: str) -> dict[str, Any]:
    """The notebook as it is in the file once it is saved."""
    with lab.page.expect_response(lambda it: it.request.method == "PUT" and "/api/contents/" in it.url):
        lab.run("docmanager:save")
    found: dict[str, Any] = json.loads((lab.server.root / path).read_text("utf-8"))
    return found


def tags(lab: Lab, path: str) -> list[list[str]]:
    """The tags of each cell in the saved file."""
    return [each["metadata"].get("tags", []) for each in saved(lab, path)["cells"]]


def test_tag_by_keyboard_menu_and_undo(lab: Lab) -> None:
    """A step is named by keyboard with a word on bad names, renamed by the header's menu, undone like any edit."""
    path = lab.put(document(code("a = 1"), code("b = a + 1"), code("print(b)")))
    page = lab.open(path)
    expect(page.locator(HEADER)).to_have_count(0)
    choose(page, 1)
    page.keyboard.press("t")
    page.keyboard.press("s")
    field = page.get_by_label("Name of the step")
    field.fill("<script>")
    expect(page.locator(".nb2pipe-NameDialog")).to_contain_text("“<” cannot be in a name")
    expect(page.get_by_role("button", name="Start Step")).to_be_disabled()
    lab.picture("tag-bad-name")
    field.fill("add")
    page.keyboard.press("Enter")
    expect(page.locator(NAME)).to_have_text(["start", "add"])
    expect(cell(page, 1).locator(HEADER)).to_contain_text("← a")
    page.get_by_role("button", name="add, takes a").click()
    page.get_by_role("menuitem", name="Rename Step…").click()
    page.get_by_label("Name of the step").fill("sum")
    page.get_by_role("button", name="Rename").click()
    expect(page.locator(NAME)).to_have_text(["start", "sum"])
    choose(page, 2)
    page.keyboard.press("t")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_text("There is no cell above")).to_have_count(0)
    expect(page.locator(NAME)).to_have_text(["sum"])
    page.keyboard.press("z")
    expect(page.locator(NAME)).to_have_text(["start", "sum"])
    assert [[], ["step:sum"], []] == tags(lab, path)
    page.keyboard.press("z")
    page.keyboard.press("z")
    expect(page.locator(HEADER)).to_have_count(0)
    assert [[], [], []] == tags(lab, path)


THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark", "contrast": "JupyterLab Dark High Contrast"}


def test_the_tour_in_all_themes(lab: Lab) -> None:
    """The tour's cells have the steps that the service says, and their menu the commands; pictures of every theme."""
    path = lab.put(ROOT / "example_notebooks/tour.ipynb")
    steps = lab.api.ok("POST", "/notebooks/check", {"path": path})["pipeline"]["steps"]
    page = lab.open(path)
    for step in steps:
        header = cell(page, step["cells"][0]).locator(HEADER)
        expect(header.locator(NAME)).to_have_text(step["name"])
        expect(header).to_contain_text(", ".join([*(port["name"] for port in step["inputs"]), *step["parameters"]]))
    last = steps[-1]["cells"][0]
    for name in ("contrast", "dark", "light"):  # the last one stays
        lab.run("apputils:change-theme", theme=THEMES[name])
        expect(page.locator(f'body[data-jp-theme-name="{THEMES[name]}"]')).to_have_count(1)
        choose(page, last)
        lab.picture(f"bands-{name}")
    page.locator(NAME, has_text=steps[-1]["name"]).first.click(button="right")
    page.locator(".lm-Menu-itemLabel", has_text="nb2pipe").hover()
    expect(page.get_by_role("menuitem", name="Start Step Here…")).to_be_visible()
    lab.picture("tag-menu")


def test_many_cells_and_cells_that_come_and_go(lab: Lab) -> None:
    """In 200 cells those far below have bands once they are seen; bands go with cells that move, come and go."""
    cells = [code(f"x{index} = {index}", *([f"step:s{index}"] if index % 5 == 0 else [])) for index in range(200)]
    page = lab.open(lab.put(document(*cells)))
    expect(cell(page, 0).locator(NAME)).to_have_text("s0")
    lab.run("notebook:move-cell-down")
    expect(cell(page, 1).locator(NAME)).to_have_text("s0")
    expect(cell(page, 0).locator(NAME)).to_have_text("start")
    lab.run("notebook:delete-cell")
    expect(page.locator(NAME).first).to_have_text("start")
    page.evaluate("window.jupyterapp.shell.currentWidget.content.scrollToItem(190)")
    expect(page.locator(NAME, has_text="s195")).to_be_visible()
    lab.picture("bands-far-below")


def test_steps_from_headings(lab: Lab) -> None:
    """The proposal is shown first, taken as one step of undo, and leaves the rest of the file as it was."""
    notebook = document(markdown("# Load it"), code("a = 1", "mine"), markdown("# Use <b>it</b>"), code("print(a)"))
    path = lab.put(notebook)
    page = lab.open(path)
    choose(page, 1)
    page.keyboard.press("t")
    page.keyboard.press("h")
    dialog = page.locator(".jp-Dialog")
    expect(dialog.locator("tbody strong")).to_have_text(["step:load-it", "step:use-it"])
    lab.picture("propose-steps")
    dialog.get_by_role("button", name="Tag 2 Cells").click()
    expect(page.locator(NAME)).to_have_text(["load-it", "use-it"])
    after = saved(lab, path)
    assert [[], ["mine", "step:load-it"], [], ["step:use-it"]] == [
        it["metadata"].pop("tags", []) for it in after["cells"]
    ]
    before = [it["source"] for it in notebook["cells"]]
    assert before == ["".join(it["source"]) for it in after["cells"]]
    lab.run("notebook:undo-cell-action")
    expect(page.locator(HEADER)).to_have_count(0)
    assert [[], ["mine"], [], []] == tags(lab, path)


def test_read_only(lab: Lab) -> None:
    """A read-only notebook shows its bands, and is refused with a word."""
    path = lab.put(document(code("a = 1", "step:a")))
    page = lab.open(path)
    expect(page.locator(NAME)).to_have_text(["a"])
    page.evaluate("window.jupyterapp.shell.currentWidget.content.model.readOnly = true")  # root may write anything
    lab.run("nb2pipe:skip-cell")
    expect(page.locator(".Toastify__toast")).to_contain_text("This notebook is read-only.")
    expect(page.locator(NAME)).to_have_text(["a"])
