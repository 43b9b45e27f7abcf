"""Frames as Parquet, Arrow and CSV files."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.typed.arrays import is_array
from nb2pipe.artifacts.typed.form import TypedError, lacking, misfit, not_that, package_of
from nb2pipe.artifacts.typed.plain import is_default_index

FAULTS = (ValueError, TypeError, NotImplementedError, OverflowError, OSError)
MAKE_ONE = "Make it a DataFrame."
AS_CSV = "hand it over as CSV: NAME=NAME.csv"


def is_frame(value: Any) -> bool:
    """Whether a value is a DataFrame or Series of pandas or polars, or a table of pyarrow."""
    named = {kind.__name__ for kind in type(value).__mro__ if kind.__module__.partition(".")[0] in LIBRARIES}
    return bool(named & {"DataFrame", "Series", "Table"})


LIBRARIES = ("pandas", "polars", "pyarrow")


class Columns:
    """Files of columns with their types; pandas' index is kept, and a Series becomes a frame of one column.

    Args:
        name: of the form.
        suffixes: of its files.
    """

    def __init__(self, name: str, suffixes: tuple[str, ...]) -> None:
        self.name = name
        self.suffixes = suffixes

    def takes(self, value: Any) -> bool:
        """Frames, where this is Parquet."""
        return self.name == "Parquet" and is_frame(value)

    def write(self, value: Any, path: Path) -> None:
        """Write a frame."""
        if not is_frame(value):
            raise misfit(value, self.name, MAKE_ONE)
        try:
            table = _table(_whole(value))
            if self.name == "Parquet":
                import pyarrow.parquet as parquet

                parquet.write_table(table, path)
            else:
                import pyarrow.feather as feather

                feather.write_feather(table, str(path), compression="uncompressed")
        except ImportError:
            raise lacking("pyarrow", self.name, AS_CSV) from None
        except FAULTS as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            hint = "Give each column one type, and a name of its own."
            raise TypedError(f"the frame cannot be written as {self.name}: {reason}", hint=hint) from None

    def read(self, path: Path) -> Any:
        """Read a frame: pandas' where that is installed, else polars', else a pyarrow Table."""
        try:
            if self.name == "Parquet":
                import pyarrow.parquet as parquet

                table = parquet.ParquetFile(path).read()
            else:
                import pyarrow.feather as feather

                table = feather.read_table(str(path))
        except ImportError:
            raise lacking("pyarrow", self.name, "write CSV: NAME=NAME.csv") from None
        except FAULTS as error:
            raise not_that(path, f"a file of {self.name}", error) from None
        if find_spec("pandas") is not None:
            return table.to_pandas()
        return _polars().from_arrow(table) if find_spec("polars") is not None else table


class Delimited:
    """Text in columns, for programs that read no other: types are lost, and found again by looking.

    Args:
        name: of the form.
        suffix: of its files.
        mark: what stands between columns.
    """

    def __init__(self, name: str, suffix: str, mark: str) -> None:
        self.name = name
        self.suffixes: tuple[str, ...] = (suffix,)
        self._mark = mark

    def takes(self, value: Any) -> bool:
        """Nothing: it must be asked for."""
        return False

    def write(self, value: Any, path: Path) -> None:
        """Write a frame with a line of names first (its index in front, unless it only counts), or an array without."""
        if is_array(value):
            self._write_array(value, path)
            return
        if not is_frame(value):
            raise misfit(value, self.name, MAKE_ONE)
        frame = _whole(value)
        if package_of(frame) == "pandas":
            frame.to_csv(path, sep=self._mark, index=not is_default_index(frame.index))
        elif package_of(frame) == "polars":
            frame.write_csv(path, separator=self._mark)
        else:
            from pyarrow import csv

            csv.write_csv(frame, str(path), csv.WriteOptions(delimiter=self._mark))

    def read(self, path: Path) -> Any:
        """Read a frame: pandas' where that is installed, else polars', else a pyarrow Table."""
        for library, read in (("pandas", self._by_pandas), ("polars", self._by_polars), ("pyarrow", self._by_pyarrow)):
            if find_spec(library) is not None:
                try:
                    return read(path)
                except (*FAULTS, SyntaxError) as error:
                    raise not_that(path, self.name, error) from None
        raise lacking("pandas", self.name, "write JSON: NAME=NAME.json")

    def _by_pandas(self, path: Path) -> Any:
        import pandas as pd

        return pd.read_csv(path, sep=self._mark)

    def _by_polars(self, path: Path) -> Any:
        return _polars().read_csv(path, separator=self._mark)

    def _by_pyarrow(self, path: Path) -> Any:
        from pyarrow import csv

        return csv.read_csv(str(path), parse_options=csv.ParseOptions(delimiter=self._mark))

    def _write_array(self, value: Any, path: Path) -> None:
        import numpy as np

        if value.ndim > 2 or value.dtype.kind not in "biuf":
            raise misfit(value, self.name, "Hand over numbers in one or two dimensions, or a frame, or .npy.")
        form = "%.17g" if value.dtype.kind == "f" else "%d"
        np.savetxt(path, np.atleast_1d(value), fmt=form, delimiter=self._mark)


def _whole(value: Any) -> Any:
    """A frame for a frame or a series."""
    if hasattr(value, "columns") or package_of(value) == "pyarrow":
        return value
    return value.to_frame("value") if value.name is None else value.to_frame()


def _table(frame: Any) -> Any:
    """A pyarrow Table with what pandas needs to make the same frame again."""
    import pyarrow as pa

    if package_of(frame) == "pyarrow":
        return frame
    make: Callable[..., Any] = pa.Table.from_pandas
    return frame.to_arrow() if package_of(frame) == "polars" else make(frame)


def _polars() -> Any:
    return import_module("polars")
