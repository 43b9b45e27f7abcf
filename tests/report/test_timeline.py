"""The picture of when each step ran."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from nb2pipe.model import State, StepRun
from nb2pipe.report.timeline import timeline_svg
from tests.report.samples import DIAMOND, T0, pipeline_of, seconds, step_runs_of

SVG = "{http://www.w3.org/2000/svg}"


def bars(picture: str) -> list[tuple[float, float]]:
    """Left edge and width of every bar."""
    boxes = ElementTree.fromstring(picture).iter(f"{SVG}rect")
    return [(float(box.attrib["x"]), float(box.attrib["width"])) for box in boxes]


def test_bars_follow_time() -> None:
    """A later step stands further right; what took as long is as long."""
    found = bars(timeline_svg(step_runs_of(pipeline_of(DIAMOND)), T0, seconds(4)))
    assert 4 == len(found)
    assert sorted(found) == found
    assert 1 == len({round(width) for _, width in found})


def test_what_never_started_is_left_out() -> None:
    """Skipped steps have no bar, and nothing at all has no picture."""
    skipped = StepRun("r", "x", State.SKIPPED)
    assert "" == timeline_svg([skipped], T0, seconds(1))
    first = step_runs_of(pipeline_of(DIAMOND))[0]
    assert 1 == len(bars(timeline_svg([first, skipped], T0, seconds(1))))


def test_open_steps_and_no_time() -> None:
    """A step without an end lasts to the end of the run, and a run of no length is drawn too."""
    first = replace(step_runs_of(pipeline_of(DIAMOND))[0], ended_at=None)
    assert 1 == len(bars(timeline_svg([first], T0, seconds(5))))
    assert 1 == len(bars(timeline_svg([replace(first, ended_at=first.started_at)], T0, T0)))
