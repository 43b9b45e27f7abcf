"""axe-core looks at what nb2pipe shows, in each theme: nothing of it is hard for somebody to read or to use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.house.source import ROOT
from tests.lab.browsing import Lab
from tests.lab.running import open_view, run_whole
from tests.notebook.building import code, document, markdown

AXE = ROOT / "jupyter_extension/node_modules/axe-core/axe.min.js"
THEMES = ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Dark High Contrast")
GRAVE = ("serious", "critical")
LOOK = """async selectors => {
    const nodes = selectors.flatMap(each => [...document.querySelectorAll(each)]).filter(each => each.offsetParent);
    const { violations, passes } = await axe.run(nodes);
    const isSeen = passes.some(({ id }) => id === 'color-contrast');
    return isSeen ? violations.map(({ id, impact, nodes }) => ({
        id, impact, nodes: nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)}: ${failureSummary}`)
    })) : [{ id: 'none', impact: 'critical', nodes: ['nothing was looked at'] }];
}"""


def faults(page: Page, *selectors: str, picture: Callable[[str], object] | None = None) -> list[str]:
    """What is seriously wrong within the elements of nb2pipe that are shown in each theme.

    Args:
        picture: takes one in each theme, by the theme's name.
    """
    found = []
    for theme in THEMES:
        page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        expect(page.locator(f'body[data-jp-theme-name="{theme}"]')).to_have_count(1)
        page.locator("#jupyterlab-splash").wait_for(state="detached")
        if picture:
            picture(theme.removeprefix("JupyterLab ").replace(" ", "-").lower())
        seen: list[dict[str, Any]] = page.evaluate(LOOK, list(selectors))
        for each in seen:
            if each["impact"] in GRAVE:
                found += [f"{theme}: {each['id']} ({each['impact']}): {node}" for node in each["nodes"]]
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", THEMES[0])
    return found


def open_with_axe(lab: Lab, path: str) -> Page:
    """A notebook, with axe-core in its page."""
    page = lab.open(path)
    page.add_script_tag(path=AXE)
    # JupyterLab's body has no height and cuts what overflows it, so axe-core takes most texts for hidden.
    page.add_style_tag(content="body { overflow: visible !important }")
    return page


def shown(locator: Locator) -> None:
    """Wait until it is there to be looked at."""
    expect(locator.first).to_be_visible()


def test_bands_graph_and_findings(lab: Lab) -> None:
    """Bands, the graph with its reasons, and findings."""
    cells = (code("rows = 3", "parameters"), code("a = rows\nb = 2", "step:load"), code("print(a, b)", "step:use"))
    page = open_with_axe(lab, lab.put(document(*cells, code("x = 1  # a name that nobody reads", "step:use"))))
    lab.show_pipeline()
    shown(page.locator(".nb2pipe-Node"))
    page.get_by_role("button", name=re.compile("load → use")).click()
    shown(page.get_by_role("region", name="Why load → use"))
    found = faults(page, "#nb2pipe-pipeline", ".nb2pipe-Band-header")
    page.locator(".jp-Cell .cm-content").nth(2).click()
    page.keyboard.type("nosuch; ")
    shown(page.locator('.nb2pipe-Findings li[data-severity="error"]'))
    found += faults(page, "#nb2pipe-pipeline", ".nb2pipe-Band-header")
    assert [] == found, "\n".join(found)


def test_run_form_panel_and_list(lab: Lab) -> None:
    """The form of a run with a wrong value, the panel of a run that failed, and the list of runs."""
    lab.put(document(code("print(1)", "step:fine")), "fine.ipynb")
    cells = (code("rows = 3\nname = 'x'\nquick = True\nd = {}", "parameters"), code("print(rows)", "step:one"))
    path = lab.put(document(*cells, code("1 / 0", "step:two"), code("print(2)", "step:three")))
    page = open_with_axe(lab, path)
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-run"]').click()
    form = page.locator(".nb2pipe-RunDialog")
    form.locator("#nb2pipe-parameter-rows").fill("three")
    expect(form.locator("#nb2pipe-parameter-rows-problem")).to_contain_text("is needed")
    found = faults(page, ".nb2pipe-RunDialog .jp-Dialog-content")
    form.locator("#nb2pipe-parameter-rows").fill("4")
    form.locator(".jp-mod-accept").click()
    expect(page.locator(".nb2pipe-Run-title .nb2pipe-State")).to_have_text("failed")
    shown(page.locator(".nb2pipe-Failure"))
    found += faults(page, "#nb2pipe-run", ".nb2pipe-Band-header")
    lab.api.ok("POST", "/runs", {"path": f"{lab.folder.name}/fine.ipynb", "parameters": {}})
    lab.run("nb2pipe:show-runs")
    expect(page.locator(".nb2pipe-History-table tbody .nb2pipe-State[data-state=succeeded]").first).to_be_visible()
    found += faults(page, ".nb2pipe-History")
    assert [] == found, "\n".join(found)


def test_schedules(lab: Lab) -> None:
    """The form of a schedule with a wrong time, and the list of schedules."""
    lab.expected.append("/nb2pipe/api/due-times")
    path = lab.put(document(code("rows = 3", "parameters"), code("print(rows)", "step:one")))
    made = [
        lab.api.ok("POST", "/schedules", {"path": path, "name": name, "cron": "0 2 * * *"})["id"]
        for name in ("nightly", "paused")
    ]
    lab.api.ok("POST", f"/schedules/{made[1]}/pause")
    page = open_with_axe(lab, path)
    page.locator('.jp-NotebookPanel:visible [data-jp-item-name="nb2pipe-schedule"]').click()
    form = page.locator(".nb2pipe-Schedule-form")
    expect(form.locator(".nb2pipe-Times li")).to_have_count(5)
    found = faults(page, ".nb2pipe-Schedule-dialog .jp-Dialog-content")
    form.get_by_label("Cron text").fill("0 25 * * *")
    shown(form.locator("[data-field='nb2pipe-cron'] [role=alert]"))
    found += faults(page, ".nb2pipe-Schedule-dialog .jp-Dialog-content")
    page.locator(".nb2pipe-Schedule-dialog .jp-Dialog-button.jp-mod-reject").click()
    lab.run("nb2pipe:schedules")
    expect(page.locator("tr[data-schedule]")).to_have_count(2)
    found += faults(page, "#nb2pipe-schedules")
    for each in made:
        lab.api.ok("DELETE", f"/schedules/{each}?force=true")
    assert [] == found, "\n".join(found)


def test_dialogs_of_tagging(lab: Lab) -> None:
    """The name of a step while it is wrong, and the proposal of steps; empty states of the panels."""
    page = open_with_axe(lab, lab.put(document(code("a = 1"), code("print(a)"))))
    lab.show_pipeline()
    shown(page.get_by_text("Tag a cell to start a step"))
    found = faults(page, "#nb2pipe-pipeline")
    page.locator(".jp-Cell .jp-InputPrompt").nth(1).click()
    page.keyboard.press("t")
    page.keyboard.press("s")
    page.get_by_label("Name of the step").fill("a b")
    shown(page.locator(".nb2pipe-NameDialog"))
    found += faults(page, ".nb2pipe-NameDialog .jp-Dialog-content, .nb2pipe-NameDialog")
    page.keyboard.press("Escape")
    lab.run("nb2pipe:show-run")
    shown(page.get_by_text("No run is shown"))
    found += faults(page, "#nb2pipe-run")
    assert [] == found, "\n".join(found)


FIGURE = "from IPython.display import Image\nImage(bytes.fromhex('%s'), format='png')"
DOT = (  # a red picture of 1 x 1
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe"
    "92ef0000000049454e44ae426082"
)


def test_views_of_runs(lab: Lab) -> None:
    """A run's tab with a figure and a value's head, the lineage of that value, two runs compared, metrics over runs."""
    cells = (code("rate = 2.0", "parameters"), code("rows = list(range(9))", "step:make"))
    (lab.folder / "raw.csv").write_text("1,2", "utf-8")
    more = (code("text = open('raw.csv').read()\nerror = sum(rows) / rate", "step:score"), code("error", "metrics"))
    path = lab.put(document(*cells, *more, code(FIGURE % DOT, "step:draw")))
    runs = [run_whole(lab, path, rate=rate)["id"] for rate in (2.0, 4.0, 3.0)]
    page = open_with_axe(lab, path)
    open_view(lab, "nb2pipe:open-run", run=runs[-1])
    tab = page.locator(".nb2pipe-RunDetail")
    tab.locator('.nb2pipe-Timeline [data-step="draw"]').click()
    tab.get_by_role("button", name="Pictures and results of its cells").click()
    picture = tab.get_by_role("img", name="Output 1 of step draw")
    expect(picture).to_have_js_property("naturalWidth", 1)
    found = faults(page, ".nb2pipe-RunDetail", picture=lambda theme: lab.picture(f"axe-detail-figure-{theme}"))
    tab.locator('.nb2pipe-Timeline [data-step="make"]').click()
    tab.locator('[data-artifact="rows"]').click()
    shown(tab.locator(".nb2pipe-Preview-text"))
    found += faults(page, ".nb2pipe-RunDetail", picture=lambda theme: lab.picture(f"axe-detail-{theme}"))
    tab.get_by_role("button", name="Show lineage").click()
    current = page.locator('.nb2pipe-Lineage-node[aria-current="true"]')
    expect(current).to_contain_text("rows")
    found += faults(page, ".nb2pipe-Lineage", picture=lambda theme: lab.picture(f"axe-lineage-{theme}"))
    open_view(lab, "nb2pipe:compare-runs", first=runs[0], second=runs[1])
    shown(page.get_by_role("table", name="Metrics"))
    found += faults(page, ".nb2pipe-Compare", picture=lambda theme: lab.picture(f"axe-compare-{theme}"))
    open_view(lab, "nb2pipe:open-metrics", path=path)
    shown(page.locator(".nb2pipe-Metrics svg"))
    found += faults(page, ".nb2pipe-Metrics", picture=lambda theme: lab.picture(f"axe-metrics-{theme}"))
    assert [] == found, "\n".join(found)


def test_settings_proposal_and_approval(lab: Lab) -> None:
    """Steps proposed from headings, a step's settings with a wrong value, a step that waits for a person."""
    page = open_with_axe(lab, lab.put(document(markdown("# Load"), code("a = 1"), markdown("# Use"), code("print(a)"))))
    page.locator(".jp-NotebookPanel:visible .jp-Cell .jp-InputPrompt").nth(1).click()
    page.keyboard.press("t")
    page.keyboard.press("h")
    shown(page.locator(".nb2pipe-Proposal"))
    found = faults(page, ".nb2pipe-Proposal", picture=lambda theme: lab.picture(f"axe-proposal-{theme}"))
    page.get_by_role("button", name="Tag 2 Cells").click()
    shown(page.locator(".nb2pipe-Band-name"))
    lab.run("property-inspector:show-panel")
    page.locator(".nb2pipe-SettingsTool").get_by_label("Image", exact=True).fill("two words")
    shown(page.locator("#nb2pipe-setting-image-problem"))
    found += faults(page, ".nb2pipe-SettingsTool", picture=lambda theme: lab.picture(f"axe-settings-{theme}"))
    ship = code("print(1)", "step:ship")
    ship["metadata"]["nb2pipe"] = {"approval": "Ship it?"}
    path = lab.put(document(ship), "ship.ipynb")
    run = lab.api.ok("POST", "/runs", {"path": path, "parameters": {}})["id"]
    lab.run("nb2pipe:show-run", run=run)
    shown(page.get_by_role("region", name="Approval of ship"))
    found += faults(page, "#nb2pipe-run", picture=lambda theme: lab.picture(f"axe-approval-{theme}"))
    lab.api.ok("POST", f"/runs/{run}/cancel")
    assert [] == found, "\n".join(found)
