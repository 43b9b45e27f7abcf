"""Text, bytes and JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from nb2pipe.artifacts.typed.form import TypedError, misfit, not_that, package_of, type_name

WAY_OUT = "Turn it into such data, or write it to a file yourself and hand over its pathlib.Path."


class Text:
    """Text as it is, in UTF-8, nothing added."""

    name = "text"
    suffixes: tuple[str, ...] = (".txt", ".md", ".log")

    def takes(self, value: Any) -> bool:
        """Strings."""
        return isinstance(value, str)

    def write(self, value: Any, path: Path) -> None:
        """Write a string."""
        if not isinstance(value, str):
            raise misfit(value, "text", "Make it a string.")
        try:
            path.write_bytes(value.encode())
        except UnicodeEncodeError as error:
            raise TypedError(f"the string is no Unicode text: {error}", hint="Hand over bytes.") from None

    def read(self, path: Path) -> str:
        """Read a string."""
        try:
            return path.read_bytes().decode()
        except UnicodeDecodeError as error:
            raise not_that(path, "text in UTF-8", error) from None


class Bytes:
    """Bytes as they are."""

    name = "bytes"
    suffixes: tuple[str, ...] = (".bin",)

    def takes(self, value: Any) -> bool:
        """Bytes, and what shows memory as bytes."""
        return isinstance(value, (bytes, bytearray, memoryview))

    def write(self, value: Any, path: Path) -> None:
        """Write bytes."""
        if not self.takes(value):
            raise misfit(value, "bytes", "Make it bytes.")
        path.write_bytes(bytes(value))

    def read(self, path: Path) -> bytes:
        """Read bytes."""
        return path.read_bytes()


class Json:
    """JSON: None, booleans, numbers, strings, lists and dictionaries of them; tuples become lists."""

    name = "JSON"
    suffixes: tuple[str, ...] = (".json",)

    def takes(self, value: Any) -> bool:
        """Plain data; strings have a form of their own."""
        return value is None or isinstance(value, (bool, int, float, list, tuple, dict)) or _is_numpy_scalar(value)

    def write(self, value: Any, path: Path) -> None:
        """Write plain data; a frame as a list of records, an array as lists."""
        if package_of(value) == "pandas" and hasattr(value, "to_json"):
            frame = value if not hasattr(value, "to_frame") or hasattr(value, "columns") else value.to_frame()
            frame = frame if is_default_index(frame.index) else frame.reset_index()
            frame.to_json(path, orient="records", date_format="iso", force_ascii=False)
            return
        if package_of(value) == "polars" and hasattr(value, "write_json"):
            value.write_json(path)
            return
        if package_of(value) == "numpy" and hasattr(value, "tolist"):
            value = value.tolist()
        text = json.dumps(_plain(value, ""), ensure_ascii=False, allow_nan=False)
        path.write_bytes(text.encode("utf-8", "surrogatepass"))

    def read(self, path: Path) -> Any:
        """Read plain data."""
        try:
            return json.loads(path.read_bytes())
        except (ValueError, RecursionError) as error:
            raise not_that(path, "JSON", error) from None


def is_default_index(index: Any) -> bool:
    """Whether an index of pandas only counts its rows."""
    return type(index).__name__ == "RangeIndex" and index.start == 0 and index.step == 1 and index.name is None


def _is_numpy_scalar(value: Any) -> bool:
    return package_of(value) == "numpy" and hasattr(value, "item") and getattr(value, "shape", None) == ()


def _plain(value: Any, place: str, depth: int = 0) -> Any:
    """The value with nothing in it but what JSON has."""
    if depth > 200:
        raise TypedError(f"the value is nested too deeply for JSON, or holds itself, at {place[:60]}...", hint=WAY_OUT)
    if _is_numpy_scalar(value):
        value = value.item()
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        if isinstance(value, float) and not math.isfinite(value):
            hint = "Put None in its place, or hand it over in an array or a frame."
            raise TypedError(f"{_at(place)} is {value}, which JSON does not have", hint=hint)
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(item, f"{place}[{number}]", depth + 1) for number, item in enumerate(value)]
    if isinstance(value, dict):
        wrong = next((key for key in value if not isinstance(key, str)), None)
        if any(not isinstance(key, str) for key in value):
            raise TypedError(f"{_at(place)} has the key {wrong!r}: keys of JSON are strings", hint="Make it a string.")
        return {key: _plain(item, f"{place}[{key!r}]", depth + 1) for key, item in value.items()}
    raise TypedError(f"{_at(place)} is of type {type_name(value)}, which JSON does not have", hint=WAY_OUT)


def _at(place: str) -> str:
    return place or "the value"
