"""Runs from the notebook: the form, how a run goes, its end, its failed cell, and the list of runs."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.lab.browsing import Lab
from tests.notebook.building import code, document, markdown

PARAMETERS = 'rows: int = 3  # how many\nrate: float = 0.5\nname = "x"\nis_quick = True\nxs = [1, 2]\nd = {"a": 1}'


def start(lab: Lab, page: Page) -> Locator:
    """The form of the current notebook."""
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = page.locator(".nb2pipe-RunDialog")
    form.locator(".nb2pipe-Form").wait_for()
    return form


def state(page: Page) -> Locator:
    """How the run that is shown stands."""
    return page.locator(".nb2pipe-Run-title .nb2pipe-State")


def test_a_run_with_parameters(lab: Lab) -> None:
    """Values are checked while one types, a refusal stays with the form, and the run is shown live to its end."""
    cells = (code(PARAMETERS, "parameters"), code("print('rows', rows, d)", "step:make"))
    path = lab.put(document(markdown("# Sums"), *cells, code("print(sum(xs), rate)", "step:add")))
    page = lab.open(path)
    form = start(lab, page)
    for name, wrong, right in (("rows", "three", "7"), ("rate", "fast", "1e-3"), ("d", "[1]", '{"<b>": [2]}')):
        field = form.locator(f"#nb2pipe-parameter-{name}")
        field.fill(wrong)
        expect(form.locator(f"#nb2pipe-parameter-{name}-problem")).to_contain_text("is needed")
        expect(form.locator(".jp-mod-accept")).to_be_disabled()
        field.fill(right)
    lab.picture("run-form")
    form.locator(".jp-mod-accept").click()
    expect(state(page)).to_have_text("succeeded")
    expect(page.locator(".nb2pipe-RunSteps-name")).to_have_text(["make", "add"])
    page.locator('.nb2pipe-RunSteps button[data-step="make"]').click()
    expect(page.locator(".nb2pipe-Log-text")).to_contain_text("rows 7 {'<b>': [2]}")
    toast = page.locator(".Toastify__toast", has_text="n.ipynb has run in")
    expect(toast).to_be_visible()
    lab.picture("run-succeeded")
    found = lab.api.ok("GET", "/runs?limit=1&notebook=" + path)["runs"][0]
    assert {"rows": 7, "rate": 0.001, "d": {"<b>": [2]}}.items() <= found["parameters"].items()
    lab.run("nb2pipe:run-again")
    expect(page.locator('.nb2pipe-RunSteps button[data-step="make"] .nb2pipe-State')).to_have_text("cached")
    expect(state(page)).to_have_text("succeeded")
    page.get_by_role("button", name="Report", exact=True).click()
    report = page.frame_locator('iframe[title^="Report of run"]')
    expect(report.get_by_role("heading", name="n succeeded")).to_be_visible()
    lab.picture("run-report")
    page.locator(".lm-TabBar-tab", has_text="n.ipynb").click()
    expect(start(lab, page).get_by_text("n.ipynb runs as it is saved.")).to_be_visible()


def test_the_failed_cell(lab: Lab) -> None:
    """A notebook that is not saved runs as it is; its end opens the failed cell, whose error stands beside it."""
    cells = [code(f"x{number} = {number}") for number in range(40)]
    broken = code("y = 0\nprint('before')\nz = 1 / y", "step:second")
    path = lab.put(document(code("x = 1", "step:first"), *cells, broken, code("print(z)", "step:third")))
    page = lab.open(path)
    before = (lab.folder / "n.ipynb").read_text("utf-8")
    page.locator(".jp-Cell .cm-content").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" + 1")
    form = start(lab, page)
    expect(form.get_by_role("button", name="Save and run")).to_be_visible()
    form.get_by_label("Run what is in the editor").check()
    lab.picture("run-unsaved")
    form.get_by_role("button", name="Run", exact=True).click()
    expect(state(page)).to_have_text("failed")
    toast = page.locator(".Toastify__toast", has_text="n.ipynb failed in step second.")
    toast.get_by_role("button", name="Open the failed cell").click()
    active = page.locator(".jp-NotebookPanel:visible .jp-Cell.jp-mod-active")
    expect(active).to_contain_text("z = 1 / y")
    expect(active).to_be_in_viewport()
    expect(page.locator(".nb2pipe-Failure")).to_contain_text("ZeroDivisionError")
    expect(page.locator(".nb2pipe-Log-text")).to_contain_text("before")
    lab.picture("run-failed")
    lab.run("apputils:change-theme", theme="JupyterLab Dark")
    expect(page.locator('body[data-jp-theme-light="false"]')).to_have_count(1)
    page.locator("#jupyterlab-splash").wait_for(state="detached")
    lab.picture("run-failed-dark")
    lab.run("apputils:change-theme", theme="JupyterLab Light")
    assert before == (lab.folder / "n.ipynb").read_text("utf-8")
    source = lab.api("GET", f"/runs/{lab.api.ok('GET', '/runs?limit=1')['runs'][0]['id']}/source").json
    assert "x = 1 + 1" == "".join(source["cells"][0]["source"])


def test_live_and_cancelled(lab: Lab) -> None:
    """A run's log streams, however long, without its escape sequences; it can be cancelled."""
    noise = "import time\nfor i in range(10_000): print(f'\\033[31mline {i} <b>\\033[0m')\n"
    path = lab.put(document(code(noise + "while True: time.sleep(0.05)", "step:endless"), code("1", "step:rest")))
    page = lab.open(path)
    start(lab, page).locator(".jp-mod-accept").click()
    log = page.locator(".nb2pipe-Log-text")
    expect(log).to_contain_text("line 9999 <b>\n")
    assert "\033" not in log.inner_text()
    expect(state(page)).to_have_text("running")
    lab.picture("run-live")
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(state(page)).to_have_text("cancelled")


def test_refused(lab: Lab) -> None:
    """Of a notebook that would be refused the form says why; it stays as it is when the service refuses."""
    lab.expected.append("/nb2pipe/api/runs")
    page = lab.open(lab.put(document(code("rows = 3", "parameters"), code("print(nosuch)", "step:one"))))
    form = start(lab, page)
    alert = form.get_by_role("alert")
    expect(alert).to_contain_text("This notebook would be refused")
    form.locator(".jp-mod-accept").click()
    expect(alert).not_to_contain_text("would be refused")
    expect(alert).to_contain_text("nosuch")
    lab.picture("run-refused")
    form.locator(".jp-Dialog-button.jp-mod-reject").click()
    expect(form).to_have_count(0)
    assert [] == lab.api.ok("GET", f"/runs?notebook={lab.folder.name}/n.ipynb")["runs"]


def test_lost_connection(lab: Lab) -> None:
    """Without events the view says so and shows what it knows; once they are back it goes on by itself."""
    lab.expected.append("/nb2pipe/api/events")
    lab.page.route("**/nb2pipe/api/events*", lambda route: route.abort())
    path = lab.put(document(code("print('done')", "step:one")))
    page = lab.open(path)
    start(lab, page).locator(".jp-mod-accept").click()
    lost = page.get_by_text("The connection to the server is lost.")
    expect(lost).to_be_visible()
    expect(state(page)).to_be_visible()
    lab.picture("run-lost")
    page.unroute("**/nb2pipe/api/events*")
    expect(state(page)).to_have_text("succeeded")
    expect(lost).to_have_count(0)
    expect(page.locator(".nb2pipe-Log-text")).to_have_text("done")
    expect(page.locator(".Toastify__toast", has_text="n.ipynb has run in")).to_be_visible()


def test_the_list_of_runs(lab: Lab) -> None:
    """Runs are listed by page, filtered, opened, and removed, also behind the list's back."""
    path = lab.put(document(code("x = 1", "step:one")))
    page = lab.open(path)
    lab.run("nb2pipe:show-runs")
    page.get_by_label("Only n.ipynb").check()
    expect(page.get_by_text("No run fits")).to_be_visible()
    ids = [lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})["id"] for _ in range(2)]
    rows = page.locator(".nb2pipe-History-table tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.locator('.nb2pipe-State[data-state="succeeded"]')).to_have_count(2)
    lab.picture("runs")
    row = page.locator(f'tr[data-run="{ids[0]}"]')
    row.click()
    expect(state(page)).to_have_text("succeeded")
    row.get_by_role("button", name=f"Menu of run {ids[0]}").click()
    page.locator(".lm-Menu-item", has_text="Remove Run").click()
    page.locator(".jp-Dialog").get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(1)
    expect(page.get_by_text("This run was removed.")).to_be_visible()
    lab.api.ok("DELETE", f"/runs/{ids[1]}")
    expect(page.get_by_text("No run fits")).to_be_visible()
    page.get_by_label("State").select_option("failed")
    assert [] == lab.api.ok("GET", f"/runs?notebook={path}")["runs"]
    lab.picture("runs-removed")
