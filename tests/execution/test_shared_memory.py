"""What joblib keeps in shared memory for the kernel of a step goes with it, as if the kernel had ended by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.model import State
from tests.execution.running import Cells, plan, printed, run

SHARED = Path("/dev/shm")
CELLS: Cells = [
    (
        "step:fit",
        "import os\nimport numpy as np\nfrom joblib import Parallel, delayed\n"
        "big = np.ones(500_000)\n"
        "sums = Parallel(n_jobs=2)(delayed(float)(part) for part in [1, 2])\n"
        "means = Parallel(n_jobs=2)(delayed(np.mean)(big * k) for k in (1, 2))\n"
        "mine = [n for n in os.listdir('/dev/shm') if f'_{os.getpid()}_' in n or f'-{os.getpid()}-' in n]\n"
        "print(len(mine) > 0, *mine)",
    ),
    ("step:use", "print(sums, means, len(mine))"),
]


@pytest.mark.parametrize("last", [False, True], ids=["between steps", "at the end"])
def test_joblib_leaves_nothing(tmp_path: Path, last: bool) -> None:
    """Arrays lent to workers and semaphores are removed, and what joblib computed goes on to the next step."""
    pipeline = plan(tmp_path, CELLS[:1] if last else CELLS)
    runs = run(pipeline, tmp_path / "home")
    assert {State.SUCCEEDED} == {each.state for each in runs.values()}, runs
    said = printed(pipeline, runs)
    seen, *names = said[0].split()
    assert "True" == seen and names
    assert [] == [name for name in names if (SHARED / name).exists()]
    if not last:
        assert f"[1.0, 2.0] [np.float64(1.0), np.float64(2.0)] {len(names)}" == said[1].strip()
