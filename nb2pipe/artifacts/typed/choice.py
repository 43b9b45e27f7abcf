"""Which form a value takes, and which form a file is in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nb2pipe.artifacts.typed.arrays import Npy
from nb2pipe.artifacts.typed.form import Serializer, TypedError, type_name
from nb2pipe.artifacts.typed.frames import Columns, Delimited
from nb2pipe.artifacts.typed.plain import WAY_OUT, Bytes, Json, Text
from nb2pipe.plugins import load_plugin, plugin_names

TEXT, BYTES, JSON, NPY = Text(), Bytes(), Json(), Npy()
PARQUET = Columns("Parquet", (".parquet", ".pq"))
ARROW = Columns("Arrow", (".arrow", ".feather"))
CSV, TSV = Delimited("CSV", ".csv", ","), Delimited("TSV", ".tsv", "\t")
FORMS: tuple[Serializer, ...] = (PARQUET, NPY, TEXT, BYTES, JSON, ARROW, CSV, TSV)
BY_SUFFIX = {suffix: form for form in FORMS for suffix in form.suffixes}
BY_START: dict[bytes, Serializer] = {b"PAR1": PARQUET, b"ARROW1": ARROW, b"\x93NUMPY": NPY}
BINARY = (PARQUET, ARROW, NPY)


def form_of(value: Any, suffix: str = "") -> Serializer:
    """The form to write a value in.

    Frames are Parquet, arrays ``.npy``, strings text, bytes bytes, other plain data JSON. A suffix chooses another
    form, which the value must fit. Bytes are written as they are whatever the suffix is, and so are strings, but as a
    JSON string where JSON is asked for.

    Args:
        value: to write.
        suffix: of the file, with its dot; empty for the natural form.

    Raises:
        TypedError: the value has no such form.
    """
    wanted = suffix.lower()
    if not wanted:
        return _natural(value)
    form = BY_SUFFIX.get(wanted)
    if BYTES.takes(value):
        return BYTES
    if TEXT.takes(value) and form not in BINARY and form is not JSON:
        return TEXT
    if form is None:
        form = next((each for each in _plugins() if wanted in each.suffixes), None)
    if form is None:
        message = f"a value of type {type_name(value)} has no form with the suffix {suffix}"
        raise TypedError(message, hint=f"Known suffixes: {', '.join(sorted(BY_SUFFIX))}.")
    return form


def form_at(path: Path) -> Serializer:
    """The form that a file is in: by its suffix where that says it, else by its first bytes.

    Raises:
        TypedError: there is no such file.
    """
    suffix = path.suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    if not path.is_file():
        raise TypedError(f"{path.name} is no file")
    if suffix:
        for form in _plugins():
            if suffix in form.suffixes:
                return form
    with path.open("rb") as file:
        start = file.read(8)
    for mark, form in BY_START.items():
        if start.startswith(mark):
            return form
    return TEXT if _is_text(path) else BYTES


def _natural(value: Any) -> Serializer:
    form = next((each for each in FORMS if each.takes(value)), None)
    form = form or next((each for each in _plugins() if each.takes(value)), None)
    if form is None:
        known = "frames, arrays, strings, bytes, and numbers, lists and dictionaries"
        message = f"a value of type {type_name(value)} has no form as a file; {known} have"
        raise TypedError(message, hint=WAY_OUT)
    return form


def _plugins() -> list[Serializer]:
    return [load_plugin("serializers", name) for name in plugin_names("serializers")]


def _is_text(path: Path) -> bool:
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data
