"""A form for a pipeline's parameters."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets

from nb2pipe.app.parameters import Given
from nb2pipe.errors import SettingsError
from nb2pipe.model import Parameter
from nb2pipe.report import html

MOST_EXACT = 2**53
"""Whole numbers beyond it are not exact in a browser."""
WIDE = ipywidgets.Layout(width="32em")
LABELLED = {"description_width": "12em"}


@dataclass(frozen=True)
class Field:
    """A parameter and its widget; ``is_text`` if its text is read as the command line reads it."""

    parameter: Parameter
    widget: Any
    is_text: bool
    default: Any


class Form:
    """A widget for each parameter, with the notebook's default in it.

    Args:
        parameters: of the pipeline.
        changed: called when a value was changed.
    """

    def __init__(self, parameters: Sequence[Parameter], changed: Callable[[], None]) -> None:
        self.parameters = tuple(parameters)
        self.fields = [_field(parameter) for parameter in parameters]
        for field in self.fields:
            field.widget.observe(lambda change: changed(), names="value")
        self.box = ipywidgets.VBox([_row(field) for field in self.fields])

    def fits(self, parameters: Sequence[Parameter]) -> bool:
        """Whether it asks for just these parameters, so that what was typed can stay."""
        return list(map(_shown, self.parameters)) == list(map(_shown, parameters))

    def given(self) -> Given:
        """The values that differ from what the form began with."""
        touched = [field for field in self.fields if field.widget.value != field.default]
        return Given(
            values={field.parameter.name: field.widget.value for field in touched if not field.is_text},
            texts={field.parameter.name: field.widget.value for field in touched if field.is_text},
        )

    def values(self) -> dict[str, Any]:
        """The given values, read and held against their types as the command line does it.

        Raises:
            SettingsError: what is wrong with them.
        """
        return self.given().resolve(self.parameters)[1]

    def problem(self) -> SettingsError | None:
        """What is wrong with the values; None if nothing is."""
        try:
            self.values()
        except SettingsError as error:
            return error
        return None


def _shown(parameter: Parameter) -> tuple[str, ...]:
    return parameter.name, parameter.type, repr(parameter.default), parameter.help


def _field(parameter: Parameter) -> Field:
    widget, is_text = _widget(parameter, parameter.default)
    widget.description = parameter.name
    widget.layout, widget.style = WIDE, LABELLED
    return Field(parameter, widget, is_text, widget.value)


def _widget(parameter: Parameter, default: Any) -> tuple[Any, bool]:
    kind = type(default)
    if parameter.type == "bool" and kind is bool:
        return ipywidgets.Checkbox(value=default, indent=True), False
    if parameter.type == "int" and kind is int and abs(default) <= MOST_EXACT:
        return ipywidgets.IntText(value=default), False
    if parameter.type == "float" and kind in (int, float) and math.isfinite(default):
        return ipywidgets.FloatText(value=float(default)), False
    text = default if isinstance(default, str) else _written(parameter, default)
    make = ipywidgets.Textarea if "\n" in text or parameter.type in ("list", "dict") else ipywidgets.Text
    return make(value=text, continuous_update=False), True


def _written(parameter: Parameter, default: Any) -> str:
    """A default as one would type it behind ``-p``."""
    is_structure = parameter.type in ("list", "dict") and default is not None
    return json.dumps(default, ensure_ascii=False) if is_structure else str(default)


def _row(field: Field) -> Any:
    parameter = field.parameter
    kind = f"{parameter.type}, default {json.dumps(parameter.default, ensure_ascii=False)}"
    about = html.text(f"{parameter.help} ({kind})" if parameter.help else kind)
    return ipywidgets.HBox([field.widget, ipywidgets.HTML(f'<span class="n2p-faint">{about}</span>')])
