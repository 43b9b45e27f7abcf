"""Gaps planted into the analysis: each becomes an error that names both steps, none a wrong value."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.model import State
from tests.execution.running import Cells, plan, run, with_gap

MAKE = ("step:make", "x = 1\nitems = [1]\nother = items")

GAPS: dict[str, tuple[Cells, tuple[str, str]]] = {
    "a name that only the missed step binds": (
        [("step:make", "x = 1"), ("step:use", "print(x)")],
        ("make", "use"),
    ),
    "a name that the missed step binds again": (
        [("step:first", "x = 1"), ("step:make", "x = 2"), ("step:use", "y = x * 10")],
        ("make", "use"),
    ),
    "an object that the missed step changes": (
        [("step:first", "items = [1]"), ("step:make", "items.append(2)"), ("step:use", "n = len(items)")],
        ("make", "use"),
    ),
    "an object that the missed step changes under another name": (
        [("step:first", "items = [1]\nsame = items"), ("step:make", "same.append(2)"), ("step:use", "n = len(items)")],
        ("make", "use"),
    ),
    "an object that both steps change": (
        [("step:first", "items = []"), ("step:make", "items.append(1)"), ("step:use", "items.append(2)")],
        ("make", "use"),
    ),
    "a name that the missed step deletes": (
        [("step:first", "x = 1"), ("step:make", "del x"), ("step:use", "try:\n    x\nexcept NameError:\n    x = 0")],
        ("make", "use"),
    ),
    "a name read by a function of an earlier step": (
        [
            ("step:first", "rate = 1\ndef cost():\n    return rate"),
            ("step:make", "rate = 2"),
            ("step:use", "total = cost()"),
        ],
        ("make", "use"),
    ),
    "a name that is asked for and may be missing": (
        [("step:make", "x = 1"), ("step:use", "try:\n    y = x\nexcept NameError:\n    y = 0")],
        ("make", "use"),
    ),
    "a builtin that the missed step shadows": (
        [("step:make", "def len(x): return -1"), ("step:use", "n = len([1, 2])")],
        ("make", "use"),
    ),
    "a random sequence": (
        [
            ("step:first", "import random\nrandom.seed(1)"),
            ("step:make", "import random\na = random.random()"),
            ("step:use", "import random\nb = random.random()"),
        ],
        ("make", "use"),
    ),
    "the environment": (
        [
            ("step:make", "import os\nos.environ['NB2P_X'] = '1'"),
            ("step:use", "import os\nv = os.environ.get('NB2P_X')"),
        ],
        ("make", "use"),
    ),
    "the working directory": (
        [
            ("step:make", "import os\nos.makedirs('sub', exist_ok=True)\nos.chdir('sub')"),
            ("step:use", "import os\nd = os.getcwd()"),
        ],
        ("make", "use"),
    ),
    "a file": (
        [("step:make", "open('a.txt', 'w').write('new')"), ("step:use", "t = open('a.txt').read()")],
        ("make", "use"),
    ),
    "a NumPy array behind a view": (
        [
            ("step:first", "import numpy as np\nwhole = np.zeros(100_000)\npart = whole[:10]"),
            ("step:make", "part[0] = 5"),
            ("step:use", "s = float(whole.sum())"),
        ],
        ("make", "use"),
    ),
    "a column of a frame": (
        [
            ("step:first", "import pandas as pd\ndf = pd.DataFrame({'a': range(50_000)})"),
            ("step:make", "df['b'] = 1"),
            ("step:use", "columns = list(df)"),
        ],
        ("make", "use"),
    ),
    "an attribute of a class": (
        [
            ("step:first", "class Counter:\n    n = 0"),
            ("step:make", "Counter.n += 1"),
            ("step:use", "seen = Counter.n"),
        ],
        ("make", "use"),
    ),
}


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_in_the_plan_is_an_error_that_names_both_steps(
    executor: ProcessExecutor, tmp_path: Path, gap: str, jobs: int
) -> None:
    """With the order between the two steps missing from the plan, the later one fails and says which tag mends it."""
    cells, (source, target) = GAPS[gap]
    (tmp_path / "a.txt").write_text("old")

    runs = run(with_gap(plan(tmp_path, cells), source, target), tmp_path / "home", executor, jobs=jobs)

    failure = runs[target].failure
    assert State.FAILED is runs[target].state and failure is not None
    assert "unplanned" == failure.kind
    assert repr(source) in failure.message and repr(target) in failure.message
    assert f"after:{source}" in failure.hint


@pytest.mark.parametrize("gap", GAPS)
def test_the_same_without_a_gap_succeeds(executor: ProcessExecutor, tmp_path: Path, gap: str) -> None:
    """The notebooks of this file are sound: with the plan as the analysis makes it they run."""
    cells, _ = GAPS[gap]

    runs = run(plan(tmp_path, cells), tmp_path / "home", executor, jobs=2)

    assert {State.SUCCEEDED} == {each.state for each in runs.values()}


def test_a_faulty_result_is_not_kept_for_later_runs(executor: ProcessExecutor, tmp_path: Path) -> None:
    """What a step made before its fault was seen is neither kept in the cache nor given to the steps behind it."""
    cells = [("step:first", "x = 1"), ("step:make", "x = 2"), ("step:use", "y = x * 10"), ("step:last", "print(y)")]
    broken = with_gap(plan(tmp_path, cells), "make", "use")

    run(broken, tmp_path / "home", executor, jobs=2)
    again = run(broken, tmp_path / "home", executor, jobs=2)

    assert State.FAILED is again["use"].state
    assert State.SKIPPED is again["last"].state
