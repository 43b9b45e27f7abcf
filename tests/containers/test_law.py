"""The law, held in containers: the cases and the examples in the fast image, the examples in the honest one."""

from __future__ import annotations

import pytest

from tests.containers.images import Image
from tests.law.bench import Options, hold_one
from tests.law.subject import Subject
from tests.law.table import line
from tests.law.test_law import cases, examples


def hold_in(subject: Subject, image: Image) -> None:
    """Hold a notebook against the law with every step in a container of an image."""
    settings = {"image": image.tag, "volumes": list(image.volumes)}
    finding = hold_one(subject, Options(jobs=(2,), caches=("cold",), executor="container", settings=settings))
    assert finding.right, line(finding)


@pytest.mark.parametrize("subject", cases())
def test_cases_keep_the_law_in_containers(subject: Subject, fast: Image) -> None:
    """Every case gives in containers what Run All gives, or is refused."""
    hold_in(subject, fast)


@pytest.mark.parametrize("subject", examples())
@pytest.mark.parametrize("kind", ["fast", "honest"])
def test_examples_keep_the_law_in_containers(subject: Subject, kind: str, request: pytest.FixtureRequest) -> None:
    """Every example gives in containers what Run All gives, in an image that has all of its own too."""
    hold_in(subject, request.getfixturevalue(kind))


@pytest.mark.parametrize("subject", examples(in_containers=True))
@pytest.mark.parametrize("executor", ["process", "container"])
def test_container_cells_keep_the_law(
    subject: Subject, executor: str, vibration: Image, request: pytest.FixtureRequest
) -> None:
    """Cells in other languages give in a pipeline what they give in the notebook, whatever runs the other steps."""
    if executor == "container":
        hold_in(subject, request.getfixturevalue("fast"))
    else:
        finding = hold_one(subject, Options(jobs=(1, 2)))
        assert finding.right, line(finding)
