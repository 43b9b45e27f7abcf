"""Steps that do not wait for each other: what they share stays one object, or an error names both."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.session.stepping import Kernel, Steps, clean

Kernels = tuple[Kernel, Kernel, Kernel]


def test_object_held_by_one_and_changed_by_another_is_one(kernels: Kernels, steps: Steps) -> None:
    """A part that step 2 holds and step 3 changes is the changed one for whoever gets both."""
    _, first, second = kernels
    _run(steps, first, "a = [1]")
    _run(steps, second, "c = {'x': a}", after=[0])
    _run(steps, first, "a.append(2)", after=[0])
    assert ["{'x': [1, 2]} True\n"] == _run(steps, second, "print(c, c['x'] is a)")


def test_two_holders_of_one_object_hold_one(kernels: Kernels, steps: Steps) -> None:
    """What two parallel steps put into things of their own is one object afterwards."""
    _, first, second = kernels
    _run(steps, first, "a = [1]")
    _run(steps, second, "c = [a]", after=[0])
    _run(steps, first, "d = [a]", after=[0])
    assert ["True [[1, 5]]\n"] == _run(steps, second, "c[0].append(5); print(c[0] is d[0], d)")
    assert ["[1, 5] [[1, 5]] [[1, 5]]\n"] == _run(steps, first, "print(a, c, d)")


def test_instances_changed_side_by_side_keep_their_class(kernels: Kernels, steps: Steps) -> None:
    """Two objects of one class may be changed by two parallel steps."""
    _, first, second = kernels
    _run(
        steps,
        first,
        "class M:\n    def fit(self, n): self.n = n\ncfg = {'k': 1}\na = M(); b = M(); a.cfg = b.cfg = cfg",
    )
    _run(steps, second, "a.fit(1)", after=[0])
    _run(steps, first, "b.fit(2)", after=[0])
    expected = ["1 2 True True True\n"]
    assert expected == _run(steps, second, "print(a.n, b.n, type(a) is type(b), a.cfg is b.cfg, isinstance(a, M))")


def test_part_changed_by_one_and_held_by_another_is_refused(kernels: Kernels, steps: Steps) -> None:
    """A part without a name of its own, held by one step and changed by the other, is an error naming both."""
    _, first, second = kernels
    _run(steps, first, "a = {'in': [1]}")
    _run(steps, second, "p = a['in']", after=[0])
    _run(steps, first, "a['in'].append(2)", after=[0])
    text = _run(steps, second, "print(p)")[0]
    assert "step 'step-2' keeps a part of an object that step 'step-3' changes" in text
    assert "after:step-2" in text
    failure = steps.done[-1][1].report["failure"]
    assert ("unplanned", "N2P401") == (failure["kind"], failure["name"])


def test_object_changed_and_then_dropped_is_refused(kernels: Kernels, steps: Steps) -> None:
    """An object that one step holds is not shown as it was, when the step that changed it left it nowhere."""
    _, first, second = kernels
    _run(steps, first, "a = [1]")
    _run(steps, second, "c = [a]", after=[0])
    result = steps.run(first, ["a.append(2); a = None"], after=[0])
    superseded = dict.fromkeys(result.report["observation"]["superseded"], "step-3")
    clean(second)
    assert "step-3" in steps.run(second, ["print(c)"], superseded=superseded).outputs[0]


def test_memory_changed_by_one_and_seen_through_by_another_is_refused(kernels: Kernels, steps: Steps) -> None:
    """A view that one step makes of an array that the other changes is an error naming both."""
    _, first, second = kernels
    _run(steps, first, "import numpy as np; a = np.zeros(100000)")
    _run(steps, second, "v = a[5:10]", after=[0])
    _run(steps, first, "a[5] = 1", after=[0])
    assert "step 'step-3' changes" in _run(steps, second, "print(v)")[0]


def test_frames_changed_side_by_side_stay_apart(kernels: Kernels, steps: Steps) -> None:
    """Frames that shared memory lazily are as independent in parallel steps as they are in one kernel."""
    _, first, second = kernels
    if int(pd.__version__.partition(".")[0]) < 3:
        pytest.skip("needs pandas 3: frames of earlier ones do share memory")
    make = "import pandas as pd, numpy as np; d = pd.DataFrame({'a': np.zeros(50000)}); e = d.copy(deep=False)"
    _run(steps, first, make)
    _run(steps, second, "d.iloc[0, 0] = 1", after=[0])
    _run(steps, first, "e.iloc[0, 0] = 2", after=[0])
    assert ["1.0 2.0\n"] == _run(steps, second, "print(d.iloc[0, 0], e.iloc[0, 0])")


def _run(steps: Steps, kernel: Kernel, cell: str, after: list[int] | None = None) -> list[str]:
    clean(kernel)
    return steps.run(kernel, [cell], after=after).outputs
