"""Names come in when code asks for them, and what was asked for, bound, changed and deleted is told."""

from __future__ import annotations

import json

import pytest

from tests.session.stepping import Kernel, Steps, clean

Kernels = tuple[Kernel, Kernel, Kernel]


def test_only_names_asked_for_are_read(kernels: Kernels, steps: Steps) -> None:
    """A name that nothing looks up is neither loaded nor read."""
    _, first, second = kernels
    clean(first)
    steps.run(first, ["a = 1; b = [2]; c = {'b': b}; len = 4"])
    clean(second)
    result = steps.run(second, ["def f(): return a + len\nprint(f(), 'b' in get_ipython().user_ns)"])
    assert ["5 False\n"] == result.outputs
    assert ["a", "len"] == sorted(result.seen["reads"])
    assert ["f"] == result.seen["bound"]


def test_names_missed_are_told(kernels: Kernels, steps: Steps) -> None:
    """A name that nobody has is missed; a builtin is not."""
    _, first, _ = kernels
    clean(first)
    result = steps.run(first, ["try:\n    unknown\nexcept NameError as e:\n    print(e)\nprint(len('abc'))"])
    assert ["name 'unknown' is not defined\n3\n"] == result.outputs
    others = {
        "rate": {"step": "prep", "reason": "this step does not wait for it"},
        "id": {"step": "prep", "reason": "-"},
    }
    clean(first)
    result = steps.run(first, ["rate", "id(1)", "rate = 5; print(rate)"], others=others)
    assert "step 'prep' binds it; this step does not wait for it" in result.outputs[0]
    assert "NameError" in result.outputs[1]
    assert "5\n" == result.outputs[2]
    assert ["rate", "id"] == result.seen["missed"]


def test_eager_names_are_there_beforehand(kernels: Kernels, steps: Steps) -> None:
    """Names put in beforehand are in the namespace, and count as read."""
    _, first, second = kernels
    clean(first)
    steps.run(first, ["a = 1; b = 2"])
    clean(second)
    result = steps.run(second, ["print('a' in get_ipython().user_ns, 'b' in get_ipython().user_ns)"], eager=["a"])
    assert (["True False\n"], ["a"]) == (result.outputs, result.seen["reads"])


def test_what_became_of_names_is_told(kernels: Kernels, steps: Steps) -> None:
    """Bound, changed and deleted names are told apart, aliases included."""
    _, first, second = kernels
    clean(first)
    steps.run(first, ["a = [1]; alias = a; b = 2; c = 3; d = [4]"])
    clean(second)
    seen = steps.run(second, ["a.append(2); b = 5; del c; d; new = 1"]).seen
    assert ["b", "new"] == sorted(seen["bound"])
    assert ["a", "alias"] == sorted(seen["changed"])
    assert ["c"] == seen["deleted"]
    assert ["a", "c", "d"] == sorted(seen["reads"])


def test_only_what_is_wanted_is_saved(kernels: Kernels, steps: Steps) -> None:
    """Of what a step binds, only what later steps may read is saved."""
    _, first, _ = kernels
    clean(first)
    result = steps.run(first, ["a = 1; b = 2; c = 3"], save=["b"], required=["c"])
    assert ["b", "c"] == [each["name"] for each in result.report["artifacts"]]
    assert {"a": "no later step reads it"} == result.seen["uncarried"]


def test_no_names_are_left_behind(kernels: Kernels, steps: Steps) -> None:
    """A session leaves nothing of its own in the namespace, nor another ``__builtins__``."""
    _, first, _ = kernels
    clean(first)
    listing = "print(sorted(k for k in get_ipython().user_ns if k[:1] != '_'), type(__builtins__).__name__)"
    _, before = first.run(listing)
    steps.run(first, ["x = 1; del x"], others={"y": {"step": "s", "reason": "r"}})
    assert before == first.run(listing)[1]


@pytest.mark.parametrize("cell", ["connection", "generator", "lock", "file"])
def test_a_required_value_that_cannot_cross_fails_the_step(cell: str, kernels: Kernels, steps: Steps) -> None:
    """The failure names the variable, the step and the way out of this kind of value."""
    code, way_out = {
        "connection": ("import sqlite3; x = sqlite3.connect(':memory:')", "setup"),
        "generator": ("x = (i for i in range(3))", "list(...)"),
        "lock": ("import threading\nclass A: ...\nx = A(); x.guard = threading.Lock()", "__getstate__"),
        "file": ("x = open('/dev/null')", "open it in every step"),
    }[cell]
    _, first, _ = kernels
    clean(first)
    failure = steps.run(first, [code], required=["x"]).report["failure"]
    assert ("uncarriable", "N2P403") == (failure["kind"], failure["name"])
    assert "variable 'x' of step 'step-1'" in failure["message"]
    assert way_out in failure["hint"]


def test_parameters_stand_for_their_defaults(kernels: Kernels, steps: Steps) -> None:
    """Given values replace what the parameters cell binds; a mutable one is carried when changed."""
    _, first, second = kernels
    given = {"n": 5, "tags": ["a"], "name": "it's"}
    clean(first)
    result = steps.run(
        first,
        ["print(n, m, tags, name)", "tags.append('b')"],
        setup=["n = 1; tags = []; name = ''", "m = n * 2"],
        parameters=given,
    )
    assert "5 10 ['a'] it's\n" == result.outputs[0]
    assert ["tags"] == result.seen["changed"]
    assert ["n", "name", "tags"] == sorted(result.report["parameters_read"])
    clean(second)
    assert ["5 ['a', 'b']\n"] == steps.run(second, ["print(n, tags)"], parameters=given).outputs


def test_carried_state_lies_over_setup(kernels: Kernels, steps: Steps) -> None:
    """Setup cells run again in each step, and what earlier steps made of their names counts."""
    _, first, second = kernels
    setup = ["import math\nlog = []\nclass A:\n    n = 0\ndef f(): return A.n"]
    clean(first)
    steps.run(first, ["log.append(1); A.n = 3; a = A()"], setup=setup, setup_counts=True)
    clean(second)
    result = steps.run(second, ["log.append(2); print(log, f(), isinstance(a, A), type(a) is A)"], setup=setup)
    assert ["[1, 2] 3 True True\n"] == result.outputs
    assert ["log"] == result.seen["changed"]
    assert [] == result.seen["bound"]


def test_setup_classes_are_one_with_those_of_carried_values(kernels: Kernels, steps: Steps) -> None:
    """An instance that comes from an earlier step is an instance of the class that the setup cell defines again."""
    _, first, second = kernels
    setup = ["class A:\n    def f(self): return 1"]
    clean(first)
    steps.run(first, ["a = A()"], setup=setup, save=["a"])
    clean(second)
    assert ["True True\n"] == steps.run(second, ["print(isinstance(a, A), type(a) is A)"], setup=setup).outputs


def test_what_a_step_makes_of_setup_names_is_saved(kernels: Kernels, steps: Steps) -> None:
    """A setup name changed in place in a later step is that step's."""
    _, first, second = kernels
    clean(first)
    result = steps.run(first, ["log.append(1)"], setup=["log = []; other = []"])
    assert ["log"] == result.seen["bound"]
    clean(second)
    assert ["[1] []\n"] == steps.run(second, ["print(log, other)"], setup=["log = []; other = []"]).outputs


def test_metrics_are_json(kernels: Kernels, steps: Steps) -> None:
    """Metrics of any numeric library are plain numbers; what JSON has no word for is described."""
    _, first, _ = kernels
    clean(first)
    code = "import numpy as np; d = float('nan'); c = np.arange(2); a = np.float64(0.5)"
    code += "\nb = {'x': np.int64(3), 'y': [True, None]}"
    report = steps.run(first, [code], metrics=["a", "b", "c", "d", "none"]).report
    metrics = {each["name"]: each["value"] for each in json.loads(json.dumps(report["metrics"]))}
    assert {"x": 3, "y": [True, None]} == metrics["b"]
    assert (0.5, "nan") == (metrics["a"], metrics["d"])
    assert {"type": "numpy.ndarray", "repr": "array([0, 1])"} == metrics["c"]
    assert "none" not in metrics


def test_the_failing_line_is_told(kernels: Kernels, steps: Steps) -> None:
    """The line is that of the deepest frame in the failing cell's own code."""
    _, first, second = kernels
    clean(first)
    steps.run(first, ["def f(x):\n    return 1 / x"])
    clean(second)
    result = steps.run(second, ["x = 0\n\nf(x)"], execution_counts=[7])
    assert {"ename": "ZeroDivisionError", "evalue": "division by zero", "line": 3, "cell_number": 7} == result.report[
        "error"
    ]
    clean(second)
    assert 2 == steps.run(second, ["x = 1\nx = = 2"]).report["error"]["line"]


def test_cells_are_numbered_as_told(kernels: Kernels, steps: Steps) -> None:
    """Cells carry the numbers that Run All would give them, in ``In`` and in tracebacks."""
    _, first, second = kernels
    clean(first)
    steps.run(first, ["x = 1", "def f(): raise ValueError('v')"], execution_counts=[3, 5])
    clean(second)
    show = "import inspect; print(len(In), get_ipython().compile._filename_map[inspect.getfile(f)])"
    result = steps.run(second, [show, "1/0"], execution_counts=[8, 12])
    assert "9 5\n" == result.outputs[0]
    assert 12 == result.report["error"]["cell_number"]
