"""Which steps run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nb2pipe.execution.merge import executed_notebook
from nb2pipe.execution.process import ProcessExecutor
from nb2pipe.model import State
from tests.execution.running import Cells, plan, printed, run

CELLS = [
    ("parameters", "epochs = 3\nrate = 0.5"),
    ("step:load", "data = list(range(4))"),
    ("step:train", "model = [value * rate for value in data] * epochs"),
    ("step:report", "print(len(model), sum(model))"),
]


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessExecutor]:
    """One executor for all tests of this file."""
    made = ProcessExecutor(tmp_path_factory.mktemp("home"))
    yield made
    made.close()


def ran(folder: Path, executor: ProcessExecutor, cells: Cells, **options: object) -> list[str]:
    """Steps that were executed, not taken from the cache."""
    runs = run(plan(folder, cells), folder / "home", executor, **options)  # type: ignore[arg-type]
    assert all(each.state.is_good for each in runs.values()), [each.failure for each in runs.values()]
    return [name for name, each in runs.items() if each.state is State.SUCCEEDED]


def changed(number: int, source: str, cells: Cells = CELLS) -> Cells:
    """The notebook with another source for one cell."""
    return [(tags, source if index == number else old) for index, (tags, old) in enumerate(cells)]


@pytest.mark.parametrize(
    ("cells", "parameters", "expected"),
    [
        (CELLS, {}, []),
        (changed(1, "# a comment\n\ndata = list( range(4) )"), {}, []),
        (changed(1, "data = list(range(5))"), {}, ["load", "train", "report"]),
        (changed(1, "data = [0, 1, 2, 3]"), {}, ["load"]),
        (changed(2, "model = [value * rate for value in data] * epochs\nextra = 1"), {}, ["train"]),
        (changed(3, "print(max(model))"), {}, ["report"]),
        (CELLS, {"epochs": 4}, ["train", "report"]),
        (changed(0, "epochs = 4\nrate = 0.5"), {}, ["train", "report"]),
        (changed(0, "rate = 0.5\n\nepochs = 3  # as before"), {}, []),
    ],
)
def test_only_what_changed_runs_again(
    executor: ProcessExecutor, tmp_path: Path, cells: Cells, parameters: dict[str, object], expected: list[str]
) -> None:
    """Code without comments, inputs by content and used parameters decide; what comes out equal stops the chain."""
    ran(tmp_path, executor, CELLS)

    assert expected == ran(tmp_path, executor, cells, parameters=parameters)


def test_a_cached_step_says_from_which_run_it_came(executor: ProcessExecutor, tmp_path: Path) -> None:
    """It starts no kernel, names the run, and its outputs stand in the executed notebook as if it had run."""
    pipeline = plan(tmp_path, CELLS)
    first = run(pipeline, tmp_path / "home", executor)

    second = run(pipeline, tmp_path / "home", executor)

    assert {State.CACHED} == {each.state for each in second.values()}
    assert {first["load"].run_id} == {each.cached_from for each in second.values()}
    assert not any(each.kernel_started for each in second.values())
    assert printed(pipeline, first) == printed(pipeline, second)
    assert first["load"].artifacts == second["load"].artifacts


def test_the_cache_can_be_left_alone(executor: ProcessExecutor, tmp_path: Path) -> None:
    """``--no-cache`` runs everything, ``cache: off`` runs its step, each time."""
    off = [(tags.replace("step:train", "step:train cache:disabled"), source) for tags, source in CELLS]
    ran(tmp_path, executor, CELLS)

    assert ["load", "train", "report"] == ran(tmp_path, executor, CELLS, use_cache=False)
    ran(tmp_path, executor, off)
    assert ["train"] == ran(tmp_path, executor, off)


def test_a_file_that_changed_counts(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A step runs again when a file that it read is another, also a module beside the notebook."""
    cells = [("step:a", "import helper\nx = helper.f(open('in.txt').read())"), ("step:b", "print(x)")]
    (tmp_path / "in.txt").write_text("1")
    (tmp_path / "helper.py").write_text("def f(text):\n    return text * 2\n")
    ran(tmp_path, executor, cells)

    assert [] == ran(tmp_path, executor, cells)
    (tmp_path / "in.txt").write_text("2")
    assert ["a", "b"] == ran(tmp_path, executor, cells)
    (tmp_path / "helper.py").write_text("def f(text):\n    return text * 3\n")
    assert ["a", "b"] == ran(tmp_path, executor, cells)


def test_a_written_file_that_is_gone_is_written_again(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A step whose files are not there any more, or were changed by others, is not taken from the cache."""
    cells = [("step:a", "open('out.txt', 'w').write('made')"), ("step:b", "print(open('out.txt').read())")]
    ran(tmp_path, executor, cells)

    assert [] == ran(tmp_path, executor, cells)
    (tmp_path / "out.txt").unlink()
    assert ["a"] == ran(tmp_path, executor, cells)
    assert "made" == (tmp_path / "out.txt").read_text()


def test_what_cannot_be_seen_is_not_kept(executor: ProcessExecutor, tmp_path: Path) -> None:
    """A step that starts programs runs each time and says why, unless it says ``cache: on``."""
    cells = [("step:a", "!echo hello"), ("step:b", "x = 1")]
    kept = [("step:a cache:enabled", "!echo hello"), ("step:b", "x = 1")]
    pipeline = plan(tmp_path, cells)

    assert "programs" in run(pipeline, tmp_path / "home", executor)["a"].reason
    assert ["a"] == ran(tmp_path, executor, cells)
    ran(tmp_path, executor, kept)
    assert [] == ran(tmp_path, executor, kept)


def test_a_random_state_is_an_input_for_those_who_draw(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Another seed upstream runs the steps that draw again, and only those."""
    cells = [
        ("step:seed", "import random\nrandom.seed(1)"),
        ("step:draw", "import random\nx = random.random()"),
        ("step:other", "y = 2"),
    ]
    ran(tmp_path, executor, cells)

    again = ran(tmp_path, executor, changed(0, "import random\nrandom.seed(2)", cells))
    assert ["seed", "draw"] == again


def test_a_damaged_artifact_is_made_anew(executor: ProcessExecutor, tmp_path: Path) -> None:
    """When the bundle of a cached step is gone or cut short, the step runs again."""
    ran(tmp_path, executor, CELLS)
    for path in (tmp_path / "home" / "artifacts").rglob("*.bundle"):
        path.write_bytes(path.read_bytes()[:-1])

    assert "load" in ran(tmp_path, executor, CELLS)


@pytest.mark.parametrize("ending", ["bundle", "json"])
def test_a_changed_byte_is_no_result(executor: ProcessExecutor, tmp_path: Path, ending: str) -> None:
    """When a byte of what a cached step saved has changed, the step runs again instead of failing those behind it."""
    ran(tmp_path, executor, CELLS)
    for path in (tmp_path / "home" / "artifacts").glob(f"??/*.{ending}"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)

    assert ["load", "train", "report"] == ran(tmp_path, executor, changed(3, "print(model)"))


def test_a_store_that_was_copied_is_still_good(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Files that were touched but hold what they held count."""
    ran(tmp_path, executor, CELLS)
    for path in (tmp_path / "home" / "artifacts").glob("??/*.bundle"):
        path.write_bytes(path.read_bytes())

    assert ["report"] == ran(tmp_path, executor, changed(3, "print(model)"))


def test_the_same_code_in_another_step_is_another_step(executor: ProcessExecutor, tmp_path: Path) -> None:
    """Two steps with equal code and different values of what they read are not taken for each other."""
    cells = [
        ("setup", "def area():\n    return radius * 2"),
        ("parameters", "radius = 2"),
        ("step:one", "print(area())"),
        ("step:two", "radius = 3"),
        ("step:three", "print(area())"),
    ]
    pipeline = plan(tmp_path, cells)

    first = run(pipeline, tmp_path / "home", executor)
    second = run(pipeline, tmp_path / "home", executor)

    assert ["", "", "4\n", "", "6\n"] == printed(pipeline, first) == printed(pipeline, second)
    assert {State.CACHED} == {each.state for each in second.values()}


def test_cached_cells_have_the_numbers_of_today(executor: ProcessExecutor, tmp_path: Path) -> None:
    """When a cell comes in above, cached outputs are numbered as Run All would number them now."""
    ran(tmp_path, executor, [("step:a", "1 + 1"), ("step:b", "2 + 2")])
    pipeline = plan(tmp_path, [("step:new", "0"), ("step:a", "1 + 1"), ("step:b", "2 + 2")])

    runs = run(pipeline, tmp_path / "home", executor)

    cells = executed_notebook(pipeline, {}, runs.values())["cells"]
    assert (State.CACHED, State.CACHED) == (runs["a"].state, runs["b"].state)
    assert [1, 2, 3] == [cell["execution_count"] for cell in cells]
    assert [1, 2, 3] == [cell["outputs"][0]["execution_count"] for cell in cells]


def test_an_import_that_a_step_before_now_makes_is_not_taken_as_it_was(
    executor: ProcessExecutor, tmp_path: Path
) -> None:
    """A module prints where it is imported first, so a result with the print is none for a step that comes second."""
    (tmp_path / "law_first.py").write_text("print('loaded')")
    cells = [("step:load", "x = 1"), ("step:use", "import law_first\nprint(x)")]
    assert ["load", "use"] == ran(tmp_path, executor, cells)
    assert ["load", "use"] == ran(tmp_path, executor, changed(0, "x = 1\nimport law_first", cells))
