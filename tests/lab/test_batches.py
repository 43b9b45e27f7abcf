"""A notebook run over a table of parameters from the lab."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.lab.browsing import Lab
from tests.lab.running import open_view
from tests.notebook.building import code, document

PASTE = """(node, text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    node.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_a_table_of_parameters(lab: Lab) -> None:
    """Rows are typed or pasted, each cell is checked; the runs stand in a table with metrics, and each opens."""
    cells = (code("rate = 0.5\nname = 'a'", "parameters"), code("error = 1 / rate", "step:score"))
    page = lab.open(lab.put(document(*cells, code("error", "metrics"))))
    page.wait_for_function("window.jupyterapp?.commands.hasCommand('nb2pipe:run-batch')")
    page.evaluate("() => void window.jupyterapp.commands.execute('nb2pipe:run-batch')")  # it ends with its dialog
    form = page.locator(".nb2pipe-RunDialog")
    first = form.get_by_label("rate of run 1")
    first.fill("fast")
    expect(form.get_by_role("alert")).to_contain_text("A number is needed")
    expect(form.locator(".jp-mod-accept")).to_be_disabled()
    first.evaluate(PASTE, "rate\tname\n0.25\tb\n0\tc\n2\td\n")
    expect(form.get_by_label("name of run 3")).to_have_value("d")
    lab.picture("batch-form")
    form.get_by_role("button", name="Run 3 times").click()
    table = page.locator(".nb2pipe-Batches-table")
    expect(table.locator("header .nb2pipe-State")).to_have_text("failed")
    expect(table.locator("tbody .nb2pipe-State")).to_have_text(["succeeded", "failed", "succeeded"])
    expect(table.locator("tbody tr").nth(2)).to_contain_text('2"d"0.5')
    lab.picture("batch-table")
    table.get_by_role("button", name="2", exact=True).click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("failed")
    expect(page.locator("#nb2pipe-run .nb2pipe-Failure")).to_contain_text("ZeroDivisionError")


def test_a_batch_is_cancelled(lab: Lab) -> None:
    """A batch that goes on is shown as it goes, and stopped with all its runs."""
    wait = "import time\nprint(n)\nwhile True:\n    time.sleep(0.05)"
    path = lab.put(document(code("n = 1", "parameters"), code(wait, "step:wait")))
    lab.open(path)
    batch = lab.api.ok("POST", "/batches", {"path": path, "sets": [{"n": 1}, {"n": 2}], "runs_at_a_time": 1})
    open_view(lab, "nb2pipe:show-batches", batch=batch["id"])
    table = lab.page.locator(".nb2pipe-Batches-table")
    expect(table.locator("tbody .nb2pipe-State")).to_have_text(["running", "queued"])
    table.get_by_role("button", name="Cancel").click()
    expect(table.locator("tbody .nb2pipe-State")).to_have_text(["cancelled", "cancelled"])
