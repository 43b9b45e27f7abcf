"""The law, held on the cases, the examples, notebooks that are hard on it, and a sample of scikit-learn's examples.

All of scikit-learn's chosen examples: ``python -m tests.law --sklearn``. Every cell a step of its own:
``python -m tests.law --split each FOLDER``.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from nb2pipe.notebook.container_cells import is_container_cell
from tests.law.bench import Options, hold_one
from tests.law.runs import ROOT
from tests.law.sklearn_examples import examples_folder, sklearn_names, sklearn_subject
from tests.law.sources import find_subjects
from tests.law.subject import Subject
from tests.law.table import line

CASES = ROOT.parent / "shared" / "cases"
EXAMPLES = ROOT / "example_notebooks"
HARD = Path(__file__).with_name("notebooks")
OPTIONS = Options(jobs=(2,))


def examples(*, in_containers: bool = False) -> list[object]:
    """The examples, apart from or only those with cells that need a container engine."""
    return named([subject for subject in find_subjects(EXAMPLES) if in_containers is _needs_engine(subject)])


def _needs_engine(subject: Subject) -> bool:
    return any(is_container_cell("".join(cell["source"])) for cell in subject.document["cells"])


def named(subjects: list[Subject]) -> list[object]:
    return [pytest.param(subject, id=subject.name) for subject in subjects]


def _hold(subject: Subject, options: Options = OPTIONS) -> None:
    finding = hold_one(subject, options)
    assert finding.right, line(finding)


@pytest.mark.parametrize("subject", named(find_subjects(HARD)))
def test_hard_notebooks_keep_the_law(subject: Subject) -> None:
    """A notebook that is hard on the law gives the verdict that it asks for: equal or refused where it names none."""
    _hold(subject)


@pytest.mark.parametrize("subject", examples())
def test_examples_keep_the_law(subject: Subject) -> None:
    """The example notebooks give as pipelines what Run All gives, one step at a time and several."""
    _hold(subject, Options(jobs=(1, 2)))


@pytest.mark.parametrize("subject", examples())
def test_examples_keep_the_law_cell_by_cell(subject: Subject) -> None:
    """The same with every cell a step of its own."""
    _hold(subject, Options(jobs=(2,), caches=("cold",), split="each"))


def cases() -> list[object]:
    if CASES.is_dir():
        return named(find_subjects(CASES))
    return [pytest.param(None, marks=pytest.mark.skip(reason="needs cases: no folder ../shared/cases"), id="cases")]


@pytest.mark.parametrize("subject", cases())
def test_cases_keep_the_law(subject: Subject) -> None:
    """Every notebook of the cases gives what Run All gives, or is refused."""
    _hold(subject)


@pytest.mark.parametrize("name", sklearn_names(sample=True))
def test_sklearn_examples_keep_the_law(name: str) -> None:
    """Examples of scikit-learn, cut at their headings, give as pipelines what they give as notebooks."""
    try:
        examples_folder()
    except subprocess.CalledProcessError:
        pytest.skip("needs sklearn: no package index gives scikit-learn's source distribution")
    _hold(sklearn_subject(name))
