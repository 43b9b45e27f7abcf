"""The picture of a pipeline as Mermaid."""

from __future__ import annotations

import re
from dataclasses import replace

from nb2pipe.model import ContainerCall, StepSettings
from nb2pipe.report.mermaid import pipeline_mermaid
from tests.report.samples import DIAMOND, pipeline_of


def test_a_diamond() -> None:
    """Nodes by number, names as labels, variables on the edges."""
    expected = [
        "flowchart TD",
        '    s1["load"]',
        '    s2["left"]',
        '    s3["right"]',
        '    s4["merge"]',
        '    s1 -->|"df"| s2',
        '    s1 -->|"df, config"| s3',
        '    s2 -->|"a"| s4',
        '    s3 -->|"b"| s4',
    ]
    assert expected == pipeline_mermaid(pipeline_of(DIAMOND)).splitlines()


def test_text_cannot_leave_its_quotes() -> None:
    """Quotes, brackets and line ends in names become entities."""
    text = pipeline_mermaid(
        pipeline_of({'a"]; click s1 "javascript:x': {}, "b": {'a"]; click s1 "javascript:x': ["<b>"]}})
    )
    assert [] == re.findall(r'["<>;]', re.sub(r'#\d+;|\["[^"]*"\]|\|"[^"]*"\|', "", text).replace("-->", ""))


def test_steps_in_containers_are_told_apart() -> None:
    """A step that runs a program in a container shows its image."""
    pipeline = pipeline_of({"a": {}, "b": {"a": ["x"]}})
    step = replace(pipeline.steps[1], containers=(ContainerCall("example.org/tool:1"),))
    text = pipeline_mermaid(replace(pipeline, steps=(pipeline.steps[0], step)))
    assert 's2[["b<br/>example.org/tool:1"]]' in text


def test_steps_that_need_an_approval_are_told_apart() -> None:
    """A step that a person has to approve says so, in a container too."""
    pipeline = pipeline_of({"a": {}})
    settings = StepSettings(approval="Deploy?")
    step = replace(pipeline.steps[0], settings=settings, containers=(ContainerCall("tool:1"),))
    assert (
        '    s1[["a<br/>needs approval<br/>tool:1"]]' in pipeline_mermaid(replace(pipeline, steps=(step,))).splitlines()
    )
