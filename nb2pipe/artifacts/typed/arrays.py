"""Arrays as ``.npy`` files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nb2pipe.artifacts.typed.form import TypedError, misfit, not_that, package_of


class Npy:
    """NumPy's own format, which other languages read too; never with pickles in it."""

    name = ".npy"
    suffixes: tuple[str, ...] = (".npy",)

    def takes(self, value: Any) -> bool:
        """Arrays, those of no dimension too."""
        return is_array(value)

    def write(self, value: Any, path: Path) -> None:
        """Write an array, or a list of numbers."""
        import numpy as np

        if not is_array(value) and not isinstance(value, (list, tuple, int, float)) and package_of(value) != "numpy":
            raise misfit(value, ".npy", "Make it a NumPy array: `numpy.asarray(...)`, `.to_numpy()`, `.numpy()`.")
        if isinstance(value, np.ma.MaskedArray):
            raise TypedError("a masked array would lose its mask in a .npy file", hint="Fill it: `.filled(...)`.")
        try:
            array = np.asarray(value)
            with path.open("wb") as file:
                np.save(file, array, allow_pickle=False)
        except ValueError as error:
            hint = "Give it a type of numbers or strings (`.astype(...)`), or hand over a frame."
            raise TypedError(f"the array cannot be written as .npy: {error}", hint=hint) from None

    def read(self, path: Path) -> Any:
        """Read an array."""
        import numpy as np

        try:
            with path.open("rb") as file:
                return np.lib.format.read_array(file, allow_pickle=False)
        except (ValueError, EOFError, OSError) as error:
            raise not_that(path, "a .npy file", error) from None


def is_array(value: Any) -> bool:
    """Whether a value is a NumPy array."""
    return any(f"{kind.__module__}.{kind.__qualname__}" == "numpy.ndarray" for kind in type(value).__mro__)
