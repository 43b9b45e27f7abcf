"""Modules beside the notebook that keep state, and those that only seem to."""

from __future__ import annotations

from pathlib import Path

import pytest

from nb2pipe.analysis.stateful import IDENTIFIER, keeps_state

KEEPS = {
    "counter": ("n = 0\ndef f():\n    global n\n    n += 1", "mod.f()", "n"),
    "setter": ("LEVEL = 1\ndef f(v):\n    global LEVEL\n    LEVEL = v", "mod.f(2)", "LEVEL"),
    "generator": ("import random\n_r = random.Random(1)\ndef f():\n    return _r.random()", "mod.f()", "_r"),
    "called by another": ("L = []\ndef g(x):\n    L.append(x)\ndef f():\n    g(1)", "mod.f()", "L"),
    "table": ("T = {}\ndef f(k, v):\n    T[k] = v", "mod.f(1, 2)", "T"),
    "counts in a table": ("T = {}\ndef f(k):\n    T[k] = T.get(k, 0) + 1", "mod.f(1)", "T"),
    "class": ("class C:\n    n = 0\n    def __init__(self):\n        C.n += 1", "mod.C()", "C"),
    "class of self": ("class C:\n    n = 0\n    def f(self):\n        type(self).n += 1", "mod.C().f()", "C"),
    "object": ("class C:\n    def f(self):\n        self.n = 1\nc = C()", "mod.c.f()", "C"),
    "function": ("def f():\n    f.calls = 1", "mod.f()", "f"),
    "default": ("def f(x, seen=[]):\n    seen.append(x)", "mod.f(1)", "seen"),
    "nested element": ("T = {'a': {}}\ndef f():\n    T['a'].update(b=1)", "mod.f()", "T"),
}
KEEPS_NOT = {
    "cache": ("T = {}\ndef f(k):\n    if k not in T:\n        T[k] = k * 2\n    return T[k]", "mod.f(1)"),
    "made once": ("m = None\ndef f():\n    global m\n    if m is None:\n        m = 5\n    return m", "mod.f()"),
    "not called": ("n = 0\ndef f():\n    global n\n    n += 1\ndef g(): pass", "mod.g()"),
    "own object": ("class C:\n    def f(self):\n        self.l = []\n        self.l.append(1)", "mod.C().f()"),
    "local": ("L = []\ndef f():\n    L = []\n    L.append(1)\n    return L", "mod.f()"),
    "settings of others": ("import os\ndef f():\n    os.environ['A'] = '1'", "mod.f()"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEEPS)
def test_module_keeps_state(case: str, tmp_path: Path) -> None:
    """A change of the module's own variable by what the notebook calls is found, with the variable."""
    text, use, variable = KEEPS[case]
    (tmp_path / "mod.py").write_text(text)
    spot = keeps_state("mod", str(tmp_path), frozenset(IDENTIFIER.findall(use)))
    assert variable == (spot.variable if spot else None)


@pytest.mark.parametrize("case", KEEPS_NOT)
def test_module_keeps_no_state(case: str, tmp_path: Path) -> None:
    """Caches, objects of the notebook and what is not called are no state."""
    text, use = KEEPS_NOT[case]
    (tmp_path / "mod.py").write_text(text)
    assert None is keeps_state("mod", str(tmp_path), frozenset(IDENTIFIER.findall(use)))


def test_state_is_found_in_packages_and_in_what_they_import(tmp_path: Path) -> None:
    """The files of a package, and modules beside it that it imports, are looked at too."""
    (tmp_path / "pk").mkdir()
    (tmp_path / "pk" / "__init__.py").write_text("from other import f")
    (tmp_path / "other.py").write_text("L = []\ndef f():\n    L.append(1)")
    assert ("L", 3) == keeps_state("pk", str(tmp_path), frozenset({"pk", "f"}))
