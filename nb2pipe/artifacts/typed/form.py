"""What a typed form is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from nb2pipe.errors import Nb2pipeError


class TypedError(Nb2pipeError):
    """A value has no such form, or a file is not in it."""


class Serializer(Protocol):
    """One typed form. Plug-ins are found by the entry-point group ``nb2pipe.serializers``; each names an instance."""

    name: str
    """What it is called in messages: ``Parquet``."""

    suffixes: tuple[str, ...]
    """Of files in this form; the first is the one that is written where nobody asks for another."""

    def takes(self, value: Any) -> bool:
        """Whether this is the natural form of a value."""

    def write(self, value: Any, path: Path) -> None:
        """Write a value.

        Raises:
            TypedError: it has no such form.
        """

    def read(self, path: Path) -> Any:
        """Read a value.

        Raises:
            TypedError: the file is not in this form.
        """


def package_of(value: Any) -> str:
    """The package that defines a value's type, found without importing anything."""
    return type(value).__module__.partition(".")[0]


def type_name(value: Any) -> str:
    """A value's type for a message: ``pandas.DataFrame``, ``set``."""
    package = package_of(value)
    return type(value).__qualname__ if package in ("builtins", "__main__") else f"{package}.{type(value).__qualname__}"


def misfit(value: Any, form: str, hint: str) -> TypedError:
    """The error for a value that has no such form."""
    return TypedError(f"a value of type {type_name(value)} cannot be written as {form}", hint=hint)


def not_that(path: Path, form: str, error: Exception) -> TypedError:
    """The error for a file that is not in the form that its name says."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return TypedError(f"{path.name} is not {form}: {reason}", hint="Look at what the program wrote, or at the suffix.")


def lacking(package: str, form: str, otherwise: str) -> TypedError:
    """The error for a form whose library is not installed."""
    return TypedError(f"{form} needs the package {package}", hint=f"pip install {package}, or {otherwise}.")
