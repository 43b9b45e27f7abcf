"""The picture of a pipeline as SVG."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import pytest

from nb2pipe.model import State
from nb2pipe.report.graph import parents_of
from nb2pipe.report.layout import Box, lay_out
from nb2pipe.report.svg import StepMark, pipeline_svg
from tests.report.samples import DIAMOND, Spec, chain, pipeline_of

SVG = "{http://www.w3.org/2000/svg}"
WIDE: Spec = {"root": {}, **{f"leaf{n}": {"root": ["df"]} for n in range(40)}}
SHAPES = {"diamond": DIAMOND, "chain": chain(60), "wide": WIDE, "one": {"only": {}}, "apart": {"a": {}, "b": {}}}


@pytest.mark.parametrize("spec", SHAPES.values(), ids=SHAPES)
def test_it_is_a_whole_picture(spec: Spec) -> None:
    """It is well-formed, holds every step once, and everything lies within its frame."""
    picture = ElementTree.fromstring(pipeline_svg(pipeline_of(spec), standalone=True))
    names = [node.text for node in picture.iter(f"{SVG}text") if node.get("class") == "name"]
    assert list(spec) == names
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    for group in picture.iter(f"{SVG}g"):
        if group.get("class", "").startswith("step"):
            x, y = map(float, group.attrib["transform"].removeprefix("translate(").removesuffix(")").split())
            assert 0 <= x <= width
            assert 0 <= y <= height


@pytest.mark.parametrize("spec", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("rightwards", [True, False])
def test_boxes_do_not_touch(spec: Spec, rightwards: bool) -> None:
    """No two boxes overlap, and every step stands behind its parents."""
    parents = parents_of(pipeline_of(spec))
    sizes, room = dict.fromkeys(parents, (80.0, 40.0)), dict.fromkeys(parents, 30.0)
    drawing = lay_out(parents, sizes, rightwards=rightwards, room=room)
    for first, second in itertools.combinations(drawing.boxes.values(), 2):
        assert not _overlap(first, second)
    for name, direct in parents.items():
        for parent in direct:
            here, there = drawing.boxes[name], drawing.boxes[parent]
            assert (there.x < here.x) if rightwards else (there.y < here.y)


def _overlap(first: Box, second: Box) -> bool:
    return (
        abs(first.x - second.x) < (first.width + second.width) / 2 - 0.01
        and abs(first.y - second.y) < (first.height + second.height) / 2 - 0.01
    )


def test_states_are_classes() -> None:
    """Each step carries its state for the colours."""
    picture = ElementTree.fromstring(
        pipeline_svg(
            pipeline_of(DIAMOND), {"load": StepMark(State.FAILED, "failed 2 s"), "left": StepMark(State.CACHED)}
        )
    )
    classes = [node.get("class") for node in picture.iter(f"{SVG}g") if node.get("class", "").startswith("step ")]
    assert ["step failed", "step cached", "step planned", "step planned"] == classes


def test_names_are_text() -> None:
    """Names and reasons cannot become elements."""
    evil = "<script>alert(1)</script>"
    picture = pipeline_svg(pipeline_of({evil: {}, "b": {evil: ['"><script>x']}}))
    assert "<script" not in picture
    ElementTree.fromstring(picture)
