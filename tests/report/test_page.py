"""The HTML report."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from nb2pipe.errors import Diagnostic
from nb2pipe.model import Artifact, Metric, Parameter, Pipeline, Role, Run, State, Step, StepRun
from nb2pipe.report.page import report_html
from tests.report.samples import chain, failure_at, notebook_of, pipeline_of, run_of, seconds, step_runs_of

EVIL = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """What a browser would load, run and show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.opened: list[bool] = []
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"
        self.words.append(" " if tag == "td" else "")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if not self._style:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that is shown."""
        return " ".join("".join(self.words).split())


def mixed() -> Pipeline:
    """A notebook with all kinds of cells."""
    notebook = notebook_of(
        [
            ("markdown", "# Title", None, None),
            ("code", "rows = 10", Role.PARAMETERS, None),
            ("code", "import math", Role.SETUP, None),
            ("markdown", "## Load", None, None),
            ("code", "x = 1", Role.STEP, "load"),
            ("code", "y = x / 0", Role.STEP, "boom"),
            ("code", "scratch", Role.SKIP, None),
            ("markdown", "The end", None, None),
        ]
    )
    steps = (Step("load", (4,)), Step("boom", (5,)))
    return replace(pipeline_of({}, (Parameter("rows", "int", 10, "how many"),)), notebook=notebook, steps=steps)


def failed_run(pipeline: Pipeline) -> tuple[Run, tuple[StepRun, ...]]:
    """The second step failed."""
    load, boom = step_runs_of(pipeline)
    return run_of(pipeline, State.FAILED), (load, replace(boom, state=State.FAILED, failure=failure_at(5)))


def test_it_needs_nothing_else() -> None:
    """No script, no style sheet, no picture and no font is fetched."""
    pipeline = mixed()
    page = Page(report_html(pipeline, *failed_run(pipeline), pipeline.notebook.document))
    assert [] == [tag for tag, _ in page.tags if tag in ("script", "link", "iframe", "object", "embed")]
    text = report_html(pipeline, *failed_run(pipeline), pipeline.notebook.document)
    assert [] == re.findall(r"url\((?!['\"]?data:)[^)]*\)|@import", text)
    assert [] == [a for _, a in page.tags if str(a.get("src", "data:")).split(":")[0] != "data"]


def test_what_it_says() -> None:
    """Names, states, times, parameters, metrics, artifacts and cells are all there."""
    pipeline = mixed()
    text = Page(report_html(pipeline, *failed_run(pipeline), pipeline.notebook.document)).text
    said = [
        "sample failed",
        "Run 20261124-090000-f3k7q2m",
        "Took 9.0 s",
        "By ada@lab",
        "rows int 10 how many",
        "metric_0 0 load",
        "value_0 pandas.DataFrame 3 rows 1.5 kB load",
        "Title",
        "x = 1",
        "The end",
    ]
    for words in said:
        assert words in text, words


def test_the_failed_cell_is_open_and_linked() -> None:
    """The failed step's cells are open, the cell is marked, and the message links to it."""
    pipeline = mixed()
    page = report_html(pipeline, *failed_run(pipeline), pipeline.notebook.document)
    assert '<a href="#cell-id=n2p-5">cell 6 (id c5), line 2</a>' in page
    assert '[id="cell-id=n2p-5"] { outline' in page
    assert 'id="cell-id=n2p-5"' in page
    assert '<span class="ansi-red-fg">ZeroDivisionError</span>' in page
    assert re.search(r'<details class="section failed-section" id="step-boom" open>', page)


def test_sections_of_many_cells_are_closed() -> None:
    """In a long notebook only the failed step is open."""
    pipeline = pipeline_of(chain(60))
    steps = list(step_runs_of(pipeline))
    steps[30] = replace(steps[30], state=State.FAILED, failure=failure_at(30))
    page = Page(report_html(pipeline, run_of(pipeline, State.FAILED), steps, pipeline.notebook.document))
    details = [attributes for tag, attributes in page.tags if tag == "details"]
    assert 60 == len(details)
    assert ["step-step30"] == [attributes["id"] for attributes in details if "open" in attributes]


def _evil_run() -> tuple[Pipeline, Run, tuple[StepRun, ...]]:
    finding = Diagnostic("N2P301", "warning", EVIL, EVIL, 0, EVIL, 1)
    pipeline = replace(pipeline_of({"a": {}}, (Parameter("p", "str", EVIL, EVIL),), (finding,)), name=EVIL)
    first = step_runs_of(pipeline)[0]
    step = replace(
        first,
        state=State.FAILED,
        failure=replace(failure_at(0, EVIL), name=EVIL, hint=EVIL, traceback=EVIL, cell_id=EVIL),
        reason=EVIL,
        artifacts=(Artifact(EVIL, "d", 0, 1, EVIL, EVIL),),
        metrics=(Metric(EVIL, EVIL), Metric("m", {EVIL: [EVIL]})),
        cached_from=EVIL,
    )
    run = run_of(pipeline, State.FAILED, notebook_path=EVIL, user=EVIL, host=EVIL, message=EVIL, tags=(EVIL,))
    return pipeline, run, (step,)


def test_nothing_of_a_run_becomes_markup() -> None:
    """Names, values, messages and tracebacks come out as text, wherever they stand."""
    pipeline, run, steps = _evil_run()
    page = Page(report_html(pipeline, run, steps, pipeline.notebook.document))
    assert [] == [tag for tag, attributes in page.tags if tag == "script" or "onerror" in attributes]
    assert page.text.count("<script>alert('x')</script>") >= 15


def test_cells_as_source_are_text() -> None:
    """Markup in code and in printed text is shown, not obeyed; odd cell ids do no harm."""
    pipeline = pipeline_of({"a": {}})
    notebook: dict[str, Any] = copy.deepcopy(dict(pipeline.notebook.document))
    notebook["cells"][0] |= {
        "id": pipeline.notebook.cells[0].id,
        "source": EVIL,
        "outputs": [{"output_type": "stream", "name": "stdout", "text": EVIL}],
    }
    page = Page(report_html(pipeline, run_of(pipeline), step_runs_of(pipeline), notebook))
    assert [] == [tag for tag, attributes in page.tags if tag == "script" or "onerror" in attributes]


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_report(state: State) -> None:
    """A run in any state, without any step run, makes a page."""
    pipeline = mixed()
    page = report_html(pipeline, run_of(pipeline, state, ended_at=None), (), pipeline.notebook.document)
    assert f'<span class="badge {state.value}">' in page


def test_a_report_in_the_dark() -> None:
    """Readers whose system is dark get dark colours for page, picture and cells."""
    pipeline = mixed()
    page = report_html(pipeline, *failed_run(pipeline), pipeline.notebook.document)
    assert 2 <= page.count("@media (prefers-color-scheme: dark)")


def test_times_are_those_of_the_run() -> None:
    """A run that has not ended has no duration."""
    pipeline = mixed()
    run = run_of(pipeline, State.RUNNING, ended_at=None, started_at=seconds(1))
    assert "Took" not in Page(report_html(pipeline, run, (), pipeline.notebook.document)).text
