"""Values given for parameters, held against their types."""

from __future__ import annotations

import ast
import datetime
import json
import keyword
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from nb2pipe.errors import Diagnostic, SettingsError
from nb2pipe.model.pipeline import Parameter
from nb2pipe.notebook.nearest import suggest
from nb2pipe.notebook.types import is_of, words


class _BadValue(Exception):
    """A given value that is not of the parameter's type, or, by its code, no JSON value."""

    def __init__(self, reason: str, code: str = "N2P151") -> None:
        super().__init__(reason)
        self.code = code


def resolve_parameters(
    parameters: Sequence[Parameter], given: Mapping[str, Any], *, raw: bool = False
) -> dict[str, Any]:
    """All parameter values of a run: the given ones, and the defaults of the others.

    Args:
        parameters: the notebook's parameters.
        given: values by name.
        raw: whether texts are as typed on a command line: read as the parameter's type, or, where that accepts
            anything, by papermill's rules (``True``, ``False``, ``None``, whole number, number, else text).

    Returns:
        A JSON value for every parameter, in their order.

    Raises:
        SettingsError: an unknown name, or a value of the wrong type; one diagnostic for each.
    """
    known = {parameter.name: parameter for parameter in parameters}
    values = {parameter.name: deepcopy(parameter.default) for parameter in parameters}
    wrong: list[Diagnostic] = []
    for name, value in given.items():
        parameter = known.get(name)
        if parameter is None:
            wrong.append(_unknown(str(name), known))
            continue
        try:
            values[name] = read_text_value(value, parameter) if raw and isinstance(value, str) else _plain(value)
            _check(values[name], parameter)
        except _BadValue as error:
            wrong.append(_bad(parameter, error))
        except RecursionError:
            wrong.append(_bad(parameter, _BadValue("it is nested too deeply, or holds itself", "N2P153")))
    if wrong:
        raise SettingsError(wrong[0].message, hint=wrong[0].hint, diagnostics=wrong)
    return values


def read_text_value(text: str, parameter: Parameter) -> Any:
    """A text from the command line as a value of the parameter's type."""
    if parameter.nullable and text == "None":
        return None
    if parameter.type == "str":
        return text
    if parameter.type == "bool" and text.strip().lower() in ("true", "false"):
        return text.strip().lower() == "true"
    if parameter.type in ("list", "dict"):
        return _structure(text, parameter)
    value = papermill_value(text)
    if parameter.type == "float" and type(value) is int:
        return float(text)  # of the text, since a number of more than 308 digits is infinite, not an error
    return value


def papermill_value(text: str) -> Any:
    """A text as papermill's ``-p`` reads it (``papermill/cli.py``, ``_resolve_type``)."""
    words_for = {"True": True, "False": False, "None": None}
    if text in words_for:
        return words_for[text]
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _structure(text: str, parameter: Parameter) -> Any:
    for read in (json.loads, ast.literal_eval):
        try:
            return _plain(read(text))
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
    form = '[1, "a"]' if parameter.type == "list" else '{"a": 1}'
    raise _BadValue(f"it is {text!r}, but {words(parameter.type)} is written as JSON, for example {form}")


def _plain(value: Any) -> Any:
    """``value`` as a JSON value: dates as papermill writes them, tuples as lists; NaN and infinities stay."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if type(value) in (int, float):
        return value
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        return _plain(value.item())  # NumPy's numbers
    raise _BadValue(f"a {type(value).__name__} is not a JSON value", "N2P153")


def _key(key: Any) -> str:
    if isinstance(key, str):
        return key
    raise _BadValue(f"its key {key!r} is not a text, as JSON wants", "N2P153")


def _check(value: Any, parameter: Parameter) -> None:
    if not is_of(value, parameter.type, nullable=parameter.nullable):
        raise _BadValue(f"it is {value!r}, but it must be {words(parameter.type)}")


def _bad(parameter: Parameter, reason: _BadValue) -> Diagnostic:
    message = f"Parameter {parameter.name!r} cannot be set: {reason}."
    hint = f"Its default is {parameter.default!r}; an annotation such as 'rate: float = 1' allows more."
    return Diagnostic(reason.code, "error", message, hint, cell_index=parameter.cell_index, line=parameter.line)


def _unknown(name: str, known: Mapping[str, Parameter]) -> Diagnostic:
    message = f"The notebook has no parameter {name!r}."
    hint = suggest(name, known, what="parameters")
    code = "N2P150"
    if not name.isidentifier() or keyword.iskeyword(name):
        code, message = "N2P145", f"{name!r} cannot be a parameter: it is not a name in Python."
    elif not known:
        hint = "Tag the cell that sets its defaults 'parameters'; its literals become parameters."
    return Diagnostic(code, "error", message, hint)
