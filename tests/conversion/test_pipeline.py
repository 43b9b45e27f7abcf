"""What a pipeline says of each step besides the orders: ports, outputs, parameters, setup, metrics, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nb2pipe.conversion import build_pipeline, refuse_errors
from nb2pipe.errors import RefusedError
from nb2pipe.notebook import read_notebook
from tests.conversion.table import notebook_of, orders_of, pipeline_of


def test_ports_name_sources_cell_and_line() -> None:
    """An input says which steps may have made it last, and where it is first read."""
    pipeline = pipeline_of("--- step:a\nx = 1\n--- step:b\nif 1 > 2:\n    x = 2\n--- step:c\ny = 0\nprint(x)")
    (port,) = pipeline.step("c").inputs
    assert ("x", ("a", "b"), 2, 2) == (port.name, port.sources, port.cell_index, port.line)


def test_outputs_are_what_later_steps_read() -> None:
    """Only names that a later step may read are saved, and a step that only reads saves nothing."""
    pipeline = pipeline_of("--- step:a\nx = 1\nunused = 2\n--- step:b\nprint(x)\n--- step:c\nprint(x)")
    assert [("x",), (), ()] == [step.outputs for step in pipeline.steps]


def test_required_are_the_certain_reads() -> None:
    """A name that a later step reads for certain must be carried; one that it may read need not."""
    pipeline = pipeline_of("--- step:a\nx = 1\ny = [2]\n--- step:b\nprint(x)\nif x > 3:\n    print(y)")
    assert (("x", "y"), ("x",)) == (pipeline.step("a").outputs, pipeline.step("a").required)


def test_a_declared_order_keeps_everything() -> None:
    """Whoever says ``after:`` may mean any name, so all that the step makes is kept."""
    pipeline = pipeline_of("--- setup\nimport math\n--- step:a\nx = 1\ny = 2\n--- step:b after:a\nz = 3")
    assert ("x", "y") == pipeline.step("a").outputs


def test_a_dynamic_step_keeps_everything_before_it() -> None:
    """Before code that may read any name every name is kept, and put into its kernel beforehand."""
    pipeline = pipeline_of("--- step:a\nx = 1\n--- step:b\nt = input()\nprint(eval(t))")
    assert (("*",), ("*",)) == (pipeline.step("a").outputs, pipeline.step("b").eager)


def test_steps_take_the_parameters_they_use() -> None:
    """A step takes a parameter that it reads itself, or in a function that it calls, and no other."""
    pipeline = pipeline_of(
        "--- parameters\na = 1\nb = 2\nc = 3\n--- setup\ndef f():\n    return b\n"
        "--- step:one\nprint(a)\n--- step:two\nprint(f())\n--- step:three\nprint(0)"
    )
    assert [("a",), ("b",), ()] == [step.parameters for step in pipeline.steps]


def test_the_parameters_cell_runs_where_it_is_needed() -> None:
    """It runs in the first step, and again where a name is read that it computes."""
    pipeline = pipeline_of(
        "--- parameters\na = 1\ndouble = a * 2\n--- step:one\nx = 0\n--- step:two\nprint(a)\n"
        "--- step:three\nprint(double)"
    )
    assert [(0,), (), (0,)] == [step.setup_cells for step in pipeline.steps]


def test_setup_cells_run_before_the_last_cell_of_a_step() -> None:
    """A setup cell runs in the steps that have a cell behind it."""
    pipeline = pipeline_of(
        "--- setup\nimport math\n--- step:one\nx = 1\n--- setup\nimport json\n--- step:two\nprint(json, math)"
    )
    assert [(0,), (0, 2)] == [step.setup_cells for step in pipeline.steps]


def test_eager_are_names_that_would_not_be_asked_for() -> None:
    """Shadowed built-ins, magics' names, names in queries, shell lines and ``del`` are put in beforehand."""
    pipeline = pipeline_of(
        "--- step:a\nimport pandas as pd\nmax = 3\nsave = 1\nlimit = 1\nname = 'x'\nold = 2\nplain = 4\n__v__ = 1\n"
        "df = pd.DataFrame({'x': [1]})\n"
        "--- step:b\nprint(max, save, plain, __v__)\ndf.query('x > @limit')\n!echo {name}\ndel old"
    )
    assert {"max", "save", "limit", "name", "old", "__v__"} == set(pipeline.step("b").eager)


def test_ambient_writes_are_planned() -> None:
    """A step says which ambient state it may change; a seed in a setup cell counts for the first step that runs it."""
    pipeline = pipeline_of(
        "--- setup\nimport os\nimport numpy as np\nnp.random.seed(1)\n--- step:a\nos.environ['K'] = '1'\n"
        "--- step:b\nprint(os.environ['K'])"
    )
    assert [{"environ", "numpy.random"}, set()] == [set(step.ambient_writes) for step in pipeline.steps]


def test_imports_and_files_are_named() -> None:
    """A step says which modules it imports, setup cells included, and which files it reads and writes."""
    pipeline = pipeline_of(
        "--- setup\nimport numpy.linalg as la\n--- step:a\nfrom json import load\nopen('o.txt', 'w')\nopen('i.txt')"
    )
    step = pipeline.step("a")
    assert ({"numpy", "json"}, ("i.txt",), ("o.txt",)) == (set(step.imports), step.files_read, step.files_written)


@pytest.mark.parametrize(
    ("made", "used"),
    [
        ("x.csv", "{folder}/x.csv"),
        ("{folder}/x.csv", "x.csv"),
        ("x.csv", "../{name}/x.csv"),
        ("../x.csv", "{above}/x.csv"),
        ("~/x.csv", "{home}/x.csv"),
        ("{folder}", "x.csv"),
        ("sub", "{folder}/sub/x.csv"),
    ],
)
def test_a_file_by_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: str, used: str) -> None:
    """A file is one file however its path is written; one beside it that is called alike is another."""
    monkeypatch.chdir(tmp_path)
    words = {"folder": tmp_path, "name": tmp_path.name, "above": tmp_path.parent, "home": Path.home()}
    path, way = made.format(**words), used.format(**words)
    make = f"open({path!r}, 'w')" if path.endswith(".csv") else f"import shutil; shutil.rmtree({path!r})"
    for end, orders in (("", {"a>b"}), ("2", set())):
        cells = f"--- step:a\n{make}\n--- step:b\nprint(open({way.replace('.csv', end + '.csv')!r}).read())"
        found = orders_of(pipeline_of(cells))
        assert ({"a>b"} if "rmtree" in make else orders) == found


def test_shell_is_named() -> None:
    """A step that runs commands says so."""
    pipeline = pipeline_of("--- step:a\n!ls\n--- step:b\nimport os\nos.system('ls')\n--- step:c\nprint(1)")
    assert [True, True, False] == [step.uses_shell for step in pipeline.steps]


@pytest.mark.parametrize(
    ("expected", "source"),
    [
        (("auc",), "auc"),
        (("auc",), "print(auc)"),
        (("auc", "f1"), "print(auc)\nprint(f1)"),
        (("auc", "f1"), "auc, f1"),
        (("auc", "f1"), "{'area': auc, 'f': f1}"),
        (("gain",), "gain = round(auc, 2)"),
        (("auc", "f1"), "display(auc, f1)"),
        ((), "# nothing"),
        ((), "print(auc.round(2))"),
    ],
)
def test_metrics_are_the_names_in_metrics_cells(expected: tuple[str, ...], source: str) -> None:
    """Names shown, printed or assigned at the top of a metrics cell are its step's metrics."""
    pipeline = pipeline_of(f"--- step:a\nauc = f1 = 0.5\n--- metrics\n{source}")
    assert expected == pipeline.step("a").metrics


def test_reasons_name_cells() -> None:
    """The reason of an order is a sentence that names the cells as the reader counts them."""
    pipeline = pipeline_of("--- step:a\nx = []\n--- step:b\nx.append(1)\n--- step:c\nprint(x)")
    reasons = [link.reason for edge in pipeline.edges for link in edge.links]
    assert ["Cell 2 uses `x`, which cell 1 binds.", "Cell 3 uses `x`, which cell 2 may change."] == reasons


def test_orders_go_from_earlier_to_later() -> None:
    """Every order goes from a step to one behind it in the pipeline's list, so that there is no cycle."""
    pipeline = pipeline_of(
        "--- step:a\nz = 1\n--- step:b\ny = 1\n--- step:a\nprint(y, z)\n--- step:c after:a\nprint(z)"
    )
    place = {step.name: number for number, step in enumerate(pipeline.steps)}
    assert all(place[edge.source] < place[edge.target] for edge in pipeline.edges)


def test_errors_refuse() -> None:
    """A pipeline with an error is refused with all findings; one with warnings is not."""
    refuse_errors(pipeline_of("--- step:a\nimport nosuch_module_x\n"))
    with pytest.raises(RefusedError) as caught:
        refuse_errors(pipeline_of("--- step:a\nprint(nowhere)"))
    assert ["N2P202"] == [item.code for item in caught.value.diagnostics]


def test_findings_name_cell_id_line_and_step() -> None:
    """A finding names the cell, its id, the line within it and the step."""
    (found,) = pipeline_of("--- step:a\nx = 1\n--- step:b\ny = 2\nprint(nowhere)").diagnostics
    assert (1, "c1", 2, "b") == (found.cell_index, found.cell_id, found.line, found.step)


def test_a_misspelt_name_gets_a_proposal() -> None:
    """The hint proposes the nearest name that the notebook binds."""
    (found,) = pipeline_of("--- step:a\ntotal = 1\nprint(totl)").diagnostics
    assert "Did you mean `total`?" == found.hint


def test_an_unknown_step_before_the_first() -> None:
    """A step that nothing stands before is told so, though the notebook has steps."""
    found = pipeline_of("--- step:a after:lod\nx = 1\n--- step:load\ny = 1").diagnostics
    assert [("N2P301", "There are no steps before a.")] == [(each.code, each.hint) for each in found]


def test_an_unknown_step_gets_the_earlier_ones() -> None:
    """Only steps that stand before can be waited for, so only those are proposed."""
    found = pipeline_of("--- step:load\nx = 1\n--- step:b after:laod\ny = 1\n--- step:lad\nz = 1").diagnostics
    assert ["Did you mean 'load'? Known steps before b: load."] == [each.hint for each in found]


def r_notebook(**metadata: object) -> str:
    """A notebook in R with two steps."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "id": name, "metadata": {"tags": [f"step:{name}"]}, "source": "x <- 1", "outputs": []}
        for name in ("one", "two")
    ]
    kernel = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {**kernel, **metadata}, "cells": cells})


def test_steps_of_another_language_are_refused() -> None:
    """Several steps in R cannot hand variables on, and the finding says so."""
    pipeline = build_pipeline(read_notebook("r.ipynb", text=r_notebook()))
    assert ["N2P320"] == [item.code for item in pipeline.diagnostics if item.severity == "error"]


def test_steps_of_another_language_may_hand_on_files() -> None:
    """With file data declared they run one after the other."""
    pipeline = build_pipeline(read_notebook("r.ipynb", text=r_notebook(nb2pipe={"data": "files"})))
    assert ("one",) == pipeline.parents("two")
    assert "N2P320" not in {item.code for item in pipeline.diagnostics}


def test_a_notebook_without_tags_is_one_step() -> None:
    """All code of an untagged notebook is the step ``start``."""
    pipeline = build_pipeline(notebook_of("--- untagged\nx = 1\n--- untagged\nprint(x)"))
    assert [("start", (0, 1))] == [(step.name, step.cells) for step in pipeline.steps]


def test_steps_name_literal_urls() -> None:
    """URLs that a step reads and writes literally are known, their secrets masked; they are no files."""
    pipeline = pipeline_of(
        "--- step:a\nimport pandas as pd\ndf = pd.read_csv('s3://bucket/in.csv')\n"
        "df.to_parquet('https://me:secret@host/out.parquet')"
    )
    (step,) = pipeline.steps
    assert (("s3://bucket/in.csv",), ("https://me:***@host/out.parquet",)) == (step.urls_read, step.urls_written)
    assert ((), ()) == (step.files_read, step.files_written)
