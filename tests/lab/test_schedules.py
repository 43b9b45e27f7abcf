"""Schedules in the lab: the clock in the toolbar of a notebook, and the list of all."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.lab.browsing import WAIT_MS, Lab
from tests.notebook.building import code, document

NOTEBOOK = document(code("rows = 10\nname = 'a'", "parameters"), code("x = rows", "step:one"))


def end_schedules(lab: Lab) -> None:
    """Delete all schedules, and end the scheduler that they had."""
    for entry in lab.api.ok("GET", "/schedules?limit=500")["schedules"]:
        lab.api("DELETE", f"/schedules/{entry['id']}?force=true")
    scheduler = lab.api.ok("GET", "/scheduler")["scheduler"]
    if scheduler is not None:
        os.kill(scheduler["pid"], signal.SIGTERM)


@pytest.fixture
def cleared(lab: Lab) -> Iterator[Lab]:
    """A lab whose schedules, and the scheduler that they had, end with the test."""
    yield lab
    end_schedules(lab)


def _press_clock(page: Page) -> None:
    page.locator(".jp-NotebookPanel:visible .jp-NotebookPanel-toolbar [data-jp-item-name='nb2pipe-schedule']").click()
    expect(page.locator(".nb2pipe-Schedule-form")).to_be_visible()


def _show_list(lab: Lab) -> Page:
    page = lab.open()
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('nb2pipe:schedules')")
    lab.run("nb2pipe:schedules")
    return page


def _stored(lab: Lab) -> dict[str, Any]:
    (entry,) = lab.api.ok("GET", "/schedules")["schedules"]
    schedule: dict[str, Any] = entry["schedule"]
    return schedule


def test_scheduled_by_the_clock(cleared: Lab) -> None:
    """Unsaved edits are saved, a wrong cron text says why where it is, and what is kept is what the form shows."""
    lab = cleared
    lab.expected.append("/nb2pipe/api/due-times")
    page = lab.open(lab.put(NOTEBOOK))
    page.locator(".jp-Cell .cm-content").nth(1).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" + 1")
    _press_clock(page)
    form = page.locator(".nb2pipe-Schedule-form")
    expect(form.get_by_text("It is saved first")).to_be_visible()
    expect(form.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    expect(form.locator(".nb2pipe-Times li")).to_have_count(5)
    expect(form.locator(".nb2pipe-Times")).to_contain_text("07:00")
    lab.picture("schedule-form")
    cron = form.get_by_label("Cron text")
    cron.fill("0 25 * * *")
    expect(form.locator("[data-field='nb2pipe-cron'] [role=alert]")).to_contain_text("hour")
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(form).to_be_visible()
    lab.picture("schedule-form-wrong")
    cron.fill("30 6 * * mon-fri")
    expect(form.get_by_label("When")).to_have_value("weekdays")
    expect(form.get_by_text("weekdays at 06:30")).to_be_visible()
    form.get_by_label("rows").fill("ten")
    expect(form.get_by_text("Write a whole number")).to_be_visible()
    form.get_by_label("rows").fill("20")
    page.get_by_role("button", name="Schedule", exact=True).click()
    told = page.locator(".Toastify__toast")
    expect(told.filter(has_text="Starting the scheduler")).to_be_visible()
    expect(told.filter(has_text="goes on when JupyterLab is closed")).to_be_visible()
    expect(told.filter(has_text="Starting the scheduler")).to_have_count(0)
    kept = _stored(lab)
    assert ("30 6 * * mon-fri", "Europe/Berlin") == (kept["trigger"]["text"], kept["trigger"]["zone"])
    assert {"rows": 20} == {name: kept["parameters"][name] for name in ("rows",)}
    assert "x = rows + 1" in (lab.folder / "n.ipynb").read_text("utf-8")
    assert lab.api.ok("GET", "/scheduler")["scheduler"] is not None


def test_nothing_entered_is_lost(cleared: Lab) -> None:
    """What the service refuses stays in the form with its reason; Escape keeps what was entered, Cancel does not."""
    lab = cleared
    lab.expected.append("/nb2pipe/api/schedules")
    path = lab.put(NOTEBOOK)
    lab.api.ok("POST", "/schedules", {"path": path, "name": "mine", "cron": "@daily"})
    page = lab.open(path)
    _press_clock(page)
    form = page.locator(".nb2pipe-Schedule-form")
    form.get_by_label("When").select_option("monthly")
    expect(form.get_by_label("Cron text")).to_have_value("0 7 1 * *")
    form.get_by_label("Name", exact=True).fill("mine")
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(form.locator(".nb2pipe-Failure")).to_contain_text("mine")
    expect(form.get_by_label("When")).to_be_focused()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    _press_clock(page)
    expect(form.get_by_label("Name", exact=True)).to_have_value("mine")
    expect(form.get_by_label("When")).to_have_value("monthly")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(form).to_have_count(0)
    _press_clock(page)
    expect(form.get_by_label("Name", exact=True)).to_have_value("")


def test_list(cleared: Lab) -> None:
    """The list teaches while it is empty, follows the service, and pauses, resumes, edits, triggers and deletes."""
    lab = cleared
    path = lab.put(NOTEBOOK)
    page = _show_list(lab)
    expect(page.get_by_text("Nothing is scheduled yet")).to_be_visible()
    lab.picture("schedules-empty")
    for name, cron in (("nightly", "0 2 * * *"), ("<b>weekly</b>", "0 9 * * 1")):
        lab.api.ok("POST", "/schedules", {"path": path, "name": name, "cron": cron, "zone": "Asia/Tokyo"})
    row = page.locator("tr[data-schedule='nightly']")
    expect(row).to_contain_text("daily at 02:00")
    expect(page.get_by_text("<b>weekly</b>")).to_be_visible()
    row.get_by_role("button", name="Pause").click()
    expect(row).to_have_attribute("data-standing", "paused")
    row.get_by_role("button", name="Resume").click()
    expect(row).to_have_attribute("data-standing", "active")
    row.get_by_role("button", name="Edit").click()
    page.get_by_label("Time of day").fill("03:15")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(row).to_contain_text("daily at 03:15")
    row.get_by_role("button", name="Run").click()
    expect(row.locator("[data-state='succeeded']")).to_be_visible(timeout=WAIT_MS)
    lab.picture("schedules")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("schedules-dark")
    row.get_by_role("button", name="Edit").click()
    expect(page.locator(".nb2pipe-Times li")).to_have_count(5)
    lab.picture("schedule-form-dark")
    page.get_by_role("button", name="Cancel", exact=True).click()
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(row).to_have_count(0)
    assert ["<b>weekly</b>"] == [each["name"] for each in lab.api.ok("GET", "/schedules")["schedules"]]


def test_deleted_elsewhere(cleared: Lab) -> None:
    """Who changes a schedule that another page deleted is told so, and the list is right again."""
    lab = cleared
    lab.expected.append("/nb2pipe/api/schedules/")
    path = lab.put(NOTEBOOK)
    made = lab.api.ok("POST", "/schedules", {"path": path, "name": "gone", "cron": "@daily"})
    page = _show_list(lab)
    row = page.locator("tr[data-schedule='gone']")
    # The other page is quicker than the news of it.
    page.route(f"**/schedules/{made['id']}/pause*", _deleting(lab, made["id"]))
    row.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("alert")).to_contain_text("deleted elsewhere")
    expect(row).to_have_count(0)
    expect(page.get_by_text("Nothing is scheduled yet")).to_be_visible()


def _deleting(lab: Lab, schedule: str) -> Callable[[Route], None]:
    def go_on(route: Route) -> None:
        lab.api.ok("DELETE", f"/schedules/{schedule}")
        route.continue_()

    return go_on
