"""Values written in their typed form and read again; what has none, and what is damaged, is said."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from nb2pipe.artifacts.typed import TypedError, form_at, form_of
from tests.settings.test_plugins import distribution

FRAMES = {
    "plain": pd.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": [0.5, None]}),
    "empty": pd.DataFrame({"a": pd.Series([], dtype="int64")}),
    "nothing": pd.DataFrame(),
    "nullable": pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": pd.array([True, None], dtype="boolean")}),
    "categories": pd.DataFrame({"a": pd.Categorical(["u", "v", "u"], ["v", "u"], ordered=True)}),
    "times": pd.DataFrame({"t": pd.date_range("2026-01-01", periods=3, freq="h", tz="Asia/Tokyo")}),
    "index": pd.DataFrame({"a": [1, 2]}, index=pd.Index(["p", "q"], name="key")),
    "multi": pd.DataFrame({"a": range(4)}, index=pd.MultiIndex.from_product([["x", "y"], [1, 2]], names=["k", "n"])),
    "lists": pd.DataFrame({"a": [np.array([1, 2]), np.array([3])]}),
}
ARRAYS = {
    "floats": np.linspace(0, 1, 7).reshape(7, 1),
    "scalar": np.array(3.5),
    "empty": np.empty((0, 3)),
    "columns": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "big-endian": np.arange(3, dtype=">i4"),
    "records": np.array([(1, "x")], dtype=[("n", "i4"), ("s", "U3")]),
    "texts": np.array(["ä", "b"]),
    "times": np.array(["2026-11-26"], dtype="datetime64[D]"),
    "complex": np.array([1 + 2j]),
}
PLAIN: dict[str, Any] = {
    "none": None,
    "flag": True,
    "number": 12345678901234567890123,
    "real": 0.1,
    "list": [1, [2.5, None], {"a": "ä"}],
    "dict": OrderedDict(x=[], y={}),
    "text": "zwei\r\nZeilen\n\u2028",
    "no text": "",
    "bytes": b"\x00\xff",
}


def through(value: Any, folder: Path, name: str = "value") -> Any:
    """The value written in its form, and read by what the file shows."""
    form = form_of(value, Path(name).suffix)
    path = folder / (name if Path(name).suffix else f"{name}{form.suffixes[0]}")
    form.write(value, path)
    return form_at(path).read(path)


@pytest.mark.parametrize("name", ["value", "value.arrow", "value.pq"])
@pytest.mark.parametrize("kind", FRAMES)
def test_frames(tmp_path: Path, kind: str, name: str) -> None:
    """Frames come back as they were, with types and index."""
    frame = FRAMES[kind]
    found = through(frame, tmp_path, name)
    if kind == "lists":
        assert [[1, 2], [3]] == [list(item) for item in found["a"]]
    else:
        assert_frame_equal(frame, found, check_freq=False, check_index_type=kind != "nothing", check_column_type=False)


def test_series_and_tables(tmp_path: Path) -> None:
    """A Series is a frame of one column, a table of pyarrow a frame."""
    assert_frame_equal(pd.DataFrame({"value": [1, 2]}), through(pd.Series([1, 2]), tmp_path))
    assert_frame_equal(pd.DataFrame({"n": [1, 2]}), through(pd.Series([1, 2], name="n"), tmp_path))
    assert_frame_equal(pd.DataFrame({"n": [1, 2]}), through(pa.table({"n": [1, 2]}), tmp_path))


@pytest.mark.parametrize("kind", ARRAYS)
def test_arrays(tmp_path: Path, kind: str) -> None:
    """Arrays come back with type, shape and order."""
    array = ARRAYS[kind]
    found = through(array, tmp_path)
    assert (array.dtype, array.shape) == (found.dtype, found.shape)
    assert np.array_equal(np.asarray(array), found)


@pytest.mark.parametrize("kind", PLAIN)
def test_plain_data(tmp_path: Path, kind: str) -> None:
    """Plain data, text and bytes come back as they were."""
    assert PLAIN[kind] == through(PLAIN[kind], tmp_path)


def test_what_json_makes_of_its_like(tmp_path: Path) -> None:
    """Tuples become lists, NumPy's numbers plain ones, also inside; text is text, unless JSON is asked for."""
    assert [1, 2.5, True, {"a": 3}] == through(
        (np.int64(1), np.float32(2.5), np.bool_(True), {"a": np.int8(3)}), tmp_path
    )
    assert 7 == through(np.int64(7), tmp_path)
    assert "5" == through("5", tmp_path)
    assert "5" == through("5", tmp_path, "v.json") and '"5"' == (tmp_path / "v.json").read_text()


def test_csv(tmp_path: Path) -> None:
    """Frames go as CSV where asked: the index only where it says something; arrays without names."""
    assert_frame_equal(FRAMES["plain"], through(FRAMES["plain"], tmp_path, "a.csv"))
    assert_frame_equal(FRAMES["plain"], through(FRAMES["plain"], tmp_path, "a.tsv"))
    assert "a\tb\tc\n1\tx\t0.5\n2\ty\t\n" == (tmp_path / "a.tsv").read_text()
    through(FRAMES["index"], tmp_path, "b.csv")
    assert "key,a\np,1\nq,2\n" == (tmp_path / "b.csv").read_text()
    for array, text in ((np.array([[1.5, 0.1]]), "1.5,0.10000000000000001\n"), (np.array([1, 2]), "1\n2\n")):
        form_of(array, ".csv").write(array, tmp_path / "c.csv")
        assert text == (tmp_path / "c.csv").read_text()


def test_json_of_frames_and_arrays(tmp_path: Path) -> None:
    """Frames go as records and arrays as lists where JSON is asked for."""
    assert [{"key": "p", "a": 1}, {"key": "q", "a": 2}] == through(FRAMES["index"], tmp_path, "a.json")
    assert [[0, 1, 2], [3, 4, 5]] == through(ARRAYS["columns"], tmp_path, "a.json")


def test_bytes_and_text_go_into_any_file(tmp_path: Path) -> None:
    """Somebody else's format is bytes or text, which stay as they are."""
    assert "select 1" == through("select 1", tmp_path, "a.sql")
    assert b"PK\x00" == through(b"PK\x00", tmp_path, "a.zip")
    parquet = tmp_path / "given.parquet"
    form_of(FRAMES["plain"]).write(FRAMES["plain"], parquet)
    assert_frame_equal(FRAMES["plain"], through(parquet.read_bytes(), tmp_path, "b.parquet"))


def test_files_without_suffix_are_known_by_their_beginning(tmp_path: Path) -> None:
    """Parquet, Arrow and .npy show what they are; what is left is text, or bytes."""
    for value, suffix in ((FRAMES["plain"], ".parquet"), (FRAMES["plain"], ".arrow"), (ARRAYS["floats"], ".npy")):
        form_of(value, suffix).write(value, tmp_path / "nameless")
        assert type(value) is type(form_at(tmp_path / "nameless").read(tmp_path / "nameless"))
    for content, expected in ((b"5\n", "5\n"), (b"", ""), (b"a\x00", b"a\x00"), (b"\xff", b"\xff")):
        (tmp_path / "nameless").write_bytes(content)
        assert expected == form_at(tmp_path / "nameless").read(tmp_path / "nameless")


LOOP: list[Any] = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("value", "suffix", "words"),
    [
        ({1, 2}, "", "type set has no form"),
        (object(), "", "type object has no form"),
        (pd.Timestamp("2026-01-01"), "", "pandas."),
        ({1: 2}, "", "has the key 1"),
        ({"a": [{2}]}, "", "['a'][0] is of type set"),
        ([FRAMES["plain"]], "", "[0] is of type pandas.DataFrame"),
        (float("nan"), "", "the value is nan"),
        ({"a": float("inf")}, "", "['a'] is inf"),
        (LOOP, "", "holds itself"),
        (3 + 4j, "", "type complex has no form"),
        ("\ud800", "", "no Unicode text"),
        (np.array([object()]), "", "Object arrays"),
        (np.ma.masked_array([1, 2], [True, False]), "", "lose its mask"),
        (FRAMES["plain"], ".npy", "pandas.DataFrame cannot be written as .npy"),
        (ARRAYS["floats"], ".parquet", "numpy.ndarray cannot be written as Parquet"),
        ("text", ".parquet", "str cannot be written as Parquet"),
        ({"a": 1}, ".csv", "dict cannot be written as CSV"),
        (np.zeros((2, 2, 2)), ".csv", "cannot be written as CSV"),
        (5, ".txt", "int cannot be written as text"),
        (5, ".xyz", "no form with the suffix .xyz"),
        (pd.DataFrame({"a": [1, "x", object()]}), "", "cannot be written as Parquet"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "", "Duplicate column"),
    ],
)
def test_what_has_no_form_is_refused(tmp_path: Path, value: Any, suffix: str, words: str) -> None:
    """The error names the type and the place, and what to do."""
    with pytest.raises(TypedError) as caught:
        form_of(value, suffix).write(value, tmp_path / "file")
    assert words in caught.value.message and caught.value.hint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"PAR1 but no more"),
        ("a.parquet", b""),
        ("a.arrow", b"ARROW1"),
        ("a.npy", b"\x93NUMPY\x01"),
        ("a.npy", b"hello"),
        ("a.json", b"{"),
        ("a.json", b""),
        ("a.json", b"[" * 100_000),
        ("a.csv", b""),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.txt", b"\xff"),
    ],
)
def test_damaged_files(tmp_path: Path, name: str, content: bytes) -> None:
    """A file that is not what its name says is named, with what was expected."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TypedError, match=f"{name} is not ") as caught:
        form_at(tmp_path / name).read(tmp_path / name)
    assert caught.value.hint


def test_pickles_are_never_read(tmp_path: Path) -> None:
    """A .npy file with pickles in it is refused."""
    np.save(tmp_path / "a.npy", np.array([{"a": 1}]), allow_pickle=True)
    with pytest.raises(TypedError):
        form_at(tmp_path / "a.npy").read(tmp_path / "a.npy")


PLUG_IN = """
import json


class Sets:
    name, suffixes = "sets", (".set",)

    def takes(self, value):
        return isinstance(value, set)

    def write(self, value, path):
        path.write_text(json.dumps(sorted(value)))

    def read(self, path):
        return set(json.loads(path.read_text()))


form = Sets()
"""


def test_plug_ins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What none of ours takes, the form of an installed distribution may."""
    distribution(tmp_path, "sets", "[nb2pipe.serializers]\nsets = form_of_sets:form\n", form_of_sets=PLUG_IN)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert {1, 2} == through({2, 1}, tmp_path)
    assert {1, 2} == through({2, 1}, tmp_path, "a.set")
