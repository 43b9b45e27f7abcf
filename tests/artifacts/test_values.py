"""What goes through a bundle: identity, memory, reasons, previews."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nb2pipe.artifacts.preview import preview, qualified_type
from tests.artifacts.making import load, namespace, save, store_in


def test_shared_objects_are_one(tmp_path: Path) -> None:
    """Names that reach one object reach one object after loading."""
    names = load(store_in(tmp_path), save(store_in(tmp_path), namespace("a = [1]; b = a; c = {'x': a}; d = [c, a]")))
    assert names["a"] is names["b"]
    assert names["a"] is names["c"]["x"] is names["d"][1]
    assert names["c"] is names["d"][0]


def test_what_shares_nothing_has_groups_of_its_own(tmp_path: Path) -> None:
    """Equal numbers and texts do not tie names together."""
    saved = save(store_in(tmp_path), namespace("a = ['x', 1]; b = ['x', 1]; c = (1, 'x'); d = c"))
    assert len({artifact.group for artifact in saved.artifacts}) == 4


def test_functions_see_the_live_namespace(tmp_path: Path) -> None:
    """A loaded function reads the globals of where it was loaded, as they are."""
    names = load(store_in(tmp_path), save(store_in(tmp_path), namespace("def f(x): return x * k\nk = 2")), "f")
    names["k"] = 10
    assert names["f"](3) == 30


def test_one_class_for_all_its_instances(tmp_path: Path) -> None:
    """Instances loaded one by one have one class."""
    store = store_in(tmp_path)
    names = load(store, save(store, namespace("class A:\n    n = 0\na = A(); b = A()")))
    assert type(names["a"]) is type(names["b"]) is names["A"]


def test_memory_is_shared_and_written_once(tmp_path: Path) -> None:
    """Views of one array stay views; the bytes stand in the bundle once."""
    base = np.arange(100_000)
    store = store_in(tmp_path)
    saved = save(store, {**namespace(), "a": base, "v": base[10:20], "r": base[::-1]})
    assert store.bundle_path(saved.digests[0]).stat().st_size < base.nbytes + 10_000
    names = load(store, saved)
    names["v"][0] = -1
    assert (-1, -1) == (names["a"][10], names["r"][-11])


def test_a_lone_view_does_not_drag_its_base_along(tmp_path: Path) -> None:
    """A small view of a big array is saved small."""
    saved = save(store_in(tmp_path), {**namespace(), "v": np.arange(1_000_000)[10:20]})
    assert saved.artifacts[0].size_bytes < 1000


def test_frames_stay_independent(tmp_path: Path) -> None:
    """Frames that shared memory lazily are written once and do not see each other's changes."""
    if int(pd.__version__.partition(".")[0]) < 3:
        pytest.skip("needs pandas 3: frames of earlier ones do share memory")
    frame = pd.DataFrame({"a": np.arange(50_000)})
    store = store_in(tmp_path)
    saved = save(store, {**namespace(), "a": frame, "b": frame.copy(deep=False)})
    assert store.bundle_path(saved.digests[0]).stat().st_size < 50_000 * 8 + 20_000
    names = load(store, saved)
    names["a"].iloc[0, 0] = -1
    assert 0 == names["b"].iloc[0, 0]


def test_flags_and_layout_are_kept(tmp_path: Path) -> None:
    """Read-only stays read-only, and rows stay where they were in memory."""
    fixed = np.arange(50_000)
    fixed.flags.writeable = False
    tall = np.asfortranarray(np.ones((300, 400)))
    names = load(store_in(tmp_path), save(store_in(tmp_path), {**namespace(), "fixed": fixed, "tall": tall}))
    assert not names["fixed"].flags.writeable
    assert names["tall"].flags.f_contiguous
    names["tall"][0, 0] = 5
    assert 1.0 == tall[0, 0]


def test_what_cannot_cross_does_not_stop_the_rest(tmp_path: Path) -> None:
    """One value that cannot be saved has a reason; the others are saved."""
    code = "import sqlite3\nc = sqlite3.connect(':memory:'); g = (i for i in 'ab'); x = [1]"
    saved = save(store_in(tmp_path), namespace(code))
    assert {"c", "g"} == set(saved.reasons)
    assert "database connection" in saved.reasons["c"]
    assert "setup" in saved.reasons["c"]
    assert "list(...)" in saved.reasons["g"]
    assert {"sqlite3", "x"} == {artifact.name for artifact in saved.artifacts}


def test_the_part_that_cannot_cross_is_named(tmp_path: Path) -> None:
    """A lock inside an object is named with the path to it."""
    names = namespace("class A: ...\na = A(); a.inner = {'k': A()}")
    names["a"].inner["k"].guard = threading.Lock()
    saved = save(store_in(tmp_path), names)
    assert "`.inner['k'].guard`" in saved.reasons["a"]
    assert "__getstate__" in saved.reasons["a"]


def test_an_open_file_is_refused(tmp_path: Path) -> None:
    """An open file is refused rather than copied."""
    (tmp_path / "text").write_text("a\nb\n")
    with (tmp_path / "text").open() as file:
        assert "open file" in save(store_in(tmp_path), {**namespace(), "f": file}).reasons["f"]


def test_deep_values_cross(tmp_path: Path) -> None:
    """Values nested far deeper than Python's recursion limit are saved and loaded."""
    names = load(store_in(tmp_path), save(store_in(tmp_path), namespace("n = None\nfor i in range(20000): n = [n]")))
    depth = 0
    value = names.pop("n")
    while value is not None:
        value, depth = value[0], depth + 1
    assert 20_000 == depth


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "int 3", 3),
        ("str", "str 'abc'", "abc"),
        ("NoneType", "None", None),
        ("list", "2 items", [1, 2]),
        ("pandas.DataFrame", "1000 rows x 3 columns", pd.DataFrame(np.zeros((1000, 3)))),
        ("numpy.ndarray", "2 x 3 float64", np.zeros((2, 3))),
    ],
)
def test_previews(kind: str, text: str, value: object) -> None:
    """A value's type and a few words about it."""
    assert (kind, text) == (qualified_type(value), preview(value))


def test_saving_a_frame_makes_nothing_in_it(tmp_path: Path) -> None:
    """A range as index stays a range, whose values nobody made."""
    frame = pd.DataFrame({"a": range(3)})
    save(store_in(tmp_path), {"frame": frame})
    assert isinstance(frame.index, pd.RangeIndex)
    assert {} == frame.index._cache


def test_classes_are_found_in_modules_not_imported_yet(tmp_path: Path) -> None:
    """NumPy's ``recarray`` says it is from a module that is imported when first asked for: it crosses by name."""
    store = store_in(tmp_path)
    code = (
        "import sys, numpy\nsys.modules.pop('numpy.rec', None)\nr = numpy.zeros(2, [('x', 'i4')]).view(numpy.recarray)"
    )
    names = load(store, save(store, namespace(code)))
    assert 0 == names["r"][0].x
    assert type(names["r"]) is names["numpy"].recarray


def test_context_managers_cross_until_they_are_entered(tmp_path: Path) -> None:
    """What a function under ``contextmanager`` gave can be entered elsewhere; one entered already cannot cross."""
    code = (
        "import contextlib\n@contextlib.contextmanager\ndef f(x):\n    yield x\n"
        "new, entered = f(1), f(2)\nentered.__enter__()"
    )
    store = store_in(tmp_path)
    saved = save(store, namespace(code))
    assert ["entered"] == list(saved.reasons)
    with load(store, saved)["new"] as value:
        assert 1 == value


def test_objects_with_a_finalizer_stay(tmp_path: Path) -> None:
    """An object of the notebook whose class has a ``__del__`` cannot be in two processes: it would go twice."""
    saved = save(store_in(tmp_path), namespace("class H:\n    def __del__(self): pass\nh = [H()]"))
    assert "`__del__`" in saved.reasons["h"]
