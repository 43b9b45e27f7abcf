"""The pickler that names some objects instead of taking them apart, and which objects it can matter to name."""

from __future__ import annotations

import io
import pickle
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from nb2pipe.artifacts import sets
from nb2pipe.artifacts.context import CellSource, Context, is_from_notebook, module_of
from nb2pipe.artifacts.memory import Regions
from nb2pipe.artifacts.pickler import Live, NotebookPickler


class ReferencingPickler(NotebookPickler):
    """Pickles values, naming some objects instead of taking them apart.

    Args:
        outside: told an object, gives its number or None.
        ordered: sets that are taken apart with their order, by id.
    """

    def __init__(
        self,
        file: io.BytesIO,
        context: Context,
        regions: Regions,
        outside: Callable[[Any], int | None],
        ordered: Mapping[int, sets.Ordered],
    ) -> None:
        super().__init__(file, context, regions)
        self._outside = outside
        self._ordered = ordered

    def persistent_id(self, obj: Any) -> int | str | sets.Ordered | None:
        """Number of an object that stands elsewhere, name of a float that is no number, a set's stand-in, or None."""
        if type(obj) is float and obj != obj:
            return self.context.name_of_nan(obj)
        number = self._outside(obj)
        if number is None and type(obj) in sets.KINDS:
            return self._ordered.get(id(obj))
        return number


def is_shareable(obj: Any) -> bool:
    """Whether it can matter that two names reach this very object."""
    kind = type(obj)
    if kind in ATOMS or module_of(kind) in ("datetime", "decimal", "fractions", "pathlib"):
        return False
    if isinstance(obj, (type, types.FunctionType)):
        return is_from_notebook(obj)
    numpy = sys.modules.get("numpy")
    return numpy is None or not isinstance(obj, (numpy.dtype, numpy.generic)) or isinstance(obj, numpy.void)


ATOMS = frozenset(
    {
        *(str, bytes, int, float, complex, bool, type(None), tuple, frozenset, range, slice),
        *(types.ModuleType, types.BuiltinFunctionType, types.CodeType, types.EllipsisType),
        *(CellSource, Live, pickle.PickleBuffer),
    }
)
