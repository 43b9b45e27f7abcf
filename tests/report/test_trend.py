"""The charts of metrics over runs."""

from __future__ import annotations

import math
from typing import Any
from xml.etree import ElementTree

import pytest

from nb2pipe.report.page import report_html
from nb2pipe.report.trend import PastRun, number_text, trends
from tests.report.samples import DIAMOND, pipeline_of, run_of, seconds, step_runs_of

SVG = "{http://www.w3.org/2000/svg}"


def past(*values: Any, name: str = "auc") -> list[PastRun]:
    """Runs with one metric each."""
    return [
        PastRun(f"run-{number}", seconds(3600 * number), {} if value is None else {name: value}, {"rows": number})
        for number, value in enumerate(values)
    ]


def charts(runs: list[PastRun], current: str = "run-0") -> list[ElementTree.Element]:
    """The pictures, parsed."""
    return list(ElementTree.fromstring(str(trends(runs, current)) or "<none/>").iter(f"{SVG}svg"))


def test_a_chart_follows_the_values() -> None:
    """A higher value stands higher, a later run further right, and the current one is marked with its value."""
    [chart] = charts(past(0.5, 0.9, 0.7), "run-2")
    dots = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in chart.iter(f"{SVG}circle")]
    assert sorted(dots) == dots
    assert dots[1][1] < dots[2][1] < dots[0][1]
    assert ["point", "point", "point current"] == [dot.attrib["class"] for dot in chart.iter(f"{SVG}circle")]
    assert ["0.7"] == [text.text for text in chart.iter(f"{SVG}text") if text.attrib["class"] == "now"]
    assert any(
        "run run-1" in (title.text or "") and "rows=1" in (title.text or "") for title in chart.iter(f"{SVG}title")
    )


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        (1, (1, 1)),
        (1, (0, 0, 0)),
        (1, (-5, 1e12)),
        (1, (1e-300, 2e-300)),
        (1, (1, None, "x", True, math.nan, math.inf, 2)),
        (0, (1,)),
        (0, ("a", "b")),
        (0, ()),
        (1, tuple(range(500))),
    ],
)
def test_odd_values(expected: int, values: tuple[Any, ...]) -> None:
    """Equal, huge and tiny numbers are drawn; what is no number is left out; one number alone has no chart."""
    found = charts(past(*values))
    assert expected == len(found)
    places = [float(dot.attrib["cy"]) for chart in found for dot in chart.iter(f"{SVG}circle")]
    assert all(0 < place < 150 for place in places)


def test_names_are_text() -> None:
    """A metric's name cannot be anything but text on the page."""
    assert "<script>" not in trends(past(1, 2, name="<script>alert(1)</script>"), "run-0")


def test_the_report_has_them() -> None:
    """The page has a part for them where there are earlier runs, and none where there are none."""
    pipeline = pipeline_of(DIAMOND)
    notebook = pipeline.notebook.document
    words = (pipeline, run_of(pipeline), step_runs_of(pipeline), notebook)
    assert 'id="trends"' in report_html(*words, past(1, 2))
    assert 'id="trends"' not in report_html(*words)


@pytest.mark.parametrize(
    ("expected", "value"), [("0", 0.0), ("0.851", 0.851), ("13,984", 13984.2), ("1e+08", 1e8), ("1.23e-06", 1.23e-6)]
)
def test_numbers(expected: str, value: float) -> None:
    """Numbers are short."""
    assert expected == number_text(value)
