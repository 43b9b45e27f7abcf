"""Pipelines that are wider than the side panel: one column there, rows where there is room."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.notebook.building import code, document

PANEL = "#nb2pipe-pipeline"


def lefts(page: Page, place: str) -> set[int]:
    """Where the steps that are drawn begin, in whole pixels from the left."""
    boxes = page.locator(f"{place} .nb2pipe-Node").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().x)"
    )
    return {round(each) for each in boxes}


def in_sight(inner: Locator, outer: Locator) -> bool:
    """Whether an element lies within another from left to right."""
    one, other = inner.bounding_box(), outer.bounding_box()
    assert one is not None and other is not None
    return other["x"] <= one["x"] and one["x"] + one["width"] <= other["x"] + other["width"]


def test_the_churn_example_in_the_panel(lab: Lab) -> None:
    """Steps side by side stand under each other in the panel, all in sight, and in rows in the main area."""
    page = lab.open(lab.put(ROOT / "example_notebooks/churn.ipynb"))
    lab.show_pipeline()
    nodes = page.locator(f"{PANEL} .nb2pipe-Node")
    expect(nodes.first).to_be_visible()
    page.wait_for_function(
        "place => document.querySelector(`${place} .nb2pipe-Node`).getBoundingClientRect().width > 100", arg=PANEL
    )
    assert 1 == len(lefts(page, PANEL))
    canvas = page.locator(f"{PANEL} .nb2pipe-Canvas-picture")
    for label in (*nodes.all(), *page.locator(f"{PANEL} .nb2pipe-EdgeLabel").all()):
        assert in_sight(label, canvas)
    page.locator(f"{PANEL} .nb2pipe-EdgeLabel").last.click()
    expect(page.locator(f"{PANEL} section[aria-label^='Why']")).to_be_visible()
    lab.picture("column-churn")
    page.get_by_role("button", name="Open in Main Area").click()
    large = page.locator(".jp-MainAreaWidget .nb2pipe-Node")
    expect(large.first).to_be_visible()
    assert 1 < len(lefts(page, ".jp-MainAreaWidget"))


def test_a_wide_pipeline(lab: Lab) -> None:
    """Twelve steps side by side between two can be read, found and zoomed; the buttons for it cover nothing."""
    cells = [code("raw = [1, 2, 3]\nscale = 2", "step:load")]
    cells += [code(f"part_{n} = [x * {n} + scale for x in raw]", f"step:model_{n}") for n in range(12)]
    cells += [code("print(" + ", ".join(f"part_{n}" for n in range(12)) + ", scale)", "step:compare")]
    page = lab.open(lab.put(document(*cells)))
    lab.show_pipeline()
    nodes = page.locator(f"{PANEL} .nb2pipe-Node")
    expect(nodes).to_have_count(14)
    lab.picture("column-wide")
    page.locator(f"{PANEL} .nb2pipe-Search").fill("compare")
    page.keyboard.press("Enter")
    last = page.locator(f'{PANEL} .nb2pipe-Node[data-step="compare"]')
    expect(last).to_be_in_viewport()
    lab.picture("column-wide-search")
    controls, canvas = page.locator(f"{PANEL} .react-flow__controls"), page.locator(f"{PANEL} .nb2pipe-Canvas-picture")
    below, above = controls.bounding_box(), canvas.bounding_box()
    assert below is not None and above is not None and below["y"] >= above["y"] + above["height"] - 1
    page.get_by_role("button", name="Show all").click()
    expect(nodes.first).to_be_in_viewport()
    lab.picture("column-wide-all")
