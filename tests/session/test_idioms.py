"""A law in small: cells in one kernel and the same cells split over two print the same.

To add a case, add a row: what the first step runs, what the second does.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.session.idioms import IDIOMS
from tests.session.stepping import Kernel, Steps, clean


@pytest.mark.parametrize("idiom", IDIOMS)
def test_two_steps_print_what_one_kernel_prints(
    idiom: str, kernels: tuple[Kernel, Kernel, Kernel], tmp_path: Path
) -> None:
    """Cells split over kernels print what they print in one."""
    parts = IDIOMS[idiom]
    plain, *others = kernels
    clean(plain)
    expected = [plain.run(cell)[1] for cell in parts]
    steps = Steps(tmp_path, idiom)
    actual = []
    for number, cell in enumerate(parts):
        used = others[number % 2]
        clean(used)
        result = steps.run(used, [cell])
        assert {} == result.seen["uncarried"]
        actual += result.outputs
    assert expected == actual
    assert not any("Traceback" in each for each in expected)
