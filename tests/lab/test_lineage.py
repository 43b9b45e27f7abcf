"""The lineage view: from a metric to its data by clicking, and back; many users of one file; names that nothing has."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.lab.browsing import WAIT_MS, Lab
from tests.lab.running import open_view, run_whole
from tests.notebook.building import code, document

expect.set_options(timeout=WAIT_MS)

LEARN = (
    code("rate = 0.5", "parameters"),
    code("rows = open('raw.csv').read().split(',')", "step:load"),
    code("class TinyModel:\n    weight = 0.0\nmodel = TinyModel()\nmodel.weight = len(rows) * rate", "step:train"),
    code("error = abs(model.weight - 1)", "step:score"),
    code("error", "metrics"),
)


def node(page: Page, name: str) -> Locator:
    """A node of the picture."""
    return page.locator(".nb2pipe-Lineage-node", has=page.get_by_text(name, exact=True))


def learned(lab: Lab, **parameters: Any) -> dict[str, Any]:
    """A run that made a model and a metric of a file."""
    (lab.folder / "raw.csv").write_text("1,2,3,4", "utf-8")
    return run_whole(lab, lab.put(document(*LEARN), "learn.ipynb"), **parameters)


def test_from_a_metric_to_its_data_and_back(lab: Lab) -> None:
    """A metric is found by its name; clicks lead to the file that it came from, and the trail leads back."""
    run = learned(lab, rate=0.25)
    page = lab.open()
    open_view(lab, "nb2pipe:open-lineage")
    expect(page.get_by_text("Begin with something that was made lately")).to_be_visible()
    lab.picture("lineage-beginning")
    page.get_by_role("combobox", name="Find a file").fill("err")
    expect(page.get_by_role("option").first).to_contain_text("error = 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(node(page, "error")).to_have_attribute("aria-current", "true")
    expect(page.locator(".nb2pipe-Lineage-detail")).to_contain_text("Metric error")
    for name in ("score", "model", "train"):
        expect(node(page, name)).to_be_visible()
    lab.picture("lineage-metric")
    node(page, "train").click()
    detail = page.locator(".nb2pipe-Lineage-detail")
    expect(detail).to_contain_text(run["id"])
    expect(detail).to_contain_text("rate=0.25")
    node(page, "raw.csv").click()
    expect(detail).to_contain_text("The file is still this version.")
    expect(node(page, "model")).to_be_visible()
    lab.picture("lineage-file")
    page.locator(".nb2pipe-Lineage-trail").get_by_role("button", name="error").click()
    expect(node(page, "error")).to_have_attribute("aria-current", "true")
    detail.get_by_role("button", name="score").press("Enter")
    expect(detail).to_contain_text("Step score")
    detail.get_by_role("button", name="Open its first cell").click()
    expect(page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")).to_contain_text("error = abs")


def test_many_users_of_one_file(lab: Lab) -> None:
    """What used a file much is drawn by pages; the nearest links alone if one wants."""
    (lab.folder / "much.csv").write_text("1", "utf-8")
    steps = [code(f"x{number} = open('much.csv').read()", f"step:take{number}") for number in range(20)]
    run_whole(lab, lab.put(document(*steps), "much.ipynb"))
    page = lab.open()
    open_view(lab, "nb2pipe:open-lineage", name=str(lab.folder / "much.csv"), label="much.csv")
    expect(page.locator('.nb2pipe-Lineage-node[data-look="step"]')).to_have_count(6)
    page.get_by_role("button", name="14 more").click()
    expect(page.locator('.nb2pipe-Lineage-node[data-look="step"]')).to_have_count(12)
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_be_attached()
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("lineage-many-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")  # one server serves all tests


def test_a_name_that_nothing_has(lab: Lab) -> None:
    """The service's message says what is near, and what was there stays."""
    learned(lab)
    lab.expected += ["404"]
    page = lab.open()
    open_view(lab, "nb2pipe:open-lineage", name=str(lab.folder / "raw.csv"))
    expect(node(page, "load").first).to_be_visible()
    page.get_by_role("combobox", name="Find a file").fill("<script>alert(1)</script>")
    expect(page.get_by_text("Nothing among the latest runs is named so.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="<script>alert(1)</script>")).to_be_visible()
    expect(node(page, "load").first).to_be_visible()
    lab.picture("lineage-unknown")
