"""Dragging the place where a step begins."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.lab.browsing import Lab
from tests.lab.test_tagging import NAME, cell, choose, tags
from tests.notebook.building import code, document

LINE = ".nb2pipe-DropLine"


def grab(page: Page, index: int) -> None:
    """Let the mouse button go down on the header of a cell."""
    box = cell(page, index).locator(NAME).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()


def pull(page: Page, index: int) -> None:
    """Move the mouse to the top of a cell."""
    box = cell(page, index).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + 3, steps=4)
    expect(page.locator(LINE)).to_contain_text(f"begins at cell {index + 1}")


def test_drag_a_boundary(lab: Lab) -> None:
    """A line shows where the step will begin; dropping it is one step of undo, Escape leaves all as it was."""
    cells = [code("a = 1", "step:one"), code("b = a"), code("c = 2", "step:two"), code("d = c"), code("print(d)")]
    path = lab.put(document(*cells))
    page = lab.open(path)
    before = [["step:one"], [], ["step:two"], [], []]
    grab(page, 2)
    pull(page, 1)
    lab.picture("drag-boundary")
    page.keyboard.press("Escape")
    expect(page.locator(LINE)).to_have_count(0)
    page.mouse.up()
    page.keyboard.press("Escape")
    assert before == tags(lab, path)
    grab(page, 2)
    pull(page, 4)
    page.mouse.up()
    expect(page.locator(LINE)).to_have_count(0)
    expect(cell(page, 4).locator(NAME)).to_have_text("two")
    expect(page.locator(".lm-Menu")).to_have_count(0)
    assert [["step:one"], [], [], [], ["step:two"]] == tags(lab, path)
    choose(page, 3)
    page.keyboard.press("z")
    expect(cell(page, 2).locator(NAME)).to_have_text("two")
    assert before == tags(lab, path)


HOLDS = {"gap, left": (20, -2), "gap, right": (-20, 2), "header": (-60, 14), "strip": (2, -8)}
"""Where a border is taken hold of, from the cell's left and upper edges; from the others where it is below 0."""


@pytest.mark.parametrize("hold", HOLDS)
def test_the_whole_border_can_be_dragged(lab: Lab, hold: str) -> None:
    """The gap between two steps, the header and the coloured strip have the cursor of a border and are dragged."""
    path = lab.put(document(code("a = 1", "step:one"), code("b = a"), code("c = 2", "step:two")))
    page = lab.open(path)
    expect(cell(page, 2).locator(NAME)).to_have_text("two")
    box = cell(page, 2).bounding_box()
    assert box is not None
    right, down = HOLDS[hold]
    x = box["x"] + (right if right > 0 else box["width"] + right)
    y = box["y"] + (box["height"] + down if hold == "strip" else down)
    page.mouse.move(x, y)
    under = "([x, y]) => getComputedStyle(document.elementFromPoint(x, y)).cursor"
    assert "row-resize" == page.evaluate(under, [x, y])
    page.mouse.down()
    pull(page, 1)
    lab.picture(f"border-{hold.replace(', ', '-')}")
    page.mouse.up()
    expect(cell(page, 1).locator(NAME)).to_have_text("two")
    assert [["step:one"], ["step:two"], []] == tags(lab, path)


def test_drag_beyond_the_edge(lab: Lab) -> None:
    """Near the edge the notebook scrolls, so that a step of many cells can be left to the one before it."""
    cells = [code("a = 1", "step:one"), code("b = 2", "step:two"), *(code(f"x{n} = {n}") for n in range(60))]
    path = lab.put(document(*cells))
    page = lab.open(path)
    grab(page, 1)
    box = page.locator(".jp-NotebookPanel:visible .jp-WindowedPanel-outer").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 5, steps=4)
    expect(page.locator(LINE)).to_contain_text("begins at cell 62", timeout=60_000)
    page.mouse.up()
    expect(cell(page, 61).locator(NAME)).to_have_text("two")
    found = tags(lab, path)
    assert ([], ["step:two"]) == (found[1], found[61])
