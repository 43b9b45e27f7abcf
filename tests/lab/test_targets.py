"""Runs and schedules on an engine elsewhere, from the lab, with a stand-in for that engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from nb2pipe.kubeflow.marks import marked_step
from nb2pipe.model import State, StepRun
from tests.kubeflow.remote.definition import definition
from tests.kubeflow.remote.sending import FAILURE, IMAGE
from tests.kubeflow.remote.standin import StandIn, serving
from tests.kubeflow.remote.workflow import Task
from tests.lab.browsing import Lab, run_lab
from tests.lab.conftest import lab_of
from tests.notebook.building import code, document
from tests.server.calling import Server


def sent() -> dict[str, Any]:
    """A notebook of one step, which names an image that a cluster can pull."""
    load = code("x = n", "step:load")
    load["metadata"]["nb2pipe"] = {"image": IMAGE}
    return document(code("n = 3", "parameters"), load)


@pytest.fixture(scope="module")
def kfp() -> Iterator[StandIn]:
    """The engine."""
    definition()
    state = StandIn()
    with serving(state):
        yield state


@pytest.fixture(scope="module")
def sender(extension: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab with targets of its own."""
    folder = tmp_path_factory.mktemp("sender")
    yield from run_lab(folder / "lab", env={"XDG_CONFIG_HOME": str(folder / "config")})


@pytest.fixture
def lab(sender: Server, kfp: StandIn, context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """JupyterLab that knows the engine as ``cloud``."""
    for found in lab_of(sender, context, request.node.name):
        target = {"name": "cloud", "kind": "kfp", "host": kfp.url, "replace": True}
        found.api.ok("POST", "/targets", target)
        yield found


def test_a_run_is_sent(lab: Lab, kfp: StandIn) -> None:
    """The form asks where; the panel and the list say where a run is; it is cancelled there."""
    page = lab.open(lab.put(sent(), "churn.ipynb"))
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = page.locator(".nb2pipe-RunDialog")
    form.get_by_label("Where").select_option("cloud")
    expect(form.get_by_label("Steps at a time")).to_have_count(0)
    lab.picture("target-run-form")
    form.locator(".jp-mod-accept").click()
    panel = page.locator("#nb2pipe-run")
    expect(panel.locator(".nb2pipe-Run-facts")).to_contain_text("on cloud")
    lab.run("nb2pipe:show-runs")
    expect(page.locator(".nb2pipe-History-where")).to_have_text("on cloud")
    lab.picture("target-run")
    with page.expect_response("**/cancel*"):
        panel.get_by_role("button", name="Cancel").click()
    [run] = lab.api.ok("GET", "/runs")["runs"]
    kfp.move(run["remote_id"], "CANCELED")
    expect(panel.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("cancelled")


def test_logs_from_there(lab: Lab, kfp: StandIn) -> None:
    """What a step prints there grows in the panel; where it failed its log, its cell and its outputs are at hand."""
    page = lab.open(lab.put(sent(), "churn.ipynb"))
    run = lab.api.ok("POST", "/targets/cloud/runs", {"path": f"{lab.folder.name}/churn.ipynb"})
    kfp.move(run["remote_id"], "RUNNING", load=Task("RUNNING"))
    kfp.print_log(run["remote_id"], "load", "one\n")
    lab.run("nb2pipe:show-run", run=run["id"])
    panel = page.locator("#nb2pipe-run")
    log = panel.get_by_role("region", name="Log of load")
    expect(log.locator("pre")).to_have_text("one\n")
    kfp.print_log(run["remote_id"], "load", "one\ntwo\n")
    expect(log.locator("pre")).to_have_text("one\ntwo\n")
    lab.picture("target-log")
    failed = StepRun("run", "load", State.FAILED, cells_total=1, failure=replace(FAILURE, cell_index=1, cell_id="c1"))
    kfp.print_log(run["remote_id"], "load", f"one\ntwo\nthree\n{marked_step(failed)}\n")
    kfp.move(run["remote_id"], "FAILED", load=Task("FAILED"))
    expect(panel.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("failed")
    expect(log.locator("pre")).to_have_text("one\ntwo\nthree\n")
    expect(panel.locator(".nb2pipe-Failure")).to_contain_text("ValueError: no such luck")
    expect(page.get_by_role("button", name="Run again")).to_have_count(0)
    lab.picture("target-failed")
    lab.run("nb2pipe:open-run", run=run["id"])
    tab = page.locator(".nb2pipe-RunDetail")
    expect(tab.locator(".nb2pipe-Log-text")).to_have_text("one\ntwo\nthree\n")
    lab.picture("target-detail")


def test_a_schedule_there(lab: Lab, kfp: StandIn) -> None:
    """What the engine cannot do is greyed with the reason; the schedule stands there, and starts no scheduler here."""
    page = lab.open(lab.put(sent(), "churn.ipynb"))
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-schedule"]').click()
    form = page.locator(".nb2pipe-Schedule-form")
    form.locator("#nb2pipe-where").select_option("cloud")
    expect(form.locator('#nb2pipe-overlap option[value="skip"]')).to_be_disabled()
    expect(form.locator("#nb2pipe-overlap")).to_have_value("queue")
    expect(form.locator("#nb2pipe-missed")).to_have_value("all")
    expect(form.locator("#nb2pipe-source")).to_have_value("snapshot")
    lab.picture("target-schedule-form")
    form.get_by_label("Time zone").fill("UTC")
    with page.expect_response(lambda answer: answer.status == 201):
        page.locator(".nb2pipe-Schedule-dialog .jp-mod-accept").click()
    [schedule] = lab.api.ok("GET", "/schedules")["schedules"]
    assert ("cloud", next(iter(kfp.schedules))) == (schedule["schedule"]["target"], schedule["schedule"]["remote_id"])
    expect(page.locator(".Toastify__toast")).to_contain_text("cloud keeps it, whatever becomes of")
    assert lab.api.ok("GET", "/scheduler")["scheduler"] is None
    lab.run("nb2pipe:schedules")
    panel = page.locator(".nb2pipe-Schedules")
    expect(panel.get_by_role("status")).to_have_text("They run elsewhere, whatever becomes of this machine.")
    expect(panel.get_by_role("rowheader")).to_contain_text("on cloud")
    expect(panel.get_by_role("button", name="keeps")).to_be_disabled()
    lab.picture("target-schedules")
