"""How one begins: the card in the launcher, and what empty panels say."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.lab.running import open_view

TOUR = ROOT / "example_notebooks/tour.ipynb"


def test_the_card_in_the_launcher(lab: Lab) -> None:
    """The card opens a copy of the tour with its pipeline beside it; a second copy has another name."""
    page = lab.open()
    card = page.locator(".jp-LauncherCard", has_text="nb2pipe: take the tour")
    expect(card).to_be_visible()
    lab.picture("launcher")
    card.click()
    expect(page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")).to_have_text(["simulate", "report"])
    cells = json.loads(TOUR.read_text("utf-8"))["cells"]
    copy = json.loads((lab.server.root / "tour.ipynb").read_text("utf-8"))["cells"]
    assert [each["source"] for each in cells] == [each["source"] for each in copy]
    lab.picture("tour-opened")
    open_view(lab, "nb2pipe:tour")
    expect(page.locator(".lm-TabBar-tab", has_text="tour-1.ipynb")).to_be_visible()


def test_the_panel_without_a_notebook(lab: Lab) -> None:
    """An empty panel has a button that leads to the tour."""
    page = lab.open()
    lab.show_pipeline()
    lab.picture("panel-empty")
    page.get_by_role("button", name="Take the tour", exact=True).click()
    expect(page.locator("#nb2pipe-pipeline .nb2pipe-Node")).to_have_count(2)
