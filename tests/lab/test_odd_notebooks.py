"""Notebooks that are not as most are: of another language, without a kernel, of an old format, big."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect

from tests.lab.browsing import Lab
from tests.notebook.building import code, document

R: dict[str, Any] = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}, "language_info": {"name": "R"}}
BIG_BYTES = 5_000_000


def names(page: Page) -> Any:
    """The steps that are drawn."""
    return page.locator("#nb2pipe-pipeline .nb2pipe-Node-name")


def close_dialog(page: Page) -> None:
    """Go on without a kernel, where JupyterLab asks for one."""
    dialog = page.locator(".jp-Dialog", has_text="Select Kernel")
    dialog.get_by_role("button", name="No Kernel").click()


def test_without_a_kernel(lab: Lab) -> None:
    """A notebook that names no kernel, and has none, is tagged and drawn, and runs as Python."""
    notebook = {**document(code("x = 1"), code("print(x)")), "metadata": {}}
    page = lab.open(lab.put(notebook))
    close_dialog(page)
    lab.show_pipeline()
    expect(names(page)).to_have_text(["start"])
    page.locator(".jp-InputPrompt").nth(1).click()
    lab.run("nb2pipe:start-step", name="show")
    expect(names(page)).to_have_text(["start", "show"])
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("succeeded")
    lab.picture("odd-without-kernel")


def test_in_r(lab: Lab) -> None:
    """What cannot be analysed is said; a run ends with the name of the kernel that is not here."""
    lab.expected.append("/nb2pipe/api/runs")
    page = lab.open(lab.put(document(code("x <- 1", "step:one"), code("print(x)", "step:two"), metadata=R)))
    close_dialog(page)
    lab.show_pipeline()
    expect(page.locator(".nb2pipe-Findings")).to_contain_text("This is a notebook in r: its variables cannot cross")
    page.locator(".jp-InputPrompt").nth(1).click()
    lab.run("nb2pipe:join-previous")
    expect(names(page)).to_have_text(["one"])
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    page.locator(".nb2pipe-RunDialog .jp-mod-accept").click()
    expect(page.get_by_text("'ir'").first).to_be_visible()
    lab.picture("odd-in-r")


def test_old_format(lab: Lab) -> None:
    """JupyterLab upgrades a notebook of nbformat 3; it is drawn and can be tagged, and the run saves it first."""
    cells: list[Any] = [
        {"cell_type": "code", "language": "python", "input": each, "outputs": [], "collapsed": False, "metadata": {}}
        for each in ("x = 1", "print(x)")
    ]
    old = {"metadata": {"name": "old"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]}
    page = lab.open(lab.put(old))
    word = page.locator(".jp-Dialog button.jp-mod-accept").first  # that it was upgraded; which kernel it is to have
    page.add_locator_handler(word, lambda button: button.click(), no_wait_after=True)
    lab.show_pipeline()
    expect(names(page)).to_have_text(["start"])
    lab.picture("odd-old-format")


def test_five_megabytes(lab: Lab) -> None:
    """Outputs are not sent at each edit: what goes to the service stays small, and the graph follows."""
    line = "the quick brown fox jumps over the lazy dog ".ljust(99, ".") + "\n"
    output = {"output_type": "stream", "name": "stdout", "text": line * (BIG_BYTES // 20 // len(line))}
    cells = [{**code(f"x{n} = {n}", f"step:s{n}"), "outputs": [output]} for n in range(20)]
    path = lab.put(document(*cells, code("y = x0", "step:last")))
    assert (lab.server.root / path).stat().st_size > BIG_BYTES * 0.9
    page = lab.open(path)
    lab.show_pipeline()
    page.locator('#nb2pipe-pipeline .nb2pipe-Node[data-step="last"]').click()
    editor = page.locator(".jp-Cell.jp-mod-active .cm-content")
    editor.click()
    page.keyboard.press("Control+End")
    with page.expect_request("**/notebooks/check*") as asked:
        page.keyboard.type("\nz = x1 + x2")
    assert len(asked.value.post_data or "") < 20_000
    step = page.locator('#nb2pipe-pipeline [data-step="last"]')
    step.click(button="left")
    expect(editor).to_contain_text("z = x1 + x2")
    body = {"path": path, "text": json.dumps(document(code("1")))}
    assert lab.api.ok("POST", "/notebooks/check", body)["pipeline"]
    lab.picture("odd-big")
