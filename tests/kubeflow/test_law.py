"""The law on pods: notebooks that are hard on it, compiled and run task by task, give what Run All gives.

All of them: ``python -m tests.law tests/law/notebooks --executor pods --cache cold --only-jobs --jobs 1``.
"""

from __future__ import annotations

import pytest

from tests.law.bench import Options, hold_one
from tests.law.runs import PODS
from tests.law.sources import find_subjects
from tests.law.subject import Subject
from tests.law.table import line
from tests.law.test_law import HARD

CHOSEN = (
    "ambient/seed_in_setup",
    "ambient/sys_path_and_modules",
    "carried/figure_across_cells",
    "errors/error_in_a_function_of_another_step",
    "files/overwritten_after_reading",
    "flow/diamonds",
    "hidden/parameters_shared",
)
"""Of each kind of thing that crosses between pods one, and few steps in each: a pod is a second or so."""


def chosen() -> list[object]:
    """The notebooks; all must be there."""
    found = {subject.name: subject for subject in find_subjects(HARD)}
    return [pytest.param(found[name], id=name) for name in CHOSEN]


@pytest.mark.parametrize("subject", chosen())
def test_hard_notebooks_keep_the_law(subject: Subject) -> None:
    """A notebook gives the verdict that it asks for on pods too."""
    finding = hold_one(subject, Options(jobs=(1,), caches=("cold",), executor=PODS))
    assert finding.right, line(finding)
