"""What goes on behind a page's back: a server that dies and comes back, a second tab, runs removed elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.lab.browsing import Lab, run_lab
from tests.lab.conftest import lab_of
from tests.notebook.building import code, document, markdown

WAITING = "from pathlib import Path\nimport time\nwhile not Path('go').exists(): time.sleep(0.05)"
DEAD = (
    "ERR_CONNECTION",
    "ERR_EMPTY_RESPONSE",
    "ERR_INCOMPLETE",
    "WebSocket",
    "NetworkError",
    "Failed to fetch",
    "Canceled future",
    "/api/kernels/",  # the notebook's kernel went with the server: JupyterLab asks for it once more
    "/api/sessions/",
)
LOST = "The connection to the server is lost."


def waiting() -> dict[str, object]:
    """A notebook of which the first step waits for a file ``go`` beside it."""
    return document(code(WAITING + "\nx = 1", "step:wait"), code("print('x is', x)", "step:use"))


def type_at_end(page: Page, index: int, text: str) -> None:
    """Write at the end of a cell, all at once: a dialog that comes meanwhile takes nothing of it."""
    page.locator(".jp-NotebookPanel:visible .jp-Cell .cm-content").nth(index).click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def band(page: Page, step: str, state: str) -> None:
    """Wait until the band of a step says how it stands."""
    header = page.locator(".jp-NotebookPanel:visible .nb2pipe-Band-header", has_text=step)
    expect(header.locator(f'[data-state="{state}"]')).to_be_visible()


@pytest.mark.usefixtures("extension")
def test_server_dies_and_comes_back(tmp_path: Path, context: BrowserContext, request: pytest.FixtureRequest) -> None:
    """Edits and what is shown outlive the server; when it is back, states go on without a reload."""
    for server in run_lab(tmp_path / "lab"):
        for lab in lab_of(server, context, request.node.name):
            lab.expected += DEAD
            page = lab.open(lab.put(waiting()))
            word = page.locator(".jp-Dialog[aria-label^='Server Connection Error'] button.jp-mod-accept")
            page.add_locator_handler(word, lambda button: button.click())  # JupyterLab's own, whenever it comes
            lab.show_pipeline()
            nodes = page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")
            expect(nodes).to_have_text(["wait", "use"])
            lab.api.ok("POST", "/runs", {"path": f"{lab.folder.name}/n.ipynb", "parameters": {}})
            band(page, "wait", "running")
            run = lab.api.ok("GET", "/runs?limit=1")["runs"][0]["id"]
            lab.run("nb2pipe:show-run", run=run)
            expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("running")
            server.process.kill()
            server.process.wait()
            expect(page.get_by_text(LOST)).to_have_count(1)
            type_at_end(page, 1, "\ny = x + nosuch")
            lab.show_pipeline()
            expect(page.locator(".nb2pipe-Banner")).to_contain_text("cannot be reached")
            expect(nodes).to_have_text(["wait", "use"])
            lab.picture("server-dead")
            for _ in run_lab(tmp_path / "lab", port=server.port):
                finding = page.locator('#nb2pipe-pipeline .nb2pipe-Findings li[data-severity="error"]')
                expect(finding).to_contain_text("nosuch")
                expect(page.get_by_text(LOST)).to_have_count(0)
                (lab.folder / "go").touch()
                band(page, "wait", "succeeded")
                band(page, "use", "succeeded")
                with page.expect_response(lambda it: it.request.method == "PUT" and "/api/contents/" in it.url):
                    lab.run("docmanager:save")
                lab.picture("server-back")
                kept = json.loads((lab.folder / "n.ipynb").read_text("utf-8"))
                assert "y = x + nosuch" in "".join(kept["cells"][1]["source"])


def test_two_tabs(lab: Lab) -> None:
    """A run that one tab starts is live in the other; tags that one saves are the other's once it takes them."""
    path = lab.put(waiting())
    page, other = lab.open(path), lab.beside()
    second = other.open(path)
    other.show_pipeline()
    lab.expected.append("Comm not found")  # JupyterLab's, where two tabs share a kernel
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    band(page, "wait", "running")
    band(second, "wait", "running")
    expect(second.locator('#nb2pipe-pipeline .nb2pipe-Node[data-state="running"]')).to_have_count(1)
    (lab.folder / "go").touch()
    band(second, "use", "succeeded")
    expect(second.locator(".Toastify__toast")).to_have_count(0)
    page.locator(".jp-NotebookPanel:visible .jp-Cell .jp-InputPrompt").nth(1).click()
    lab.run("nb2pipe:rename-step", name="shown")
    with page.expect_response(lambda it: it.request.method == "PUT" and "/api/contents/" in it.url):
        lab.run("docmanager:save")
    second.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = second.locator(".nb2pipe-RunDialog")
    expect(form.get_by_text("changed elsewhere")).to_be_visible()
    other.picture("changed-elsewhere")
    form.locator(".jp-Dialog-button.jp-mod-reject").click()
    type_at_end(second, 0, "\nz = 2")
    second.evaluate("void window.jupyterapp.commands.execute('docmanager:save')")
    second.locator(".jp-Dialog").get_by_role("button", name="Revert").click()
    names = second.locator("#nb2pipe-pipeline .nb2pipe-Node-name")
    expect(names).to_have_text(["wait", "shown"])
    expect(second.locator(".jp-NotebookPanel:visible .nb2pipe-Band-name")).to_have_text(["wait", "shown"])


def test_run_removed_elsewhere(lab: Lab) -> None:
    """A run that is removed elsewhere stays readable where it is shown, says so, and leaves the list and the bands."""
    path = lab.put(document(code("print('kept')", "step:one")))
    page = lab.open(path)
    run = lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})["id"]
    band(page, "one", "succeeded")
    lab.run("nb2pipe:show-run", run=run)
    expect(page.locator(".nb2pipe-Log-text")).to_have_text("kept")
    lab.api.ok("DELETE", f"/runs/{run}")
    expect(page.get_by_text("This run was removed.")).to_be_visible()
    expect(page.locator(".nb2pipe-Log-text")).to_have_text("kept")
    expect(page.locator(".jp-NotebookPanel:visible .nb2pipe-Band-header [data-state='succeeded']")).to_have_count(0)


HOSTILE = "<img src=x onerror=window.hacked=1><svg onload=window.hacked=1>"
"""Without a slash, so that it may be a file's name too."""


def test_no_html_of_a_notebook_runs(lab: Lab) -> None:
    """Names, values, printed text, errors and headings that are HTML are shown as the text that they are."""
    lab.expected.append("/nb2pipe/api/runs")
    cells = [
        markdown(f"# Load {HOSTILE}"),
        code(f"word = {HOSTILE!r}", "parameters"),
        code(f"print({HOSTILE!r})\nx = 1", "step:one", "note:" + HOSTILE),
        code(f"class Odd(Exception): pass\nraise Odd({HOSTILE!r} + str(x))", "step:two"),
    ]
    path = lab.put(document(*cells, metadata={"title": HOSTILE}), f"{HOSTILE}.ipynb")
    page = lab.open()
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('docmanager:open')")
    page.evaluate("path => void window.jupyterapp.commands.execute('docmanager:open', { path })", path)
    page.locator(".jp-NotebookPanel:visible .nb2pipe-Band-name").first.wait_for()
    lab.show_pipeline()
    expect(page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")).to_have_text(["one", "two"])
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = page.locator(".nb2pipe-RunDialog")
    expect(form.locator("#nb2pipe-parameter-word")).to_have_value(HOSTILE)
    form.locator(".jp-mod-accept").click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("failed")
    expect(page.locator(".nb2pipe-Failure")).to_contain_text(f"Odd: {HOSTILE}1")
    expect(page.locator(".Toastify__toast")).to_be_visible()
    page.locator('.nb2pipe-RunSteps button[data-step="one"]').click()
    expect(page.locator(".nb2pipe-Log-text")).to_contain_text(HOSTILE)
    lab.picture("hostile-run")
    lab.run("nb2pipe:show-runs")
    expect(page.locator(".nb2pipe-History-table")).to_contain_text(HOSTILE)
    page.get_by_role("button", name="Report", exact=True).click()
    page.frame_locator('iframe[title^="Report of run"]').locator("body").wait_for()
    assert page.evaluate("window.hacked") is None
    ours = "[class*=nb2pipe-] img, [class*=nb2pipe-] script, .Toastify img, .jp-Dialog img"
    expect(page.locator(ours)).to_have_count(0)
