"""The picture of a pipeline as text."""

from __future__ import annotations

import textwrap

from nb2pipe.model import Parameter
from nb2pipe.report.text import pipeline_text
from tests.report.samples import DIAMOND, chain, pipeline_of


def test_a_diamond() -> None:
    """A small pipeline: rails, what crosses, parameters, and what can run side by side."""
    pipeline = pipeline_of(DIAMOND, (Parameter("rows", "int", 10, "how many"), Parameter("name", "str", "x")))
    expected = """\
        sample  (sample.ipynb: 4 steps, 4 code cells)

        Parameters
          rows: int = 10   how many
          name: str = "x"

        Steps
          ●   load   cell 1
          ├─● left   cell 2  ← load (df)
          ● │ right  cell 3  ← load (df, config)
          ●─╯ merge  cell 4  ← left (a), right (b)

        Can run side by side
          left ∥ right
        """
    assert textwrap.dedent(expected) == pipeline_text(pipeline)


def test_what_is_no_variable() -> None:
    """Ambient state, tags and several reasons at once are told apart from variables."""
    text = pipeline_text(pipeline_of({"a": {}, "b": {"a": ["x", "@random", "after:a"]}}))
    assert "← a (x, @random, after:a)" in text


def test_long_lines_are_wrapped_and_keep_their_rails() -> None:
    """No line is longer than the width, however many parents a step has."""
    spec: dict[str, dict[str, list[str]]] = {f"source_number_{n}": {} for n in range(12)}
    many = {**spec, "join": {name: [f"value_of_{name}"] for name in spec}, "end": {"join": ["all"]}}
    lines = pipeline_text(pipeline_of(many), width=90).splitlines()
    assert [] == [line for line in lines if len(line) > 90]
    assert 12 == sum(line.count("value_of_source") for line in lines)


def test_sixty_steps_stay_narrow() -> None:
    """Sixty steps with crossing edges take few columns."""
    lines = pipeline_text(pipeline_of(chain(60)), width=80).splitlines()
    assert [] == [line for line in lines if len(line) > 80]
    assert 60 == sum(line.count("●") for line in lines)


def test_a_thicket_is_a_plain_list() -> None:
    """Where lines would take more room than they are worth there are only dots."""
    spec = {**{f"s{n}": {} for n in range(30)}, "end": {f"s{n}": ["x"] for n in range(30)}}
    text = pipeline_text(pipeline_of(spec))
    assert 31 == text.count("  ● ")
    assert "│" not in text


def test_no_steps() -> None:
    """A pipeline without steps is shown too."""
    assert "sample  (sample.ipynb: 0 steps, 0 code cells)\n" == pipeline_text(pipeline_of({}))
