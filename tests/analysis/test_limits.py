"""Cells that are too much to follow: the analysis says so, or bounds its work, and never breaks."""

from __future__ import annotations

from nb2pipe.analysis import CodeCell, analyse


def test_deep_nesting_is_conservative() -> None:
    """An expression of hundreds of terms is not followed; the cell may then use and bind any name."""
    cells = [CodeCell(0, "a = 1"), CodeCell(1, "x = " + " + ".join(["a"] * 800)), CodeCell(2, "print(x, a)")]
    found, _ = analyse(cells)
    assert (True, {"x"}) == (found[1].wild_binds, set(found[1].binds))
    assert 1 in found[2].reads["a"].sources


def test_calls_that_call_each_other_end() -> None:
    """Many methods that all call unknown code with each other are followed only so far."""
    methods = "\n".join(
        f"    def m{n}(self, v):\n        self.go(self.m{(n + 1) % 9}, v)\n        helper.run(self, v)"
        for n in range(9)
    )
    source = f"import nosuch_base as helper\nclass A(helper.Base):\n{methods}\nA().m0([])"
    found, machine = analyse([CodeCell(0, source)])
    assert {"helper", "A"} == set(found[0].binds)
    assert machine.heap.count < 20_000


def test_nested_loops_end() -> None:
    """Loops within loops are not run through again and again."""
    source = (
        "d = []\n" + "".join("    " * n + f"for i{n} in range(2):\n" for n in range(12)) + "    " * 12 + "d.append(1)"
    )
    found, _ = analyse([CodeCell(0, source)])
    assert "i11" in found[0].binds


def test_operators_that_make_more_objects_end() -> None:
    """Operators that return new instances of their own class are called out of sight for all instances at once."""
    operators = "\n".join(
        f"    def __{name}__(self, o): o.xs.append(self); return Bag(*self.xs, *o.xs)"
        for name in ("add", "lshift", "rshift", "lt", "neg", "call", "getitem", "iadd", "radd", "mul")
    )
    source = f"class Bag:\n    def __init__(self, *xs): self.xs = list(xs)\n{operators}\na, b = Bag(1), Bag(2)\n"
    found, machine = analyse([CodeCell(0, source), CodeCell(1, "a += b\nc = a + b\na << b\na < b\nprint(a)")])
    assert {"a", "b"} <= {*found[1].binds, *found[1].changes}
    assert machine.heap.count < 20_000
