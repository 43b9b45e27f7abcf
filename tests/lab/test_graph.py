"""The pipeline as a picture: drawn while one types, walked by clicking, and explained."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Request, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.notebook.building import code, document, markdown


def steps(lab: Lab) -> Locator:
    """The names of the steps that are drawn in the panel."""
    return lab.page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")


def active_source(lab: Lab) -> Locator:
    """The text of the active cell."""
    return lab.page.locator(".jp-Notebook .jp-Cell.jp-mod-active .cm-content")


def is_kept(request: Request) -> bool:
    """Whether JupyterLab tells its server that a pipeline is in the main area."""
    body = request.post_data or ""
    return request.method == "PUT" and "/workspaces/" in request.url and "nb2pipe-pipeline-of:" in body


def test_to_the_cell_and_back(lab: Lab) -> None:
    """A click on a step selects its first cell, and the step of the active cell stands out; all of it is in sight."""
    page = lab.open(lab.put(ROOT / "example_notebooks/tour.ipynb"))
    lab.show_pipeline()
    last = page.locator("#nb2pipe-pipeline .nb2pipe-Node").last
    last.click()
    expect(last).to_have_attribute("aria-current", "step")
    name = last.get_attribute("data-step") or ""
    expect(active_source(lab)).to_be_in_viewport()
    page.locator(".jp-Notebook .jp-CodeCell").first.click()
    expect(page.locator(f'.nb2pipe-Node[data-step="{name}"]')).not_to_have_attribute("aria-current", "step")
    lab.picture("graph-light")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator("body[data-jp-theme-light=false]")).to_have_count(1)
    lab.picture("graph-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")  # which other tests share
    expect(page.locator("body[data-jp-theme-light=true]")).to_have_count(1)


def test_why_and_main_area(lab: Lab) -> None:
    """An edge says why it is there and leads to both cells; the same graph opens large, and is back after a reload."""
    path = lab.put(
        document(
            code("import math", "setup"),
            code("rows = 3", "parameters"),
            code("a = 1\nb = [rows]\nc = 2", "step:load"),
            code("x = a + b[0]", "step:left"),
            code("y = math.sqrt(a) + c", "step:right"),
            code("z = 0", "step:end"),
            code("print(x, y)"),
        )
    )
    page = lab.open(path)
    lab.show_pipeline()
    expect(steps(lab)).to_have_text(["load", "left", "right", "end"])
    page.get_by_role("button", name=re.compile("left → end")).click()
    detail = page.get_by_role("region", name="Why left → end")
    expect(detail).to_contain_text("uses `x`")
    lab.picture("graph-why")
    detail.get_by_role("button", name="end: cell 7, line 1").click()
    expect(active_source(lab)).to_have_text("print(x, y)")
    with page.expect_response(lambda answer: is_kept(answer.request)):
        page.get_by_role("button", name="Open in Main Area").click()
    large = page.locator(".jp-MainAreaWidget .nb2pipe-Panel")
    expect(large.locator(".nb2pipe-Node")).to_have_count(4)
    lab.picture("graph-main-area")
    page.reload()
    expect(large.locator(".nb2pipe-Node")).to_have_count(4)


def test_refused(lab: Lab) -> None:
    """A notebook that stops being a pipeline keeps its graph, says why, and underlines the very line."""
    page = lab.open(lab.put(document(code("x = 1", "step:one"), code("\nprint(x)", "step:two"))))
    lab.show_pipeline()
    expect(steps(lab)).to_have_text(["one", "two"])
    source = page.locator(".jp-Cell .cm-content").nth(1)
    source.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" = (")
    expect(page.locator(".nb2pipe-Banner")).to_contain_text("The graph is as it was before.")
    expect(steps(lab)).to_have_text(["one", "two"])
    expect(page.locator(".nb2pipe-Canvas.nb2pipe-mod-old .nb2pipe-Node")).to_have_count(2)
    underline = source.locator(".nb2pipe-mod-error")
    expect(underline).not_to_have_count(0)
    assert "print(x)" in "".join(underline.all_inner_texts())  # in one piece, or cut at a bracket that is marked too
    underline.first.hover()
    expect(page.locator(".nb2pipe-Tooltip")).to_be_visible()
    lab.picture("graph-refused")
    page.locator(".jp-Cell .cm-content").first.click()
    page.locator(".nb2pipe-Findings .nb2pipe-Link").first.click()
    expect(active_source(lab)).to_contain_text("print(x)")


def test_many_steps(lab: Lab) -> None:
    """Sixty steps in two hundred cells: chains are folded, a search shows a step, an edit is timed."""
    cells = [code("total = 0", "step:start0")]
    for number in range(58):
        row, column = divmod(number, 10)
        source = f"v{number - 1}" if column else "total"
        cells += [markdown(f"## {number}"), code(f"v{number} = {source} + 1", f"step:s{row}_{column}")]
        cells += [code(f"w{number} = v{number}")]
    cells += [code("print(" + ", ".join(f"v{row * 10 + 9}" for row in range(5)) + ", v57)", "step:finish")]
    cells += [markdown("end")] * (200 - len(cells))
    page = lab.open(lab.put(document(*cells)))
    lab.show_pipeline()
    nodes = page.locator("#nb2pipe-pipeline .nb2pipe-Node")
    expect(nodes).to_have_count(8)
    page.get_by_role("button", name="Show all steps").click()
    expect(nodes).to_have_count(60)
    lab.picture("graph-sixty")
    page.locator("#nb2pipe-pipeline .nb2pipe-Search").fill("s3_7")
    page.keyboard.press("Enter")
    expect(page.locator('.nb2pipe-Node[data-step="s3_7"]')).to_be_in_viewport()
    lab.picture("graph-search")
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nnew = 1")
    measured = "performance.getEntriesByName('nb2pipe:edit-to-graph').map(each => each.duration)"
    page.wait_for_function(f"{measured}.length === 1")


def test_server_away(lab: Lab) -> None:
    """While the server cannot be reached the graph of before stays, greyed; the next answer takes its place."""
    lab.expected.append("/notebooks/check")
    page = lab.open(lab.put(document(code("x = 1", "step:one"), code("print(x)", "step:two"))))
    lab.show_pipeline()
    expect(steps(lab)).to_have_text(["one", "two"])
    page.route("**/notebooks/check*", lambda route: route.abort())
    page.locator(".jp-Cell .cm-content").nth(1).click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\ny = 2")
    banner = page.locator(".nb2pipe-Banner")
    expect(banner).to_contain_text("cannot be reached")
    expect(page.locator(".nb2pipe-Canvas.nb2pipe-mod-old .nb2pipe-Node")).to_have_count(2)
    page.unroute("**/notebooks/check*")
    page.keyboard.type("0")
    expect(banner).to_have_count(0)
    expect(page.locator(".nb2pipe-Canvas.nb2pipe-mod-old")).to_have_count(0)
