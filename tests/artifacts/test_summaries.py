"""What is kept of a value to be shown: its head, never code of the notebook, and gone with its bundle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from nb2pipe.artifacts.summary import summary
from tests.artifacts.making import namespace, save, store_in


def test_a_frame() -> None:
    """Its first rows and columns with their types, and how many there are."""
    frame = pd.DataFrame(
        {f"c{number}": np.arange(30) + number / 2 for number in range(25)}, index=list(range(100, 130))
    )
    found = summary(frame.assign(c0=["<b>" + "x" * 500] * 30))
    assert found is not None
    assert ("table", 30, 25, True) == (found.kind, found.rows_total, found.columns_total, found.is_cut)
    assert (20, 20, "c1", "float64") == (len(found.rows), len(found.columns), found.columns[1], found.dtypes[1])
    assert ("100", "0.5") == (found.index[0], found.rows[0][1])
    assert ("<b>xx", 200) == (found.rows[0][0][:5], len(found.rows[0][0]))


@pytest.mark.parametrize(
    ("value", "kind", "rows", "text"),
    [
        (pd.Series([1, None], name="s"), "table", (("1.0",), ("nan",)), ""),
        (pd.DataFrame({"a": []}), "table", (), ""),
        (pd.DataFrame({"a": [1], "b": [2]}).iloc[:, [0, 0]], "table", (("1", "1"),), ""),
        (np.array([1, 2]), "table", (("1",), ("2",)), ""),
        (np.zeros((0, 3)), "table", (), ""),
        ("text", "text", (), "text"),
        ({"a": [1, float("nan")]}, "json", (), '{\n "a": [\n  1,\n  "nan"\n ]\n}'),
        (None, "json", (), "null"),
    ],
)
def test_values(value: Any, kind: str, rows: tuple[tuple[str, ...], ...], text: str) -> None:
    """Frames and arrays are tables, texts are texts, other plain data is JSON."""
    found = summary(value)
    assert found is not None
    assert (kind, rows, text) == (found.kind, found.rows, found.text)


def test_no_code_of_the_notebook_is_called() -> None:
    """Objects of its own classes are named by their type, wherever they stand."""
    names = namespace("class A:\n    def __repr__(self): raise ValueError\n    __str__ = __repr__\na = A()")
    assert summary(names["a"]) is None
    held = summary([names["a"]])
    assert held is not None
    assert '"A"' in held.text
    framed = summary(pd.DataFrame({"a": [names["a"]]}))
    assert framed is not None
    assert (("A",),) == framed.rows


def test_long_and_deep_values_are_cut() -> None:
    """However much there is, a little is kept, and it says that it is cut."""
    deep: list[Any] = []
    for _ in range(1000):
        deep = [deep]
    for value in (list(range(10**6)), {str(key): "x" * 1000 for key in range(10_000)}, "x" * 10**6, deep):
        found = summary(value)
        assert found is not None
        assert found.is_cut
        assert len(found.text) <= 4000


def test_kept_with_the_bundle(tmp_path: Path) -> None:
    """It is read from beside the bundle, does not make one of itself, and goes when the bundle goes."""
    store = store_in(tmp_path)
    saved = save(store, namespace("xs = [1, 2]"))
    assert summary([1, 2]) == store.summary(saved.digests[0], "xs")
    assert None is store.summary(saved.digests[0], "other")
    assert [saved.digests[0]] == list(store.digests())
    path = store.manifest_path(saved.digests[0]).with_suffix(".summaries")
    path.write_text("{", "utf-8")
    assert None is store.summary(saved.digests[0], "xs")
    store.prune(set())
    assert [] == [each for each in store.folder.rglob("*") if each.is_file()]
